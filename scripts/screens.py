"""Pictures of every view, both themes, both sizes, into ``docs/screens/``: ``python scripts/screens.py``.

The practice is made up and its engines follow a script; the screens are the real ones, in Debian's Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from dictation.consultation import Consultation, Patient, Recipient  # noqa: E402
from records import Priority, State  # noqa: E402
from tests.ui import kit  # noqa: E402
from ui.server import Server, free_port  # noqa: E402

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
ARGS += ["--disable-component-update", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
OUT = ROOT / "docs" / "screens"
SIZES = ((1366, 768), (1920, 1080))
PEOPLE = (("Durand", "Paul", 1), ("Lefèvre", "Éléonore", 0), ("Bœuf", "Gaël", 2))


def fill(office: Any) -> list[str]:
    """Three dictations, read by the scripted engines."""
    by = office.store.accounts.login("jmartin", kit.PASSWORD)
    made: list[str] = []
    for last, first, priority in PEOPLE:
        who = Consultation(patient=Patient(last, first), recipient=Recipient(name="Dr Claire Petit"))
        one = office.store.dictations.create(by=by, form_id=kit.FORM, consultation=who, priority=Priority(priority))
        recording = office.store.audio.record(one.id, by=by)
        recording.write(kit.silence())
        recording.stop()
        made.append(one.id)
    for one_id in made:
        kit.until(lambda i=one_id: office.store.dictations.get(i, by=by).state is State.TO_REVIEW)  # type: ignore[misc]
    return made


def tour(browser: Any, office: Any, url: str, made: list[str], size: tuple[int, int], dark: bool) -> None:
    """One theme, one size."""
    name = f"{'sombre' if dark else 'clair'}-{size[0]}"
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", color_scheme="dark" if dark else "light"
    )
    context.grant_permissions(["microphone"], origin=url)
    page = context.new_page()

    def shot(view: str, wait_ms: int = 700) -> None:
        page.wait_for_timeout(wait_ms)
        page.screenshot(path=str(OUT / f"{view}-{name}.png"))

    def enter(login: str) -> None:
        page.goto(f"{url}/connexion")
        if login == "jmartin":
            shot("connexion", 200)
        page.fill("#login", login)
        page.fill("#password", kit.PASSWORD)
        page.click("button")
        page.locator("flt-semantics-placeholder").wait_for(state="attached", timeout=40_000)
        page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        page.wait_for_timeout(1500)

    def at(identifier: str) -> Any:
        return page.locator(f'[flt-semantics-identifier="{identifier}"]')

    enter("jmartin")
    at("big-record").wait_for(state="attached", timeout=30_000)
    shot("accueil")
    page.keyboard.press("F2")
    at("live-text").wait_for(state="attached", timeout=30_000)
    shot("dictee", 5000)
    page.keyboard.press("Escape")
    shot("abandon")
    page.get_by_role("button", name="Abandonner").first.click()
    at(f"line-{made[0]}").click()
    at("section-motif").wait_for(state="attached", timeout=30_000)
    shot("relecture", 1200)
    page.keyboard.press("F8")
    shot("verification", 900)
    page.keyboard.press("F1")
    shot("raccourcis")
    page.keyboard.press("Escape")
    for view, caption in (("reglages", "Réglages"), ("transparence", "Transparence")):
        page.get_by_role("button", name=caption).first.click()
        shot(view, 900)
    context.clear_cookies()
    enter("anais")
    at(f"line-{made[1]}").click()
    at("section-motif").wait_for(state="attached", timeout=30_000)
    shot("secretaire", 1200)
    context.close()


def main() -> None:
    """All pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        office = kit.office(Path(folder), word_s="0.15")
        for login in ("jmartin", "anais"):
            by = office.store.accounts.login(login, kit.PASSWORD)
            office.store.settings.set("ui", {"welcomed": True, "recent": [kit.FORM]}, by=by)
        server = Server(office, free_port())
        thread = server.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        try:
            made = fill(office)
            for size in SIZES:
                for dark in (False, True):
                    tour(browser, office, server.url, made, size, dark)
        finally:
            browser.close()
            server.stop(thread)


if __name__ == "__main__":
    main()
