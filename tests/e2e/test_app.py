"""The application in a real browser, as a doctor and a secretary use it."""

from __future__ import annotations

import http.client
import io
import os
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import Screen, chromium, tone
from tests.ui import kit

#: Flet 1.0.5 renames properties release by release; what it announces for 1.3 is not an error here
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
SAMPLE = Path(__file__).parents[2] / "samples" / "consultation.flac"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A practice with a doctor and a secretary, engines with a script, served."""
    from ui.server import Server, free_port

    server = Server(kit.office(tmp_path_factory.mktemp("cabinet")), free_port())
    thread = server.start()
    yield server
    server.stop(thread)


@pytest.fixture
def open_screen(browser: Any, practice: Any) -> Iterator[Callable[..., Screen]]:
    """Opens browsers; all are checked and closed at the end."""
    screens: list[Screen] = []

    def make(login: str | None = "jmartin", url: str = practice.url, **options: Any) -> Screen:
        screen = Screen(browser, url, **options)
        screens.append(screen)
        if login is not None:
            screen.sign_in(login)
        return screen

    yield make
    for screen in screens:
        screen.close()


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As long as the script needs."""
    return tone(tmp_path_factory.mktemp("son") / "dictee.wav", len(kit.silence()) / 32_000)


def reviewed(screen: Screen, recording: Path) -> None:
    """A dictation from a file, ready to review."""
    screen.hear(recording)
    expect(screen.part("document")).to_be_visible()


def to_list(screen: Screen) -> None:
    """Back to an empty desk."""
    screen.press("Escape")
    expect(screen.part("big-record")).to_be_visible()


def confirm_all(screen: Screen) -> None:
    """F8, then F9 until nothing is left."""
    screen.press("F8")
    expect(screen.button("C'est ce que j'ai dit")).to_be_visible()
    for _ in range(40):
        if screen.part("walk").get_by_role("button").count() == 0:
            break
        screen.press("F9")
        screen.page.wait_for_timeout(250)
    screen.says("Tout est vérifié", "walk")


def download(screen: Screen) -> str:
    """Text of the .docx that is given out."""
    with screen.page.expect_download() as got:
        screen.button("Word .docx").click()
    assert got.value.suggested_filename.endswith(".docx")
    with zipfile.ZipFile(io.BytesIO(Path(got.value.path()).read_bytes())) as word:
        return re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode("utf-8"))


def test_a_dictation_to_a_signed_document(open_screen: Callable[..., Screen], recording: Path) -> None:
    doctor = open_screen()
    reviewed(doctor, recording)
    motif = doctor.box("motif")
    motif.click()
    doctor.says(r"\[preuve\]", "transcript")
    doctor.press("Control+End")
    doctor.page.keyboard.type(" Cœur régulier.")
    expect(motif).to_have_value(re.compile("Cœur régulier"))
    doctor.press("Control+Enter")
    expect(doctor.part("blockers")).to_be_visible()
    confirm_all(doctor)
    doctor.press("Control+Enter")
    expect(doctor.part("signed-bar")).to_be_visible()
    expect(doctor.button("Word .docx")).to_be_enabled()
    text = download(doctor)
    assert "Cœur régulier." in text
    assert "BROUILLON" not in text
    doctor.button("Copier tout").click()
    doctor.says("Document copié", "notices")
    assert "Cœur régulier." in doctor.page.evaluate("navigator.clipboard.readText()")
    to_list(doctor)


def test_words_facts_and_undo(open_screen: Callable[..., Screen], recording: Path, practice: Any) -> None:
    doctor = open_screen()
    reviewed(doctor, recording)
    played: list[str] = []
    doctor.page.on("request", lambda r: played.append(r.url) if "/son/" in r.url else None)
    fact = doctor.part(re.compile(r"^fact-")).first
    fact.click()
    doctor.says(r"\[preuve\]", "transcript")
    doctor.page.wait_for_timeout(800)
    assert played, "the sound of a fact is played"
    at = doctor.part("transcript").bounding_box()
    doctor.page.mouse.click(at["x"] + 40, at["y"] + 70)
    expect(doctor.part("chosen-word")).to_be_visible()
    conclusion = doctor.box("motif")
    conclusion.click()
    doctor.press("Control+End")
    doctor.page.keyboard.type(" Essai.")
    expect(conclusion).to_have_value(re.compile("Essai"))
    doctor.page.wait_for_timeout(700)
    doctor.press("Alt+z")
    expect(conclusion).not_to_have_value(re.compile("Essai"))
    doctor.press("Alt+y")
    expect(conclusion).to_have_value(re.compile("Essai"))
    doctor.page.wait_for_timeout(900)
    doctor.page.reload()
    doctor.ready()
    doctor.box("motif").click()
    expect(doctor.box("motif")).to_have_value(re.compile("Essai"))
    doctor.press("F4")
    doctor.says("La nouvelle rédaction est identique", "notices")
    doctor.box("motif").click()
    expect(doctor.box("motif")).to_have_value(re.compile("Essai"))
    to_list(doctor)


def words(screen: Screen) -> int:
    """How many are heard so far."""
    return int(re.findall(r"(\d+) mots?\b", screen.says(r"\d+ mots?\b"))[0])


def test_microphone_reload_and_a_killed_engine(open_screen: Callable[..., Screen], practice: Any) -> None:
    doctor = open_screen()
    doctor.press("F2")
    doctor.says("compte rendu", "live-text")
    os.kill(practice.office.engine.pid, signal.SIGKILL)
    doctor.says("redémarr")
    doctor.says("Le moteur est reparti", "notices")
    heard = words(doctor)
    doctor.page.reload()
    doctor.ready()
    doctor.says("compte rendu", "live-text")
    doctor.page.wait_for_timeout(2500)
    assert words(doctor) > heard, "the page that came back takes the microphone up again"
    doctor.press("Escape")
    expect(doctor.part("dialog")).to_be_visible()
    doctor.press("Escape")
    doctor.press("Control+Enter")
    expect(doctor.part("document")).to_be_visible()
    expect(doctor.part("transcript")).to_be_visible()
    to_list(doctor)


def test_secretary_round_trip(open_screen: Callable[..., Screen], recording: Path) -> None:
    doctor = open_screen()
    reviewed(doctor, recording)
    doctor.button("À la secrétaire").click()
    expect(doctor.part("big-record")).to_be_visible()
    secretary = open_screen("anais")
    secretary.part(re.compile("^line-")).get_by_text("À relire").first.click()
    expect(secretary.part("document")).to_be_visible()
    assert secretary.page.get_by_role("button", name="Signer", exact=True).count() == 0
    motif = secretary.box("motif")
    motif.click()
    secretary.press("Control+End")
    secretary.page.keyboard.type(" Relu.")
    expect(motif).to_have_value(re.compile("Relu"))
    secretary.button("Prête à signer").click()
    ready = doctor.part(re.compile("^line-")).filter(has_text="Prête à signer").first
    expect(ready).to_be_visible()
    ready.click()
    expect(doctor.part("document")).to_be_visible()
    doctor.says("Modifié depuis votre lecture", "section-motif")
    to_list(doctor)


def ask(url: str, path: str, **headers: str) -> int:
    """Status of a bare request."""
    at = urlsplit(url)
    line = http.client.HTTPConnection(at.hostname or "", at.port, timeout=10)
    line.request("GET", path, headers=headers)
    status = line.getresponse().status
    line.close()
    return status


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_the_door(open_screen: Callable[..., Screen], practice: Any) -> None:
    """Wrong Origin, wrong Host, no cookie, another's session: refused; and the right ones pass."""
    url = practice.url
    host = urlsplit(url).netloc
    doctor = open_screen()
    cookie = next(c for c in doctor.context.cookies() if c["name"] == "calame")["value"]
    mine = {"Cookie": f"calame={cookie}"}
    assert ask(url, "/son/x.wav") == 401
    assert ask(url, "/son/x.wav", **mine) == 404
    assert ask(url, "/son/x.wav", **mine, Host="evil.example") == 403
    assert ask(url, "/son/x.wav", **mine, Origin="http://evil.example") == 403
    for socket in ("/ws", "/canal"):
        assert ask(url, socket, **UPGRADE, Host=host, Origin=url) == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host, Origin="http://evil.example") == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host) == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host, Origin=url) == 101


def test_a_stolen_session_id_opens_nothing(open_screen: Callable[..., Screen], recording: Path) -> None:
    doctor = open_screen()
    stored = doctor.page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    doctor.says("Dr Jeanne Martin")
    thief = open_screen("anais")
    thief.page.evaluate("s => JSON.parse(s).forEach(([k, v]) => sessionStorage.setItem(k, v))", stored)
    thief.page.reload()
    thief.ready()
    thief.says("Anaïs Roux")
    assert thief.button(re.compile("Dicter")).count() == 0


def test_locked_means_locked(open_screen: Callable[..., Screen], practice: Any) -> None:
    doctor = open_screen()
    doctor.button("Verrouiller (Alt+L)").click() if doctor.button("Verrouiller (Alt+L)").count() else doctor.press(
        "Alt+l"
    )
    doctor.page.wait_for_url("**/connexion")
    cookie = next(c for c in doctor.context.cookies() if c["name"] == "calame")["value"]
    assert ask(practice.url, "/son/x.wav", Cookie=f"calame={cookie}") == 401
    doctor.page.fill("#password", kit.PASSWORD)
    doctor.page.click("button")
    doctor.ready()


def test_first_run_with_the_real_engines(browser: Any, tmp_path: Path) -> None:
    """From nothing to a signed document: the shipped recording, the real recogniser, the real rules."""
    from dataclasses import replace

    from app.office import Office
    from app.wiring import choice, parts
    from ui.server import Server, free_port

    office = Office(replace(parts(choice(no_model=True)), folder=tmp_path / "store", keyring=None))
    server = Server(office, free_port())
    thread = server.start()
    screen = Screen(browser, server.url)
    try:
        page = screen.page
        page.goto(server.url)
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
        confirm_all(screen)
        screen.press("Control+Enter")
        expect(screen.button("Word .docx")).to_be_enabled()
        text = download(screen)
        assert "hypertension" in text.lower()
        assert "BROUILLON" not in text
        screen.close()
    finally:
        server.stop(thread)
