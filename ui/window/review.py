"""Reviewing: open, edit, walk what is to be checked, confirm, undo, draw again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from app import commands as c
from app.events import Phase
from app.walk import Stop, decisions_since, edited_value, next_stop, section_of
from ui.state.review import Fact
from ui.state.shell import DESK
from ui.window.words import Words
from ui.wording import reworded


class Reviewing(Words):
    """The document's side."""

    def open_dictation(self, dictation_id: str) -> None:
        """A line of the worklist."""
        if self.shell.phase is Phase.LISTENING:
            self.shell.notice("check", self.t("live.busy"))
            return
        self.shell.view, self.shell.pane = DESK, "document"
        self._put_away()
        self.desk.open(dictation_id)
        self._mark_news(dictation_id)

    def _mark_news(self, dictation_id: str) -> None:
        """Sections somebody else changed since this person last looked."""
        review = self.desk.session.state.review
        if review is None:
            return
        seen = self.prefs.seen.get(dictation_id, 0)
        others = {
            d.field_id.removeprefix("section:")
            for d in decisions_since(review, min(seen, len(review.decisions)))
            if d.by != self.actor.account_id
        }

        def apply() -> None:
            for section in self.review.sections:
                section.news = section.key in others or any(f.id in others for f in section.facts)
            if others:
                self.shell.notice("info", self.t.count("review.news", len(others)))

        self._later(apply)
        self.prefs.seen[dictation_id] = len(review.decisions)
        self._save_prefs()

    def move(self, step: int) -> None:
        """Next or previous line."""
        ids = [item.id for item in self.list.items]
        if not ids:
            return
        at = ids.index(self.list.selected) if self.list.selected in ids else (-1 if step > 0 else 0)
        self.open_dictation(ids[(at + step) % len(ids)])

    def focus(self, key: str | None) -> None:
        """A section has the focus: its words are highlighted."""
        self.highlight(self.review.focus(key))

    def edit(self, key: str, text: str) -> None:
        """A key was pressed in a section."""
        section = self.review.section(key)
        if section is not None:
            section.type_in(text)
        self._typing = True
        try:
            self.desk.do(c.EditSection(key, text))
        finally:
            self._typing = False

    def show_fact(self, fact: Fact) -> None:
        """A fact was clicked: its words, and its sound."""
        self.highlight(fact.spans)
        self.play_spans(fact.spans)

    def edit_fact(self, fact: Fact | None, section: str) -> None:
        """Opens or closes the typed inputs of a fact."""
        vm = self.review.section(section)
        if vm is not None:
            vm.editing = fact.id if fact is not None and vm.editing != fact.id else None

    def set_fact(self, fact: Fact, changed: dict[str, Any]) -> None:
        """New values of a fact's parts."""
        section = next((s for s in self.review.sections if fact in s.facts), None)
        try:
            self.desk.do(c.EditField(fact.id, edited_value(fact.field, changed)))
        except ValueError:
            self.shell.notice("check", self.t("fact.wrong"))
            return
        review = self.desk.session.state.review
        spoken = section_of(review.draft, fact.spans) if review is not None else None
        places = [s for s in (section, self.review.section(spoken)) if s is not None and s.text]
        for place in places:
            now = reworded(place.text, fact.field.value, changed)
            if now is not None:
                if now != place.text:
                    self.desk.do(c.EditSection(place.key, now))
                    self._sync(frozenset({place.key}))
                return
        if places:
            self.shell.notice("check", self.t("fact.look", title=places[-1].title))

    def confirm(self, target: str) -> None:
        """One key: what stands there is what was said."""
        self.desk.do(c.Confirm(target))

    def reject(self, target: str) -> None:
        """Out of the document."""
        self.desk.do(c.Reject(target))

    def next_stop(self) -> None:
        """F8."""
        review = self.desk.session.state.review
        if review is None:
            return
        if self._begun:  # the walk stands on its first stop since the document came: F8 shows that one
            self._begun = False
            self._go(self.review.stop)
            return
        stop = next_stop(review, self.review.stop.target if self.review.stop else None)
        self._go(stop)

    def go_to(self, stop: Stop) -> None:
        """A stop was chosen in the list."""
        self._go(stop)

    def _go(self, stop: Stop | None) -> None:
        self.review.at(stop)
        if stop is None:  # the bar of the walk says so itself
            return
        self.highlight(stop.spans)
        if stop.section is not None:
            self.page.run_task(self._scroll_to_section, stop.section)

    async def _scroll_to_section(self, key: str) -> None:
        pane = self.ref("document").current
        if pane is not None:
            with suppress(Exception):
                await pane.scroll_to(scroll_key=f"section-{key}", duration=200)

    def confirm_stop(self) -> None:
        """F9: confirms what the walk stands at and goes on."""
        stop, self._begun = self.review.stop, False
        if stop is None:
            self.next_stop()
            return
        review = self.desk.session.state.review
        following = next_stop(review, stop.target) if review is not None else None
        self.desk.do(c.Confirm(stop.target))
        last = following is None or following.target == stop.target
        self._later(self._go, None if last else following)

    def choose_candidate(self, stop: Stop, wanted: str) -> None:
        """One of the words a finding offers instead."""
        if stop.finding is not None and stop.finding.span is not None:
            self.desk.do(c.CorrectWord(stop.finding.span.first, wanted))

    def undo(self) -> None:
        """One decision back."""
        self.desk.do(c.Undo())

    def redo(self) -> None:
        """One decision forward."""
        self.desk.do(c.Redo())

    def redraft(self) -> None:
        """« Redessiner »."""
        self._redrawing = True
        self.desk.do(c.Redraft())

    def take(self, key: str | None, accept: bool) -> None:
        """One section of the new draft, or all."""
        self.desk.do(c.TakeProposal(key, accept))
