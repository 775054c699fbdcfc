"""The composition root: the one place that names concrete engines. Every import here is lazy."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app import models, paths
from templates.catalogue import FORMS, Catalogue, load

if TYPE_CHECKING:
    from dictation.lexicon import Lexicon
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
    """Drug names: the practice's import first, then the packaged list, then its own words."""
    from app import lexicons

    return lexicons.of_practice(models.locate(LEXICON), paths.data_dir() / "vocabulaire")


def threads() -> int:
    """Threads for one engine: recognition and drafting never run at the same time at full speed."""
    return max(1, min(4, os.cpu_count() or 2))


def recogniser(name: str) -> WhisperRecogniser:
    """The speech model with the vocabulary's second pass."""
    from voice.vocabulary import Vocabulary
    from voice.whisper import load as load_whisper

    return load_whisper(models.locate(name), threads=threads(), second_pass=Vocabulary(lexicon()))
