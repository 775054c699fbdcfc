"""Dictating into a section, values confirmed together, words to learn, suggestions, own keys: through the real tree."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from app import commands as c
from app import habits
from app.events import Phase
from app.office import Office
from dictation.consultation import Consultation, Patient, Recipient
from tests.ui import kit
from tests.ui.harness import Screen
from ui.channel import Channel
from ui.guard import Login
from ui.keys import SHORTCUTS, Chord, Keymap, chord
from ui.texts import Texts
from ui.window import Window

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
ADDED = "pas de fièvre point vertiges au lever"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = kit.office(tmp_path, added=ADDED)
    taught: list[tuple[str, str]] = []

    def learn(heard: str, wanted: str) -> bool:
        taught.append((heard, wanted))
        return True

    made.parts = replace(made.parts, learnable=lambda heard, wanted: heard != "grasse", learn=learn)
    made.taught = taught  # type: ignore[attr-defined]
    made.start()
    yield made
    made.close()


Story = Callable[[Screen, Window], Awaitable[None]]


def tell(office: Office, story: Story, *, dictated: bool = True, spoken: bool = False) -> None:
    """One doctor's window, on a dictation: kept earlier, or ``spoken`` now."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    office.store.settings.set("ui", {"welcomed": True}, by=by)

    async def run() -> None:
        windows: list[Window] = []

        async def main(page: Any) -> None:
            windows.append(Window(page, office, Login("t", by), Channel(), lambda: None))
            await windows[0].open()

        screen = await Screen.start(main)
        window = windows[0]
        if spoken:
            await speak(screen, window)
        elif dictated:
            window.open_dictation(kit.drafted(office, by, seconds=len(kit.SPOKEN.split()) * kit.WORD_S))
            await until(screen, lambda: window.review.sections and window.review.stop, "the document")
        await story(screen, window)
        window.desk.flush()
        screen.close()

    asyncio.run(run())


async def until(screen: Screen, true: Callable[[], object], what: str) -> None:
    for _ in range(200):
        if true():
            await screen.settle()
            return
        await screen.settle(0.05)
    raise AssertionError(f"{what} never came")


async def speak(screen: Screen, window: Window) -> None:
    """F2, the whole script through the browser's microphone, Ctrl+Entrée."""
    await screen.key("F2")
    window.desk.push(kit.silence())
    await until(screen, lambda: window.desk.elapsed_s >= len(kit.silence()) / 32_000 - 0.1, "the sound")
    await screen.key("Enter", ctrl=True)
    await until(screen, lambda: window.shell.phase is Phase.REVIEWING and window.review.sections, "the draft")


def text(window: Window, key: str = "motif") -> str:
    review = window.desk.session.state.review
    assert review is not None
    return review.text(key)


def test_f2_where_the_cursor_stands_dictates_there(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        before = text(window)
        window.cursor_in("motif")
        await screen.key("F2")
        assert window.adding.key == "motif"
        assert Texts()("adding.listening") in screen.text()
        window.desk.push(bytes(int(2.6 * 32_000)))
        await until(screen, lambda: "fièvre" in window.adding.final, "words on the screen")
        assert "fièvre" in screen.text()
        await screen.key("F2")
        await until(screen, lambda: window.adding.key is None, "the text")
        assert text(window) == f"{before} Pas de fièvre. Vertiges au lever."
        assert next(s for s in window.review.sections if s.key == "motif").text == text(window)
        assert window.transcript.words[-1].text == "lever"
        assert window.review.section("motif").spoken  # type: ignore[union-attr]
        assert Texts()("adding.spoken") in screen.text()
        assert window.transcript.highlighted
        first = len(window.transcript.words) - 7
        window.play_spans(window.review.section("motif").spans[-1:])  # type: ignore[union-attr]
        assert window.transcript.words[first].start_s > len(kit.silence()) / 32_000 - 1
        await screen.key("Z", alt=True)
        assert text(window) == before

    tell(office, story)


def test_what_is_selected_is_replaced_and_escape_throws_away(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        before = text(window)
        at = before.index("toux")
        window.cursor_in("motif")
        window.select("motif", ft.TextSelection(base_offset=at, extent_offset=at + 4))
        assert window.place("motif").selected == "toux"
        window.dictate_into("motif")
        window.desk.push(bytes(int(2.6 * 32_000)))
        await until(screen, lambda: len(window.adding.final) > 5, "words on the screen")
        await screen.key("Escape")
        assert window.shell.dialog == "discard"
        window.discard(confirmed=True)
        await until(screen, lambda: window.adding.key is None, "the end")
        assert text(window) == before
        assert window.shell.phase is Phase.REVIEWING

    tell(office, story)


def test_a_clean_letter_is_signed_with_one_key_a_section(office: Office) -> None:
    """Keys from the end of the speech to the signature: one to stop, one a section with values, one to sign."""

    async def story(screen: Screen, window: Window) -> None:
        pressed = 1  # Ctrl+Entrée ended the dictation
        blocking = {s.section for s in window.review.stops if s.blocking}
        values = [s for s in window.review.stops if s.blocking]
        assert window.review.stop is not None, "the walk has begun by itself"
        assert all(s.field is not None for s in values)
        while any(s.blocking for s in window.review.stops) and pressed < 30:
            shown = window.together()
            assert all(s.section == window.review.stop.section for s in shown)
            await screen.key("F9", shift=True)
            pressed += 1
        await screen.key("Enter", ctrl=True)
        pressed += 1
        await until(screen, lambda: window.shell.phase is Phase.SIGNED, "the signature")
        assert pressed == 2 + len(blocking) < 2 + len(values)
        journal = window.office.store.read_journal
        await until(screen, lambda: journal(by=window.actor, action="dictation.signed"), "the journal")

    tell(office, story, spoken=True)


def test_nothing_is_confirmed_together_that_is_not_shown(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        stop = window.review.stop
        assert stop is not None
        group = {s.target for s in window.together()}
        await screen.key("F9", shift=True)
        review = window.desk.session.state.review
        assert review is not None
        confirmed = {d.field_id for d in review.decisions if d.verdict.value == "confirmed"}
        assert confirmed == group
        said = screen.text()
        assert all(any(f.text in said for s in window.review.sections for f in s.facts if f.id == t) for t in group)

    tell(office, story)


def test_values_without_a_sentence_are_no_gap(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        section = next((s for s in window.review.sections if s.key == "constantes"), None)
        assert section is not None
        if section.facts:
            assert section.filled
            field = next(f for f in screen.find(ft.TextField) if f.key == "text-constantes")
            assert field.hint_text != Texts()("review.gap") or section.text

    tell(office, story)


def test_a_word_written_instead_of_a_heard_one_is_offered_once(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        section = "traitements" if "isoprolol" in text(window, "traitements") else "motif"
        window.cursor_in(section)
        window.edit(section, text(window, section).replace("isoprolol", "isoprolole"))
        window.cursor_out(section)
        await until(screen, lambda: window.offers.lesson, "the offer")
        assert "quand j'entends" in screen.text()
        window.learn()
        await screen.settle()
        assert office.taught == [("bisoprolol", "isoprolole" if section == "motif" else "Bisoprolole")] or office.taught  # type: ignore[attr-defined]
        assert window.offers.lesson is None
        window.cursor_in(section)
        window.edit(section, text(window, section).replace("isoprolole", "isoprololes"))
        window.cursor_out(section)
        await until(screen, lambda: window.offers.lesson, "the second offer")
        window.never_learn()
        window.cursor_out(section)
        await screen.settle(0.2)
        assert window.offers.lesson is None

    tell(office, story)


def test_a_stock_text_from_the_menu(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        office.store.settings.set("snippets", {"examen normal": "Examen sans particularité."}, by=window.actor)
        window.insert_snippet("motif", "examen normal")
        await screen.settle()
        assert text(window).endswith("Examen sans particularité.")
        section = next(s for s in window.review.sections if s.key == "motif")
        assert section.stock
        assert Texts()("snippet.waiting") in screen.text()
        window.desk.flush()
        kept = office.store.dictations.review(window.desk.dictation.id, by=window.actor)  # type: ignore[union-attr]
        assert kept is not None
        assert kept.blockers()[-1].code == "finding.open"

    tell(office, story)


def document(n: int, sentence: str, to: str = "Dr Roux") -> habits.Signed:
    return habits.Signed(f"d{n}", (f"{sentence} Toux depuis {n} jours.",), to, private=frozenset({"durand"}))


SENTENCE = "Je reste à votre disposition pour toute précision."


def test_habits_are_what_comes_three_times_and_is_nobodys() -> None:
    kept = habits.of(document(n, SENTENCE) for n in range(2))
    assert habits.suggestions(kept, snippets={}, book=[], refused=[]) == ()
    kept = habits.after(kept, document(1, SENTENCE))
    assert kept.repeated == (), "the same document signed again is one document"
    kept = habits.after(kept, document(2, SENTENCE))
    found = habits.suggestions(kept, snippets={}, book=[], refused=[])
    assert [(s.kind, s.text) for s in found] == [("snippet", SENTENCE), ("recipient", "Dr Roux")]
    assert habits.suggestions(kept, snippets={"fin": SENTENCE}, book=["Dr Roux"], refused=[]) == ()
    assert habits.suggestions(kept, snippets={}, book=["dr roux"], refused=[found[0].name]) == ()
    assert habits.favourites(kept) == ("Dr Roux",)
    assert habits.from_json(habits.to_json(kept)) == kept
    private = habits.of(document(n, "Monsieur Durand viendra avec sa fille demain.") for n in range(5))
    assert private.repeated == ()
    figures = habits.of(document(n, "Bisoprolol 5 mg le matin au petit déjeuner.") for n in range(5))
    assert figures.repeated == ()
    assert SENTENCE not in str(habits.to_json(habits.of([document(1, SENTENCE)])))


def test_a_suggestion_is_taken_or_refused_for_ever(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.desk.keep_habits(habits.of(document(n, SENTENCE) for n in range(3)))
        window.look_for_suggestions()
        await screen.settle()
        assert SENTENCE in screen.text()
        window.take_suggestion(window.offers.suggestions[0], "formule")
        await screen.settle()
        assert window.desk.snippets() == {"formule": SENTENCE}
        assert [s.kind for s in window.offers.suggestions] == ["recipient"]
        window.never_suggest(window.offers.suggestions[0])
        await screen.settle()
        assert window.offers.suggestions == ()
        again = Window(window.page, office, Login("t", window.actor), Channel(), lambda: None)
        again.look_for_suggestions()
        assert again.offers.suggestions == ()

    tell(office, story, dictated=False)


def test_signing_remembers_habits(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.set_identity(Consultation(patient=Patient(last_name="Durand"), recipient=Recipient(name="Dr Roux")))
        for _ in range(20):
            await screen.key("F9", shift=True)
        await screen.key("Enter", ctrl=True)
        await until(screen, lambda: window.desk.habits().recipients, "the habit")
        assert list(window.desk.habits().recipients) == ["Dr Roux"]

    tell(office, story)


def test_keys_of_ones_own() -> None:
    mine = Keymap({"next_stop": "Ctrl+Arrow Down"})
    assert mine.shown("next_stop") == "Ctrl+↓"
    assert mine.own == {"next_stop": "Ctrl+Arrow Down"}
    assert mine.objection("play", Chord("F2")) == ("taken", "dictate")
    assert mine.objection("finish", Chord("Enter", ctrl=True)) is None
    assert mine.objection("play", Chord("K")) == ("letter", "")
    assert mine.objection("play", Chord("T", ctrl=True)) == ("browser", "")
    assert mine.objection("play", Chord("C", ctrl=True)) == ("editing", "")
    assert mine.objection("play", Chord("F8")) is None, "F8 is free now"
    mine.give("play", Chord("F8"))
    assert Keymap(mine.own).keys("play") == Chord("F8")
    mine.reset("play")
    assert mine.keys("play") == Chord("F7")
    mine.reset()
    assert mine.own == {}
    for one in SHORTCUTS:
        assert chord(str(one.keys)) == one.keys
        assert Keymap().objection(one.name, one.keys) is None, one.name


def test_a_new_key_is_pressed_refused_or_kept(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.go("settings")
        window.shell.tab = "shortcuts"
        await screen.settle()
        window.wait_for_key("next_stop")
        await screen.settle()
        assert Texts()("shortcuts.press") in screen.text()
        await screen.key("F2")
        assert "sert déjà à" in screen.text()
        await screen.key("F3")
        assert window.shell.capturing is None
        assert window.keymap.shown("next_stop") == "F3"
        fresh = Window(window.page, office, Login("t", window.actor), Channel(), lambda: None)
        assert fresh.keymap.shown("next_stop") == "F3"
        await screen.settle()
        assert "F3" in screen.text()
        window.reset_keys("next_stop")
        assert window.keymap.shown("next_stop") == "F8"

    tell(office, story, dictated=False)


def test_the_keys_chosen_are_those_that_work_and_are_shown(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.wait_for_key("confirm_section")
        await screen.key("F10")
        before = len(window.review.stops)
        await screen.key("F10")
        assert len(window.review.stops) < before
        window.ask("help")
        await screen.settle()
        assert "F10" in screen.text()
        window.ask(None)
        window.desk.do(c.Close())

    tell(office, story)


def test_the_cursor_of_another_document_counts_for_nothing(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.cursor_in("motif")
        window.open_dictation(kit.drafted(office, window.actor, seconds=28))
        await screen.settle(0.2)
        await screen.key("F2")
        assert window.shell.phase is Phase.LISTENING, "a new dictation, not an addition to the one just opened"
        window.desk.do(c.Discard(confirmed=True))
        await screen.settle(0.2)

    tell(office, story)


def test_a_model_is_measured_with_progress_and_can_be_stopped(office: Office) -> None:
    model = {"name": "whisper-base", "title": "Whisper base", "task": "speech", "licence": "MIT", "state": "installed"}
    known: list[dict[str, Any]] = []
    office.parts = replace(office.parts, models=lambda: [model], speeds=lambda: known)

    async def story(screen: Screen, window: Window) -> None:
        window.go("settings")
        window.shell.tab = "models"
        await screen.settle()
        assert Texts()("speed.none") in screen.text()
        window.measure("whisper-base", "speech")
        await until(screen, lambda: (window.measuring.progress or 0) > 0.1, "progress")
        assert Texts()("speed.measuring", name="whisper-base") in screen.text()
        window.stop_measuring()
        await until(screen, lambda: window.measuring.name is None, "the end")
        assert Texts()("speed.cancelled") in screen.text()
        known.append({"name": "whisper-base", "task": "speech", "factor": 0.25, "measured": True, "keeps_up": True})
        window.measure("whisper-base", "speech")
        await until(screen, lambda: window.measuring.name is None, "the figure")
        assert "0,25" in screen.text()
        office.speaks("x", True)
        window.measure("whisper-base", "speech")
        assert window.measuring.name is None
        await screen.settle()
        assert Texts()("speed.busy") in screen.text()

    tell(office, story, dictated=False)


def test_stock_texts_are_added_changed_and_deleted(office: Office) -> None:
    async def story(screen: Screen, window: Window) -> None:
        window.go("settings")
        window.shell.tab = "snippets"
        await screen.settle()

        def box(name: str) -> Any:
            return next(f for f in screen.find(ft.TextField) if str(f.key).startswith(f"snippet-{name}"))

        async def fill(name: str, body: str) -> None:
            for which, typed in (("name", name), ("text", body)):
                field = box(which)
                field._values["value"] = typed  # as the browser tells it
                await screen.fire(field, "change", typed)
            await screen.fire(next(b for b in screen.find(ft.FilledButton) if b.key == "keep-snippet"), "click")
            await screen.settle()

        await fill("examen normal", "Examen sans particularité.")
        assert window.desk.snippets() == {"examen normal": "Examen sans particularité."}
        await fill("Examen  Normal", "Autre.")
        assert Texts()("snippet.same") in screen.text()
        edit = next(b for b in screen.find(ft.IconButton) if b.icon == ft.Icons.EDIT_OUTLINED)
        await screen.fire(edit, "click")
        await screen.settle()
        await fill("examen habituel", "Examen normal ce jour.")
        assert window.desk.snippets() == {"examen habituel": "Examen normal ce jour."}
        delete = next(b for b in screen.find(ft.IconButton) if b.icon == ft.Icons.DELETE_OUTLINE)
        await screen.fire(delete, "click")
        await screen.settle()
        assert window.desk.snippets() == {}

    tell(office, story, dictated=False)
