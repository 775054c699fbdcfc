"""What ``records`` hands out: frozen values, never rows of the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from dictation.consultation import Consultation
from dictation.draft import DraftEngine
from dictation.review import Review


class State(StrEnum):
    """Where a dictation stands; ``records.lifecycle`` says which may follow which."""

    RECORDING = "recording"
    TO_TRANSCRIBE = "to_transcribe"
    TO_DRAFT = "to_draft"
    TO_REVIEW = "to_review"
    QUERIED = "queried"
    CORRECTED = "corrected"
    SIGNED = "signed"
    EXPORTED = "exported"
    PURGED = "purged"


class Priority(IntEnum):
    """How soon; higher goes first."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2


class Role(StrEnum):
    """What a person is in the practice. An account may hold several."""

    DOCTOR = "doctor"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. Never carries the password or the TOTP secret."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    active: bool
    has_totp: bool
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as returned by ``accounts.login``; hand it to every verb as ``by``."""

    account_id: str
    login: str
    name: str
    roles: frozenset[Role]
    #: identifier of the session; ends with the process
    session: str

    def has(self, role: Role) -> bool:
        """True when the account holds ``role``."""
        return role in self.roles


#: the application itself: engines, retention, recovery after a crash. Never signs.
SYSTEM = Actor("system", "system", "Calame", frozenset(), "system")

#: engine of a draft typed by a person from the audio; the only one allowed for an opposed patient
TYPED_DRAFT = DraftEngine(None, "saisie")


@dataclass(frozen=True, slots=True)
class Delegation:
    """A dated mandate: ``to_account`` may read and sign what ``from_account`` dictated."""

    id: str
    from_account: str
    to_account: str
    starts: dt.datetime
    ends: dt.datetime
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Dictation:
    """One dictation and what is known of it, without its audio and texts."""

    id: str
    #: grows by one at each change of content or state; give it back to change the dictation
    version: int
    state: State
    author_id: str
    typist_id: str | None
    form_id: str | None
    priority: Priority
    due_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    #: since when in this state
    state_since: dt.datetime
    consultation: Consultation
    opposed: bool
    #: seconds of audio kept so far
    duration_s: float
    #: why the last recording stopped before its end, else ``None``: "crash", "disk_full", "device", "sleep", "clock"
    interrupted: str | None
    #: who reviews next, while ``to_review``
    reviewer: Role
    has_audio: bool
    has_transcript: bool
    has_draft: bool
    #: code of the last failure of recognition or drafting, else ``None``
    failure: str | None
    signed_at: dt.datetime | None = None
    signed_by: str | None = None
    #: identifier of the signature in force, else ``None``
    signature_id: str | None = None
    exported_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """The version that came second: kept whole until somebody settles it."""

    id: str
    dictation_id: str
    by: str
    at: dt.datetime
    #: version of the dictation this one was made from
    base_version: int
    review: Review


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document: a field id or ``section:KEY`` and character offsets in its text when known, or
    ``words`` and the numbers of the transcript's words (first, and one past the last)."""

    field_id: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question of the secretary to the doctor, with its place in the text."""

    id: str
    dictation_id: str
    text: str
    place: Place | None
    by: str
    at: dt.datetime
    answer: str | None = None
    answered_by: str | None = None
    answered_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A « message pour la secrétaire », to tick when done."""

    id: str
    dictation_id: str
    text: str
    patient: str
    author_id: str
    created_at: dt.datetime
    done_at: dt.datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class WorklistItem:
    """One line of the worklist."""

    id: str
    version: int
    state: State
    priority: Priority
    due_at: dt.datetime | None
    overdue: bool
    author_id: str
    author: str
    typist_id: str | None
    typist: str | None
    form_id: str | None
    #: « NOM Prénom », "" when unknown
    patient: str
    created_at: dt.datetime
    #: seconds since the dictation began
    age_s: float
    duration_s: float
    opposed: bool
    reviewer: Role
    interrupted: str | None
    failure: str | None
    open_queries: int
    open_tasks: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class WorklistFilter:
    """All parts are optional and add up. ``patient`` ignores case and accents."""

    states: frozenset[State] | None = None
    author_id: str | None = None
    typist_id: str | None = None
    form_id: str | None = None
    at_least: Priority = Priority.NORMAL
    patient: str = ""
    due_before: dt.datetime | None = None
    created_before: dt.datetime | None = None
    opposed: bool | None = None
    with_open_task: bool = False
    limit: int = 500
    offset: int = 0


@dataclass(frozen=True, slots=True)
class WorklistCounts:
    """How much waits, over everything the actor may see."""

    by_state: dict[State, int] = field(default_factory=dict)
    by_priority: dict[Priority, int] = field(default_factory=dict)
    overdue: int = 0
    open_tasks: int = 0
    open_queries: int = 0
    conflicts: int = 0
    total: int = 0


class JobKind(StrEnum):
    """Work for the engines."""

    TRANSCRIBE = "transcribe"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do one job, until ``until`` or until the process dies."""

    job_id: str
    token: str
    dictation_id: str
    kind: JobKind
    #: 1 the first time, 2 after one crash…
    attempt: int
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal. Carries no clinical content."""

    seq: int
    at: dt.datetime
    actor: str
    action: str
    subject: str | None
    details: dict[str, str | int | float | bool]
    mac: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """Head of the journal at a moment; keep it elsewhere to prove later that nothing was cut off."""

    seq: int
    mac: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What ``verify`` found. ``kind``: changed, removed, reordered, truncated, added, head, anchor, signature, file."""

    kind: str
    #: number of the journal entry, ``None`` when it is not about one
    seq: int | None
    #: French
    message: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """``ok`` when ``problems`` is empty."""

    entries: int
    problems: tuple[Problem, ...]
    anchor: Anchor

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things stay. Hours may be 0 (at once); sources: RGPD 5-1-e, ``docs/records.md``."""

    #: audio, transcript, draft and review, counted from the signature; at export they go at once in any case
    audio_after_signature_h: int = 24
    #: anything unsigned, counted from its last change
    unsigned_days: int = 7
    #: the signed document, counted from its export
    document_after_export_h: int = 0
    #: a task nobody ticked, counted from the export
    open_task_days: int = 7


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge removed: counts, never content."""

    at: dt.datetime
    #: dictations that are now ``purged``
    dictations: int
    #: dictations whose audio and texts went while the signed document stays
    stripped: int
    audio_s: float
    transcripts: int
    drafts: int
    reviews: int
    documents: int
    tasks: int
    #: tasks nobody ticked, still there
    tasks_kept: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What the doctor changed."""

    heard: str
    wanted: str
    count: int
    last_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PatientChoice:
    """What a patient was told and said. Kept under a keyed digest of the identity, never the identity."""

    opposed: bool = False
    informed: bool = False
    #: revision of the notice that was handed over
    notice: str | None = None
    at: dt.datetime | None = None
