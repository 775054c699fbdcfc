"""Everybody can use it: a screen reader, a zoom of 200 %."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def test_names_for_a_screen_reader_and_room_at_200_percent(
    open_screen: Callable[..., Screen], practice: Any, doctor_account: Any
) -> None:
    made = kit.drafted(practice.office, doctor_account)
    doctor = open_screen()
    doctor.open(made)
    doctor.press("F8")
    doctor.says("Médicament", "walk")
    reached = doctor.spoken_tree()
    assert [role for role, name in reached if role in ("button", "textbox", "combobox") and not name.strip()] == []
    names = [name for role, name in reached if role == "textbox"]
    assert {"Motif", "Antécédents"} <= {name.split("\n")[0] for name in names}
    doctor.page.set_viewport_size({"width": 683, "height": 384})  # 1366 × 768 at 200 %
    expect(doctor.button("Liste")).to_be_visible()
    for control in (doctor.button("Signer"), doctor.button("C'est ce que j'ai dit"), doctor.box("motif")):
        control.scroll_into_view_if_needed()
        at = control.bounding_box()
        assert at is not None
        assert at["x"] >= 0
        assert at["x"] + at["width"] <= 683
        assert at["y"] + at["height"] <= 384
    doctor.button("Transcription").click()
    doctor.says("hypertension", "transcript")
    doctor.button("Liste").click()
    expect(doctor.part(re.compile("^line-")).first).to_be_visible()
    doctor.page.set_viewport_size({"width": 1366, "height": 768})
    doctor.to_list()
