"""A real browser on a real server: everything on 127.0.0.1, every other request is remembered."""

from __future__ import annotations

import io
import math
import re
import shutil
import struct
import wave
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.ui import kit

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
WAIT = 20_000
#: where the sound was each time it began to play; how often whole pages were printed
_PLAYED = """window.played = []; const begin = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { window.played.push(this.currentTime); return begin.apply(this); };
window.printed = 0; window.print = () => { top.printed += [...document.images].every((i) => i.naturalWidth > 800) ? 1 : 99; };"""


class Screen:
    """One person's browser."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        from playwright.sync_api import expect

        expect.set_options(timeout=WAIT)
        self.url = url
        self.context = browser.new_context(
            **{"viewport": {"width": 1366, "height": 768}, "locale": "fr-FR", "accept_downloads": True} | options
        )
        self.context.set_default_timeout(WAIT)
        self.context.grant_permissions(["clipboard-read", "clipboard-write", "microphone"], origin=url)
        self.page = self.context.new_page()
        self.left: list[str] = []
        self.errors: list[str] = []
        ours = (url, "blob:", "data:")
        # a request that the content security policy stops never leaves the browser: only answers count
        self.page.on("response", lambda r: None if r.url.startswith(ours) else self.left.append(r.url))
        self.page.on(
            "requestfailed",
            lambda r: None if r.url.startswith(ours) or "csp" in (r.failure or "") else self.left.append(r.url),
        )
        self.page.add_init_script(_PLAYED)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def ready(self) -> None:
        """The application is drawn and speaks to assistive technology."""
        self.page.locator("flt-semantics-placeholder").wait_for(state="attached", timeout=60_000)
        self.page.evaluate("document.querySelector('flt-semantics-placeholder').click()")
        self.button("Dictées").wait_for()

    def sign_in(self, login: str, password: str = kit.PASSWORD) -> None:
        """Through the door."""
        self.page.goto(self.url + "/connexion")
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.click("button")
        self.ready()
        if self.part("welcome").count():
            self.button("J'ai compris, commencer").click()

    def button(self, name: str | re.Pattern[str], *, exact: bool = False) -> Any:
        """The first button of that name."""
        return self.page.get_by_role("button", name=name, exact=exact).first

    def part(self, identifier: str | re.Pattern[str]) -> Any:
        """A landmark."""
        return self.page.get_by_test_id(identifier)

    def box(self, section: str) -> Any:
        """The field of a section."""
        return self.part(f"section-{section}").get_by_role("textbox").first

    def heard_aloud(self, identifier: str | None = None) -> str:
        """What assistive technology is given there (everywhere when ``None``): texts and labels."""
        root = f'[flt-semantics-identifier="{identifier}"]' if identifier else "flt-semantics-host"
        said: str = self.page.evaluate(
            """root => [...document.querySelectorAll(root)].flatMap(top => [top, ...top.querySelectorAll('*')])
            .map(e => [e.getAttribute('aria-label') || '', e.children.length ? '' : e.textContent].join(' ')).join(' ')""",
            root,
        )
        return said

    def spoken_tree(self) -> list[tuple[str, str]]:
        """(role, name) of everything assistive technology can reach."""
        line = self.context.new_cdp_session(self.page)
        line.send("Accessibility.enable")
        nodes = line.send("Accessibility.getFullAXTree")["nodes"]
        line.detach()
        return [
            (str(n.get("role", {}).get("value")), str(n.get("name", {}).get("value", "")))
            for n in nodes
            if not n.get("ignored")
        ]

    def says(self, pattern: str, identifier: str | None = None, *, seconds: float = WAIT / 1000) -> str:
        """Waits until that is said; returns all that is."""
        said = ""
        for _ in range(int(seconds * 5)):
            said = self.heard_aloud(identifier)
            if re.search(pattern, said):
                return said
            self.page.wait_for_timeout(200)
        raise AssertionError(f"« {pattern} » is not said in {identifier}: {said[:1500]}")

    def open(self, dictation_id: str) -> None:
        """A line of the worklist."""
        self.part(f"line-{dictation_id}").click()
        self.part("document").wait_for(timeout=60_000)

    def to_list(self, waiting: str = "big-record") -> None:
        """Back to an empty desk."""
        self.press("Escape")
        self.part(waiting).wait_for()

    def append(self, section: str, typed: str) -> None:
        """Types at the end of a section, as fast as keys go."""
        self.box(section).click()
        self.press("Control+End")
        self.page.keyboard.type(typed)

    def write(self, box: Any, text: str) -> None:
        """Into a blank, by keys: what ``fill`` sets is lost while Flutter moves the focus there."""
        for _ in range(4):
            box.click()
            self.page.wait_for_timeout(300)
            self.press("Control+a")
            self.page.keyboard.type(text)
            self.page.wait_for_timeout(300)
            if box.input_value() == text:
                return
        raise AssertionError(f"« {text} » cannot be typed: {box.input_value()!r}")

    def correct(self, shown: str) -> None:
        """Opens the typed inputs of the fact that shows that."""
        self.button(f"Corriger {shown}").click()
        self.button("Enregistrer la valeur").wait_for()

    def confirm_all(self) -> list[str]:
        """F8, then F9 until nothing is left; the kinds that were walked, in order."""
        if not self.button("C'est ce que j'ai dit").count():
            self.press("F8")
            self.button("C'est ce que j'ai dit").wait_for()
        seen: list[str] = []
        for _ in range(60):
            said = self.heard_aloud("walk")
            if "Tout est vérifié" in said:
                return seen
            seen += re.findall("Médicament|Côté|Négation|Chiffre|Date|Nom", said)[:1]
            self.press("F9")
            self.page.wait_for_timeout(150)
        raise AssertionError(f"the walk never ends: {seen}")

    def download(self) -> str:
        """Text of the .docx that is given out."""
        with self.page.expect_download() as got:
            self.button("Word .docx").click()
        assert got.value.suggested_filename.endswith(".docx")
        with zipfile.ZipFile(io.BytesIO(Path(got.value.path()).read_bytes())) as word:
            return re.sub(r"<[^>]+>", "", word.read("word/document.xml").decode("utf-8"))

    def clipboard(self) -> str:
        """What was copied."""
        copied: str = self.page.evaluate("navigator.clipboard.readText()")
        return copied

    def words_heard(self) -> int:
        """How many, while dictating."""
        return int(re.findall(r"(\d+) mots?\b", self.says(r"\d+ mots?\b"))[0])

    def until(self, expression: str) -> None:
        """Waits until that JavaScript is true (the page's policy forbids Playwright's own way)."""
        for _ in range(WAIT // 100):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(expression)

    def press(self, keys: str) -> None:
        """As on a keyboard."""
        self.page.keyboard.press(keys)

    def hear(self, path: Path) -> None:
        """« Depuis un fichier… »"""
        with self.page.expect_file_chooser() as chooser:
            self.button("Depuis un fichier…").click()
        chooser.value.set_files(str(path))

    def close(self) -> None:
        """Nothing went outside, nothing broke."""
        self.context.close()
        assert self.left == []
        assert self.errors == []


@contextmanager
def chromium() -> Iterator[Any]:
    """The system's browser, with a microphone that beeps."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        driver.selectors.set_test_id_attribute("flt-semantics-identifier")
        found = driver.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        yield found
        found.close()


def tone(path: Path, seconds: float) -> Path:
    """A quiet tone; the scripted engines take it for the words."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"".join(struct.pack("<h", int(900 * math.sin(n / 9))) for n in range(int(seconds * 16_000))))
    return path
