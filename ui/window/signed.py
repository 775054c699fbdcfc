"""After signing: pages, copies, files, printing, the way back."""

from __future__ import annotations

from contextlib import suppress

from dictation.consultation import Consultation
from dictation.errors import CalameError
from records import State
from ui.window.core import Core


class Signed(Core):
    """A document that leaves."""

    def text_of(self, key: str | None = None) -> str:
        """The document, or one section, as plain text."""
        review, dictation = self.desk.session.state.review, self.desk.dictation
        if review is None:
            return ""
        if key is not None:
            return review.text(key)
        form = self.office.form(review.draft.form_id)
        assert form is not None
        consultation = dictation.consultation if dictation else Consultation()
        return self.office.parts.renderer.text(review, form, consultation)

    async def copy(self, key: str | None = None) -> None:
        """For pasting in the practice's record system."""
        await self.clipboard.set(self.text_of(key))
        self.shell.notice("done", self.t("copied.section" if key else "copied.all"))

    def download(self, kind: str) -> None:
        """.docx or .pdf."""
        dictation = self.desk.dictation
        if dictation is not None:
            self.channel.order("save", src=f"/document/{dictation.id}.{kind}")

    def print(self) -> None:
        """The browser's own printing, of the pages."""
        dictation = self.desk.dictation
        if dictation is not None:
            self.channel.order("print", src=f"/impression/{dictation.id}")

    def has_pdf(self) -> bool:
        """True when a PDF was made at signing."""
        dictation = self.desk.dictation
        with suppress(CalameError):
            return dictation is not None and any(
                "pdf" in d.media_type for d in self.office.store.dictations.documents(dictation.id, by=self.actor)
            )
        return False

    def pages(self) -> tuple[bytes, ...]:
        """PNG pages of the signed document."""
        dictation = self.desk.dictation
        with suppress(CalameError):
            documents = self.office.store.dictations.documents(dictation.id, by=self.actor) if dictation else ()
            for document in sorted(documents, key=lambda d: "pdf" not in d.media_type):
                pages = self.office.parts.renderer.pages(document)
                if pages:
                    return pages
        return ()

    def reopen(self) -> None:
        """Change a signed document: it must be signed again."""
        store = self.office.store
        if (
            self.desk.act(
                lambda d: store.dictations.transition(d.id, State.TO_REVIEW, by=self.actor, version=d.version)
            )
            and self.desk.dictation is not None
        ):
            self.desk.open(self.desk.dictation.id)

    def exported(self) -> None:
        """« Versé au dossier »: audio and texts go at once."""
        store = self.office.store
        if self.desk.act(lambda d: store.dictations.mark_exported(d.id, by=self.actor, version=d.version)):
            self.shell.notice("done", self.t("export.done"))
            self.close()
