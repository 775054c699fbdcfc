"""« Signaler une erreur »: an anonymised copy, read side by side, saved by the person. Nothing is sent."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import Any

from app import wiring
from app.copies import prepare, source
from app.exports import File
from app.transparency import version
from dictation.consultation import Consultation
from dictation.errors import CalameError
from ui.state.report import ReportVM
from ui.state.shell import REPORT
from ui.window.core import Core


class Reporting(Core):
    """The copy's side."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.report = ReportVM()

    async def report_error(self) -> None:
        """From the open dictation, signed or not."""
        review, dictation = self.desk.session.state.review, self.desk.dictation
        form = self.office.form(review.draft.form_id) if review is not None else None
        if review is None or form is None:
            return
        who = dictation.consultation if dictation else Consultation()
        vm = self.report
        vm.source, vm.secret = source(review, form, who, version=version()), secrets.token_hex(16)
        vm.masked, vm.remark, vm.with_heard, vm.read = [], "", True, False
        await self.refresh_copy()
        self.go(REPORT)

    async def refresh_copy(self) -> None:
        """Made again from what is masked and joined now; aside, the drug names are many."""
        vm = self.report
        given = vm.source
        if given is None:
            return
        vm.copy = await asyncio.to_thread(
            lambda: prepare(
                given, secret=vm.secret, masked=vm.masked, remark=vm.remark, with_heard=vm.with_heard,
                lexicon=_lexicon(),
            )
        )  # fmt: skip
        vm.read = False

    async def mask(self, word: str) -> None:
        """Hides a word everywhere; a second time gives it back."""
        wanted = word.strip()
        if wanted:
            kept = [w for w in self.report.masked if w.casefold() != wanted.casefold()]
            self.report.masked = kept if len(kept) < len(self.report.masked) else [*kept, wanted]
            await self.refresh_copy()

    def save_copy(self) -> None:
        """The file, where the browser saves; refused until the person said it was read."""
        vm, dictation = self.report, self.desk.dictation
        if vm.copy is not None and vm.read:
            name = f"signalement-{(dictation.id if dictation else 'calame')[:8]}.txt"
            if dictation is not None:
                with suppress(CalameError):
                    self.office.store.journal.append(self.actor, "copy.saved", dictation.id, count=vm.copy.replaced)
            self.channel.save(File(name, vm.copy.text.encode("utf-8"), "text/plain; charset=utf-8"))
            self.shell.notice("done", self.t("report.saved"))


def _lexicon() -> Any:
    with suppress(CalameError):
        return wiring.lexicon()
    return None
