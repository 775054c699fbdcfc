"""What crosses the border between the window's process and the engines' process.

Everything here is pickled: frozen values only. :class:`Engines` is what ``app.wiring`` builds *inside*
the engine process; nothing heavy is imported on this side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.commands import Added, Drafted, EngineFailed, HeardPartial, HeardWords, LiveDraft, Transcribed
from dictation.consultation import Consultation
from dictation.draft import Addition, Draft
from dictation.evidence import Finding
from dictation.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """How the engine process builds its engines: ``factory`` is « module:function » taking ``options``."""

    factory: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListenRequest:
    """One dictation to hear. Sound follows in pieces of s16le mono 16 kHz."""

    transcript_id: str
    form_id: str
    consultation: Consultation = field(default_factory=Consultation)
    #: words of the practice, recipient, patient's name; best first
    terms: tuple[str, ...] = ()
    #: seconds of sound already heard; the first piece starts there
    offset_s: float = 0.0
    #: words already final before ``offset_s``
    earlier: tuple[Word, ...] = ()
    #: « textes types » of the doctor by name
    snippets: Mapping[str, str] = field(default_factory=dict)
    #: nobody listens to it live: those who speak come first
    background: bool = False
    #: words dictated into a document that is there: what was prepared for another dictation stays
    addition: bool = False


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """One draft to compose; ``findings`` are doubts the recogniser already raised."""

    transcript: Transcript
    form_id: str
    consultation: Consultation = field(default_factory=Consultation)
    findings: tuple[Finding, ...] = ()
    #: words dictated later into sections, each with whether it was taken back
    additions: tuple[tuple[Addition, bool], ...] = ()
    #: first word of an addition just heard: only what follows is composed (``Added``); 0 for a document
    beyond: int = 0
    #: « textes types » of the doctor by name, for « insérer texte type … »
    snippets: Mapping[str, str] = field(default_factory=dict)
    #: nobody waits for it: drafts somebody waits for come first
    background: bool = False


@dataclass(frozen=True, slots=True)
class DecodeRequest:
    """A recording given as a file's bytes (never a path: clear sound is not written to disk)."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """How fast the model ``name`` is on this machine, on the shipped sample."""

    name: str
    #: "speech" or "drafting"
    task: str


@dataclass(frozen=True, slots=True)
class Measured:
    """``factor``: seconds of work per second of sound, or per sentence; ``None`` when it was cancelled."""

    name: str
    factor: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is; ``done`` 0..1, ``None`` when nobody can know."""

    done: float | None
    #: "loading", "hearing", "drafting", "decoding", "waiting" (another document comes first), "measuring"
    what: str


@dataclass(frozen=True, slots=True)
class HeardFindings:
    """Doubts of the recogniser, as they come."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """Decoded sound of a file, s16le mono 16 kHz."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class SoundEnds:
    """The file is decoded to its end."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The process is up; names of what it loaded."""

    recogniser: str
    model: str | None


Report = (
    HeardPartial
    | HeardWords
    | HeardFindings
    | LiveDraft
    | Transcribed
    | Drafted
    | Added
    | EngineFailed
    | Progress
    | Sound
    | SoundEnds
    | Ready
    | Measured
)
Tell = Callable[[Report], None]


class Engines(Protocol):
    """The engines as the engine process uses them. Loading is lazy; every verb may run on several threads at once."""

    def warm(self, tell: Tell) -> Ready:
        """Loads what is needed; raises :class:`~dictation.errors.ModelError` when it is not there."""
        ...

    def listen(
        self, request: ListenRequest, sound: Iterator[bytes], tell: Tell, cancelled: Callable[[], bool]
    ) -> Transcript:
        """Hears ``sound`` to its end; tells partial text, words and findings as they come.

        Word times count from the start of the recording (the first piece is at ``request.offset_s``);
        the transcript holds only what was heard here, not ``request.earlier``.
        """
        ...

    def draft(self, request: DraftRequest, tell: Tell, *, quick: bool) -> Draft:
        """Composes; ``quick`` is for sections that fill while the doctor still speaks (rules only)."""
        ...

    def extend(self, request: DraftRequest, tell: Tell) -> Added:
        """Composes the words from ``request.beyond`` on, and looks over the whole document again."""
        ...

    def measure(self, request: MeasureRequest, tell: Tell, cancelled: Callable[[], bool]) -> Measured:
        """Works through the sample and keeps the figure; told how far it is, ``factor`` ``None`` once cancelled."""
        ...

    def decode(self, request: DecodeRequest) -> Iterator[bytes]:
        """Sound of a file in pieces; raises :class:`~dictation.errors.InputError` when it is not sound."""
        ...
