"""Words dictated into one section: where they go, what comes with them, how they are taken back."""

from __future__ import annotations

import datetime as dt

import pytest

from app import commands as c
from app import events as e
from app.addition import Place, attached, fresh, inserted, live, says_end, shifted, written
from app.composing import whole
from app.engine_seam import DraftRequest
from app.quality import measure
from app.session import Session
from dictation.codec import review_from_json, review_to_json
from dictation.draft import Addition, Draft
from dictation.evidence import Finding, Severity
from dictation.form import Form
from dictation.review import Review, Verdict
from dictation.transcript import Span, Transcript, Word, transcript_of_text
from drafting import compose
from tests.ui import kit

FORM: Form = kit.forms().get(kit.FORM)


def heard(text: str, start_s: float) -> Transcript:
    words = tuple(Word(w, start_s + n * 0.3, start_s + n * 0.3 + 0.27, 0.9) for n, w in enumerate(text.split()))
    return Transcript("t", words, duration_s=start_s + len(words) * 0.3)


def draft_of(transcript: Transcript) -> Draft:
    return compose(transcript, FORM, lexicon=kit.LEXICON)


@pytest.mark.parametrize(
    ("text", "place", "said", "wanted"),
    [
        ("", Place("x"), "Pas de fièvre.", "Pas de fièvre."),
        ("Toux grasse.", Place("x"), "Pas de fièvre.", "Toux grasse. Pas de fièvre."),
        ("Toux grasse", Place("x"), "Pas de fièvre.", "Toux grasse\nPas de fièvre."),
        ("Toux grasse.", Place("x"), "\nPas de fièvre.", "Toux grasse.\nPas de fièvre."),
        ("", Place("x"), "\nPas de fièvre.", "Pas de fièvre."),
        ("- Un.", Place("x"), "- Deux.", "- Un.\n- Deux."),
        ("Toux grasse.", Place("x"), "Un.\nDeux.", "Toux grasse.\nUn.\nDeux."),
        ("Toux grasse depuis 8 jours.", Place("x", 5, 11, "grasse"), "Sèche.", "Toux sèche depuis 8 jours."),
        ("Toux grasse.", Place("x", 0, 12, "Toux grasse."), "Fièvre.", "Fièvre."),
        ("Toux grasse. Fin.", Place("x", 0, 12, "Toux grasse."), "Fièvre.", "Fièvre. Fin."),
        ("Vu par le cardiologue.", Place("x", 10, 21, "cardiologue"), "Pneumologue.", "Vu par le pneumologue."),
        ("Texte changé.", Place("x", 0, 4, "Toux"), "Fièvre.", "Texte changé. Fièvre."),
    ],
)
def test_where_the_words_go(text: str, place: Place, said: str, wanted: str) -> None:
    assert inserted(text, place, said) == wanted


def test_spoken_ends() -> None:
    assert says_end(transcript_of_text("voilà fin de dictée").words)
    assert says_end(transcript_of_text("Stop, dictée.").words)
    assert not says_end(transcript_of_text("la fin de la journée").words)


def test_everything_said_is_written_with_its_commands() -> None:
    said = draft_of(heard("pas de fièvre point nouveau paragraphe douleur à droite non pardon à gauche point", 50.0))
    assert written(said, listed=False) == "Pas de fièvre.\nDouleur à gauche."
    lines = draft_of(heard("pas de fièvre point à la ligne vertiges au lever point", 50.0))
    assert written(lines, listed=False) == "Pas de fièvre.\nVertiges au lever."
    assert written(said, listed=True) == "- Pas de fièvre.\n- Douleur à gauche."


def test_words_values_and_doubts_follow_those_of_the_document() -> None:
    draft = draft_of(kit.transcript())
    first = len(draft.transcript.words)
    more = heard("bisoprolol dix milligrammes le soir", draft.transcript.duration_s)
    grown = attached(draft, draft_of(more), "traitements", text="x")
    assert grown.transcript.words[first:] == more.words
    assert grown.transcript.duration_s == more.duration_s
    new = [f for f in grown.fields if f.id not in {x.id for x in draft.fields}]
    assert [f.type for f in new] == ["drug"]
    assert all(s.first >= first for f in new for s in f.evidence)
    assert len({f.id for f in grown.fields}) == len(grown.fields)
    section = grown.section("traitements")
    assert section is not None
    assert "bisoprolol" in " ".join(grown.transcript.quote(s) for s in section.evidence if s.first >= first)
    assert grown.findings[: len(draft.findings)] == draft.findings
    assert not any(f.code.endswith(".missing") for f in grown.findings[len(draft.findings) :])
    assert grown.sections[0] == draft.sections[0]
    review = Review(grown)
    assert review_to_json(review_from_json(review_to_json(review))) == review_to_json(review)


def test_only_what_the_document_did_not_say_already_is_new() -> None:
    draft = draft_of(kit.transcript())
    contradiction = Finding("side.contradiction", Severity.BLOCKER, "Droite ou gauche ?", Span(3, 4))
    gap = Finding("section.missing", Severity.CHECK, "Il manque…")
    assert fresh(draft, [*draft.findings, contradiction, gap]) == (contradiction,)


def test_a_corrected_word_moves_what_follows() -> None:
    additions = [Addition("motif", Span(4, 6), "a"), Addition("motif", Span(6, 9), "b")]
    assert [a.span for a in shifted(additions, 1, 1)] == [Span(5, 7), Span(7, 10)]
    assert [a.span for a in shifted(additions, 5, -1)] == [Span(4, 5), Span(5, 8)]


def session() -> Session:
    now = [dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)]
    made = Session(by="dr", may_sign=True, clock=lambda: now[0])
    made.handle(c.Open("d1", Review(draft_of(kit.transcript()))))
    return made


def add(s: Session, text: str, key: str = "motif") -> tuple[e.Event, ...]:
    assert s.state.review is not None
    at = s.state.review.draft.transcript.duration_s
    assert any(isinstance(x, e.WantAddition) for x in s.handle(c.StartAddition(Place(key), at)))
    more = heard(text, at)
    s.handle(c.HeardWords(more.words))
    s.handle(c.StopAddition())
    wish = s.handle(c.Transcribed(more))[-1]
    assert isinstance(wish, e.WantAdditionDraft)
    said = draft_of(Transcript("t", wish.transcript.words[wish.beyond :], duration_s=wish.transcript.duration_s))
    return s.handle(c.Added(said, draft_of(wish.transcript).findings))


def test_an_addition_is_one_step_to_take_back() -> None:
    s = session()
    assert s.state.review is not None
    before = s.state.review
    events = add(s, "amoxicilline cinq cents milligrammes pendant six jours")
    assert any(isinstance(x, e.WantGrown) for x in events)
    after = s.state.review
    assert after is not None
    assert after.text("motif").startswith(before.text("motif"))
    assert "500\u00a0mg" in after.text("motif")
    assert len(after.blockers()) > len(before.blockers())
    s.handle(c.Undo())
    undone = s.state.review
    assert undone is not None
    assert undone.text("motif") == before.text("motif")
    assert {b.field_id for b in undone.blockers()} == {b.field_id for b in before.blockers()}
    assert live(undone)[0][1]
    s.handle(c.Redo())
    assert s.state.review is not None
    assert s.state.review.text("motif") == after.text("motif")
    assert s.state.review.blockers() == after.blockers()


def test_what_is_dictated_later_is_no_correction() -> None:
    s = session()
    add(s, "pas de fièvre")
    assert s.state.review is not None
    assert measure(s.state.review, lambda by: False)["changed"] == 0
    s.handle(c.EditSection("motif", s.state.review.text("motif").replace("fièvre", "frissons")))
    assert measure(s.state.review, lambda by: False)["changed"] == 1
    s.handle(c.Undo())
    s.handle(c.Undo())
    assert measure(s.state.review, lambda by: False)["changed"] == 0


def test_a_new_draft_keeps_additions_in_their_place_and_those_taken_back_out() -> None:
    s = session()
    add(s, "pas de fièvre")
    add(s, "vertiges au lever", "examen_clinique") if FORM.section("examen_clinique") else add(s, "vertiges au lever")
    s.handle(c.Undo())
    wish = s.handle(c.Redraft())[-1]
    assert isinstance(wish, e.WantDraft)
    request = DraftRequest(wish.transcript, wish.form_id, additions=wish.additions)
    again = whole(request, FORM, lambda said, findings, main: draft_of(said))
    assert again.transcript.words == wish.transcript.words
    assert "Pas de fièvre." in (again.section("motif") or again.sections[0]).text
    assert not any("ertiges" in x.text for x in again.sections)
    assert len(again.additions) == 2
    s.handle(c.Drafted(again))
    review = s.state.review
    assert review is not None
    assert review.text("motif").count("Pas de fièvre.") == 1
    assert live(review)[1][1]


def test_a_word_corrected_in_the_dictation_does_not_say_the_addition_twice() -> None:
    s = session()
    add(s, "pas de fièvre")
    events = s.handle(c.CorrectWord(6, "toux sèche"))
    wish = next(x for x in events if isinstance(x, e.WantDraft))
    assert wish.transcript.quote(wish.additions[0][0].span) == "pas de fièvre"
    again = whole(
        DraftRequest(wish.transcript, wish.form_id, additions=wish.additions),
        FORM,
        lambda said, findings, main: draft_of(said),
    )
    s.handle(c.Drafted(again))
    if s.state.pending:
        s.handle(c.TakeProposal(None, True))
    assert s.state.review is not None
    assert s.state.review.text("motif").count("Pas de fièvre.") == 1


def test_while_words_come_nothing_else_begins_and_silence_adds_nothing() -> None:
    s = session()
    s.handle(c.StartAddition(Place("motif"), 10.0))
    for command in (c.Sign(), c.Redraft(), c.Close(), c.PickForm("ordonnance"), c.StartDictation("d2", kit.FORM)):
        assert isinstance(s.handle(command)[0], e.Refused)
    s.handle(c.EditSection("motif", "Tapé pendant ce temps."))
    s.handle(c.StopAddition())
    events = s.handle(c.Transcribed(Transcript("t", (), duration_s=11.0)))
    assert any(isinstance(x, e.Refused) and x.code == "addition.silent" for x in events)
    assert s.state.adding is None
    assert s.state.review is not None
    assert s.state.review.text("motif") == "Tapé pendant ce temps."


def test_escape_asks_only_when_something_was_heard() -> None:
    s = session()
    s.handle(c.StartAddition(Place("motif"), 10.0))
    assert s.handle(c.DiscardAddition())[-1] == e.WantAdditionEnd("d1", 10.0, discard=True)
    s.handle(c.StartAddition(Place("motif"), 10.0))
    s.handle(c.HeardPartial("pas", "de"))
    assert s.handle(c.DiscardAddition()) == (e.DiscardAsked(),)
    assert s.state.adding is not None


def test_the_spoken_end_finishes_an_addition_and_a_dictation() -> None:
    s = session()
    s.handle(c.StartAddition(Place("motif"), 10.0))
    events = s.handle(c.HeardWords(transcript_of_text("pas de fièvre fin de dictée").words))
    assert any(isinstance(x, e.WantAdditionEnd) for x in events)
    t = Session(by="dr", may_sign=True, clock=lambda: dt.datetime.now(dt.UTC))
    t.handle(c.StartDictation("d2", kit.FORM))
    events = t.handle(c.HeardWords(transcript_of_text("motif toux fin de dictée").words))
    assert any(isinstance(x, e.WantEnd) for x in events)


def test_a_stock_text_from_the_menu_must_be_confirmed_and_can_be_taken_back() -> None:
    s = session()
    assert s.state.review is not None
    before = len(s.state.review.blockers())
    s.handle(c.InsertSnippet("examen normal", "Examen sans particularité.", Place("motif")))
    review = s.state.review
    assert review.text("motif").endswith("Examen sans particularité.")
    assert len(review.blockers()) == before + 1
    target = review.blockers()[-1].field_id
    s.handle(c.Confirm(target))
    assert len(s.state.review.blockers()) == before
    s.handle(c.Undo())
    s.handle(c.Undo())
    assert "particularité" not in s.state.review.text("motif")
    assert len(s.state.review.blockers()) == before


def test_answers_to_doubts_survive_a_new_draft() -> None:
    s = session()
    assert s.state.review is not None
    n = next(n for n, f in enumerate(s.state.review.draft.findings) if f.severity is not Severity.INFO)
    s.handle(c.Confirm(f"finding:{n}"))
    message = s.state.review.draft.findings[n].message
    add(s, "pas de fièvre")
    wish = s.handle(c.Redraft())[-1]
    assert isinstance(wish, e.WantDraft)
    again = whole(
        DraftRequest(wish.transcript, wish.form_id, additions=wish.additions), FORM, lambda t, f, m: draft_of(t)
    )
    s.handle(c.Drafted(again))
    review = s.state.review
    place = next(n for n, f in enumerate(review.draft.findings) if f.message == message)
    latest = review.latest(f"finding:{place}")
    assert latest is not None
    assert latest.verdict is Verdict.DISMISSED
