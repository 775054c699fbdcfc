"""« soixante-six » or « soixante-seize »: asked again in letters."""

from __future__ import annotations

import pytest

from dictation.transcript import Word
from tests.voice.vocabulary.test_reviser import UTTERANCE, Ear
from voice.vocabulary.tens import in_letters, revise_tens, twin


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("66", "76"), ("76,", "66,"), ("96.", "86."), ("89", "99"), ("67,5", "77,5"), ("0,75", "0,65"), ("175", "165"),
        ("142/96", "142/86"), ("75%", "65%"), ("75mg", "65mg"),
        ("58", None), ("10", None), ("2066", None), ("7,075", None), ("virgule", None), ("8,066", None), ("M26", None),
    ],
)  # fmt: skip
def test_only_tens_counted_by_twenties_have_a_twin(text: str, other: str | None) -> None:
    assert twin(text) == other
    if other is not None:
        assert twin(other) == text


def test_letters() -> None:
    assert in_letters("67,5") == "soixante-sept virgule cinq"
    assert in_letters("142/86,") == "cent-quarante-deux sur quatre-vingt-six,"
    assert in_letters("75%") == "soixante-quinze %"


def _words(text: str, confidence: float = 0.6) -> list[Word]:
    return [Word(w, 10.0 + n, 10.5 + n, confidence) for n, w in enumerate(text.split())]


def test_a_number_the_sound_contradicts_is_changed_openly() -> None:
    said = "tension cent quarante deux 142 sur 96 86 quatre vingt six"
    words, findings = revise_tens(UTTERANCE, _words("tension 142 sur 96,"), Ear(said, 5.0), "")
    assert [(w.text, w.heard) for w in words][-1] == ("86,", "96,")
    assert words[-1].confidence <= 0.5
    (finding,) = findings
    assert finding.candidates == ("86", "96")


def test_a_number_as_likely_as_its_twin_is_kept_and_asked_about() -> None:
    words, findings = revise_tens(UTTERANCE, _words("poids 66 kilos"), Ear("poids kilos", 0.5), "")
    assert [w.text for w in words] == ["poids", "66", "kilos"]
    assert words[1].heard is None
    assert words[1].confidence <= 0.5
    assert findings[0].candidates == ("66", "76")


@pytest.mark.parametrize(
    ("said", "confidence"),
    [("poids 66 soixante six kilos", 0.6), ("poids 76 soixante seize kilos", 0.95), ("poids 66 soixante seize", 0.6)],
)
def test_a_number_heard_well_is_left(said: str, confidence: float) -> None:
    words, findings = revise_tens(UTTERANCE, _words("poids 66 kilos", confidence), Ear(said, 8.0), "")
    assert (words, findings) == (_words("poids 66 kilos", confidence), [])
