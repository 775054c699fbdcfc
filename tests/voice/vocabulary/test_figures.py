"""Figures heard as other words: what is put back, what is left, what is asked."""

from __future__ import annotations

import pytest

from dictation.lexicon import Lexicon
from dictation.transcript import Word
from tests.voice.vocabulary.test_reviser import UTTERANCE, Ear
from voice.seams import Hypothesis, Revision
from voice.vocabulary import Vocabulary

VOCABULARY = Vocabulary(Lexicon())


def _revise(heard: str, said: str, *, nats: float = 5.0, confidence: float = 0.4) -> Revision:
    words = tuple(Word(w, 10.0 + n * 0.4, 10.4 + n * 0.4, confidence) for n, w in enumerate(heard.split()))
    return VOCABULARY.revise(UTTERANCE, Hypothesis(words, -0.3, 0.0, 1.2), Ear(said, nats), "")


def _text(revision: Revision) -> str:
    return " ".join(w.text for w in revision.words)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("patient de 58 en, diabétique", "patient de 58 ans, diabétique"),
        ("amlodipine sans milligrammes par jour", "amlodipine cent milligrammes par jour"),
        ("tension sans douze sur 64", "tension cent douze sur 64"),
        ("poids quattze vingt once kilos", "poids quatre-vingt-onze kilos"),
        ("le 2 mais 2026", "le 2 mai 2026"),
        ("nébivolol cinq mille milligrammes", "nébivolol cinq milligrammes"),
        ("bisoprolol 5000 mg", "bisoprolol 5 mg"),
        ("à raison de 34 mille litres par minute", "à raison de 34 millilitres par minute"),
        ("potassium 4,9 millimètres par litre", "potassium 4,9 millimoles par litre"),
        ("soi exente huit ans", "soixante huit ans"),
    ],
)
def test_a_figure_the_sound_supports_is_put_back_and_asked_about(heard: str, said: str) -> None:
    revision = _revise(heard, said)
    assert _text(revision) == said
    kept = " ".join((w.heard if w.heard is not None else w.text) for w in revision.words)
    assert kept.split() == heard.split()
    changed = [w for w in revision.words if w.heard is not None]
    assert all(w.confidence < 1 for w in changed)
    asked = [f.span.first for f in revision.findings if f.span is not None]
    assert {n for n, w in enumerate(revision.words) if w.heard and w.confidence <= 0.5} <= set(asked)
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("tension 142 sur 86", "tension 142 sur 96"),  # a number never becomes another
        ("soixante sept kilos", "soixante dix sept kilos"),
        ("ramipril 10 mg", "ramipril 5 mg"),
        ("metformine 1000 mg", "metformine 1 mg"),
        ("j'ai vu les deux mais sans la fille", "j'ai vu les deux mai cent la fille"),
        ("sans fièvre depuis trois jours", "cent fièvre depuis trois jours"),
    ],
)
def test_what_may_stand_is_left(heard: str, said: str) -> None:
    assert _text(_revise(heard, said, nats=50.0)) == heard


def test_words_heard_surely_are_left() -> None:
    heard = "amlodipine sans milligrammes par jour"
    assert _text(_revise(heard, "amlodipine cent milligrammes par jour", confidence=0.95)) == heard


def test_a_word_that_cannot_end_a_clause_is_doubted_however_sure() -> None:
    revision = _revise(
        "patient de 58 en, virgule, diabétique", "patient de 58 ans, virgule, diabétique", confidence=0.95
    )
    assert _text(revision) == "patient de 58 ans, virgule, diabétique"


def test_a_figure_without_support_is_left() -> None:
    heard = "amlodipine sans milligrammes par jour"
    assert _text(_revise(heard, heard, nats=10.0)) == heard


def test_findings_before_and_after_keep_their_words() -> None:
    heard = "et citat l'oprame 5 mg, amlodipine sans milligrammes, disseances de kiné, et citat l'oprame 5 mg"
    said = "et citat oprame l 5 mg amlodipine cent milligrammes dix séances de kiné citalopram"
    revision = _revise(heard, said, nats=2.0)
    assert "cent milligrammes, dix séances de kiné," in _text(revision)
    assert len(revision.findings) >= 4
    for finding in revision.findings:
        assert finding.span is not None
        words = revision.words[finding.span.first : finding.span.last]
        assert any(w.heard for w in words) or {w.text for w in words} & {"citat", "kiné,"}
