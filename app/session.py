"""The only mutable state of a window: commands in, events out; no I/O, no clock of its own.

``Idle → Listening → Transcribing → Drafting → Reviewing → Signed``. The engines report through the
same door as the keyboard. Not thread-safe: one thread (the window's loop) calls :meth:`Session.handle`.
Whatever a command cannot do now is answered by :class:`~app.events.Refused`, never by an exception.
"""

from __future__ import annotations

from dataclasses import replace

from app import addition
from app import commands as c
from app import events as e
from app.adding import Additions
from app.events import Event, Phase
from app.redraft import changes
from app.reviewing import Reviewing
from app.state import State, Step, keys_of
from dictation.draft import Draft
from dictation.review import Review
from dictation.transcript import EngineInfo, Transcript

__all__ = ["Session", "State", "Step"]


class Session(Additions, Reviewing):
    """One window's work. ``may_sign`` is the signed-in person's right on the open document."""

    # -- the door ------------------------------------------------------------------------------

    def handle(self, command: c.Command) -> tuple[Event, ...]:
        """Applies ``command``; returns what moved and what is wished for, in order."""
        if self.state.adding is not None and (answer := self._while_adding(command)) is not None:
            return answer
        match command:
            case c.StartAddition(place, offset_s):
                return self._start_addition(place, offset_s)
            case c.InsertSnippet(name, text, place):
                return self._insert_snippet(name, text, place)
            case c.StartDictation():
                return self._start(command)
            case c.PauseDictation():
                return self._pause()
            case c.StopDictation():
                return self._stop()
            case c.Discard(confirmed):
                return self._discard(confirmed)
            case c.PickForm(form_id):
                return self._pick_form(form_id)
            case c.Open(document_id, review, signed):
                return self._open(document_id, review, signed)
            case c.Close():
                return self._close()
            case c.EditSection() | c.EditField() | c.Confirm() | c.Reject() | c.Undo() | c.Redo():
                return self._reviewing(command)
            case c.CorrectWord() | c.Redraft() | c.TakeProposal() | c.Sign():
                return self._reviewing(command)
            case _:
                return self._report(command)

    # -- dictating -----------------------------------------------------------------------------

    def _start(self, start: c.StartDictation) -> tuple[Event, ...]:
        if self.state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
            return self._refuse("dictation.busy", "Une dictée est déjà en cours : terminez-la d'abord.")
        self.state = State(
            document_id=start.document_id,
            form_id=start.form_id,
            words=start.earlier,
            engine_down=self.state.engine_down,
        )
        return (
            self._move(Phase.LISTENING),
            e.WantListening(start.document_id, start.form_id, start.offset_s),
        )

    def _pause(self) -> tuple[Event, ...]:
        if self.state.phase is not Phase.LISTENING:
            return ()
        self.state = replace(self.state, paused=not self.state.paused)
        return (e.WantPause(self.state.paused), e.LiveChanged())

    def _stop(self) -> tuple[Event, ...]:
        if self.state.phase is not Phase.LISTENING or self.state.document_id is None:
            return ()
        return (
            self._move(Phase.TRANSCRIBING, paused=False, unstable="", stable=""),
            e.WantEnd(self.state.document_id, discard=False),
        )

    def _discard(self, confirmed: bool) -> tuple[Event, ...]:
        if self.state.phase is not Phase.LISTENING or self.state.document_id is None:
            return ()
        if not confirmed:
            return (e.DiscardAsked(),)
        gone = self.state.document_id
        self.state = State(engine_down=self.state.engine_down)
        return (e.WantEnd(gone, discard=True), e.PhaseChanged(Phase.IDLE))

    def _pick_form(self, form_id: str) -> tuple[Event, ...]:
        state = self.state
        if form_id == state.form_id:
            self.state = replace(state, proposed_form=None)
            return (e.LiveChanged(),)
        if state.phase in (Phase.LISTENING, Phase.TRANSCRIBING):
            self.state = replace(state, form_id=form_id, proposed_form=None, live=None)
            return (e.LiveChanged(),)
        if state.phase is not Phase.REVIEWING or state.review is None or state.document_id is None:
            return ()
        shelf = (*(r for r in state.shelf if r.draft.form_id != state.form_id), state.review)
        kept = next((r for r in state.shelf if r.draft.form_id == form_id), None)
        transcript = state.review.draft.transcript
        if kept is not None and kept.draft.transcript == transcript:
            self.state = replace(
                state, form_id=form_id, review=kept, shelf=shelf, undo=(), redo=(), proposal=None, pending=()
            )
            return (e.ReviewChanged(keys_of(kept.draft)), e.WantKept(state.document_id, kept))
        self.state = replace(state, form_id=form_id, shelf=shelf, undo=(), redo=(), proposal=None, pending=())
        wish = e.WantDraft(state.document_id, transcript, form_id, addition.live(state.review))
        return (self._move(Phase.DRAFTING), wish)

    # -- reports -------------------------------------------------------------------------------

    def _report(self, report: c.Command) -> tuple[Event, ...]:
        state = self.state
        hearing = state.phase in (Phase.LISTENING, Phase.TRANSCRIBING)
        match report:
            case c.HeardPartial(stable, unstable) if state.phase is Phase.LISTENING:
                self.state = replace(state, stable=stable, unstable=unstable)
                return (e.LiveChanged(),)
            case c.HeardWords(words) if hearing:
                self.state = replace(state, words=(*state.words, *words), stable="", unstable="")
                ended = self._stop() if addition.says_end(self.state.words[-5:]) else ()
                return (e.LiveChanged(), *ended)
            case c.HeardKind(form_id) if state.phase is Phase.LISTENING and form_id != state.form_id:
                self.state = replace(state, proposed_form=form_id)
                return (e.FormProposed(form_id), e.LiveChanged())
            case c.LiveDraft(draft) if hearing and draft.form_id == state.form_id:
                self.state = replace(state, live=draft)
                return (e.LiveChanged(),)
            case c.Transcribed(transcript) if hearing and state.document_id and state.form_id:
                self.state = replace(state, transcript=transcript, words=transcript.words, stable="", unstable="")
                return (
                    self._move(Phase.DRAFTING),
                    e.WantDraft(state.document_id, transcript, state.form_id),
                )
            case c.Drafted(draft) if state.phase in (Phase.DRAFTING, Phase.REVIEWING):
                return self._drafted(draft)
            case c.DeviceTrouble(code, message):
                self.state = replace(state, trouble=report)
                return (e.Trouble(code, message),)
            case c.EngineDown():
                self.state = replace(state, engine_down=True)
                return (e.Trouble("engine.died", "Le moteur s'est arrêté : redémarrage en cours, rien n'est perdu."),)
            case c.EngineUp():
                was_down = state.engine_down
                self.state = replace(state, engine_down=False)
                return (e.Recovered(),) if was_down else ()
            case c.EngineFailed(code, message):
                return self._failed(report, code, message)
            case _:
                return ()

    def _failed(self, report: c.EngineFailed, code: str, message: str) -> tuple[Event, ...]:
        state = replace(self.state, trouble=report)
        self.state = state
        if state.phase is Phase.DRAFTING and state.review is not None:
            return (self._move(Phase.REVIEWING, form_id=state.review.draft.form_id), e.Trouble(code, message))
        if state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
            return (e.Trouble(code, message), self._move(Phase.IDLE))
        return (e.Trouble(code, message),)

    def _drafted(self, draft: Draft) -> tuple[Event, ...]:
        state = self.state
        if state.document_id is None or draft.form_id != state.form_id:
            return ()
        before = state.review
        if before is None or before.draft.form_id != draft.form_id:
            review = before.rebase(draft) if before else Review(draft)
            self.state = replace(state, review=review, transcript=draft.transcript, live=None)
            return (
                self._move(Phase.REVIEWING),
                e.ReviewChanged(keys_of(draft)),
                e.WantKept(state.document_id, review),
            )
        everything = draft.transcript == before.draft.transcript
        pending = changes(before, draft, only_edited=not everything)
        if pending:
            self.state = replace(state, proposal=draft, pending=pending)
            return (self._move(Phase.REVIEWING), e.ProposalChanged())
        review = before.rebase(draft)
        self.state = replace(state, review=review, transcript=draft.transcript, undo=(), redo=())
        return (
            self._move(Phase.REVIEWING),
            e.ReviewChanged(keys_of(draft)),
            e.WantKept(state.document_id, review),
        )

    def _open(self, document_id: str, review: Review, signed: bool) -> tuple[Event, ...]:
        if self.state.phase in (Phase.LISTENING, Phase.TRANSCRIBING):
            return self._refuse("dictation.busy", "Une dictée est en cours : terminez-la ou mettez-la de côté.")
        self.state = State(
            document_id=document_id,
            form_id=review.draft.form_id,
            review=review,
            transcript=review.draft.transcript,
            engine_down=self.state.engine_down,
        )
        return (self._move(Phase.SIGNED if signed else Phase.REVIEWING), e.ReviewChanged(keys_of(review.draft)))

    def _close(self) -> tuple[Event, ...]:
        if self.state.phase is Phase.LISTENING:
            return self._refuse("dictation.busy", "Une dictée est en cours : terminez-la d'abord.")
        self.state = State(engine_down=self.state.engine_down)
        return (e.PhaseChanged(Phase.IDLE),)

    def heard_so_far(self, engine: EngineInfo, *, id: str) -> Transcript:
        """What has been heard, as a transcript of its own (kept when the engines are gone for good)."""
        words = self.state.words
        return Transcript(id, words, engine, duration_s=words[-1].end_s if words else 0.0)
