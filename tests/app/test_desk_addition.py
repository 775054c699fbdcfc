"""Dictating into a section with a real store and an engine process: sound, words, crash, two people at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app import commands as c
from app import events as e
from app.addition import Place
from app.capture import PushSource
from app.desk import Desk
from app.engine_seam import Progress
from app.events import Phase
from app.office import Office
from app.turns import BEHIND, SHOWN, SPOKEN, Turns
from dictation.consultation import Consultation
from dictation.sound import BYTES_PER_S
from records import State
from tests.app.test_desk import desk_of, dictate
from tests.ui import kit

ADDED = "pas de fièvre point vertiges au lever"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = kit.office(tmp_path, added=ADDED)
    made.start()
    yield made
    made.close()


def tone(seconds: float) -> bytes:
    return b"\x10\x00" * (int(seconds * BYTES_PER_S) // 2)


def speak(desk: Desk, source: PushSource, seconds: float = 2.6) -> None:
    source.push(tone(seconds))
    kit.until(lambda: desk.elapsed_s >= seconds - 0.01, "the sound")


def reviewing(desk: Desk) -> bool:
    return desk.session.state.phase is Phase.REVIEWING


def text(desk: Desk, key: str = "motif") -> str:
    assert desk.session.state.review is not None
    return desk.session.state.review.text(key)


def test_words_join_the_section_the_sound_and_the_evidence(office: Office) -> None:
    desk, _ = desk_of(office)
    dictate(desk)
    assert desk.dictation is not None
    made, store = desk.dictation.id, office.store
    before, start_s = text(desk), store.audio.duration_s(made)
    source = PushSource()
    desk.add(Place("motif"), source)
    speak(desk, source)
    adding = desk.session.state.adding
    assert adding is not None
    desk.do(c.StopAddition())
    kit.until(lambda: desk.session.state.adding is None, "the words")
    assert text(desk) == f"{before} Pas de fièvre. Vertiges au lever."
    review = desk.session.state.review
    assert review is not None
    section = review.draft.section("motif")
    assert section is not None
    fresh = review.draft.transcript.words[section.evidence[-1].first]
    assert fresh.start_s >= start_s
    assert store.audio.pcm(made, by=desk.actor, start_s=start_s) == tone(2.6)
    desk.flush()
    kept = store.dictations.review(made, by=desk.actor)
    assert kept is not None
    assert kept.text("motif") == text(desk)
    assert store.dictations.get(made, by=desk.actor).state is State.TO_REVIEW
    desk.do(c.EditSection("motif", "Tapé ensuite."))
    desk.flush()
    assert desk.conflict is None
    kept = store.dictations.review(made, by=desk.actor)
    assert kept is not None
    assert kept.text("motif") == "Tapé ensuite."
    assert desk.unheard_s == 0.0


def test_an_addition_thrown_away_leaves_sound_and_text_as_they_were(office: Office) -> None:
    desk, _ = desk_of(office)
    dictate(desk)
    assert desk.dictation is not None
    made = desk.dictation.id
    before, sound = text(desk), office.store.audio.pcm(made, by=desk.actor)
    source = PushSource()
    desk.add(Place("motif"), source)
    speak(desk, source)
    desk.do(c.DiscardAddition(confirmed=True))
    kit.until(lambda: office.store.audio.pcm(made, by=desk.actor) == sound, "the sound of before")
    assert text(desk) == before
    assert desk.unheard_s == 0.0


def test_the_engine_killed_in_an_addition_loses_no_word(office: Office) -> None:
    desk, _ = desk_of(office)
    dictate(desk)
    source = PushSource()
    desk.add(Place("motif"), source)
    source.push(tone(1.6))
    kit.until(lambda: desk.session.state.adding is not None and desk.session.state.adding.words, "some words")
    assert office.engine.pid is not None
    os.kill(office.engine.pid, signal.SIGKILL)
    kit.until(lambda: desk.session.state.engine_down, "the death seen")
    source.push(tone(1.0))
    kit.until(lambda: not desk.session.state.engine_down, "the engine back")
    kit.until(lambda: desk.elapsed_s >= 2.59, "the sound")
    desk.do(c.StopAddition())
    kit.until(lambda: desk.session.state.adding is None, "the words")
    assert text(desk).endswith("Pas de fièvre. Vertiges au lever.")


def test_what_a_crash_left_unheard_is_written_when_asked(office: Office) -> None:
    """The whole application died in the middle of an addition: its sound is there, its words are not."""
    desk, _ = desk_of(office)
    dictate(desk)
    assert desk.dictation is not None
    made = desk.dictation.id
    recording = office.store.audio.record(made, by=desk.actor, addition=True)
    recording.write(tone(2.6))
    recording.interrupt("device")
    other, _ = desk_of(office)
    other.open(made)
    assert 2.5 < other.unheard_s < 2.7
    other.hear_left(Place("motif"))
    kit.until(lambda: other.session.state.adding is None, "the words")
    assert text(other).endswith("Pas de fièvre. Vertiges au lever.")
    other.flush()
    assert other.unheard_s == 0.0
    assert office.store.audio.pcm(
        made, by=other.actor, start_s=other.session.state.review.draft.transcript.duration_s - 2.6
    )  # type: ignore[union-attr]


def test_a_secretary_who_wrote_meanwhile_keeps_every_word(office: Office) -> None:
    doctor, _ = desk_of(office)
    dictate(doctor)
    assert doctor.dictation is not None
    source = PushSource()
    doctor.add(Place("motif"), source)
    speak(doctor, source)
    secretary, _ = desk_of(office, "anais")
    secretary.open(doctor.dictation.id)
    secretary.do(c.EditSection("motif", "Toux sèche."))
    secretary.flush()
    doctor.do(c.StopAddition())
    kit.until(lambda: doctor.session.state.adding is None, "the words")
    doctor.flush()
    kept = office.store.dictations.review(doctor.dictation.id, by=doctor.actor)
    assert kept is not None
    assert kept.text("motif") == "Toux sèche. Pas de fièvre. Vertiges au lever."
    assert text(doctor) == kept.text("motif")


def test_a_dictation_taken_up_after_a_crash_has_the_words_of_before(office: Office) -> None:
    desk, _ = desk_of(office)
    made = office.store.dictations.create(by=desk.actor, form_id=kit.FORM, consultation=Consultation())
    recording = office.store.audio.record(made.id, by=desk.actor)
    sound = kit.silence()
    half = len(sound) // 4 * 2
    recording.write(sound[:half])
    recording.interrupt("device")
    source = PushSource()
    desk.dictate(kit.FORM, Consultation(), source, resume=made.id)
    source.push(sound[half:])
    kit.until(lambda: desk.elapsed_s >= (len(sound) - half) / BYTES_PER_S - 0.01, "the sound")
    desk.do(c.StopDictation())
    kit.until(lambda: desk.session.state.phase is Phase.REVIEWING, "the draft")
    assert desk.session.state.transcript is not None
    assert desk.session.state.transcript.text == kit.SPOKEN


def test_two_doctors_speak_at_the_same_time(office: Office) -> None:
    chief, _ = desk_of(office)
    by = chief.actor
    from records import Role

    office.store.accounts.create("pnoir", kit.PASSWORD, [Role.DOCTOR], name="Dr Paul Noir", by=by)
    other, _ = desk_of(office, "pnoir")
    first, second = PushSource(), PushSource()
    chief.dictate(kit.FORM, Consultation(), first)
    first.push(tone(4))
    kit.until(lambda: len(chief.session.state.words) >= 5, "words of the first")
    other.dictate(kit.FORM, Consultation(), second)
    second.push(tone(4))
    kit.until(lambda: len(other.session.state.words) >= 5, "words of the second while the first speaks")
    assert chief.session.state.phase is Phase.LISTENING
    assert chief.sharing
    assert other.sharing
    for desk in (chief, other):
        desk.do(c.StopDictation())
        kit.until(partial(reviewing, desk), "the draft")
    assert not chief.sharing


def test_a_draft_that_waits_for_another_says_so(tmp_path: Path) -> None:
    made = kit.office(tmp_path, slow_s="1.5")
    made.start()
    try:
        desk, _ = desk_of(made)
        dictate(desk)
        before = desk.progress
        seen: list[str] = []
        made.own("autre", lambda job, report: None)
        review = desk.session.state.review
        assert review is not None
        from app.engine_seam import DraftRequest

        made.engine.draft("autre", DraftRequest(review.draft.transcript, kit.FORM, background=True))
        desk.subscribe(lambda events: seen.append(desk.progress.what if desk.progress else ""))
        desk.do(c.Redraft())
        kit.until(lambda: "waiting" in seen, "the wait said")
        kit.until(lambda: desk.session.state.phase is Phase.REVIEWING, "the draft")
        assert before is None or isinstance(before, Progress)
    finally:
        made.close()


def test_turns_go_to_speech_first_and_to_nobody_twice() -> None:
    turns, order = Turns(), list[str]()
    held, go = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn(SHOWN):
            held.set()
            go.wait(5)

    def take(name: str, rank: int) -> None:
        with turns.turn(rank):
            order.append(name)

    threads = [threading.Thread(target=hold)]
    threads[0].start()
    held.wait(5)
    for name, rank in (("derrière", BEHIND), ("montré", SHOWN), ("parlé", SPOKEN)):
        threads.append(threading.Thread(target=take, args=(name, rank)))
        threads[-1].start()
        kit.until(lambda: len(turns._waiting) == len(threads) - 1, name)
    go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["parlé", "montré", "derrière"]


def test_trouble_with_the_microphone_ends_an_addition_with_what_was_heard(office: Office) -> None:
    from dictation.errors import EngineError

    class Unplugged(PushSource):
        def frames(self):  # type: ignore[no-untyped-def]
            yield from super().frames()
            raise EngineError("device.gone", "Le microphone a été débranché.")

    desk, seen = desk_of(office)
    dictate(desk)
    source = Unplugged()
    desk.add(Place("motif"), source)
    source.push(tone(2.6))
    source.close()
    kit.until(lambda: desk.session.state.adding is None, "the end")
    assert any(isinstance(x, e.Trouble) and x.code == "device.gone" for x in seen)
    print(seen[-12:])
    assert text(desk).endswith("Pas de fièvre. Vertiges au lever.")


def test_what_a_desk_let_go_the_clerk_takes_up_at_once(office: Office) -> None:
    desk, _ = desk_of(office)
    made = office.store.dictations.create(by=desk.actor, form_id=kit.FORM, consultation=Consultation())
    office.own(made.id, lambda job, report: None)
    recording = office.store.audio.record(made.id, by=desk.actor)
    recording.write(kit.silence())
    recording.stop()
    threading.Event().wait(1.5)
    assert office.store.dictations.get(made.id, by=desk.actor).state is State.TO_TRANSCRIBE
    office.disown(made.id)
    kit.until(lambda: office.store.dictations.get(made.id, by=desk.actor).state is State.TO_REVIEW, "the clerk's work")


def test_nothing_else_is_opened_while_words_come(office: Office) -> None:
    desk, seen = desk_of(office)
    made = kit.drafted(office, desk.actor, seconds=28)
    other = office.store.dictations.create(by=desk.actor, form_id=kit.FORM, consultation=Consultation())
    desk.open(made)
    source = PushSource()
    desk.add(Place("motif"), source)
    desk.open(other.id)
    assert desk.dictation is not None
    assert desk.dictation.id == made
    assert not desk.act(lambda d: None)
    assert any(isinstance(x, e.Refused) and x.code == "addition.busy" for x in seen)
    speak(desk, source)
    desk.do(c.StopAddition())
    kit.until(lambda: desk.session.state.adding is None, "the words")
    desk.flush()
    kept = office.store.dictations.review(made, by=desk.actor)
    assert kept is not None
    assert kept.text("motif").endswith("Vertiges au lever.")
