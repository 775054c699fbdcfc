"""Drives a Flet page in plain Python: real Session, real diff, real wire encoding; no browser, no Flutter."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flet as ft
import msgpack
from flet.components.public_utils import unwrap_component
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    RegisterClientResponseBody,
    configure_encode_object_for_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub


class Wire(Connection):
    """Encodes everything as the real wire does and answers method calls from a table."""

    def __init__(self, replies: dict[str, Any]) -> None:
        super().__init__()
        self.loop, self.executor = asyncio.get_running_loop(), ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.replies, self.session = replies, None
        self.calls: list[tuple[str, Any]] = []
        self.patches: list[int] = []
        self.crashes: list[str] = []

    def send_message(self, message: Any) -> None:
        raw = msgpack.packb([message.action, message.body], default=configure_encode_object_for_msgpack(BaseControl))
        if message.action == MessageAction.INVOKE_METHOD:
            body = message.body
            self.calls.append((body.name, body.args))
            reply = self.replies.get(body.name)
            self.loop.call_soon(self.session.handle_invoke_method_results, body.control_id, body.call_id, reply, None)
        elif message.action == MessageAction.PATCH_CONTROL:
            self.patches.append(len(raw))
        elif message.action == MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)


class Screen:
    """What a person would see and do, by control."""

    @classmethod
    async def start(cls, main: Callable[[ft.Page], Any], **replies: Any) -> Screen:
        self = cls()
        self.wire = Wire(replies)
        self.session = self.wire.session = Session(self.wire)
        self.page = self.session.page
        _context_page.set(self.page)
        context.reset_auto_update()
        given = {"web": True, "platform": "linux", "width": 1366, "height": 768, "route": "/"}
        self.session.apply_page_patch(given)
        body = RegisterClientResponseBody(
            session_id=self.session.id, page_patch=self.session.get_page_patch(), error=""
        )
        self.wire.send_message(Message(MessageAction.REGISTER_CLIENT, body))
        result = main(self.page)
        if inspect.isawaitable(result):
            await result
        await self.session.after_event(self.page)
        await self.settle()
        return self

    async def settle(self, seconds: float = 0.05) -> None:
        for _ in range(12):
            await asyncio.sleep(0)
        await asyncio.sleep(seconds)
        if self.wire.crashes:
            raise AssertionError(self.wire.crashes[-1])

    def walk(self, at: Any = None) -> Iterator[BaseControl]:
        found = unwrap_component(at if at is not None else self.page.views[0])
        if isinstance(found, list | tuple):
            for one in found:
                yield from self.walk(one)
        elif isinstance(found, BaseControl):
            yield found
            for name in found.__dataclass_fields__:
                if name.startswith("_") or name in ("parent", "page", "data"):
                    continue
                value = getattr(found, name, None)
                if isinstance(value, BaseControl) or (isinstance(value, list | tuple) and value):
                    yield from self.walk(value)

    def find(self, kind: Any = BaseControl, **props: Any) -> list[Any]:
        return [
            c for c in self.walk() if isinstance(c, kind) and all(getattr(c, k, None) == v for k, v in props.items())
        ]

    def text(self) -> str:
        shown = [c.value or "" for c in self.find(ft.Text)] + [s.text or "" for s in self.find(ft.TextSpan)]
        return "\n".join(shown)

    async def fire(self, control: Any, event: str, data: Any = None) -> None:
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def key(self, key: str, *, ctrl: bool = False, alt: bool = False, shift: bool = False) -> None:
        given = {"key": key, "ctrl": ctrl, "shift": shift, "alt": alt, "meta": False}
        await self.fire(self.page, "keyboard_event", given)

    def close(self) -> None:
        self.session.close()
        self.wire.executor.shutdown(wait=False)
