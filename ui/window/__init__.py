"""One open page: keyboard and clicks to commands, events to view models. Holds no state worth keeping.

One module per concern, stacked by inheritance: ``core`` (view models, desk, questions) <- ``sync`` (state to view
models) <- ``dictate`` | ``words`` <- ``review`` <- ``together``; ``signed`` and ``report`` stand on ``core``; ``feed`` brings in what
happens elsewhere. A new concern is a new module with its class added to :class:`Window`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import flet as ft

from app import commands as c
from app.events import Phase
from records import Role
from ui import keys
from ui.components.root import Root
from ui.state.shell import DESK, WELCOME
from ui.theme import FONTS
from ui.window.feed import Feed
from ui.window.measuring import Measuring
from ui.window.report import Reporting
from ui.window.signed import Signed
from ui.window.together import Together


class Window(Feed, Together, Signed, Measuring, Reporting):
    """Actions are public methods; components call them and nothing else."""

    async def open(self) -> None:
        """First drawing."""
        page = self.page
        page.title = "Calame"
        page.fonts = FONTS
        page.padding = 0
        page.spacing = 0
        self.appearance()
        page.locale_configuration = ft.LocaleConfiguration(
            supported_locales=[ft.Locale("fr", "FR"), ft.Locale("en", "GB")],
            current_locale=ft.Locale("fr", "FR") if self.t.language == "fr" else ft.Locale("en", "GB"),
        )
        page.on_keyboard_event = self._key
        page.on_close = lambda _: self._shut()
        page.on_connect = lambda _: self._back()
        page.on_resize = lambda e: setattr(self.shell, "width", e.width)
        self.shell.width = page.width or 1366
        self.shell.role = (
            "secretary" if self.actor.has(Role.SECRETARY) and not self.actor.has(Role.DOCTOR) else "doctor"
        )
        if not self.prefs.welcomed and self.shell.role == "doctor":
            self.shell.view = WELCOME
        self.live.form_id = self.kinds()[0].id
        self._stops = [
            self.desk.subscribe(self._events_any_thread, self._level_any_thread),
            self.office.watch(lambda: self._later(self._reload_list)),
        ]
        self.channel.listeners.append(self._said)
        self.channel.sound = self.desk.push
        self.channel.wanted_microphone = self._wanted_microphone
        self.refresh_devices()
        self.look_for_suggestions()
        self._reload_list()
        self._sync(frozenset())
        page.render(Root, self)

    def _back(self) -> None:
        """The page was away (reload, sleep): everything that moved meanwhile is shown."""
        self._reload_list()
        review = self.desk.session.state.review
        self._sync(frozenset(s.key for s in review.draft.sections) if review is not None else frozenset())

    def _shut(self) -> None:
        for stop in self._stops:
            stop()
        with suppress(ValueError):
            self.channel.listeners.remove(self._said)

    def sign(self) -> None:
        """Ctrl+Entrée."""
        if self.shell.phase is Phase.LISTENING:
            self.finish()
        elif self.desk.session.state.adding is not None:
            self.finish_addition()
        elif self.shell.phase is Phase.REVIEWING:
            self.desk.flush()
            self.desk.do(c.Sign())

    def welcomed(self) -> None:
        """The first-run tour is over; kept for the record of training (AI Act art. 4)."""
        self.prefs.welcomed = True
        self._save_prefs()
        self.shell.view = DESK

    def lock(self) -> None:
        """« Verrouiller »."""
        self.desk.flush()
        self.office.parts.microphones.let_go()
        self.office.store.accounts.lock(self.actor)
        self.channel.everywhere("leave")

    def leave(self) -> None:
        """« Se déconnecter »."""
        self.desk.flush()
        self.office.parts.microphones.let_go()
        self.office.store.accounts.logout(self.actor)
        self._end_login()
        self.channel.everywhere("leave")

    def _key(self, event: ft.KeyboardEvent) -> None:
        if self.shell.capturing is not None:
            self.capture(event)
            return
        name = self.keymap.action(event, self.shell.phase, dialog=self.shell.dialog)
        if name is not None:
            result = keys.run(self, name)
            if asyncio.iscoroutine(result):

                async def finish() -> None:
                    await result

                self.page.run_task(finish)
