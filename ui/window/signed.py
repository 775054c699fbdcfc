"""After signing: pages, copies, files, printing, the way back."""

from __future__ import annotations

from contextlib import suppress

from app.exports import Exports, pdf_possible
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
        if dictation is not None and dictation.signed_at is not None:
            with suppress(CalameError):
                return Exports(self.office.store, self.office.form).text(dictation.id, by=self.actor)
        form = self.office.form(review.draft.form_id)
        assert form is not None
        consultation = dictation.consultation if dictation else Consultation()
        return self.office.parts.renderer.text(review, form, consultation)

    async def copy(self, key: str | None = None) -> None:
        """For pasting in the practice's record system."""
        await self.clipboard.set(self.text_of(key))
        self.shell.notice("done", self.t("copied.section" if key else "copied.all"))

    def download(self, kind: str) -> None:
        """A way out (``app.exports.Way``): docx, pdf, fhir, cda, txt. Why it cannot be is said, never a dead link."""
        dictation = self.desk.dictation
        if dictation is not None and kind in ("pdf", "cda") and not self.can_pdf():
            self.shell.notice("check", self.t("out.no_pdf"))
        elif dictation is not None:
            self.channel.order("save", src=f"/document/{dictation.id}.{kind}")

    def print(self) -> None:
        """The browser's own printing, of the pages."""
        dictation = self.desk.dictation
        if dictation is not None:
            self.channel.order("print", src=f"/impression/{dictation.id}")

    def print_page(self, name: str) -> None:
        """A page to print (``app.printed``): the browser's own printing, or the Word file without LibreOffice."""
        if pdf_possible(()):
            self.channel.order("print", src=f"/impression/page/{name}")
        else:
            self.channel.order("save", src=f"/page/{name}.docx")
            self.shell.notice("check", self.t("out.print_no_pdf"))

    def can_pdf(self) -> bool:
        """True when a PDF was made at signing, or can be made now."""
        dictation = self.desk.dictation
        with suppress(CalameError):
            return dictation is not None and pdf_possible(
                self.office.store.dictations.documents(dictation.id, by=self.actor)
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
