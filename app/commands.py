"""What a window may ask of its :class:`~app.session.Session`, and what the engines report to it."""

from __future__ import annotations

from dataclasses import dataclass

from app.addition import Place
from dictation.draft import Draft
from dictation.evidence import Finding
from dictation.review import Review
from dictation.transcript import Transcript, Word

# --- dictating ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartDictation:
    """F2: begin. ``earlier`` holds what was already heard when a dictation is taken up again."""

    document_id: str
    form_id: str
    earlier: tuple[Word, ...] = ()
    #: seconds already recorded when taken up again
    offset_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PauseDictation:
    """F2 again: pause or go on."""


@dataclass(frozen=True, slots=True)
class StopDictation:
    """The doctor has finished."""


@dataclass(frozen=True, slots=True)
class Discard:
    """Échap. Asks first; only ``confirmed`` throws away."""

    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PickForm:
    """The kind of document, while dictating or in review; nothing dictated is lost."""

    form_id: str


# --- reports from the engines -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeardPartial:
    """Text of the utterance under way: ``stable`` will not change again."""

    stable: str
    unstable: str


@dataclass(frozen=True, slots=True)
class HeardWords:
    """Final words of an utterance, in order."""

    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class HeardKind:
    """The first words name another kind of document: proposed, never imposed."""

    form_id: str


@dataclass(frozen=True, slots=True)
class LiveDraft:
    """Sections as they stand while the doctor still speaks."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The whole recording is in words."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Drafted:
    """The draft asked for is there."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class Added:
    """The words of an addition, composed alone (``said``: spans and times of its own words), and what the whole
    document raises with them (``findings``: spans of the whole transcript)."""

    said: Draft
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceTrouble:
    """Microphone or disk trouble; everything until then is kept."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class EngineDown:
    """The engine process died; it is being restarted."""


@dataclass(frozen=True, slots=True)
class EngineUp:
    """It is back and has taken up where it was."""


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """A job failed for good (model missing, disk full…)."""

    code: str
    message: str


# --- reviewing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Show a kept review."""

    document_id: str
    review: Review
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """Back to the worklist; nothing is lost."""


@dataclass(frozen=True, slots=True)
class EditSection:
    """New text of a section; keys pressed in a row make one decision."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class EditField:
    """New value of a typed field, as contract JSON text."""

    field_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """One key: « c'est bien ce que j'ai dit ». ``target`` is a field id or ``finding:N``."""

    target: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Take a field or a section out of the document."""

    target: str


@dataclass(frozen=True, slots=True)
class CorrectWord:
    """The transcript says ``heard`` at ``index``; the doctor says it is ``wanted``."""

    index: int
    wanted: str


@dataclass(frozen=True, slots=True)
class Redraft:
    """« Redessiner »: draft again, show the difference."""


@dataclass(frozen=True, slots=True)
class TakeProposal:
    """Accept or refuse one section of the new draft; ``key`` ``None`` means all that is left."""

    key: str | None
    accept: bool


@dataclass(frozen=True, slots=True)
class StartAddition:
    """F2 in a section: words to come go to ``place``. ``offset_s``: seconds of sound the document already has."""

    place: Place
    offset_s: float


@dataclass(frozen=True, slots=True)
class StopAddition:
    """F2 again: the addition is finished."""


@dataclass(frozen=True, slots=True)
class DiscardAddition:
    """Échap: throws the addition away; asks first unless ``confirmed``."""

    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class InsertSnippet:
    """A « texte type » from the menu, at ``place``; it must be confirmed like one asked for by voice."""

    name: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Undo:
    """One decision back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """One decision forward."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Ctrl+Entrée."""


Command = (
    StartDictation
    | PauseDictation
    | StopDictation
    | Discard
    | PickForm
    | HeardPartial
    | HeardWords
    | HeardKind
    | LiveDraft
    | Transcribed
    | Drafted
    | Added
    | StartAddition
    | StopAddition
    | DiscardAddition
    | InsertSnippet
    | DeviceTrouble
    | EngineDown
    | EngineUp
    | EngineFailed
    | Open
    | Close
    | EditSection
    | EditField
    | Confirm
    | Reject
    | CorrectWord
    | Redraft
    | TakeProposal
    | Undo
    | Redo
    | Sign
)
