"""The second pass with the real recogniser: one dictation of the development set."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import wiring
from dictation.lexicon import fold
from voice import listen
from voice.files import FileSource


@pytest.mark.slow
def test_drugs_of_a_dictation_are_found_and_none_is_invented(shared: Path) -> None:
    transcript = listen(
        FileSource(shared / "dev_set" / "audio" / "d3_diabete_siwis.flac"), wiring.recogniser(wiring.SPEECH)
    )
    said = {"metformine", "gliclazide", "atorvastatine", "lévothyroxine", "dulaglutide"}
    lexicon = wiring.lexicon()
    terms = (lexicon.find(w.text) for w in transcript.words)
    named = {t.text for t in terms if t is not None and t.kind in ("drug", "substance")}
    text = fold(transcript.text)
    assert {d for d in said if fold(d) not in text} == set()
    assert "liraglutide" not in named
    assert named <= said
    replaced = [w for w in transcript.words if w.heard]
    assert replaced
    assert all(0 < w.confidence < 1 for w in replaced)
