"""PDF/A-2b through LibreOffice, when the practice has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from dictation.errors import EngineError

#: seconds LibreOffice may take for one document
LIMIT_S = 120
_FILTER = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"}}'


def available() -> bool:
    """True when LibreOffice is installed."""
    return shutil.which("soffice") is not None


def convert(docx: bytes) -> bytes:
    """The .docx as PDF/A-2b.

    The clear document only exists in memory-backed storage (``/dev/shm``) where the system has it, in
    a folder that goes away with the call. Raises :class:`EngineError` ``pdf.missing`` or ``pdf.failed``.
    """
    office = shutil.which("soffice")
    if office is None:
        raise EngineError(
            "pdf.missing",
            "LibreOffice n'est pas installé\u00a0: le PDF n'a pas été fait, le document Word est complet. "
            "Sous Debian\u00a0: apt-get install libreoffice-writer",
        )
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="calame-pdf-", dir=place) as work:
        source = Path(work) / "document.docx"
        source.write_bytes(docx)
        command = [office, f"-env:UserInstallation=file://{work}/profil", "--headless", "--norestore"]
        command += ["--convert-to", _FILTER, "--outdir", work, str(source)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LIMIT_S)
            return (Path(work) / "document.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError) as error:
            raise EngineError(
                "pdf.failed", "LibreOffice n'a pas pu faire le PDF. Relancez, ou imprimez depuis Word."
            ) from error


def pages(pdf: bytes, *, width_px: int = 1000) -> tuple[bytes, ...]:
    """Each page as a PNG of that width, for the preview. Nothing is written to disk."""
    import io

    import pypdfium2

    out: list[bytes] = []
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            image = page.render(scale=width_px / page.get_width()).to_pil()
            buffer = io.BytesIO()
            image.save(buffer, "PNG", optimize=True)
            out.append(buffer.getvalue())
    finally:
        document.close()
    return tuple(out)
