"""A transcript and its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dictation.codec.shape import Json, wrong
from dictation.transcript import EngineInfo, Transcript, Word

TRANSCRIPT_SCHEMA = "calame-transcript/1"


def transcript_to_json(t: Transcript) -> Json:
    """The contract's transcript JSON."""
    return {
        "schema": TRANSCRIPT_SCHEMA,
        "id": t.id,
        "engine": {"name": t.engine.name, "model": t.engine.model, "revision": t.engine.revision},
        "language": t.language,
        "duration_s": round(t.duration_s, 3),
        "text": t.text,
        "words": [_word_to_json(w) for w in t.words],
    }


def _word_to_json(w: Word) -> Json:
    out: Json = {
        "text": w.text,
        "start_s": round(w.start_s, 3),
        "end_s": round(w.end_s, 3),
        "confidence": round(w.confidence, 4),
    }
    if w.heard is not None:
        out["heard"] = w.heard
    return out


def transcript_from_json(data: Mapping[str, Any]) -> Transcript:
    """Reads it back; extra keys are ignored."""
    try:
        if data.get("schema") != TRANSCRIPT_SCHEMA:
            raise ValueError(f"schema {data.get('schema')!r}")
        engine = data.get("engine") or {}
        return Transcript(
            id=str(data.get("id", "transcription")),
            words=tuple(
                Word(
                    str(w["text"]),
                    float(w.get("start_s", 0)),
                    float(w.get("end_s", 0)),
                    float(w.get("confidence", 1)),
                    w.get("heard"),
                )
                for w in data["words"]
            ),
            engine=EngineInfo(str(engine.get("name")), str(engine.get("model")), str(engine.get("revision"))),
            language=str(data.get("language", "fr")),
            duration_s=float(data.get("duration_s", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise wrong("transcription", error) from error
