"""Screens without a browser: view models in plain Python, control trees through the real diff and encoding."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import flet as ft
import pytest

from app import commands as c
from app.office import Office
from dictation.consultation import Consultation
from dictation.review import Review
from dictation.transcript import Span
from drafting import compose
from records import Actor
from tests.ui import kit
from tests.ui.harness import Screen
from ui.channel import Channel
from ui.guard import Login
from ui.keys import SHORTCUTS
from ui.state.review import ReviewVM
from ui.state.transcript import EVIDENCE, TranscriptVM
from ui.texts import LANGUAGES, Texts, load
from ui.theme import DARK, LIGHT, Palette
from ui.window import Window

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["clair", "sombre"])
def test_every_text_can_be_read(palette: Palette) -> None:
    grounds = (palette.desk, palette.pane, palette.paper, palette.raised)
    pairs = [(ink, ground) for ink in (palette.ink, palette.muted, palette.accent) for ground in grounds]
    pairs += [
        (palette.on_accent, palette.accent),
        (palette.on_accent_soft, palette.accent_soft),
        (palette.on_marker, palette.marker),
        (palette.check, palette.check_soft),
        (palette.alarm, palette.alarm_soft),
        (palette.done, palette.done_soft),
        (palette.check, palette.pane),
    ]
    assert [(a, b) for a, b in pairs if contrast(a, b) < 4.5] == []


def test_both_languages_say_the_same_and_french_uses_its_spaces() -> None:
    french, english = load("fr"), load("en")
    assert set(LANGUAGES) == {"fr", "en"}
    assert set(english) == set(french)
    blanks = re.compile(r"\{(\w+)\}")
    assert [k for k in french if set(blanks.findall(french[k])) != set(blanks.findall(english[k]))] == []
    for key, text in french.items():
        assert not any(f" {mark}" in text for mark in ";:?!»"), key
    assert Texts("en")("sign_in.title") == "Open Calame"


def test_every_shortcut_is_explained() -> None:
    assert [s.name for s in SHORTCUTS if not Texts()._table.get(f"keys.{s.name}")] == []


def test_only_the_blocks_whose_marks_move_are_drawn_again() -> None:
    vm = TranscriptVM()
    vm.show(kit.transcript(" ".join(f"mot{n}" for n in range(5000))))
    assert sum(len(b.words) for b in vm.blocks) == 5000
    drawn: list[object] = []
    listener = lambda sender, field: drawn.append(sender)  # noqa: E731 - listeners are weak: keep it
    for block in vm.blocks:
        block.subscribe(listener)
    vm.highlight((Span(100, 104),))
    assert vm.blocks[vm.block_of(100) or 0].mark_of(100) == EVIDENCE
    assert len(drawn) == 1
    assert vm.word_at(100 * kit.WORD_S + 0.01) == 100


def test_a_review_shows_facts_under_the_section_of_their_words() -> None:
    form = kit.forms().get(kit.FORM)
    draft = compose(kit.transcript(), form, lexicon=kit.LEXICON)
    from app.session import State

    vm = ReviewVM()
    vm.show(State(document_id="d", form_id=form.id, review=Review(draft)), form)
    facts = [f for s in vm.sections for f in s.facts]
    assert any(f.type == "drug" and "isoprolol" in f.text for f in facts)
    assert vm.stops
    assert vm.stops[0].kind == "drug"
    spans = vm.focus("motif")
    assert spans
    assert "toux" in draft.transcript.quote(spans[0])


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = kit.office(tmp_path)
    yield made
    made.close()


async def _opened(office: Office, by: Actor, dictation_id: str) -> tuple[Screen, Window]:
    """A window with that dictation open."""
    office.store.settings.set("ui", {"welcomed": True}, by=by)
    windows: list[Window] = []

    async def main(page: object) -> None:
        window = Window(page, office, Login("t", by), Channel(), lambda: None)  # type: ignore[arg-type]
        windows.append(window)
        await window.open()

    screen = await Screen.start(main)
    windows[0].open_dictation(dictation_id)
    await screen.settle(0.3)
    return screen, windows[0]


def test_focus_edit_walk_and_sign_through_the_tree(office: Office) -> None:
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        assert "Motif" in screen.text() or "motif" in screen.text().lower()
        assert window.review.stops
        window.focus("motif")
        await screen.settle()
        assert window.transcript.highlighted
        window.edit("motif", "Toux grasse.")
        await screen.settle()
        review = window.desk.session.state.review
        assert review is not None
        assert review.text("motif") == "Toux grasse."
        await screen.key("F8")
        assert window.review.stop is not None
        assert window.review.stop.kind == "drug"
        before = len(review.blockers())
        await screen.key("F9")
        await screen.settle(0.1)
        after = window.desk.session.state.review
        assert after is not None
        assert len(after.blockers()) == before - 1
        await screen.key("Z", alt=True)
        undone = window.desk.session.state.review
        assert undone is not None
        assert len(undone.blockers()) == before
        window.desk.do(c.Sign())
        await screen.settle(0.1)
        assert window.review.blocked
        window.desk.flush()
        screen.close()

    asyncio.run(story())


def test_keys_still_on_their_way_are_not_overwritten(office: Office) -> None:
    """The browser tells a new value, and its event comes a moment later: a drawing in between keeps the value."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)

        def box() -> ft.TextField:
            return next(f for f in screen.find(ft.TextField) if getattr(f.key, "value", f.key) == "text-motif")

        before = box()
        screen.session.apply_patch(before._i, {"value": "Toux grasse"})
        section = window.review.section("motif")
        assert section is not None
        section.news = True
        await screen.settle()
        assert box() is not before, "the section was drawn again"
        assert box().value == "Toux grasse"
        await screen.fire(box(), "change", "Toux grasse")
        await screen.settle(0.4)
        assert window.text_of("motif") == "Toux grasse"
        window.undo()
        await screen.settle(0.1)
        assert box().value == section.text != "Toux grasse"
        window.desk.flush()
        screen.close()

    asyncio.run(story())


def test_a_key_draws_no_word_again(office: Office) -> None:
    """What a key costs does not grow with the dictation: nothing of the transcript is sent again."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by, words=" ".join([kit.SPOKEN] * 6))

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        window.edit("motif", "Toux.")
        await screen.settle(0.8)
        screen.wire.patches.clear()
        window.edit("motif", "Toux g")
        await screen.settle(0.8)
        window.desk.flush()
        await screen.settle(0.3)
        assert sum(screen.wire.patches) < 2000, screen.wire.patches
        screen.close()

    asyncio.run(story())


def test_another_language_is_there_at_once(office: Office) -> None:
    """Everything on the screen, what is drawn only when it moves included."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        assert "Transcription" in screen.text()
        hints = {f.hint_text for f in screen.find(ft.TextField)}
        assert "Non précisé" in hints
        window.set_preference(language="en")
        await screen.settle(0.2)
        shown = screen.text()
        assert "Transcript\n" in shown
        assert "À vérifier" not in shown
        hints = {f.hint_text for f in screen.find(ft.TextField)}
        assert "Non précisé" not in hints
        screen.close()

    asyncio.run(story())


def test_a_small_window_shows_one_pane(office: Office) -> None:
    """200 % of zoom on a practice screen is a window of 683 × 384."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        window.shell.width = 683
        await screen.settle(0.2)
        assert "hypertension" not in screen.text(), "the transcript is one click away"
        assert screen.find(ft.TextField, value="Hypertension artérielle.")
        window.shell.pane = "words"
        await screen.settle(0.2)
        assert "hypertension" in screen.text()
        window.shell.pane = "list"
        await screen.settle(0.2)
        assert not screen.find(ft.TextField, value="Hypertension artérielle.")
        window.open_dictation(made)
        await screen.settle(0.2)
        assert screen.find(ft.TextField, value="Hypertension artérielle.")
        screen.close()

    asyncio.run(story())


def test_every_blank_has_the_ink_of_the_theme(office: Office) -> None:
    """Flet's own ink of a text field is that of the light theme: written out, it follows."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        window.ask("identity")
        await screen.settle(0.1)
        blanks = screen.find(ft.TextField)
        assert len(blanks) > 10
        assert [
            str(f.key or f.label) for f in blanks if f.color is None and getattr(f.text_style, "color", None) is None
        ] == []
        window.ask(None)
        window.close()
        await screen.settle(0.1)
        assert [f.label for f in screen.find(ft.TextField) if f.color is None] == []
        screen.close()

    asyncio.run(story())


def test_nobody_there_no_microphone_open(office: Office) -> None:
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        window.lock()
        screen.close()

    asyncio.run(story())
    assert isinstance(office.parts.microphones, kit.NoMicrophones)
    assert office.parts.microphones.left


def test_the_head_shows_who_it_is_for_as_soon_as_it_is_known(office: Office) -> None:
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)

    async def story() -> None:
        screen, window = await _opened(office, by, made)
        assert "Patient non renseigné" in screen.text()
        known = window.desk.dictation.consultation if window.desk.dictation else Consultation()
        window.set_identity(replace(known, patient=replace(known.patient, last_name="Durand")))
        await screen.settle(0.3)
        assert "Patient non renseigné" not in screen.text()
        screen.close()

    asyncio.run(story())
