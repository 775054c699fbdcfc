"""Doctor and secretary: send, ask, answer, complete identities, priorities."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from dictation.consultation import Consultation
from dictation.errors import CalameError
from dictation.transcript import Span
from records import Place, Priority, Role, State
from ui.window.review import Reviewing

#: questions pinned to words of the transcript (``records.Place``)
WORDS = "words"


class Together(Reviewing):
    """What two people do with one document."""

    def send_to(self, role: Role) -> None:
        """To the secretary, or back to the doctor."""
        to = State.CORRECTED if role is Role.DOCTOR and not self.actor.has(Role.DOCTOR) else State.TO_REVIEW
        store = self.office.store
        done = self.desk.act(
            lambda d: store.dictations.transition(d.id, to, by=self.actor, version=d.version, reviewer=role)
        )
        if done:
            self.shell.notice("done", self.t("sent.ready" if to is State.CORRECTED else f"sent.{role.value}"))
            self.close()

    def ask_doctor(self, text: str, place: Place | None) -> None:
        """The secretary's question, pinned to a place."""
        store = self.office.store
        self.shell.dialog = None
        if text.strip() and self.desk.act(
            lambda d: store.dictations.ask(d.id, text.strip(), by=self.actor, version=d.version, place=place)
        ):
            self.shell.notice("done", self.t("query.sent"))

    def ask_about(self, n: int) -> None:
        """A question pinned to word ``n``."""
        self.ask("query", Place(WORDS, n, n + 1))

    def place_text(self, place: Place | None) -> str:
        """What stands at ``place``: its words, or the title of its section; nothing when it is gone."""
        if place is None:
            return ""
        if place.field_id == WORDS and place.first is not None and place.last is not None:
            return " ".join(w.text for w in self.transcript.words[place.first : place.last])
        section = self.review.section(place.field_id.removeprefix("section:"))
        return section.title if section is not None else ""

    def show_place(self, place: Place | None) -> None:
        """Brings the place of a question into view."""
        if place is None:
            return
        if place.field_id == WORDS and place.first is not None and place.last is not None:
            self.highlight((Span(place.first, place.last),))
        else:
            self.page.run_task(self._scroll_to_section, place.field_id.removeprefix("section:"))

    def answer(self, query_id: str, text: str) -> None:
        """The doctor's answer."""
        store = self.office.store
        if text.strip():
            self.desk.act(lambda d: store.dictations.answer(query_id, text.strip(), by=self.actor))

    def tick(self, task_id: str) -> None:
        """A task of the doctor's note is done."""
        with suppress(CalameError):
            self.office.store.worklist.tick(task_id, by=self.actor)
        self._reload_list()

    def set_identity(self, consultation: Consultation) -> None:
        """Patient and recipient of the open document."""
        store = self.office.store
        self.shell.dialog = None
        self.desk.act(lambda d: store.dictations.set_consultation(d.id, consultation, by=self.actor, version=d.version))

    def set_priority(self, priority: int) -> None:
        """How soon."""
        self.desk.assign(priority=Priority(priority))

    def set_due(self, days: int | None) -> None:
        """Due in some days."""
        now = self.office.parts.ports.clock()
        self.desk.assign(due_at=now + dt.timedelta(days=days) if days is not None else None)
