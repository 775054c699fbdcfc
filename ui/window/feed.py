"""What comes in: events of the session, words of the browser's side."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from app import commands as c
from app import events as e
from app.events import Phase
from ui import preferences
from ui.window.adding import Adding

#: keys pressed closer than this are one burst for what stands around the text
SETTLES_S = 0.25


class Feed(Adding):
    """Events and messages, each to what shows it."""

    def _events_any_thread(self, events: tuple[e.Event, ...]) -> None:
        if self._typing and all(isinstance(event, e.ReviewChanged) for event in events):
            with suppress(RuntimeError):  # typed by a thread: no loop to wait on
                self._soon()
                return
        self._later(self._on_events, events)

    def _soon(self) -> None:
        """What follows from typing (marks, gaps, undo) is brought up to date when the keys pause: the text itself
        stands on the screen already."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(SETTLES_S, self._later, self._sync, frozenset[str]())

    def _on_events(self, events: tuple[e.Event, ...]) -> None:
        redraw: set[str] = set()
        t = self.t
        for event in events:
            match event:
                case e.ReviewChanged(changed):
                    redraw |= set(changed)
                case e.DiscardAsked():
                    self.ask("discard")
                case e.Blocked():
                    self.review.blocked = True
                    if self.review.stop is None:
                        self.next_stop()
                case e.Refused(code, message) | e.Trouble(code, message):
                    tone = "alarm" if isinstance(event, e.Trouble) else "check"
                    if code == "dictation.conflict":
                        self.ask("conflict")
                    self.shell.notice(tone, message)
                case e.Recovered():
                    self.shell.notice("done", t("engine.recovered"))
                case e.WordLearnable(heard, wanted):
                    self.offer_word(heard, wanted)
                case e.FormProposed(form_id):
                    form = self.office.form(form_id)
                    if form is not None:
                        self.shell.notice(
                            "info", t("live.kind_heard", kind=form.title), (t("live.kind_take"), "take_kind")
                        )
                case e.WantSignature():
                    self.shell.dialog = None
                case e.PhaseChanged(Phase.TRANSCRIBING) | e.WantAdditionEnd():
                    self.channel.microphone_off()  # said « fin de dictée »
                case e.PhaseChanged(Phase.SIGNED) if len(events) == 1:
                    self.shell.notice("done", t("sign.done"))
                case _:
                    pass
        self._sync(frozenset(redraw))
        for event in events:
            if isinstance(event, e.WantGrown) and event.review.draft.additions:
                self.highlight((event.review.draft.additions[-1].span,))  # what has just been said
        moved = {event.phase for event in events if isinstance(event, e.PhaseChanged)}
        if Phase.REVIEWING in moved:
            self.begin_walk()
            if self.desk.unheard_s:
                seconds = round(self.desk.unheard_s)
                self.shell.notice("check", t("adding.unheard", n=seconds), (t("adding.hear"), "hear_left"))
        if Phase.SIGNED in moved:
            self.look_for_suggestions()

    def _said(self, said: dict[str, Any]) -> None:
        """What ``calame.js`` tells, on the server's loop."""
        match said.get("say"):
            case "at":
                self._later(self.transcript.play_at, float(said.get("s", 0)), bool(said.get("playing")))
                if bool(said.get("playing")) != self.transcript.playing:
                    self._later(preferences.redraw, self.transcript)
            case "mic-gone":
                if self.desk.session.state.adding is not None:
                    self.desk.do(c.DeviceTrouble("device.gone", self.t("live.mic_gone")))
                    self.desk.do(c.StopAddition())
                elif self.desk.session.state.phase is Phase.LISTENING and not self.desk.session.state.paused:
                    self.desk.do(c.DeviceTrouble("device.gone", self.t("live.mic_gone")))
                    self.desk.do(c.PauseDictation())
            case "mic-error":
                key = "live.mic_denied" if said.get("name") == "NotAllowedError" else "live.mic_absent"
                self.desk.do(c.DeviceTrouble("device.refused", self.t(key)))
                state = self.desk.session.state
                # a page that came back and could not take the microphone up again loses nothing of what was said
                if self.desk.elapsed_s > 0 and state.adding is not None:
                    self.desk.do(c.StopAddition())
                elif self.desk.elapsed_s > 0 and not state.paused:
                    self.desk.do(c.PauseDictation())
                elif self.desk.elapsed_s == 0:
                    self.desk.do(c.DiscardAddition(confirmed=True))
                    self.desk.do(c.Discard(confirmed=True))
            case "sound-error":
                self._later(self.shell.notice, "check", self.t("sound.error"))
            case "dropped":
                self._later(self.hear_file, str(said["name"]), bytes(said["content"]))

    def _wanted_microphone(self) -> dict[str, Any] | None:
        state = self.desk.session.state
        if (state.phase is Phase.LISTENING or state.adding is not None) and self.desk.uses_browser:
            return {"device": None}
        return None
