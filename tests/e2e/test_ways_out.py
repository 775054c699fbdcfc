"""Ways out in a real browser: files of a signed document, the anonymised copy, the printed pages, charts that draw."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dictation.consultation import Consultation, Patient
from templates.fhir import read
from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = pytest.mark.slow
Open = Callable[..., Screen]
WHO = Consultation(patient=Patient("Quévauvillers", "Rose"))


def _saved(screen: Screen, act: Callable[[], None]) -> tuple[str, bytes]:
    with screen.page.expect_download() as waited:
        act()
    return waited.value.suggested_filename, waited.value.path().read_bytes()


def test_files_of_a_signed_document_and_a_copy_to_report(open_screen: Open, practice: Any, doctor_account: Any) -> None:
    office, by = practice.office, doctor_account
    made = kit.drafted(office, by)
    store = office.store.dictations
    store.set_consultation(made, WHO, by=by, version=store.get(made, by=by).version)
    kit.sign(office, by, made)
    screen = open_screen()
    screen.open(made)

    def pick(caption: str) -> None:
        screen.part("export-menu").click()
        screen.page.get_by_role("menuitem", name=caption).first.click()

    name, content = _saved(screen, lambda: pick("FHIR R4"))
    assert name.endswith(".fhir.json")
    assert read(json.loads(content)).signed_by == "Dr Jeanne Martin"
    name, content = _saved(screen, lambda: pick("Texte"))
    assert "BROUILLON" not in content.decode("utf-8")
    pick("Copie anonymisée")
    screen.part("report").wait_for()
    box = screen.page.get_by_role("checkbox", name="J'ai relu toute la copie")
    box.scroll_into_view_if_needed()
    box.click()
    name, content = _saved(screen, lambda: screen.button("Enregistrer le fichier").click())
    assert name.startswith("signalement-")
    assert "Quévauvillers" not in content.decode("utf-8")
    assert "Bisoprolol 5" in content.decode("utf-8")


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
