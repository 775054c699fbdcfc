"""Dictating into one section of the open document, and inserting a « texte type » there."""

from __future__ import annotations

from dataclasses import replace

from app import commands as c
from app import events as e
from app.addition import Place, attached, extended, fresh, inserted, says_end, written
from app.events import Event, Phase
from app.snippets import confirmation
from app.state import Adding, Machine, Step
from dictation.draft import Draft
from dictation.evidence import Finding
from dictation.review import Decision, Review, Verdict
from dictation.transcript import Transcript


class Additions(Machine):
    """The document stays on the screen; what was reviewed keeps its decisions."""

    def _start_addition(self, place: Place, offset_s: float) -> tuple[Event, ...]:
        state = self.state
        if state.phase is Phase.SIGNED:
            return self._refuse("review.signed", "Ce document est signé\u00a0: rouvrez-le pour le modifier.")
        if state.phase is not Phase.REVIEWING or state.review is None or state.document_id is None:
            return ()
        if state.pending:
            return self._refuse("addition.pending", "Acceptez ou refusez d'abord la nouvelle rédaction.")
        if state.review.draft.section(place.key) is None:
            return ()
        self.state = replace(state, adding=Adding(place, offset_s), trouble=None)
        return (e.LiveChanged(), e.WantAddition(state.document_id, state.review.draft.form_id, offset_s))

    def _while_adding(self, command: c.Command) -> tuple[Event, ...] | None:
        """Answer to ``command`` while words are on their way; ``None`` when it is handled as usual."""
        adding = self.state.adding
        assert adding is not None
        match command:
            case c.StopAddition() | c.StopDictation():
                return self._stop_addition()
            case c.DiscardAddition(confirmed):
                return self._discard_addition(confirmed)
            case c.HeardPartial(stable, unstable):
                if not adding.ending:
                    self.state = replace(self.state, adding=replace(adding, stable=stable, unstable=unstable))
                return (e.LiveChanged(),)
            case c.HeardWords(words):
                heard = replace(adding, words=(*adding.words, *words), stable="", unstable="")
                self.state = replace(self.state, adding=heard)
                ended = self._stop_addition() if says_end(heard.words[-5:]) else ()
                return (e.LiveChanged(), *ended)
            case c.LiveDraft() | c.HeardKind() | c.PauseDictation():
                return ()
            case c.Transcribed(transcript):
                return self._heard(transcript)
            case c.Added(said, findings):
                return self._added(said, findings)
            case c.EngineFailed(code, message):
                self.state = replace(self.state, adding=None, trouble=command)
                return (e.Trouble(code, message), e.LiveChanged())
            case (
                c.StartDictation()
                | c.StartAddition()
                | c.InsertSnippet()
                | c.PickForm()
                | c.Open()
                | c.Close()
                | c.CorrectWord()
                | c.Redraft()
                | c.TakeProposal()
                | c.Sign()
            ):
                return self._refuse(
                    "addition.busy", "Un ajout est en cours de dictée\u00a0: terminez-le (F2) ou jetez-le (Échap)."
                )
            case _:
                return None

    def _stop_addition(self) -> tuple[Event, ...]:
        adding, document_id = self.state.adding, self.state.document_id
        if adding is None or adding.ending or document_id is None:
            return ()
        self.state = replace(self.state, adding=replace(adding, ending=True, stable="", unstable=""))
        return (e.LiveChanged(), e.WantAdditionEnd(document_id, adding.offset_s, discard=False))

    def _discard_addition(self, confirmed: bool) -> tuple[Event, ...]:
        adding, document_id = self.state.adding, self.state.document_id
        if adding is None or adding.ending or document_id is None:
            return ()
        if not confirmed and (adding.words or adding.stable or adding.unstable):
            return (e.DiscardAsked(),)
        self.state = replace(self.state, adding=None)
        return (e.LiveChanged(), e.WantAdditionEnd(document_id, adding.offset_s, discard=True))

    def _heard(self, said: Transcript) -> tuple[Event, ...]:
        state, adding = self.state, self.state.adding
        assert adding is not None
        if state.review is None or state.document_id is None:
            return ()
        if not said.words:
            self.state = replace(state, adding=None)
            return (
                e.LiveChanged(),
                e.Refused("addition.silent", "Aucun mot n'a été entendu\u00a0: rien n'est ajouté."),
            )
        draft = state.review.draft
        self.state = replace(state, adding=replace(adding, words=said.words, ending=True))
        whole = extended(draft.transcript, said)
        return (
            e.LiveChanged(),
            e.WantAdditionDraft(state.document_id, whole, draft.form_id, len(draft.transcript.words)),
        )

    def _added(self, said: Draft, findings: tuple[Finding, ...]) -> tuple[Event, ...]:
        """The words are in: one step back takes out the text, its values, its doubts and its words."""
        state, adding = self.state, self.state.adding
        if adding is None or state.review is None or state.document_id is None:
            return ()
        review, place = state.review, adding.place
        text = written(said, listed=place.listed)
        draft = attached(review.draft, said, place.key, text=text)
        draft = replace(draft, findings=(*draft.findings, *fresh(draft, findings)))
        along = _along(review.draft, draft)
        self.state = replace(state, adding=None)
        return self._grow(Review(draft, review.decisions), place, text, along)

    def _insert_snippet(self, name: str, text: str, place: Place) -> tuple[Event, ...]:
        state = self.state
        if state.phase is Phase.SIGNED:
            return self._refuse("review.signed", "Ce document est signé\u00a0: rouvrez-le pour le modifier.")
        section = state.review.draft.section(place.key) if state.review else None
        if state.phase is not Phase.REVIEWING or state.review is None or section is None or state.pending:
            return ()
        before = state.review.draft
        draft = replace(before, findings=(*before.findings, confirmation(name, section.key, section.title)))
        return self._grow(Review(draft, state.review.decisions), place, text.strip(), _along(before, draft))

    def _grow(self, review: Review, place: Place, text: str, along: tuple[str, ...]) -> tuple[Event, ...]:
        state = self.state
        assert state.document_id is not None
        target = f"section:{place.key}"
        step: tuple[Step, ...] = ()
        if text:
            now = inserted(review.text(place.key), place, text)
            after = Decision(target, Verdict.EDITED, now, self.by, self._clock())
            step = (Step(target, review.latest(target), after, along),)
            review = review.decide(after)
        self.state = replace(
            state, review=review, transcript=review.draft.transcript, undo=(*state.undo, *step), redo=()
        )
        return (e.ReviewChanged((place.key,)), e.WantGrown(state.document_id, review))


def _along(before: Draft, after: Draft) -> tuple[str, ...]:
    """Names of what ``after`` has and ``before`` had not."""
    known = {f.id for f in before.fields}
    return (
        *(f.id for f in after.fields if f.id not in known),
        *(f"finding:{n}" for n in range(len(before.findings), len(after.findings))),
        *(f"addition:{n}" for n in range(len(before.additions), len(after.additions))),
    )
