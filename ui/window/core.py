"""What every part of a window stands on: its view models, its desk, its questions, its look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import flet as ft

from app.desk import Desk
from app.office import Office
from dictation.errors import CalameError
from records import WorklistFilter
from ui import filters, preferences
from ui.channel import Channel
from ui.guard import Login
from ui.keys import Keymap
from ui.state.adding import AddingVM
from ui.state.measuring import MeasuringVM
from ui.state.offers import OffersVM
from ui.state.review import ReviewVM, SavedVM
from ui.state.shell import LiveVM, MeterVM, ShellVM, WorklistVM
from ui.state.transcript import TranscriptVM
from ui.texts import Texts
from ui.theme import DARK, LIGHT, face


class Core:
    """State of one open page; actions of the other modules are written on it."""

    def __init__(
        self, page: ft.Page, office: Office, login: Login, channel: Channel, end_login: Callable[[], None]
    ) -> None:
        self.page, self.office, self.actor, self.channel = page, office, login.actor, channel
        self._end_login = end_login
        self.desk: Desk = office.desk(login.actor)
        self.prefs = preferences.load(office.store, self.actor)
        self.t = Texts(self.prefs.language)
        self.shell = ShellVM(
            language=self.t.language, theme=self.prefs.theme, scale=self.prefs.scale, name=self.actor.name
        )
        self.live, self.meter = LiveVM(), MeterVM()
        self.list, self.review, self.transcript = WorklistVM(), ReviewVM(), TranscriptVM()
        self.saved = SavedVM()
        self.clipboard, self.picker = ft.Clipboard(), ft.FilePicker()
        self._refs: dict[str, ft.Ref[Any]] = {}
        self._stops: list[Callable[[], None]] = []
        #: a key is being handed to the desk
        self._typing = False
        self._waiting: asyncio.TimerHandle | None = None
        self.measuring, self._measure_job = MeasuringVM(), ""
        self.adding, self.offers = AddingVM(), OffersVM()
        self.keymap = Keymap(self.prefs.shortcuts)
        #: section that holds the cursor, and what is selected: (section, first character, last)
        self._cursor: tuple[str | None, str] | None = None
        self._selected: tuple[str, int, int] = ("", 0, 0)
        #: the walk began by itself and nothing was answered yet
        self._begun = False
        #: « Redessiner » was asked for and has not answered
        self._redrawing = False

    def ref(self, name: str) -> ft.Ref[Any]:
        """A handle on a control, by name, to focus or scroll to it."""
        return self._refs.setdefault(name, ft.Ref())

    async def focus_on(self, name: str) -> None:
        """Puts the keyboard focus on a control when it is on the screen."""
        control = self.ref(name).current
        if control is not None:
            with suppress(Exception):  # it may have left the screen in between
                await control.focus()

    def _later(self, work: Callable[..., object], *args: Any) -> None:
        if self.page.session.connection is None:  # the page is away: it is brought up to date when it is back
            return

        async def run() -> None:
            work(*args)

        with suppress(RuntimeError):  # the loop is closing
            self.page.run_task(run)

    def ask(self, dialog: str | None, data: object = None) -> None:
        """Opens (or closes) a question."""
        self.shell.dialog_data = data if data is not None else self.shell.dialog_data
        self.shell.dialog = dialog

    def act(self, name: str) -> None:
        """The action of a notice."""
        getattr(self, name)()

    def go(self, view: str) -> None:
        """Another view."""
        self.desk.flush()
        self.shell.view = view

    def close(self) -> None:
        """Back to the worklist."""
        self._put_away()
        self.desk.close()

    def _put_away(self) -> None:
        """What belongs to the open document goes with it: its sound, what it asked."""
        if self.transcript.playing:
            self.channel.order("pause")
        self.shell.leave_document()

    def appearance(self) -> None:
        """Theme, mode and text size."""
        page, prefs = self.page, self.prefs
        page.theme, page.dark_theme = face(LIGHT, prefs.scale), face(DARK, prefs.scale)
        page.theme_mode = {"light": ft.ThemeMode.LIGHT, "dark": ft.ThemeMode.DARK}.get(prefs.theme, ft.ThemeMode.SYSTEM)
        self.shell.dark = prefs.theme == "dark"
        self.shell.scale = prefs.scale

    def set_preference(self, **changed: Any) -> None:
        """Language, theme, size."""
        for name, value in changed.items():
            setattr(self.prefs, name, value)
        self._save_prefs()
        if "language" in changed:
            self.t = Texts(self.prefs.language)
            self.shell.language = self.t.language
        if "theme" in changed:
            self.shell.theme = self.prefs.theme
        self.appearance()
        self.page.update()

    def _save_prefs(self) -> None:
        preferences.save(self.office.store, self.actor, self.prefs)

    def _reload_list(self) -> None:
        store, by = self.office.store, self.actor
        wanted = filters.of(self.list.filter, by, self.list.search)
        with suppress(CalameError):
            self.list.items = store.worklist.list(wanted, by=by)
            self.list.counts = store.worklist.counts(WorklistFilter(), by=by)
            self.list.tasks = store.worklist.tasks(by=by)

    def set_filter(self, name: str) -> None:
        """Which lines."""
        self.list.filter = name
        self._reload_list()

    def search(self, text: str) -> None:
        """By patient."""
        object.__setattr__(self.list, "search", text)
        self._reload_list()

    def kind(self, form_id: str | None) -> str:
        """Title of a kind."""
        form = self.office.form(form_id or "")
        return form.title.split(" (")[0] if form else self.t("kind.none")

    def queries(self) -> tuple[Any, ...]:
        """Questions on the open document."""
        if self.desk.dictation is None:
            return ()
        with suppress(CalameError):
            return self.office.store.dictations.queries(self.desk.dictation.id, by=self.actor)
        return ()
