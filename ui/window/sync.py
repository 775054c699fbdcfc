"""View models up to the session's state."""

from __future__ import annotations

from app.events import Phase
from records import State
from ui import preferences
from ui.window.core import Core


class Synced(Core):
    """Shows what the session holds."""

    def _sync(self, redraw: frozenset[str]) -> None:
        """View models up to the session's state."""
        state, shell, live = self.desk.session.state, self.shell, self.live
        if shell.phase is not state.phase:
            shell.phase = state.phase
        if shell.engine_down != (state.engine_down or self.office.engine_down):
            shell.engine_down = state.engine_down or self.office.engine_down
        if state.phase in (Phase.LISTENING, Phase.TRANSCRIBING, Phase.DRAFTING):
            progress = self.desk.progress
            preferences.assign(
                live,
                form_id=state.form_id or live.form_id,
                proposed=state.proposed_form,
                paused=state.paused,
                final=" ".join(w.text for w in state.words[-400:]),
                stable=state.stable,
                unstable=state.unstable,
                words=len(state.words),
                draft=state.live,
                progress=progress.done if progress else None,
                what=progress.what if progress else "",
                sharing=self.desk.sharing,
            )
        self.adding.show(state.adding, sharing=self.desk.sharing)
        if self._redrawing and state.phase is Phase.REVIEWING:
            self._redrawing = False
            if not state.pending:
                self.shell.notice("done", self.t("diff.none"))
        if state.review is not None:
            form = self.office.form(state.review.draft.form_id)
            self.review.show(state, form, redraw=redraw)
            self.saved.saved = self.desk.saved
            kept = self.desk.dictation
            self.review.issued = kept is not None and kept.state in (State.SIGNED, State.EXPORTED)
            about = (kept.consultation, kept.priority, kept.due_at, self.queries()) if kept is not None else ()
            if self.review.about != about:
                self.review.about = about
            if self.transcript.show(state.review.draft.transcript):
                dictation = self.desk.dictation
                self.transcript.has_sound = bool(dictation and dictation.has_audio)
        elif self.review.document_id is not None:
            self.review.document_id = None
            self.transcript.show(None)
        selected = self.desk.dictation.id if self.desk.dictation else None
        if self.list.selected != selected:
            self.list.selected = selected
