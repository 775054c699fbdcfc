"""Ways out in a real browser: charts that draw, pages to print."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = pytest.mark.slow
Open = Callable[..., Screen]


def test_charts_are_drawn_and_the_page_can_be_printed(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    journal, by = practice.office.store.journal, doctor_account
    for number in range(4):
        journal.append(
            by, "dictation.measured", f"essai{number}", form=kit.FORM, account=by.account_id, drafted=100,
            changed=10 + number, changed_by_doctor=6, changed_by_secretary=4 + number, fields=5, fields_edited=1,
            findings=3, findings_seen=2,
        )  # fmt: skip
    screen = open_screen()
    screen.button("Qualité").click()
    screen.part("quality").wait_for()
    screen.page.wait_for_timeout(1500)
    shot = np.asarray(Image.open(io.BytesIO(screen.page.screenshot())).convert("RGB"), dtype=np.int16)
    flat = (np.ptp(shot, axis=2) == 0) & (shot[:, :, 0] > 150) & (shot[:, :, 0] < 210)
    assert flat.mean() < 0.02, "a grey box stands where a chart should be"
    answer = screen.page.request.get(f"{practice.url}/impression/page/qualite")
    assert answer.ok
    assert "landscape" in answer.text()
    assert "data:image/png" in answer.text()
