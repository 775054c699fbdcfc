"""The first run, with the engines a practice has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app.office import Office
from app.wiring import choice, parts
from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
SAMPLE = Path(__file__).parents[2] / "samples" / "consultation.flac"


def test_first_run_with_the_real_engines(browser: Any, serve: Callable[[Any], Any], tmp_path: Path) -> None:
    """From nothing to a signed document: the shipped recording, the real recogniser, the real rules."""
    office = Office(replace(parts(choice(no_model=True)), folder=tmp_path / "store", keyring=None))
    url = serve(office).url
    screen = Screen(browser, url)
    page = screen.page
    page.goto(url)
    page.wait_for_url("**/bienvenue")
    page.fill("#name", "Dr Paul Durand")
    page.fill("#login", "pdurand")
    for name in ("#password", "#again", "#passphrase"):
        page.fill(name, kit.PASSPHRASE)
    page.click("button")
    assert len(page.locator("#code").inner_text()) > 20
    page.check("input[type=checkbox]")
    page.click("button")
    screen.ready()
    screen.button("J'ai compris, commencer").click()
    screen.hear(SAMPLE)
    expect(screen.part("document")).to_be_visible(timeout=150_000)
    screen.confirm_all()
    screen.press("Control+Enter")
    expect(screen.button("Word .docx")).to_be_enabled()
    text = screen.download()
    assert "hypertension" in text.lower()
    assert "BROUILLON" not in text
    screen.close()
