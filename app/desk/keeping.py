"""What a desk keeps: everything typed, conflicts, drafts, the signature."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from app import commands as c
from app import events as e
from app import habits, quality
from app.addition import Place, inserted, words_before
from app.desk.base import Base
from app.desk.sound import addition_job
from app.engine_seam import DraftRequest
from app.events import Phase
from dictation.draft import Addition
from dictation.errors import CalameError
from dictation.review import Decision, Review, Verdict
from dictation.transcript import Span, Transcript
from records import Dictation, EditConflict, Priority

#: kept this long after the last key
SAVE_AFTER_S = 0.5


class Keeping(Base):
    """Nothing typed is lost."""

    def _draft(
        self,
        document_id: str,
        transcript: Transcript,
        form_id: str,
        additions: tuple[tuple[Addition, bool], ...] = (),
    ) -> None:
        """The transcript is kept before the draft is asked for."""
        self._save_now()
        store = self.office.store
        self.office.own(document_id, self._report)
        try:
            current = store.dictations.get(document_id, by=self.actor)
            if store.dictations.transcript(document_id, by=self.actor) != transcript:
                current = store.dictations.save_transcript(
                    document_id, transcript, by=self.actor, version=current.version
                )
            self.dictation = current
        except CalameError as error:
            self.office.disown(document_id)
            self.do(c.EngineFailed(error.code, error.message))
            return
        request = DraftRequest(
            transcript, form_id, current.consultation, self._findings, additions, snippets=self.snippets()
        )
        self.office.engine.draft(document_id, request)

    def _draft_addition(self, wish: e.WantAdditionDraft) -> None:
        assert self.dictation is not None
        job = addition_job(wish.document_id)
        doubts = tuple(
            replace(f, span=Span(f.span.first + wish.beyond, f.span.last + wish.beyond)) if f.span else f
            for f in self._doubts
        )
        self.office.own(job, self._report)
        self.office.engine.draft(
            job,
            DraftRequest(
                wish.transcript,
                wish.form_id,
                self.dictation.consultation,
                doubts,
                beyond=wish.beyond,
                snippets=self.snippets(),
            ),
        )

    def _save_grown(self, document_id: str, review: Review) -> None:
        """What was typed before goes first; what was decided since on the grown draft goes with it."""
        with self._lock:
            waiting = self._unsaved
            later = waiting is not None and waiting[0] == document_id and waiting[1].draft == review.draft
            if later and waiting is not None:
                review, self._unsaved = waiting[1], None
        if not later:
            self._save_now()
        dictations, dictation = self.office.store.dictations, self.dictation
        if dictation is None or dictation.id != document_id:
            return
        try:
            try:
                if self.conflict is not None:
                    raise self.conflict
                kept = dictations.save_addition(document_id, review, by=self.actor, version=dictation.version)
            except EditConflict as conflict:
                review = self._on_top(review, conflict)
                kept = dictations.save_addition(document_id, review, by=self.actor, version=conflict.current.version)
                self.dictation = kept
                self.do(c.Open(document_id, review))
        except EditConflict as conflict:
            self.dictation = conflict.current
            current = dictations.review(document_id, by=self.actor)
            if current is not None:
                self.do(c.Open(document_id, current))
            self._tell(
                e.Trouble(
                    "addition.conflict",
                    "Le document vient d'être rédigé à nouveau ailleurs\u00a0: l'ajout n'y est pas, le son en est gardé.",
                )
            )
            return
        except CalameError as error:
            self._tell(e.Trouble(error.code, error.message))
            return
        self.dictation = kept
        self._tell(e.ReviewChanged())

    def _on_top(self, grown: Review, conflict: EditConflict) -> Review:
        """Somebody wrote in the document meanwhile: the addition joins what is there now."""
        current = self.office.store.dictations.review(conflict.current.id, by=self.actor)
        added = grown.draft.additions[-1:]
        if (
            current is None
            or [w.text for w in current.draft.transcript.words] != words_before(grown.draft)
            or not added
        ):
            raise conflict
        made = Review(grown.draft, current.decisions)
        key = added[0].section
        text = inserted(made.text(key), Place(key), added[0].text)
        return made.decide(Decision(f"section:{key}", Verdict.EDITED, text, self.actor.account_id, self._now()))

    # -- keeping ---

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(SAVE_AFTER_S, lambda: self._hand.submit(self._save_now) and None)
        self._timer.daemon = True
        self._timer.start()

    def flush(self) -> None:
        """Everything typed is kept when this returns."""
        if self._timer is not None:
            self._timer.cancel()
        future: Future[None] = self._hand.submit(self._save_now)
        future.result(30)

    @property
    def saved(self) -> bool:
        """True when nothing typed waits to be kept."""
        return self._unsaved is None

    def _save_now(self) -> None:
        with self._lock:
            waiting, self._unsaved = self._unsaved, None
            dictation = self.dictation
        if waiting is None or dictation is None or waiting[0] != dictation.id:
            return
        try:
            self.dictation = self.office.store.dictations.save_review(
                dictation.id, waiting[1], by=self.actor, version=dictation.version
            )
        except EditConflict as conflict:
            self.conflict, self.dictation = conflict, conflict.current
            self._tell(e.Trouble(conflict.code, conflict.message))
        except CalameError as error:
            with self._lock:
                self._unsaved = self._unsaved or waiting
            self._tell(e.Trouble(error.code, error.message))
        else:
            self._tell(e.ReviewChanged())

    def settle(self, *, mine: bool) -> None:
        """Ends a conflict: keep what this person wrote, or take what is there."""
        conflict, store = self.conflict, self.office.store
        if conflict is None or self.dictation is None or conflict.kept is None:
            return
        self.conflict = None
        kept = next(
            (k for k in store.dictations.conflicts(self.dictation.id, by=self.actor) if k.id == conflict.kept), None
        )
        try:
            store.dictations.settle_conflict(
                self.dictation.id,
                conflict.kept,
                by=self.actor,
                version=store.dictations.get(self.dictation.id, by=self.actor).version,
                take=kept.review if mine and kept is not None else None,
            )
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
        self.open(self.dictation.id)

    def _sign(self, document_id: str, wish: e.WantSignature) -> None:
        self._save_now()
        store, parts = self.office.store, self.office.parts
        try:
            current = store.dictations.get(document_id, by=self.actor)
            form = self.office.form(wish.signed.review.draft.form_id)
            if form is None:
                raise CalameError("form.unknown", "Ce type de document n'existe plus dans le catalogue.")
            documents = parts.renderer.signed(wish.signed, form, current.consultation, self.actor.name)
            self.dictation = store.dictations.sign(
                document_id,
                wish.signed,
                documents,
                by=self.actor,
                version=current.version,
                measures=quality.at_signature(store, wish.signed.review),
            )
        except CalameError as error:
            self.session.unsign()
            self._tell(e.Refused(error.code, error.message), e.PhaseChanged(Phase.REVIEWING))
            return
        if current.author_id == self.actor.account_id:
            document = habits.signed(document_id, wish.signed.review, current.consultation)
            self.keep_habits(habits.after(self.habits(), document))
        self._tell(e.PhaseChanged(Phase.SIGNED))
        self.office.changed()

    # -- small verbs -----------------------------------------------------------------------------

    def act(self, verb: Callable[[Dictation], Any]) -> bool:
        """A verb of the store on the open dictation, at its current version; False when it was refused."""
        if self.dictation is None:
            return False
        if self.session.state.adding is not None:
            self.do(c.Close())  # says what to do first
            return False
        self.flush()
        try:
            current = self.office.store.dictations.get(self.dictation.id, by=self.actor)
            verb(current)
            self.dictation = self.office.store.dictations.get(current.id, by=self.actor)
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
            return False
        self.office.changed()
        self._tell(e.ReviewChanged())
        return True

    def assign(self, *, priority: Priority | None = None, due_at: dt.datetime | None = None) -> bool:
        """Priority and due date of the open dictation."""
        return self.act(
            lambda d: self.office.store.dictations.assign(d.id, by=self.actor, priority=priority, due_at=due_at)
        )

    def sound_of(self, dictation_id: str) -> bytes:
        """The recording, for playing: s16le mono 16 kHz."""
        return self.office.store.audio.pcm(dictation_id, by=self.actor)
