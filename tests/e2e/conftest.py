"""One Chromium and one served practice for all browser tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.screen import Screen, chromium, tone
from tests.ui import kit


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Any], Any]]:
    """Serves an office until the end: one server that stops takes the parts that Flet shares with it."""
    from ui.server import Server, free_port

    running: list[tuple[Any, Any]] = []

    def start(office: Any) -> Any:
        server = Server(office, free_port())
        running.append((server, server.start()))
        return server

    yield start
    for server, thread in running:
        server.stop(thread)


@pytest.fixture(scope="session")
def practice(serve: Callable[[Any], Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A practice with a doctor and a secretary, engines with a script, served."""
    return serve(kit.office(tmp_path_factory.mktemp("cabinet")))


@pytest.fixture(scope="session")
def doctor_account(practice: Any) -> Any:
    """Dr Martin, beside the screen."""
    return practice.office.store.accounts.login("jmartin", kit.PASSWORD)


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


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As long as the script needs."""
    return tone(tmp_path_factory.mktemp("son") / "dictee.wav", len(kit.silence()) / 32_000)
