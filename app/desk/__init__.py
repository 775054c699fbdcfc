"""One person at work: the session's wishes carried out, its reports brought in, everything kept.

A desk outlives its windows: a page that reloads, or a second one, shows the same dictation going on.
Thread-safe; events reach windows from any thread. Parts: ``base`` (session and windows), ``sound`` (microphones,
recordings, additions), ``keeping`` (drafts, edits, conflicts, signature).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from app import commands as c
from app import events as e
from app.desk.keeping import SAVE_AFTER_S, Keeping
from app.desk.sound import Sounding, addition_job, wav
from app.engine_seam import HeardFindings, Progress, Report
from app.events import Event, Phase
from dictation.errors import CalameError
from records import Dictation, Role, State
from records.lifecycle import EDITABLE

__all__ = ["SAVE_AFTER_S", "Desk", "wav"]


class Desk(Sounding, Keeping):
    """Commands in through :meth:`do`; windows subscribe."""

    def open(self, dictation_id: str) -> None:
        """Shows a dictation of the worklist."""
        store = self.office.store
        if self.session.state.adding is not None:
            self.do(c.Close())  # says what to do first
            return
        self.flush()
        try:
            dictation = store.dictations.get(dictation_id, by=self.actor)
            review = store.dictations.review(dictation_id, by=self.actor)
        except CalameError as error:
            self._tell(e.Refused(error.code, error.message))
            return
        if review is None:
            self.dictation = dictation
            if self.session.state.phase in (Phase.REVIEWING, Phase.SIGNED):
                self.do(c.Close())
            self._tell(e.LiveChanged())
            return
        with self._lock:
            before = self.dictation
            self.session.may_sign = self._may_sign(dictation)
            self.dictation = dictation
            events = self.do(c.Open(dictation_id, review, dictation.state not in EDITABLE - {State.SIGNED}))
            if any(isinstance(event, e.Refused) for event in events):
                self.dictation = before

    def _may_sign(self, dictation: Dictation) -> bool:
        if not self.actor.has(Role.DOCTOR):
            return False
        if dictation.author_id == self.actor.account_id:
            return True
        now = self._now()
        return any(
            d.from_account == dictation.author_id
            and d.to_account == self.actor.account_id
            and d.starts <= now <= d.ends
            and d.revoked_at is None
            for d in self.office.store.accounts.delegations()
        )

    def close(self) -> None:
        """Back to the worklist; work under way is put aside and goes on without anybody."""
        self.flush()
        going = self.session.state
        self.do(c.Close())
        if self.session.state.phase is Phase.IDLE:
            self.dictation = None
            if going.phase in (Phase.TRANSCRIBING, Phase.DRAFTING) and going.document_id is not None:
                self._hand.submit(self._leave_to_clerk, going.document_id)
        self.office.changed()

    def _leave_to_clerk(self, document_id: str) -> None:
        """After the recording is closed: the clerk begins the job again, in its turn."""
        self.office.engine.cancel(document_id)
        self.office.disown(document_id)
        self.office.changed()

    def leave(self) -> None:
        """The process ends: what is going on is kept and resumable."""
        if self._capture is not None:
            self._capture.stop(wait_s=1)
        if self._recording is not None:
            with suppress(CalameError):
                self._recording.interrupt("device")
        self.flush()

    # -- wishes ---

    def _wish(self, event: Event) -> None:
        match event:
            case e.WantListening(document_id, form_id, offset_s):
                self._listen(document_id, form_id, offset_s)
            case e.WantPause(paused) if self._capture is not None:
                self._capture.pause(paused)
            case e.WantEnd(document_id, discard):
                self._hand.submit(self._end, document_id, discard)
            case e.WantDraft(document_id, transcript, form_id):
                self._hand.submit(self._draft, document_id, transcript, form_id, event.additions)
            case e.WantAddition(document_id, form_id, offset_s):
                self._listen_on(document_id, form_id, offset_s)
            case e.WantAdditionEnd(document_id, offset_s, discard):
                self._hand.submit(self._end_addition, document_id, offset_s, discard)
            case e.WantAdditionDraft():
                self._hand.submit(self._draft_addition, event)
            case e.WantGrown(document_id, review):
                self._hand.submit(self._save_grown, document_id, review)
            case e.WantKept(document_id, review):
                self._unsaved = (document_id, review)
                self._arm()
            case e.WantSignature(document_id, _):
                self._hand.submit(self._sign, document_id, event)
            case _:
                pass

    # -- reports ---

    def engine(self, report: c.EngineDown | c.EngineUp | c.EngineFailed) -> None:
        """The engine process died, is back, or cannot live."""
        if isinstance(report, c.EngineFailed) and self.session.state.phase is not Phase.IDLE:
            self._tell(e.Trouble(report.code, report.message))
            return
        self.do(report)

    def _report(self, job_id: str, report: Report) -> None:
        document_id = self.session.state.document_id
        if document_id is not None and job_id == addition_job(document_id):
            self._about_addition(job_id, report)
            return
        if job_id != document_id:
            return
        match report:
            case HeardFindings(findings):
                self._findings = (*self._findings, *findings)
            case Progress():
                self.progress = report
                self._tell(e.LiveChanged())
            case c.HeardWords():
                self.do(report)
                self._kind()
            case c.Drafted(draft):
                self._hand.submit(self._drafted, job_id, draft)
            case c.EngineFailed():
                self.office.disown(job_id)
                self.do(report)
                self.office.changed()
            case c.HeardPartial() | c.LiveDraft() | c.Transcribed():
                self.do(report)
            case _:
                pass

    def _about_addition(self, job_id: str, report: Report) -> None:
        match report:
            case HeardFindings(findings):
                self._doubts = (*self._doubts, *findings)
            case c.HeardPartial() | c.HeardWords() | c.Transcribed():
                self.do(report)
            case c.Added() | c.EngineFailed():
                self.office.disown(job_id)
                self.do(report)
            case _:
                pass

    def _kind(self) -> None:
        """« courrier pour le docteur… » proposes the kind, among the first words only."""
        words = self.session.state.words
        if len(words) <= 30:
            kind = self.office.parts.spoken_kind(" ".join(w.text for w in words))
            if kind is not None and kind != self.session.state.proposed_form:
                self.do(c.HeardKind(kind))

    def _drafted(self, document_id: str, draft: Any) -> None:
        store = self.office.store
        try:
            current = store.dictations.get(document_id, by=self.actor)
            self.dictation = store.dictations.save_draft(document_id, draft, by=self.actor, version=current.version)
            self.session.may_sign = self._may_sign(self.dictation)
        except CalameError as error:
            self.do(c.EngineFailed(error.code, error.message))
            return
        finally:
            self.office.disown(document_id)
        self.do(c.Drafted(draft))
        self.progress = None
        self.office.changed()
