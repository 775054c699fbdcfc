"""A person at work: real encrypted store, engine process with a script; nothing said or typed is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import commands as c
from app import events as e
from app.capture import PushSource
from app.desk import Desk
from app.events import Phase
from app.office import Office
from dictation.consultation import Consultation, Patient
from dictation.sound import BYTES_PER_S
from records import Role, State
from tests.ui import kit


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = kit.office(tmp_path)
    made.start()
    yield made
    made.close()


def desk_of(office: Office, login: str = "jmartin") -> tuple[Desk, list[e.Event]]:
    desk = office.desk(office.store.accounts.login(login, kit.PASSWORD))
    seen: list[e.Event] = []
    desk.subscribe(lambda events: seen.extend(events))
    return desk, seen


def dictate(desk: Desk) -> None:
    source = PushSource()
    patient = Patient(last_name="Durand", first_name="Paul")
    desk.dictate(kit.FORM, Consultation(patient=patient), source)
    sound = kit.silence()
    for at in range(0, len(sound), BYTES_PER_S):
        source.push(sound[at : at + BYTES_PER_S])
    kit.until(lambda: desk.elapsed_s >= len(sound) / BYTES_PER_S - 0.01, "the sound")
    desk.do(c.StopDictation())
    kit.until(lambda: desk.session.state.phase is Phase.REVIEWING, "the draft")


def confirm_all(desk: Desk) -> None:
    assert desk.session.state.review is not None
    for blocker in desk.session.state.review.blockers():
        desk.do(c.Confirm(blocker.field_id))


def test_from_the_first_word_to_a_signed_document(office: Office) -> None:
    desk, seen = desk_of(office)
    dictate(desk)
    assert desk.dictation is not None
    assert any(isinstance(x, e.LiveChanged) for x in seen)
    assert office.store.dictations.get(desk.dictation.id, by=desk.actor).state is State.TO_REVIEW
    desk.do(c.EditSection("motif", "Toux grasse depuis 8 jours."))
    desk.do(c.Sign())
    assert any(isinstance(x, e.Blocked) for x in seen)
    confirm_all(desk)
    desk.do(c.Sign())
    kit.until(lambda: office.store.dictations.documents(desk.dictation.id, by=desk.actor), "the document", seconds=60)
    kept = office.store.dictations.get(desk.dictation.id, by=desk.actor)
    assert kept.state is State.SIGNED
    review = office.store.dictations.review(kept.id, by=desk.actor)
    assert review is not None
    assert review.text("motif") == "Toux grasse depuis 8 jours."
    measured = office.store.read_journal(by=desk.actor, action="dictation.measured")
    assert [x.subject for x in measured] == [kept.id]
    assert measured[0].details["changed_by_doctor"] == measured[0].details["changed"] > 0


def test_the_engine_killed_in_the_middle_loses_no_word(office: Office) -> None:
    desk, seen = desk_of(office)
    source = PushSource()
    desk.dictate(kit.FORM, Consultation(), source)
    sound = kit.silence()
    half = len(sound) // 4 * 2
    source.push(sound[:half])
    kit.until(lambda: len(desk.session.state.words) >= 10, "some words")
    assert office.engine.pid is not None
    os.kill(office.engine.pid, signal.SIGKILL)
    kit.until(lambda: desk.session.state.engine_down, "the death seen")
    source.push(sound[half:])
    kit.until(lambda: not desk.session.state.engine_down, "the engine back")
    kit.until(lambda: desk.elapsed_s >= len(sound) / BYTES_PER_S - 0.01, "the sound")
    desk.do(c.StopDictation())
    kit.until(lambda: desk.session.state.phase is Phase.REVIEWING, "the draft")
    assert desk.session.state.transcript is not None
    assert desk.session.state.transcript.text == kit.SPOKEN
    assert any(isinstance(x, e.Recovered) for x in seen)


def test_what_is_typed_is_kept_without_being_asked(office: Office) -> None:
    desk, _ = desk_of(office)
    dictate(desk)
    assert desk.dictation is not None
    desk.do(c.EditSection("motif", "Toux."))
    kit.until(lambda: desk.saved, "the save")
    other, _ = desk_of(office)
    other.open(desk.dictation.id)
    assert other.session.state.review is not None
    assert other.session.state.review.text("motif") == "Toux."


def test_two_people_on_one_document_lose_nothing(office: Office) -> None:
    doctor, seen = desk_of(office)
    dictate(doctor)
    assert doctor.dictation is not None
    secretary, _ = desk_of(office, "anais")
    secretary.open(doctor.dictation.id)
    secretary.do(c.EditSection("motif", "Toux sèche."))
    secretary.flush()
    doctor.do(c.EditSection("motif", "Toux grasse."))
    doctor.flush()
    assert doctor.conflict is not None
    assert any(isinstance(x, e.Trouble) and x.code == "dictation.conflict" for x in seen)
    doctor.settle(mine=True)
    assert doctor.session.state.review is not None
    assert doctor.session.state.review.text("motif") == "Toux grasse."


def test_a_secretary_marks_ready_and_never_signs(office: Office) -> None:
    doctor, _ = desk_of(office)
    dictate(doctor)
    assert doctor.dictation is not None
    dictation_id = doctor.dictation.id
    secretary, seen = desk_of(office, "anais")
    secretary.open(dictation_id)
    confirm_all(secretary)
    secretary.do(c.Sign())
    assert any(isinstance(x, e.Refused) and x.code == "signature.role" for x in seen)
    store = office.store
    assert secretary.act(
        lambda d: store.dictations.transition(
            d.id, State.CORRECTED, by=secretary.actor, version=d.version, reviewer=Role.DOCTOR
        )
    )
    assert store.dictations.get(dictation_id, by=doctor.actor).state is State.CORRECTED


def test_an_interrupted_dictation_is_finished_by_the_clerk(office: Office) -> None:
    """The process died after the recording: on the next start the work that waits is done, once."""
    desk, _ = desk_of(office)
    made = office.store.dictations.create(by=desk.actor, form_id=kit.FORM, consultation=Consultation())
    recording = office.store.audio.record(made.id, by=desk.actor)
    recording.write(kit.silence())
    recording.stop()
    done = kit.until(
        lambda: office.store.dictations.get(made.id, by=desk.actor).state is State.TO_REVIEW, "the clerk's work"
    )
    assert done
    transcript = office.store.dictations.transcript(made.id, by=desk.actor)
    assert transcript is not None
    assert transcript.text == kit.SPOKEN


def test_discarding_leaves_nothing(office: Office) -> None:
    desk, seen = desk_of(office)
    source = PushSource()
    desk.dictate(kit.FORM, Consultation(), source)
    source.push(kit.silence()[: BYTES_PER_S * 4])
    kit.until(lambda: desk.elapsed_s > 3, "the sound")
    desk.do(c.Discard())
    assert any(isinstance(x, e.DiscardAsked) for x in seen)
    desk.do(c.Discard(confirmed=True))
    kit.until(lambda: not office.store.worklist.list(by=desk.actor), "an empty list")
