"""Reading what people give: text, transcripts, patients. Every refusal is French and loses nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dictation.codec import consultation_from_json, transcript_from_json
from dictation.consultation import Consultation
from dictation.errors import InputError
from dictation.transcript import Transcript, transcript_of_text


def read_text(path: Path) -> str:
    """UTF-8 text; raises :class:`InputError` ``text.unreadable`` or ``text.encoding``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(
            "text.unreadable", f"Impossible de lire {path.name}\u00a0: {reason}. Vérifiez le chemin et les droits."
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "text.encoding",
            f"{path.name} n'est pas un texte UTF-8. Enregistrez-le en «\u00a0UTF-8\u00a0» puis relancez.",
        ) from error


def _json(text: str, path: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise InputError(
            "json.invalid", f"{path.name} n'est pas un JSON valable\u00a0: vérifiez le fichier."
        ) from error


def read_transcript(path: Path) -> Transcript:
    """A transcript JSON, or plain text of the words as spoken."""
    text = read_text(path)
    if text.lstrip().startswith("{"):
        data = _json(text, path)
        if isinstance(data, dict):
            return transcript_from_json(data)
    return transcript_of_text(text, id=path.stem)


def read_consultation(path: str | None) -> Consultation:
    """``--patient FILE``; an empty consultation without one."""
    if path is None:
        return Consultation()
    data = _json(read_text(Path(path)), Path(path))
    if not isinstance(data, dict):
        raise InputError("json.shape", f"{Path(path).name} doit contenir un objet JSON (accolades).")
    return consultation_from_json(data)
