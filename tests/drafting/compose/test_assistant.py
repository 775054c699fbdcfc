"""The model proposes, checks dispose: a wording that distorts gives way to the dictated words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from dictation.draft import Draft, DraftEngine, Origin
from dictation.evidence import Statement
from dictation.form import Form
from dictation.transcript import transcript_of_text
from drafting import Phrases, compose
from drafting.model import Copy
from templates.catalogue import bundled
from tests.golden.dictated import lexicon

WORDS = "Motif : gonalgie droite. Examen : il a pas de fièvre. Traitement : bisoprolol cinq milligrammes le matin."


class Scripted:
    """Proposes one wording for the statement that holds a word."""

    def __init__(self, word: str, wording: str) -> None:
        self._word, self._wording = word, wording

    @property
    def engine(self) -> DraftEngine:
        return DraftEngine("essai", "abc", ("reword",))

    def opinions(self, statements: Sequence[Statement], form: Form) -> Mapping[str, Mapping[str, float]] | None:
        return None

    def choose(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[str, ...]:
        return ()

    def extract(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[Copy, ...]:
        return ()

    def reword(self, statement: Statement) -> str | None:
        return self._wording if self._word in statement.text else None


def drafted(word: str, wording: str) -> Draft:
    form = bundled().get("compte_rendu_consultation")
    return compose(transcript_of_text(WORDS), form, lexicon=lexicon(), assistant=Scripted(word, wording))


def text(draft: Draft) -> str:
    return " ".join(s.text for s in draft.sections).replace("\u00a0", " ")


def test_a_faithful_wording_is_taken_and_said_to_be_one() -> None:
    draft = drafted("fièvre", "Pas de fièvre.")
    assert "Pas de fièvre." in text(draft)
    assert "Il a pas" not in text(draft)
    assert Origin.REWORDED in {s.origin for s in draft.sections}
    assert draft.engine.model == "essai"


@pytest.mark.parametrize(
    ("word", "wording"),
    [
        ("gonalgie", "Gonalgie gauche."),
        ("gonalgie", "Gonarthrose droite."),
        ("fièvre", "Fièvre."),
        ("isoprolol", "Bisoprolol 10 mg le matin."),
        ("isoprolol", "Ramipril 5 mg le matin."),
        ("isoprolol", "Bisoprolol 5 mg matin et soir."),
        ("fièvre", "Le patient dit : « j'ai pas de fièvre »."),
    ],
)
def test_a_distortion_gives_way_to_the_dictated_words(word: str, wording: str) -> None:
    draft = drafted(word, wording)
    assert wording not in text(draft)
    assert Origin.REWORDED not in {s.origin for s in draft.sections}


def test_the_practices_phrases_stand_around_a_letter_that_has_none() -> None:
    form = bundled().get("courrier_adressage")
    phrases = Phrases("Cher confrère,", "Confraternellement.")
    words = transcript_of_text("Je vous adresse monsieur Paul Durand pour une toux.")
    draft = compose(words, form, lexicon=lexicon(), phrases=phrases)
    framed = [s.text for s in draft.sections if s.origin is Origin.PROFILE]
    assert framed == ["Cher confrère,", "Confraternellement."]
    said = transcript_of_text("Cher ami, je vous adresse monsieur Paul Durand pour une toux. Amicalement.")
    assert all(s.origin is not Origin.PROFILE for s in compose(said, form, lexicon=lexicon(), phrases=phrases).sections)
