"""The second pass on scripted decoders: what is replaced, what is kept, what is asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.lexicon import Lexicon, Term, fold
from dictation.sound import Utterance
from dictation.transcript import Span, Word
from voice.seams import Hypothesis, Revision
from voice.vocabulary import Vocabulary, suggest

UTTERANCE = Utterance(b"\0\0" * 16000, 10.0, 14.0)
NAMES = Lexicon([Term("Benepali", "drug"), Term("Montfavet", "practice"), Term("dulaglutide", "substance")])


class Ear:
    """A decoder that finds ``said`` likelier than anything else, by ``nats`` for each wrong word."""

    def __init__(self, said: str, nats: float = 10.0) -> None:
        self.said, self.nats = fold(said).split(), nats
        self.asked: list[str] = []

    def decode(self, utterance: Utterance, terms: Sequence[str] = (), previous: str = "") -> Hypothesis:
        raise AssertionError("not needed")

    def score(self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = "") -> float:
        raise AssertionError("not needed")

    def token_scores(
        self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = ""
    ) -> tuple[tuple[str, float], ...]:
        self.asked.append(text)
        words = fold(text).split()
        missing = sum(w not in words for w in self.said)
        return (*((w, 0.0 if w in self.said else -self.nats) for w in words), ("", -self.nats * missing))


def _heard(text: str, confidence: float = 0.4) -> Hypothesis:
    words = text.split()
    return Hypothesis(
        tuple(Word(w, 10.0 + n * 0.4, 10.4 + n * 0.4, confidence) for n, w in enumerate(words)), -0.3, 0.0, 1.2
    )


def _revise(heard: str, said: str, lexicon: Lexicon = NAMES, nats: float = 10.0, confidence: float = 0.4) -> Revision:
    return Vocabulary(lexicon).revise(UTTERANCE, _heard(heard, confidence), Ear(said, nats), "")


def _text(revision: Revision) -> str:
    return " ".join(w.text for w in revision.words)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("traité par apic sabons 5 mg le matin,", "traité par apixaban 5 mg le matin,"),
        ("J'ajoute à me le dipine 5 mg par jour", "J'ajoute amlodipine 5 mg par jour"),
        ("arrêt de l'oxazepamme sur 4 semaines", "arrêt de l'oxazépam sur 4 semaines"),
        ("L'évodopa bancéraside 125 milligrammes", "lévodopa bensérazide 125 milligrammes"),
        ("pas de dispnait d'effort", "pas de dyspnée d'effort"),
        ("j'introduis du laglutide 0,75 mg", "j'introduis dulaglutide 0,75 mg"),
        ("virgule, sert à ligne 50 mg le matin", "virgule, sertraline 50 mg le matin"),
        ("patient du centre de monfavais virgule", "patient du centre de Montfavet virgule"),
    ],
)
def test_what_the_sound_supports_is_replaced(heard: str, said: str) -> None:
    revision = _revise(heard, said)
    assert _text(revision).casefold() == said.casefold()
    assert any(w.heard for w in revision.words)


@pytest.mark.parametrize(
    "heard",
    [
        "j'introduis dulaglutide 0,75 mg",  # never liraglutide
        "relais par prednisone 5 mg",  # never prednisolone
        "Madame Benali, virgule, trente et un ans",  # never Benepali
        "le docteur Benali me l'adresse",
        "veuillez composer le numéro de votre correspondant",
        "douze virgule cinq, point, à la ligne.",
    ],
)
def test_what_was_said_is_kept(heard: str) -> None:
    revision = _revise(heard, heard)
    assert _text(revision) == heard
    assert all(w.heard is None for w in revision.words)


@pytest.mark.parametrize("rival", ["liraglutide", "prednisolone", "losartan"])
def test_one_existing_drug_never_becomes_another_whatever_the_sound(rival: str) -> None:
    heard = {"liraglutide": "dulaglutide", "prednisolone": "prednisone", "losartan": "valsartan"}[rival]
    revision = _revise(f"traité par {heard} 5 mg", f"traité par {rival} 5 mg", nats=100.0, confidence=0.05)
    assert _text(revision) == f"traité par {heard} 5 mg"


def test_an_unsupported_name_is_asked_about_and_kept() -> None:
    heard = "traité par apic sabons 5 mg"
    revision = _revise(heard, heard, nats=9.0)
    assert _text(revision) == heard
    (finding,) = revision.findings
    assert (finding.code, finding.candidates[0]) == ("drug.unknown", "apixaban")
    assert finding.span == Span(2, 4)


def test_two_drugs_alike_are_never_chosen_between() -> None:
    lexicon = Lexicon([Term("zolavirine", "substance"), Term("zolabirine", "substance")])
    revision = _revise("traité par zolamirine 5 mg", "traité par 5 mg", lexicon)
    assert "zolamirine" in _text(revision)
    assert {"zolavirine", "zolabirine"} <= set(revision.findings[0].candidates)


def test_a_name_that_ends_another_is_not_taken_for_it() -> None:
    revision = _revise("virgule, et citat l'oprame 5 mg", "virgule, et citalopram 5 mg", Lexicon(), nats=2.0)
    assert _text(revision) == "virgule, et citat l'oprame 5 mg"
    assert {"citalopram", "escitalopram"} <= set(revision.findings[0].candidates)


def test_replacement_keeps_times_punctuation_and_what_was_heard() -> None:
    revision = _revise("traité par acide faux lique, point", "traité par acide folique, point")
    assert _text(revision) == "traité par acide folique, point"
    replaced = [w for w in revision.words if w.heard is not None]
    assert " ".join(w.heard or "" for w in replaced).strip() == "acide faux lique,"
    times = [t for w in revision.words for t in (w.start_s, w.end_s)]
    assert times == sorted(times)


def test_a_learnt_spoken_form_needs_no_support() -> None:
    lexicon = Lexicon([Term("Azincourt", "person", spoken=("a zinc tour",))])
    revision = _revise("adressé par a zinc tour ce jour", "adressé par a zinc tour ce jour", lexicon)
    assert _text(revision) == "adressé par Azincourt ce jour"


def test_nothing_to_revise() -> None:
    assert Vocabulary(NAMES).revise(UTTERANCE, Hypothesis((), 0.0, 1.0, 0.0), Ear(""), "") == Revision(())
    assert Vocabulary(NAMES).prompt_terms("") == ()


VOCABULARY = Vocabulary(NAMES)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            (
                "traité par sous apic sabons ramipril 5 mg virgule, point l'évodopa Madame Benali et, de "
                "furoisumite 10% — 3"
            ).split()
        ),
        max_size=9,
    ),
    st.integers(0, 30),
)
def test_words_never_get_lost_and_findings_stay_inside(words: list[str], nats: int) -> None:
    first = _heard(" ".join(words))
    revision = VOCABULARY.revise(UTTERANCE, first, Ear("apixaban lévodopa furosémide", nats), "")
    kept = " ".join((w.heard if w.heard is not None else w.text) for w in revision.words).split()
    assert kept == words
    for finding in revision.findings:
        assert finding.span is not None
        assert finding.span.last <= len(revision.words)
        assert finding.candidates


def test_suggestions_come_nearest_first() -> None:
    found = suggest(VOCABULARY.lexicon, "apic sabons")
    assert found[0][0] == "apixaban"
    assert [d for _, d in found] == sorted(d for _, d in found)
    assert suggest(VOCABULARY.lexicon, "…") == ()


def test_what_a_correction_taught_serves_at_the_next_utterance() -> None:
    own = [Lexicon()]
    vocabulary = Vocabulary(NAMES, own=lambda: own[0])
    first = _heard("adressé par le docteur vasse heure, ce jour", confidence=0.95)
    said = Ear("rien", 0.0)
    assert _text(vocabulary.revise(UTTERANCE, first, said, "")) == first.text
    own[0] = Lexicon([Term("Vasseur", "practice", spoken=("vasse heure",))])
    after = vocabulary.revise(UTTERANCE, first, said, "")
    assert _text(after) == "adressé par le docteur Vasseur, ce jour"
    assert [w.heard for w in after.words if w.heard is not None] == ["vasse heure,"]
    own[0] = Lexicon()
    assert _text(vocabulary.revise(UTTERANCE, first, said, "")) == first.text


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("Montfavet, ce jour", "Montfavet, ce jour"),
        ("sous kardegic 75 mg.", "sous Kardégic 75 mg."),
        ("le docteur petit a un petit doute", "le docteur Petit a un petit doute"),
        ("ouvre boîte", "ouvre boîte"),
    ],
)
def test_names_heard_by_name_take_their_spelling(heard: str, written: str) -> None:
    vocabulary = Vocabulary(NAMES).with_names(["Petit"])
    assert _text(vocabulary.revise(UTTERANCE, _heard(heard, 0.9), Ear(heard), "")) == written


@pytest.mark.parametrize(
    ("heard", "drug"),
    [
        ("une douleur thoracique ce matin", "ténorétic"),
        ("une douleur toracique ce matin", "ténorétic"),
        ("une gêne à l'effort ancienne", "gynéforanne"),
        ("il a bien mangé hier", "biamanger"),
    ],
)
def test_ordinary_words_are_no_drug_where_none_is_expected(heard: str, drug: str) -> None:
    lexicon = Lexicon([Term(drug, "drug")])
    revision = _revise(heard, drug, lexicon, nats=100.0, confidence=0.05)
    assert _text(revision) == heard


def test_a_drug_is_expected_before_what_was_done_with_it() -> None:
    revision = _revise("le clopi d'ogrelle a été arrêté", "le clopidogrel a été arrêté", Lexicon())
    assert _text(revision) == "le clopidogrel a été arrêté"


@pytest.mark.parametrize("heard", ["deux exacerbations depuis", "les clairances basses"])
def test_a_plural_is_not_put_in_the_singular(heard: str) -> None:
    assert _text(_revise(heard, heard.replace("s ", " "), Lexicon())) == heard


def test_a_sentence_keeps_its_capital() -> None:
    revision = _revise("Furoisumite 40 mg. Le furoisumite", "Furosémide 40 mg. Le furosémide", Lexicon())
    assert _text(revision).startswith("Furosémide 40 mg.")


def test_a_drug_with_one_letter_too_many_is_that_drug_and_no_other() -> None:
    names = Lexicon([Term("bisoprolol", "drug"), Term("misoprostol", "drug")])
    assert _text(_revise("sous bisoprolole 5 mg le matin", "sous bisoprolol 5 mg le matin", names)) == (
        "sous bisoprolol 5 mg le matin"
    )


def test_a_drug_heard_with_a_silent_letter_is_that_drug() -> None:
    revision = _revise("traité par bisoprolole 5 mg", "traité par bisoprolol 5 mg", Lexicon())
    assert _text(revision) == "traité par bisoprolol 5 mg"


def test_the_end_of_a_longer_term_is_not_that_term() -> None:
    heard = "à l'examen, tension artérielle 142 sur 86"
    assert _text(_revise(heard, "à l'examen hypertension artérielle 142 sur 86", Lexicon(), nats=5.0)) == heard


def test_a_negation_is_never_taken_away_alone() -> None:
    assert _text(_revise("pas de contention", "bas de contention", Lexicon(), nats=30.0)) == "pas de contention"
