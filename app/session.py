"""The only mutable state of a window: commands in, events out; no I/O, no clock of its own.

``Idle → Listening → Transcribing → Drafting → Reviewing → Signed``. The engines report through the
same door as the keyboard. Not thread-safe: one thread (the window's loop) calls :meth:`Session.handle`.
Whatever a command cannot do now is answered by :class:`~app.events.Refused`, never by an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app import commands as c
from app import events as e
from app.events import Event, Phase
from app.redraft import Change, apply_change, changes, corrected
from dictation.draft import Draft
from dictation.errors import RefusedError
from dictation.review import Decision, Review, Verdict, sign
from dictation.transcript import EngineInfo, Transcript, Word

#: keys pressed closer than this make one decision
BURST_GAP = timedelta(seconds=1.2)
#: and never more than this in one decision, so that undo goes back in bites
BURST_MAX = timedelta(seconds=6)


@dataclass(frozen=True, slots=True)
class Step:
    """One reversible decision: what stood before, what stands after."""

    target: str
    before: Decision | None
    after: Decision


@dataclass(frozen=True, slots=True)
class State:
    """Everything a screen needs; a fresh screen is built from this alone."""

    phase: Phase = Phase.IDLE
    document_id: str | None = None
    form_id: str | None = None
    paused: bool = False
    #: final words heard so far in this dictation
    words: tuple[Word, ...] = ()
    stable: str = ""
    unstable: str = ""
    live: Draft | None = None
    proposed_form: str | None = None
    transcript: Transcript | None = None
    review: Review | None = None
    #: sections of a new draft waiting for « accepter / refuser »
    proposal: Draft | None = None
    pending: tuple[Change, ...] = ()
    engine_down: bool = False
    trouble: c.DeviceTrouble | c.EngineFailed | None = None
    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()
    #: reviews of this dictation under other kinds of document, by form id
    shelf: tuple[Review, ...] = field(default=())


class Session:
    """One window's work. ``may_sign`` is the signed-in person's right on the open document."""

    def __init__(self, *, by: str, may_sign: bool, clock: Callable[[], datetime]) -> None:
        self.by = by
        self.may_sign = may_sign
        self.state = State()
        self._clock = clock
        self._burst_began: datetime | None = None

    # -- the door ------------------------------------------------------------------------------

    def handle(self, command: c.Command) -> tuple[Event, ...]:
        """Applies ``command``; returns what moved and what is wished for, in order."""
        match command:
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

    def _refuse(self, code: str, message: str) -> tuple[Event, ...]:
        return (e.Refused(code, message),)

    def _move(self, phase: Phase, **more: object) -> e.PhaseChanged:
        self.state = replace(self.state, phase=phase, **more)  # type: ignore[arg-type]
        return e.PhaseChanged(phase)

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
            return (e.ReviewChanged(_keys(kept.draft)), e.WantKept(state.document_id, kept))
        self.state = replace(state, form_id=form_id, shelf=shelf, undo=(), redo=(), proposal=None, pending=())
        return (self._move(Phase.DRAFTING), e.WantDraft(state.document_id, transcript, form_id))

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
                return (e.LiveChanged(),)
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
                e.ReviewChanged(_keys(draft)),
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
            e.ReviewChanged(_keys(draft)),
            e.WantKept(state.document_id, review),
        )

    # -- reviewing -----------------------------------------------------------------------------

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
        return (self._move(Phase.SIGNED if signed else Phase.REVIEWING), e.ReviewChanged(_keys(review.draft)))

    def _close(self) -> tuple[Event, ...]:
        if self.state.phase is Phase.LISTENING:
            return self._refuse("dictation.busy", "Une dictée est en cours : terminez-la d'abord.")
        self.state = State(engine_down=self.state.engine_down)
        return (e.PhaseChanged(Phase.IDLE),)

    def _reviewing(self, command: c.Command) -> tuple[Event, ...]:
        state = self.state
        if state.phase is Phase.SIGNED:
            return self._refuse("review.signed", "Ce document est signé : rouvrez-le pour le modifier.")
        if state.phase is not Phase.REVIEWING or state.review is None or state.document_id is None:
            return ()
        match command:
            case c.EditSection(key, text):
                return self._edit(f"section:{key}", text) if state.review.text(key) != text else ()
            case c.EditField(field_id, value):
                return self._decide(field_id, Verdict.EDITED, value)
            case c.Confirm() if not self.may_sign:
                return self._refuse(
                    "confirm.role",
                    "Seul le médecin confirme ce qu'il a dit\u00a0; posez-lui la question si un point est douteux.",
                )
            case c.Confirm(target):
                verdict = Verdict.DISMISSED if target.startswith("finding:") else Verdict.CONFIRMED
                return self._decide(target, verdict, None)
            case c.Reject(target):
                return self._decide(target, Verdict.REJECTED, None)
            case c.Undo():
                return self._travel(back=True)
            case c.Redo():
                return self._travel(back=False)
            case c.CorrectWord(index, wanted):
                return self._correct(state.review, index, wanted)
            case c.Redraft():
                wish = e.WantDraft(state.document_id, state.review.draft.transcript, state.review.draft.form_id)
                return (self._move(Phase.DRAFTING), wish)
            case c.TakeProposal(key, accept):
                return self._take(key, accept)
            case _:
                return self._sign(state.review)

    def _keep(self, review: Review, keys: tuple[str, ...] = ()) -> tuple[Event, ...]:
        document_id = self.state.document_id
        assert document_id is not None
        self.state = replace(self.state, review=review)
        return (e.ReviewChanged(keys), e.WantKept(document_id, review))

    def _edit(self, target: str, text: str) -> tuple[Event, ...]:
        """One decision per burst of keys."""
        review, now = self.state.review, self._clock()
        assert review is not None
        last = self.state.undo[-1] if self.state.undo else None
        same = last is not None and last.target == target and last.after.verdict is Verdict.EDITED
        if (
            same
            and last is not None
            and self._burst_began is not None
            and review.decisions
            and review.decisions[-1] is last.after
            and now - last.after.at < BURST_GAP
            and now - self._burst_began < BURST_MAX
        ):
            after = replace(last.after, value=text, at=now)
            self.state = replace(self.state, undo=(*self.state.undo[:-1], replace(last, after=after)), redo=())
            return self._keep(Review(review.draft, (*review.decisions[:-1], after)))
        self._burst_began = now
        return self._decide(target, Verdict.EDITED, text, typed=True)

    def _decide(self, target: str, verdict: Verdict, value: str | None, *, typed: bool = False) -> tuple[Event, ...]:
        review = self.state.review
        assert review is not None
        after = Decision(target, verdict, value, self.by, self._clock())
        step = Step(target, review.latest(target), after)
        self.state = replace(self.state, undo=(*self.state.undo, step), redo=())
        keys = (target.removeprefix("section:"),) if target.startswith("section:") and not typed else ()
        return self._keep(review.decide(after), keys)

    def _travel(self, *, back: bool) -> tuple[Event, ...]:
        state = self.state
        stack = state.undo if back else state.redo
        if not stack or state.review is None:
            return ()
        step = stack[-1]
        wanted = step.before if back else step.after
        now = self._clock()
        decision = (
            replace(wanted, by=self.by, at=now)
            if wanted is not None
            else Decision(step.target, Verdict.WITHDRAWN, None, self.by, now)
        )
        if back:
            self.state = replace(state, undo=stack[:-1], redo=(*state.redo, step))
        else:
            self.state = replace(state, redo=stack[:-1], undo=(*state.undo, step))
        keys = (step.target.removeprefix("section:"),) if step.target.startswith("section:") else ()
        return self._keep(state.review.decide(decision), keys)

    def _correct(self, review: Review, index: int, wanted: str) -> tuple[Event, ...]:
        before = review.draft.transcript
        if not 0 <= index < len(before.words) or before.words[index].text == wanted.strip():
            return ()
        after = corrected(before, index, wanted)
        document_id = self.state.document_id
        assert document_id is not None
        self.state = replace(self.state, transcript=after)
        learn = (e.WordLearnable(before.words[index].text, wanted.strip()),) if wanted.strip() else ()
        return (
            self._move(Phase.DRAFTING),
            e.WantDraft(document_id, after, review.draft.form_id),
            *learn,
        )

    def _take(self, key: str | None, accept: bool) -> tuple[Event, ...]:
        state = self.state
        if state.proposal is None or state.review is None:
            return ()
        pending = tuple(
            replace(change, accepted=accept) if change.accepted is None and key in (None, change.key) else change
            for change in state.pending
        )
        if any(change.accepted is None for change in pending):
            self.state = replace(state, pending=pending)
            return (e.ProposalChanged(),)
        review = apply_change(state.review, state.proposal, pending, by=self.by, at=self._clock())
        self.state = replace(state, pending=(), proposal=None, undo=(), redo=(), transcript=state.proposal.transcript)
        return (e.ProposalChanged(), *self._keep(review, _keys(review.draft)))

    def _sign(self, review: Review) -> tuple[Event, ...]:
        if not self.may_sign:
            return self._refuse(
                "signature.role", "Seul le médecin auteur signe\u00a0; marquez le document «\u00a0prêt à signer\u00a0»."
            )
        if self.state.pending:
            return self._refuse("signature.pending", "Acceptez ou refusez d'abord la nouvelle rédaction.")
        blockers = review.blockers()
        if blockers:
            return (e.Blocked(blockers),)
        try:
            signed = sign(review, by=self.by, at=self._clock())
        except RefusedError as error:
            return self._refuse(error.code, error.message)
        assert self.state.document_id is not None
        return (self._move(Phase.SIGNED), e.WantSignature(self.state.document_id, signed))

    def unsign(self) -> None:
        """The store refused the signature: the document is open for review again."""
        if self.state.phase is Phase.SIGNED:
            self.state = replace(self.state, phase=Phase.REVIEWING)

    def heard_so_far(self, engine: EngineInfo, *, id: str) -> Transcript:
        """What has been heard, as a transcript of its own (kept when the engines are gone for good)."""
        words = self.state.words
        return Transcript(id, words, engine, duration_s=words[-1].end_s if words else 0.0)


def _keys(draft: Draft) -> tuple[str, ...]:
    return tuple(section.key for section in draft.sections)
