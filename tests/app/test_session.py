"""The window's state machine: pure, so every promise is a sentence of commands and events."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from app import commands as c
from app import events as e
from app.events import Phase
from app.session import Session
from app.walk import edited_value, next_stop, walk
from dictation.codec import decided_value
from dictation.draft import Draft, DraftEngine, DraftSection, FieldValue
from dictation.evidence import Finding, Severity
from dictation.review import Review, Verdict
from dictation.transcript import Span, Transcript, Word, transcript_of_text
from dictation.values import Drug

TEXT = "motif toux depuis huit jours traitement amoxicilline un gramme trois fois par jour"
T = transcript_of_text(TEXT, id="t1")


class Clock:
    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


def draft(form: str = "courrier", transcript: Transcript = T, *, motif: str = "Toux depuis 8 jours.") -> Draft:
    drug = Drug("amoxicilline", "1 g", "3 fois par jour")
    return Draft(
        transcript,
        form,
        1,
        DraftEngine(None, "1"),
        (),
        (
            DraftSection("motif", "Motif", motif, (Span(1, 5),)),
            DraftSection("traitement", "Traitement", "Amoxicilline 1 g 3 fois par jour.", (Span(6, 13),)),
        ),
        (FieldValue("traitements.1", "traitements", "drug", drug, (Span(6, 13),)),),
        (
            Finding("name.unknown", Severity.CHECK, "Nom à vérifier.", Span(1, 2)),
            Finding("drug.unknown", Severity.BLOCKER, "Médicament inconnu.", Span(6, 7), "traitement"),
        ),
    )


def session(*, may_sign: bool = True) -> tuple[Session, Clock]:
    clock = Clock()
    return Session(by="dr", may_sign=may_sign, clock=clock), clock


def reviewing(**kw: bool) -> tuple[Session, Clock]:
    s, clock = session(**kw)
    s.handle(c.Open("d1", Review(draft())))
    return s, clock


def kinds(events: tuple[e.Event, ...]) -> list[str]:
    return [type(x).__name__ for x in events]


def test_the_path_from_f2_to_review() -> None:
    s, _ = session()
    assert kinds(s.handle(c.StartDictation("d1", "courrier"))) == ["PhaseChanged", "WantListening"]
    s.handle(c.HeardPartial("motif", "tou"))
    assert (s.state.stable, s.state.unstable) == ("motif", "tou")
    s.handle(c.HeardWords(T.words[:2]))
    assert s.state.words == T.words[:2]
    assert s.state.unstable == ""
    s.handle(c.LiveDraft(draft()))
    assert s.state.live is not None
    assert kinds(s.handle(c.StopDictation())) == ["PhaseChanged", "WantEnd"]
    wish = s.handle(c.Transcribed(T))[-1]
    assert isinstance(wish, e.WantDraft)
    assert wish.transcript == T
    assert kinds(s.handle(c.Drafted(draft()))) == ["PhaseChanged", "ReviewChanged", "WantKept"]
    assert s.state.phase is Phase.REVIEWING


def test_escape_asks_before_anything_is_thrown_away() -> None:
    s, _ = session()
    s.handle(c.StartDictation("d1", "courrier"))
    assert s.handle(c.Discard()) == (e.DiscardAsked(),)
    assert s.state.phase is Phase.LISTENING
    assert s.handle(c.Discard(confirmed=True))[0] == e.WantEnd("d1", discard=True)
    assert s.state.phase is Phase.IDLE


def test_the_death_of_the_engine_keeps_what_was_heard() -> None:
    s, _ = session()
    s.handle(c.StartDictation("d1", "courrier"))
    s.handle(c.HeardWords(T.words[:3]))
    assert kinds(s.handle(c.EngineDown())) == ["Trouble"]
    assert s.state.phase is Phase.LISTENING
    assert s.state.words == T.words[:3]
    assert s.handle(c.EngineUp()) == (e.Recovered(),)
    s.handle(c.HeardWords(T.words[3:5]))
    assert s.state.words == T.words[:5]


def test_a_failed_redraft_leaves_the_review_as_it_was() -> None:
    s, _ = reviewing()
    before = s.state.review
    s.handle(c.Redraft())
    s.handle(c.EngineFailed("model.missing", "Modèle absent."))
    assert s.state.phase is Phase.REVIEWING
    assert s.state.review == before


def test_the_spoken_kind_is_proposed_and_never_imposed() -> None:
    s, _ = session()
    s.handle(c.StartDictation("d1", "courrier"))
    s.handle(c.HeardKind("certificat"))
    assert s.state.form_id == "courrier"
    assert s.state.proposed_form == "certificat"
    s.handle(c.PickForm("certificat"))
    assert s.state.form_id == "certificat"
    assert s.state.proposed_form is None


def test_signing_is_refused_until_every_blocker_is_answered() -> None:
    s, _ = reviewing()
    (blocked,) = s.handle(c.Sign())
    assert isinstance(blocked, e.Blocked)
    assert [b.field_id for b in blocked.blockers] == ["traitements.1", "finding:1"]
    s.handle(c.Confirm("traitements.1"))
    s.handle(c.Confirm("finding:1"))
    _moved, wish = s.handle(c.Sign())
    assert isinstance(wish, e.WantSignature)
    assert wish.signed.by == "dr"
    assert s.state.phase is Phase.SIGNED
    assert kinds(s.handle(c.EditSection("motif", "x"))) == ["Refused"]


def test_a_secretary_never_signs() -> None:
    s, _ = reviewing(may_sign=False)
    s.handle(c.Confirm("traitements.1"))
    s.handle(c.Confirm("finding:1"))
    (refused,) = s.handle(c.Sign())
    assert isinstance(refused, e.Refused)
    assert refused.code == "signature.role"


def test_keys_in_a_row_are_one_decision_and_a_pause_makes_two() -> None:
    s, clock = reviewing()
    for text in ("Toux", "Toux s", "Toux sèche"):
        s.handle(c.EditSection("motif", text))
        clock.wait(0.2)
    assert s.state.review is not None
    assert len(s.state.review.decisions) == 1
    clock.wait(5)
    s.handle(c.EditSection("motif", "Toux sèche."))
    assert len(s.state.review.decisions) == 2
    s.handle(c.Undo())
    assert s.state.review is not None
    assert s.state.review.text("motif") == "Toux sèche"
    s.handle(c.Undo())
    assert s.state.review.text("motif") == "Toux depuis 8 jours."
    s.handle(c.Redo())
    assert s.state.review.text("motif") == "Toux sèche"


def test_undoing_a_confirmation_makes_it_block_again() -> None:
    s, _ = reviewing()
    s.handle(c.Confirm("traitements.1"))
    s.handle(c.Undo())
    assert s.state.review is not None
    assert "traitements.1" in [b.field_id for b in s.state.review.blockers()]
    assert [d.verdict for d in s.state.review.decisions] == [Verdict.CONFIRMED, Verdict.WITHDRAWN]


def test_changing_the_kind_and_back_loses_nothing() -> None:
    s, _ = reviewing()
    s.handle(c.EditSection("motif", "Toux rebelle."))
    (_, wish) = s.handle(c.PickForm("certificat"))
    assert isinstance(wish, e.WantDraft)
    assert wish.form_id == "certificat"
    s.handle(c.Drafted(draft("certificat")))
    assert s.state.review is not None
    assert s.state.review.draft.form_id == "certificat"
    s.handle(c.PickForm("courrier"))
    assert s.state.review is not None
    assert s.state.review.text("motif") == "Toux rebelle."


def test_redrafting_shows_differences_to_accept_or_refuse_by_section() -> None:
    s, _ = reviewing()
    s.handle(c.EditSection("traitement", "Amoxicilline 1 g matin, midi et soir."))
    s.handle(c.Redraft())
    s.handle(c.Drafted(draft(motif="Toux de huit jours.")))
    assert [x.key for x in s.state.pending] == ["motif"]
    assert ("gone", "depuis 8") in s.state.pending[0].pieces()
    assert kinds(s.handle(c.Sign())) == ["Refused"]
    s.handle(c.TakeProposal("motif", accept=False))
    assert s.state.review is not None
    assert s.state.review.text("motif") == "Toux depuis 8 jours."
    assert s.state.review.text("traitement") == "Amoxicilline 1 g matin, midi et soir."
    assert s.state.proposal is None


def test_a_corrected_word_is_offered_to_the_vocabulary_and_spares_what_was_typed() -> None:
    s, _ = reviewing()
    s.handle(c.EditSection("motif", "Toux grasse."))
    events = s.handle(c.CorrectWord(6, "Amoxicilline"))
    assert e.WordLearnable("amoxicilline", "Amoxicilline") in events
    assert s.state.transcript is not None
    assert s.state.transcript.words[6].heard == "amoxicilline"
    s.handle(c.Drafted(draft(transcript=s.state.transcript, motif="Toux depuis 8 j.")))
    assert [x.before for x in s.state.pending] == ["Toux grasse."]


def test_the_walk_goes_from_drug_to_name() -> None:
    review = Review(draft())
    assert [x.target for x in walk(review)] == ["traitements.1", "finding:1", "finding:0"]
    assert [x.blocking for x in walk(review)] == [True, True, False]
    first = next_stop(review, None)
    assert first is not None
    assert first.target == "traitements.1"
    assert first.section == "traitement"
    assert next_stop(review, "finding:0") == first


def test_a_typed_field_keeps_its_other_parts() -> None:
    s, _ = reviewing()
    assert s.state.review is not None
    drug = s.state.review.draft.fields[0]
    s.handle(c.EditField(drug.id, edited_value(drug, {"dose": "500 mg"})))
    assert decided_value(s.state.review, drug) == Drug("amoxicilline", "500 mg", "3 fois par jour")


COMMANDS = st.sampled_from(
    [
        c.StartDictation("d1", "courrier"),
        c.PauseDictation(),
        c.StopDictation(),
        c.Discard(),
        c.Discard(confirmed=True),
        c.PickForm("certificat"),
        c.PickForm("courrier"),
        c.HeardPartial("a", "b"),
        c.HeardWords((Word("toux"),)),
        c.LiveDraft(draft()),
        c.Transcribed(T),
        c.Drafted(draft()),
        c.Drafted(draft("certificat")),
        c.Drafted(draft(motif="Autre.")),
        c.EngineDown(),
        c.EngineUp(),
        c.EngineFailed("x.y", "Panne."),
        c.DeviceTrouble("device.gone", "Micro débranché."),
        c.Open("d2", Review(draft())),
        c.Close(),
        c.EditSection("motif", "Toux."),
        c.Confirm("traitements.1"),
        c.Confirm("finding:1"),
        c.Reject("traitements.1"),
        c.CorrectWord(0, "Motif"),
        c.Redraft(),
        c.TakeProposal(None, accept=True),
        c.Undo(),
        c.Redo(),
        c.Sign(),
    ]
)


@given(st.lists(COMMANDS, max_size=40))
def test_no_sequence_of_commands_breaks_the_house(commands: list[c.Command]) -> None:
    """Signed only without blockers; decisions only grow within a review; reviewing means a review."""
    s, _ = session()
    for command in commands:
        events = s.handle(command)
        for event in events:
            if isinstance(event, e.WantSignature):
                assert not event.signed.review.blockers()
        if s.state.phase in (Phase.REVIEWING, Phase.SIGNED):
            assert s.state.review is not None
            assert s.state.document_id is not None
        if s.state.phase is Phase.LISTENING:
            assert s.state.document_id is not None
