"""The table by voice counts what was misheard, names who is heard worst, and compares like with like."""

from __future__ import annotations

import json
from pathlib import Path

from bench import voices
from bench.stt import recordings

TEXTS = {p.stem: p.read_text("utf-8") for p in sorted(voices.SET.glob("*.txt"))}


def test_every_voice_reads_every_text_and_every_term_is_in_it() -> None:
    told = voices.voices_of(voices.SET)
    found = {(sound.stem.rpartition("_")[0], voice) for sound, _, _, voice in recordings(voices.SET)}
    assert found == {(text, voice) for text in TEXTS for voice in told}
    for name, text in TEXTS.items():
        terms = json.loads((voices.SET / f"{name}.terms.json").read_text("utf-8"))
        assert {"drug", "dose", "measure", "clin", "neg"} <= set(terms)
        for term in (t for listed in terms.values() for t in listed):
            assert voices.contains(voices.spoken(text), term), term
    assert sum(p.stat().st_size for p in voices.SET.glob("*.flac")) < 4_000_000


def _measured(deaf_to: str, tmp_path: Path) -> dict:  # type: ignore[type-arg]
    """A recogniser that writes what was said, save for one word when the voice's name is in the recording."""
    sounds = {voices.pcm_of(s): (t, v) for s, t, _, v in recordings(voices.SET)}

    def hear(pcm: bytes) -> str:
        if pcm not in sounds:  # noise was added
            return "rien de tout cela"
        text, voice = sounds[pcm]
        return (
            text.replace("metformine", "mette forme").replace("pas de fièvre", "fièvre") if voice == deaf_to else text
        )

    return voices.measure(voices.SET, hear)


def test_the_worst_voice_and_groups_are_named(tmp_path: Path) -> None:
    result = _measured("homme-rapide", tmp_path)
    by_voice = {r["voice"]: r for r in result["voices"]}
    assert by_voice["homme, débit rapide"]["drug"] == 83
    assert by_voice["homme, débit rapide"]["neg"] == 86
    assert by_voice["homme, débit moyen"]["wer"] == 0
    assert by_voice["femme, débit moyen, bruit à 10 dB"]["drug"] == 0
    assert result["worst_groups"]["sex"] == "homme"
    assert result["worst_groups"]["pace"] == "rapide"
    assert "bruit" in result["worst_voice"]
    heard = {m["term"]: m["heard"] for m in result["misses"] if m["voice"] == "homme, débit rapide"}
    assert heard == {
        "metformine": "mette forme",
        "pas de fièvre": "fievre",
    }
    printed = voices.table(result)
    assert "Groupe le moins bien compris, sexe : homme." in printed
    assert "entendu « mette forme »" in printed


def test_an_accent_does_not_count_against_a_sex(tmp_path: Path) -> None:
    """The Italian voice is a woman's, and no man has that accent: it is compared with accents only."""
    result = _measured("femme-italien", tmp_path)
    groups = {(r["direction"], r["group"]): r for r in result["groups"]}
    assert groups[("sex", "femme")]["wer"] == groups[("sex", "homme")]["wer"] == 0
    assert groups[("accent", "italien")]["wer"] > 0
    assert result["worst_groups"]["accent"] == "italien"


def test_what_stands_in_place_of_a_term() -> None:
    said = "il prend de la metformine deux fois par jour"
    assert voices.in_place_of("metformine", said, "il prend de la maître fort mine deux fois par jour").endswith("mine")
    assert voices.in_place_of("metformine", said, "il prend de la deux fois par jour") == ""
    assert voices.in_place_of("absent", said, said) == ""
