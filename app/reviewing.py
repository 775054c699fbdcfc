"""The open document: edits, confirmations, undo, corrected words, new drafts, the signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app import addition
from app import commands as c
from app import events as e
from app.events import Event, Phase
from app.redraft import apply_change, corrected
from app.state import Machine, Step, keys_of
from dictation.errors import RefusedError
from dictation.review import Decision, Review, Verdict, sign

#: keys pressed closer than this make one decision
BURST_GAP = timedelta(seconds=1.2)
#: and never more than this in one decision, so that undo goes back in bites
BURST_MAX = timedelta(seconds=6)


class Reviewing(Machine):
    """Commands on a document under review."""

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
                draft = state.review.draft
                wish = e.WantDraft(state.document_id, draft.transcript, draft.form_id, addition.live(state.review))
                return (self._move(Phase.DRAFTING), wish)
            case c.TakeProposal(key, accept):
                return self._take(key, accept)
            case _:
                return self._sign(state.review)

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
        review = state.review.decide(decision)
        for target in step.along:
            verdict = _taken_back(target) if back else Verdict.WITHDRAWN
            review = review.decide(Decision(target, verdict, None, self.by, now))
        if back:
            self.state = replace(state, undo=stack[:-1], redo=(*state.redo, step))
        else:
            self.state = replace(state, redo=stack[:-1], undo=(*state.undo, step))
        keys = (step.target.removeprefix("section:"),) if step.target.startswith("section:") else ()
        return self._keep(review, keys)

    def _correct(self, review: Review, index: int, wanted: str) -> tuple[Event, ...]:
        before = review.draft.transcript
        if not 0 <= index < len(before.words) or before.words[index].text == wanted.strip():
            return ()
        after = corrected(before, index, wanted)
        document_id = self.state.document_id
        assert document_id is not None
        self.state = replace(self.state, transcript=after)
        by = len(after.words) - len(before.words)
        spoken = addition.shifted([a for a, _ in addition.live(review)], index, by)
        additions = tuple(zip(spoken, (gone for _, gone in addition.live(review)), strict=False))
        learn = (e.WordLearnable(before.words[index].text, wanted.strip()),) if wanted.strip() else ()
        return (
            self._move(Phase.DRAFTING),
            e.WantDraft(document_id, after, review.draft.form_id, additions),
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
        return (e.ProposalChanged(), *self._keep(review, keys_of(review.draft)))

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


def _taken_back(target: str) -> Verdict:
    return Verdict.DISMISSED if target.startswith("finding:") else Verdict.REJECTED
