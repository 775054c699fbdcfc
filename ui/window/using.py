"""What use brings: words to learn, suggestions, own keys, values confirmed together."""

from __future__ import annotations

import asyncio

from app import commands as c
from app import habits
from app.habits import Suggestion
from app.learning import Lesson, lessons
from app.walk import Stop
from dictation.consultation import Patient
from dictation.errors import CalameError
from ui import keys
from ui.keys import Pressed
from ui.preferences import RECIPIENTS, SNIPPETS
from ui.state.review import SHOWN_TOGETHER
from ui.state.shell import SETTINGS
from ui.window.review import Reviewing

#: suggestions refused for ever that are remembered
REFUSED = 2000


class Using(Reviewing):
    """Always an offer: one click takes it, one click refuses it for ever."""

    # -- words -----------------------------------------------------------------------------------

    def look_for_lesson(self, key: str) -> None:
        """The cursor left a section: did the doctor write a word instead of one that was heard?"""
        review, dictation = self.desk.session.state.review, self.desk.dictation
        if review is None:
            return
        patient = dictation.consultation.patient if dictation is not None else Patient()
        found = lessons(review, key, patient)
        if found:
            self.page.run_task(self._offer_first, found)

    def offer_word(self, heard: str, wanted: str) -> None:
        """A word corrected in the transcript."""
        self.page.run_task(self._offer_first, (Lesson("", heard, wanted),))

    async def _offer_first(self, found: tuple[Lesson, ...]) -> None:
        for lesson in found:
            if lesson.name in self.prefs.refused:
                continue
            if await asyncio.to_thread(self.office.parts.learnable, lesson.heard, lesson.wanted):
                self.offers.lesson = lesson
                return

    def learn(self) -> None:
        """« Oui »: written like that from the next utterance on."""
        lesson, self.offers.lesson = self.offers.lesson, None
        if lesson is None:
            return
        try:
            kept = self.office.parts.learn(lesson.heard, lesson.wanted)
            self.office.store.corrections.add(lesson.heard, lesson.wanted, by=self.actor)
        except CalameError as error:
            self.shell.notice("check", error.message)
            return
        key = "learn.done" if kept else "learn.kept"
        self.shell.notice("done", self.t(key, heard=lesson.heard, wanted=lesson.wanted))

    def never_learn(self) -> None:
        """« Jamais »."""
        lesson, self.offers.lesson = self.offers.lesson, None
        if lesson is not None:
            self._refuse(lesson.name)

    # -- suggestions -----------------------------------------------------------------------------

    def look_for_suggestions(self) -> None:
        """From the documents this person signed; refused and taken ones are not proposed."""
        kept = self.desk.habits()
        book = [str(r.get("name", "")) for r in self._book()]
        self.offers.suggestions = habits.suggestions(
            kept, snippets=self.desk.snippets(), book=book, refused=self.prefs.refused
        )
        self.offers.favourites = habits.favourites(kept)

    def take_suggestion(self, suggestion: Suggestion, name: str = "") -> None:
        """« Oui »: a « texte type » of that name, or a colleague in the book."""
        settings = self.office.store.settings
        try:
            if suggestion.kind == "snippet":
                named = name.strip() or suggestion.detail
                settings.set(SNIPPETS, {**self.desk.snippets(), named: suggestion.text}, by=self.actor)
                self.shell.notice("done", self.t("suggest.snippet_done", name=named))
            else:
                row = {"name": suggestion.text, "specialty": suggestion.detail, "address": ""}
                settings.set(RECIPIENTS, [*self._book(), row], by=self.actor, practice=True)
                self.shell.notice("done", self.t("suggest.recipient_done", name=suggestion.text))
        except CalameError as error:
            self.shell.notice("check", error.message)
            return
        self.look_for_suggestions()

    def never_suggest(self, suggestion: Suggestion) -> None:
        """« Jamais »: not proposed again, and a sentence is not kept any longer."""
        self._refuse(suggestion.name)
        if suggestion.kind == "snippet":
            self.desk.keep_habits(habits.forget(self.desk.habits(), suggestion.text))
        self.look_for_suggestions()

    def _refuse(self, name: str) -> None:
        self.prefs.refused = [*(n for n in self.prefs.refused if n != name), name][-REFUSED:]
        self._save_prefs()

    def _book(self) -> list[dict[str, str]]:
        try:
            return list(self.office.store.settings.get(RECIPIENTS, [], by=self.actor, practice=True) or [])
        except CalameError:
            return []

    # -- own keys --------------------------------------------------------------------------------

    def wait_for_key(self, name: str | None) -> None:
        """The next key pressed will do ``name``; ``None`` forgets it."""
        self.shell.objection = ""
        self.shell.capturing = name

    def capture(self, event: Pressed) -> None:
        """A key while one is waited for; Échap alone leaves all as it was."""
        name, pressed = self.shell.capturing, keys.pressed(event)
        if name is None or pressed is None:
            return
        if pressed == keys.Chord("Escape"):
            self.wait_for_key(None)
            return
        objection = self.keymap.objection(name, pressed)
        if objection is not None:
            why, other = objection
            action = self.t(f"keys.{other}") if other else ""
            self.shell.objection = self.t(f"shortcuts.{why}", keys=pressed.shown, action=action)
            return
        self.keymap.give(name, pressed)
        self._keep_keys()

    def reset_keys(self, name: str | None = None) -> None:
        """The key Calame came with, for one action or for all."""
        if name is not None:
            objection = keys.Keymap({n: k for n, k in self.keymap.own.items() if n != name}).objection(
                name, keys.default(name)
            )
            if objection is not None:
                self.shell.objection = self.t(
                    "shortcuts.taken", keys=keys.default(name).shown, action=self.t(f"keys.{objection[1]}")
                )
                return
        self.keymap.reset(name)
        self._keep_keys()

    def _keep_keys(self) -> None:
        self.prefs.shortcuts = self.keymap.own
        self._save_prefs()
        self.shell.objection = ""
        self.shell.capturing = None
        self.shell.keys_version += 1
        self.page.update()

    # -- confirming ------------------------------------------------------------------------------

    def together(self) -> tuple[Stop, ...]:
        """Values of the section the walk stands in that are waiting, in the order of the words: they are shown
        together, so that one key may confirm them together. Doubts are answered one by one."""
        stop = self.review.stop
        if stop is None or stop.section is None:
            return ()
        here = [s for s in self.review.stops if s.field is not None and s.section == stop.section]
        return tuple(sorted(here, key=lambda s: min((x.first for x in s.spans), default=0)))

    def confirm_section(self) -> None:
        """Maj+F9: every value shown in the bar was said like that."""
        stop, group, self._begun = self.review.stop, self.together(), False
        if stop is None:
            self.next_stop()
            return
        if not group or len(group) > SHOWN_TOGETHER:
            self.confirm_stop()
            return
        for one in group:
            self.desk.do(c.Confirm(one.target))
        self._later(self._go_on)

    def _go_on(self) -> None:
        """To what still stands before the signature, else to what is worth a look."""
        self._go(next((s for s in self.review.stops if s.blocking), None) or next(iter(self.review.stops), None))

    def begin_walk(self) -> None:
        """A document has come: the walk stands at once on the first value to confirm."""
        first = next((s for s in self.review.stops if s.blocking), None)
        if self.review.stop is None and first is not None and self.shell.role == "doctor" and not self.review.signed:
            self._go(first)
            self._begun = True

    def change_keys(self) -> None:
        """From the help to the settings."""
        self.ask(None)
        self.shell.tab = "shortcuts"
        self.shell.view = SETTINGS

    def open_snippets(self) -> None:
        """To the « textes types » in the settings."""
        self.shell.tab = "snippets"
        self.shell.view = SETTINGS
