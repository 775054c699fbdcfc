"""What use brings, in a real browser: dictation into a section, own keys, a « texte type » from the menu."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
Open = Callable[..., Screen]


def test_f2_dictates_where_the_cursor_stands(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """The microphone of the browser, words as they come, the text, one step back; a reload in the middle loses nothing."""
    store = practice.office.store
    made = kit.drafted(practice.office, doctor_account, seconds=20)
    before = store.audio.duration_s(made)
    doctor = open_screen()
    doctor.open(made)
    doctor.box("motif").click()
    doctor.press("F2")
    doctor.says("fièvre", "adding-text")
    doctor.page.reload()
    doctor.ready()
    doctor.says("fièvre", "adding-text")
    doctor.press("F2")
    doctor.box("motif").click()
    expect(doctor.box("motif")).to_have_value(re.compile("Pas de fièvre"))
    assert store.audio.duration_s(made) > before
    kept = store.dictations.transcript(made, by=doctor_account)
    assert [w for w in kept.words if w.text == "fièvre"][-1].start_s >= before
    doctor.press("Alt+z")
    expect(doctor.box("motif")).not_to_have_value(re.compile("Pas de fièvre"))
    doctor.to_list()


def test_own_keys_and_a_stock_text(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    """A key is pressed in the settings and works; a stock text from the menu blocks the signature until confirmed."""
    store = practice.office.store
    store.settings.set("snippets", {"examen normal": "Examen sans particularité."}, by=doctor_account)
    made = kit.drafted(practice.office, doctor_account)
    doctor = open_screen()
    try:
        doctor.button("Réglages").click()
        doctor.button("Raccourcis", exact=True).click()
        doctor.part("shortcut-next_stop").get_by_role("button", name="Changer").first.click()
        doctor.press("F2")
        doctor.says("sert déjà à", "objection")
        doctor.press("F3")
        doctor.says("F3", "shortcut-next_stop")
        doctor.button("Dictées").click()
        doctor.open(made)
        doctor.says("F3", "walk")
        doctor.press("F3")
        doctor.part("snippets-motif").get_by_role("button").first.click()
        doctor.page.get_by_role("menuitem", name="examen normal").click()
        doctor.box("motif").click()
        expect(doctor.box("motif")).to_have_value(re.compile("sans particularité"))
        doctor.says("Texte type à confirmer", "section-motif")
        doctor.press("Alt+z")
        expect(doctor.box("motif")).not_to_have_value(re.compile("sans particularité"))
        doctor.to_list()
    finally:
        kept = store.settings.get("ui", {}, by=doctor_account) or {}
        store.settings.set("ui", {**kept, "shortcuts": {}}, by=doctor_account)
