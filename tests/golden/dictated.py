"""Goldens as documents: what the runner, the tracer and the adversarial tests share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app import lexicons, models
from bench.facts import Gold, load
from dictation.codec import consultation_from_json
from dictation.draft import Draft
from dictation.lexicon import Lexicon
from dictation.transcript import Transcript, transcript_of_text
from drafting import compose
from templates.catalogue import bundled
from templates.sheet import sheet
from templates.text import document_text

FOLDER = Path(__file__).parent / "dictations"


@cache
def lexicon() -> Lexicon:
    """The drug names every installation has."""
    return lexicons.load_edsnlp(models.locate("lexique-edsnlp"))


@cache
def goldens() -> tuple[Gold, ...]:
    """The shipped goldens."""
    return load(FOLDER)


def drafted(words: str | Transcript, form_id: str, context: Mapping[str, Any] | None = None) -> tuple[Draft, str]:
    """The draft of ``words`` with rules only, and its document as plain text."""
    transcript = transcript_of_text(words) if isinstance(words, str) else words
    consultation = consultation_from_json(context or {})
    form = bundled().get(form_id)
    draft = compose(transcript, form, consultation, lexicon=lexicon())
    return draft, document_text(sheet(draft, form, consultation))


def of_gold(gold: Gold) -> tuple[Draft, str]:
    """The draft and document of one golden."""
    return drafted(gold.text, gold.form_id, gold.context)
