"""The anonymised copy on the screen: both sides, what is masked besides, nothing saved unread; the card; the charts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import flet as ft
import flet_charts as fc
import pytest

from app.exports import Exports, Way
from app.office import Office
from dictation.consultation import Consultation, Patient, Recipient
from tests.ui import kit
from tests.ui.harness import Screen
from tests.ui.test_window import _opened
from ui.components.pages import drawn, sheets
from ui.components.quality import pair_chart
from ui.state.shell import REPORT, TRANSPARENCY
from ui.texts import load
from ui.window import Window

WHO = Consultation(patient=Patient("Quévauvillers", "Rose"), recipient=Recipient("Dr Claire Roy"))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("CALAME_DATA", str(tmp_path / "donnees"))
    made = kit.office(tmp_path)
    yield made
    made.close()


async def _reported(office: Office) -> tuple[Screen, Window, str]:
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made = kit.drafted(office, by)
    store = office.store.dictations
    store.set_consultation(made, WHO, by=by, version=store.get(made, by=by).version)
    screen, window = await _opened(office, by, made)
    window.edit("motif", "Madame Quévauvillers tousse, vue avec Zorah.")
    await window.report_error()
    await screen.settle(0.2)
    return screen, window, made


def test_the_copy_is_shown_and_saved_only_once_read(office: Office) -> None:
    async def story() -> None:
        screen, window, made = await _reported(office)
        assert window.shell.view == REPORT
        shown = screen.text()
        assert "Quévauvillers" in shown, "the original stands on the left"
        copy = window.report.copy
        assert copy is not None
        assert "Quévauvillers" not in copy.text
        assert "[Nom" in copy.text
        window.save_copy()
        assert window.channel.files == {}
        window.report.read = True
        window.save_copy()
        (file,) = window.channel.files.values()
        assert file.content.decode("utf-8") == copy.text
        assert "Quévauvillers" not in file.name
        assert office.store.journal.entries(action="copy.saved")[-1].subject == made
        screen.close()

    asyncio.run(story())


def test_a_click_masks_a_word_everywhere_and_another_gives_it_back(office: Office) -> None:
    async def story() -> None:
        screen, window, _ = await _reported(office)
        window.report.read = True
        await window.mask("tousse")
        await screen.settle(0.1)
        assert window.report.copy is not None
        assert "tousse" not in window.report.copy.text
        assert not window.report.read, "a copy that changed is to be read again"
        await window.mask("Tousse")
        assert "tousse" in window.report.copy.text
        screen.close()

    asyncio.run(story())


def test_the_card_is_on_the_screen(office: Office) -> None:
    async def story() -> None:
        by = office.store.accounts.login("jmartin", kit.PASSWORD)
        screen, window = await _opened(office, by, kit.drafted(office, by))
        window.go(TRANSPARENCY)
        await screen.settle(1.0)
        shown = screen.text()
        assert "En bref" in shown
        assert "Rien n'a encore été mesuré" in shown
        assert "calame bench voices" in shown
        screen.close()

    asyncio.run(story())


def test_a_signed_document_is_copied_without_brouillon(office: Office) -> None:
    async def story() -> None:
        by = office.store.accounts.login("jmartin", kit.PASSWORD)
        made = kit.drafted(office, by)
        screen, window = await _opened(office, by, made)
        assert window.text_of().startswith("BROUILLON")
        kit.sign(office, by, made)
        window.desk.open(made)
        await screen.settle(0.3)
        assert "BROUILLON" not in window.text_of()
        assert window.text_of() == Exports(office.store, office.form).text(made, by=by)
        assert Exports(office.store, office.form).make(made, Way.WORD, by=by).content
        screen.close()

    asyncio.run(story())


def test_charts_are_given_an_animation_the_browser_can_draw() -> None:
    chart = pair_chart([("mars 26", 25.0, 60.0)], ("#1", "#2"), "x").content.content  # type: ignore[attr-defined]
    assert isinstance(chart, fc.BarChart)
    assert isinstance(chart.animation, ft.Animation), "« False » gives a grey box"


def test_a_table_is_read_aloud_row_by_row() -> None:
    from templates.page import Heading, Table

    table = drawn(Table(("voix", "mots faux"), (("femme", "13,8 %"),)))
    said = [c.label for c in table.controls if isinstance(c, ft.Semantics) and c.label]  # type: ignore[attr-defined]
    assert said == ["femme, mots faux\u00a0: 13,8 %"]
    assert len(sheets([Heading("Vide"), Heading("Autre")])) == 2


def test_english_says_all_that_french_says() -> None:
    given = ("card.", "out.", "report.")
    french = {k for k in load("fr") if k.startswith(given)}
    assert french == {k for k in load("en") if k.startswith(given)}
