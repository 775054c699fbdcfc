"""Dictating into a section, and « textes types » from its menu."""

from __future__ import annotations

from typing import Any

from app import commands as c
from app.addition import Place
from app.composing import listed
from app.events import Phase
from records import Role
from ui.window.dictate import Dictation
from ui.window.using import Using


class Adding(Dictation, Using):
    """F2 where the cursor stands."""

    def dictate(self) -> None:
        """F2: into the section that has the cursor, else a new dictation; again: finished, or a pause."""
        if self.desk.session.state.adding is not None:
            self.finish_addition()
        elif self.shell.phase is Phase.REVIEWING and (key := self._cursor_here()) is not None:
            self.dictate_into(key)
        else:
            super().dictate()

    def cursor_in(self, key: str) -> None:
        """A section took the cursor."""
        self._cursor = (self.review.document_id, key)
        self.focus(key)

    def _cursor_here(self) -> str | None:
        """Section of the open document that has the cursor."""
        document, key = self._cursor or (None, None)
        return key if document == self.review.document_id else None

    def cursor_out(self, key: str) -> None:
        """It left it; the words stay marked."""
        if self._cursor_here() == key:
            self._cursor = None
        self.look_for_lesson(key)

    def select(self, key: str, selection: Any) -> None:
        """What is selected in a section; nothing is drawn."""
        start, end = (selection.start, selection.end) if selection is not None else (0, 0)
        self._selected = (key, min(start, end), max(start, end))

    def place(self, key: str, *, selection: bool = True) -> Place:
        """Where an addition to a section goes: instead of what is selected there, else at its end."""
        review = self.desk.session.state.review
        form = self.office.form(review.draft.form_id) if review is not None else None
        where, start, end = self._selected
        text = review.text(key) if review is not None else ""
        if not selection or where != key or end > len(text):
            start = end = 0
        return Place(key, start, end, text[start:end], listed(form, key))

    def dictate_into(self, key: str) -> None:
        """The microphone of a section."""
        if self.desk.session.state.adding is not None:
            self.finish_addition()
            return
        if not self.actor.has(Role.DOCTOR):
            self.shell.notice("check", self.t("live.doctor_only"))
            return
        self.desk.flush()
        device = self.live.device
        object.__setattr__(self.meter, "elapsed_s", 0.0)
        self.desk.add(self.place(key), device)
        if self.desk.session.state.adding is not None and device == "browser":
            self.channel.order("mic-on", device=None)

    def finish_addition(self) -> None:
        """F2 again, or Ctrl+Entrée."""
        self.channel.microphone_off()
        self.desk.do(c.StopAddition())

    def discard_addition(self, *, confirmed: bool = False) -> None:
        """Échap: asks when something was heard."""
        if confirmed:
            self.shell.dialog = None
        events = self.desk.do(c.DiscardAddition(confirmed))
        if self.desk.session.state.adding is None and events:
            self.channel.microphone_off()

    def discard(self, *, confirmed: bool = False) -> None:
        """Échap while speaking."""
        if self.desk.session.state.adding is not None:
            self.discard_addition(confirmed=confirmed)
        else:
            super().discard(confirmed=confirmed)

    def escape(self) -> None:
        """Échap on a document."""
        if self.desk.session.state.adding is not None:
            self.discard_addition()
        else:
            self.close()

    def hear_left(self) -> None:
        """What a crash left unheard is written where the cursor is, or in the last section that takes text."""
        keys = [s.key for s in self.review.sections]
        if keys:
            self.desk.hear_left(self.place(self._cursor_here() or self.review.focused or keys[-1], selection=False))

    # -- textes types ----------------------------------------------------------------------------

    def snippets(self) -> dict[str, str]:
        """« Textes types » by name."""
        return dict(sorted(self.desk.snippets().items(), key=lambda kept: kept[0].lower()))

    def insert_snippet(self, key: str, name: str) -> None:
        """From the menu of a section; it is to be confirmed like one asked for by voice."""
        text = self.snippets().get(name)
        if text:
            self.desk.do(c.InsertSnippet(name, text, self.place(key)))
