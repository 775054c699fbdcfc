"""Who is refused: another page, another host, nobody, a thief, a locked session."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgpack
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.e2e.screen import Screen
from tests.ui import kit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def ask(url: str, path: str, **headers: str) -> int:
    """Status of a bare request."""
    at = urlsplit(url)
    line = http.client.HTTPConnection(at.hostname or "", at.port, timeout=10)
    line.request("GET", path, headers=headers)
    status = line.getresponse().status
    line.close()
    return status


def cookie_of(screen: Screen) -> str:
    """The cookie of a signed-in browser."""
    found: str = next(c for c in screen.context.cookies() if c["name"] == "calame")["value"]
    return found


def test_the_door(open_screen: Callable[..., Screen], practice: Any) -> None:
    """Wrong Origin, wrong Host, no cookie, an invented cookie: refused; and the right ones pass."""
    url = practice.url
    host = urlsplit(url).netloc
    mine = {"Cookie": f"calame={cookie_of(open_screen())}"}
    assert ask(url, "/son/x.wav") == 401
    assert ask(url, "/son/x.wav", Cookie="calame=invented") == 401
    assert ask(url, "/son/x.wav", **mine) == 404
    assert ask(url, "/son/x.wav", **mine, Host="evil.example") == 403
    assert ask(url, "/son/x.wav", **mine, Origin="http://evil.example") == 403
    for socket in ("/ws", "/canal"):
        assert ask(url, socket, **UPGRADE, Host=host, Origin=url) == 403
        assert ask(url, socket, **UPGRADE, Host=host, Origin=url, Cookie="calame=invented") == 403
        assert ask(url, socket, **UPGRADE, **mine, Host="evil.example", Origin=url) == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host, Origin="http://evil.example") == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host, Origin="null") == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host) == 403
        assert ask(url, socket, **UPGRADE, **mine, Host=host, Origin=url) == 101


def register(url: str, cookie: str, session_id: str, agent: str) -> tuple[str, bytes]:
    """Takes a Flet session up over a bare WebSocket, as the browser ``agent``: (id that is given, all that the server
    then tells)."""
    page = {"web": True, "platform": "linux", "width": 1366, "height": 768, "route": "/"}
    body = {"session_id": session_id, "page_name": "", "page": page}
    with connect(
        url.replace("http", "ws", 1) + "/ws",
        origin=url,
        additional_headers={"Cookie": f"calame={cookie}"},
        user_agent_header=agent,
        max_size=None,
    ) as line:
        line.send(b"\0" + msgpack.packb([1, body]))
        first = line.recv(timeout=20)
        assert isinstance(first, bytes)
        given = msgpack.unpackb(first[1:], ext_hook=lambda code, data: data)[1]["session_id"]
        told = first
        try:
            for _ in range(3):
                more = line.recv(timeout=3)
                told += more if isinstance(more, bytes) else more.encode()
        except TimeoutError:
            pass
    return given, told


def test_a_stolen_session_id_opens_nothing(
    open_screen: Callable[..., Screen], practice: Any, doctor_account: Any
) -> None:
    """In another person's browser and over a bare WebSocket: the thief gets a session of her own."""
    made = kit.drafted(practice.office, doctor_account, otherwise={"motif": "Secret du patient."})
    doctor = open_screen()
    doctor.open(made)
    stored = doctor.page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    session_id = doctor.page.evaluate("Object.values(sessionStorage).find(v => /^[A-Za-z0-9]{16}$/.test(v)) || ''")
    assert session_id, stored
    cookie, agent = cookie_of(doctor), doctor.page.evaluate("navigator.userAgent")
    doctor.page.goto("about:blank")  # the doctor's page is gone: its session waits to be taken up again
    doctor.page.wait_for_timeout(500)
    thief = open_screen("anais")
    given, told = register(practice.url, cookie_of(thief), session_id, agent)
    assert given != session_id
    assert b"Secret du patient" not in told
    thief.page.evaluate("s => JSON.parse(s).forEach(([k, v]) => sessionStorage.setItem(k, v))", stored)
    thief.page.reload()
    thief.ready()
    thief.says("Anaïs Roux")
    assert "Secret du patient" not in thief.heard_aloud()
    given, told = register(practice.url, cookie, session_id, agent)
    assert given == session_id, "the doctor takes her own up again: the refusal above was not for another reason"
    assert b"Secret du patient" in told


def test_locked_means_locked(open_screen: Callable[..., Screen], practice: Any) -> None:
    """The screen goes, requests and sockets are refused, an open socket is closed; the password opens again."""
    doctor = open_screen()
    cookie = cookie_of(doctor)
    with connect(
        practice.url.replace("http", "ws", 1) + "/canal",
        origin=practice.url,
        additional_headers={"Cookie": f"calame={cookie}"},
    ) as line:
        doctor.press("Alt+l")
        doctor.page.wait_for_url("**/connexion")
        with pytest.raises(ConnectionClosed):
            list(line)
    assert ask(practice.url, "/son/x.wav", Cookie=f"calame={cookie}") == 401
    for socket in ("/ws", "/canal"):
        with pytest.raises(InvalidStatus):
            connect(
                practice.url.replace("http", "ws", 1) + socket,
                origin=practice.url,
                additional_headers={"Cookie": f"calame={cookie}"},
            )
    doctor.page.fill("#password", kit.PASSWORD)
    doctor.page.click("button")
    doctor.ready()
