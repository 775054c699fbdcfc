"""A review as the screen shows it. Built from the session's state alone; holds no control."""

from __future__ import annotations

from dataclasses import dataclass, field

import flet as ft

from app.addition import with_additions
from app.redraft import Change
from app.session import State
from app.snippets import CONFIRM
from app.walk import Stop, section_of, walk
from dictation.codec import decided_value
from dictation.draft import FieldValue, Origin
from dictation.form import FieldType, Form
from dictation.review import CRITICAL_TYPES, Review, Verdict
from dictation.transcript import Span
from templates.values import shown

#: values that the bar of the walk shows at once; more are confirmed one by one
SHOWN_TOGETHER = 8
OPEN, CONFIRMED, EDITED, REJECTED, PLAIN = "open", "confirmed", "edited", "rejected", "plain"


@dataclass(frozen=True, slots=True)
class Fact:
    """A typed value under its section."""

    id: str
    type: str
    text: str
    state: str
    spans: tuple[Span, ...]
    confidence: float
    field: FieldValue


@ft.observable
@dataclass(eq=False)
class SectionVM:
    """One section of the document."""

    key: str
    title: str
    text: str = ""
    spans: tuple[Span, ...] = ()
    origin: Origin = Origin.DICTATED
    required: bool = False
    list_like: bool = False
    edited: bool = False
    #: completed by voice, and by nothing else
    spoken: bool = False
    facts: tuple[Fact, ...] = ()
    stops: int = 0
    gaps: tuple[str, ...] = ()
    #: its values stand there even when it has no text: no gap
    filled: bool = False
    #: a « texte type » in it waits for its confirmation
    stock: bool = False
    focused: bool = False
    #: changed by somebody else since this person last looked
    news: bool = False
    #: id of the fact whose typed inputs are open
    editing: str | None = None
    #: stop of the walk that stands here
    current: str | None = None
    #: grows when the text was changed otherwise than by typing
    version: int = 0

    def type_in(self, text: str) -> None:
        """The browser already shows it: no new drawing."""
        object.__setattr__(self, "text", text)


@ft.observable
@dataclass(eq=False)
class SavedVM:
    """Whether what was typed is kept; alone, as it moves at every burst of keys."""

    saved: bool = True


@ft.observable
@dataclass(eq=False)
class ReviewVM:
    """The open document."""

    document_id: str | None = None
    form_id: str = ""
    form_title: str = ""
    preparation: str | None = None
    sections: list[SectionVM] = field(default_factory=list)
    stops: tuple[Stop, ...] = ()
    stop: Stop | None = None
    answered: int = 0
    focused: str | None = None
    pending: tuple[Change, ...] = ()
    blocked: bool = False
    signed: bool = False
    #: the signed document is made and kept
    issued: bool = False
    drafting: bool = False
    can_undo: bool = False
    can_redo: bool = False
    secretary_note: str | None = None
    proposals: tuple[str, ...] = ()
    model: str | None = None
    #: consultation, priority, due date and questions: the document is drawn again when they change
    about: tuple[object, ...] = ()

    def section(self, key: str | None) -> SectionVM | None:
        """The section with that key."""
        return next((s for s in self.sections if s.key == key), None)

    def show(self, state: State, form: Form | None, *, redraw: frozenset[str] = frozenset()) -> None:
        """Brings everything up to ``state``; texts of ``redraw`` are drawn again even while they have the focus."""
        review = state.review
        if review is None:
            self.document_id, self.sections = None, []
            return
        draft = review.draft
        keys = [s.key for s in draft.sections]
        fresh = state.document_id != self.document_id or keys != [s.key for s in self.sections]
        if fresh:
            self.sections = [SectionVM(s.key, s.title) for s in draft.sections]
            self.focused, self.stop = None, None
        stops = walk(review)
        places = facts_by_section(review)
        for vm, section in zip(self.sections, draft.sections, strict=True):
            of_form = form.section(section.key) if form else None
            _update(vm, section_values(review, section.key, places.get(section.key, ()), stops, of_form))
            text = review.text(section.key)
            if text != vm.text or section.key in redraw:
                if vm.text != text:
                    vm.text = text
                vm.version += 1
        self.document_id, self.form_id = state.document_id, draft.form_id
        self.form_title = form.title if form else draft.form_id
        self.preparation = form.preparation if form else None
        self.stops = stops
        self.answered = answered(review)
        if self.stop is not None and self.stop.target not in {s.target for s in stops}:
            self.stop = None
        self.pending = state.pending
        self.signed = state.phase.value == "signed"
        self.drafting = state.phase.value == "drafting"
        self.can_undo, self.can_redo = bool(state.undo), bool(state.redo)
        self.secretary_note, self.proposals = draft.secretary_note, draft.proposals
        self.model = draft.engine.model
        if self.blocked and not any(s.blocking for s in stops):
            self.blocked = False

    def focus(self, key: str | None) -> tuple[Span, ...]:
        """The section that has the focus; returns the words to highlight."""
        if self.focused != key:
            for section in self.sections:
                if section.focused != (section.key == key):
                    section.focused = section.key == key
            self.focused = key
        vm = self.section(key)
        return vm.spans if vm else ()

    def at(self, stop: Stop | None) -> None:
        """The walk stands at ``stop``."""
        self.stop = stop
        for section in self.sections:
            here = stop.target if stop is not None and stop.section == section.key else None
            if section.current != here:
                section.current = here


def _update(vm: SectionVM, values: dict[str, object]) -> None:
    for name, value in values.items():
        if getattr(vm, name) != value:
            setattr(vm, name, value)


def section_values(
    review: Review, key: str, facts: tuple[Fact, ...], stops: tuple[Stop, ...], of_form: object
) -> dict[str, object]:
    """What a section shows beside its text."""
    from dictation.form import Section

    section = review.draft.section(key)
    assert section is not None
    dictated = with_additions(review, key)
    spoken = dictated != section.text and review.text(key) == dictated
    definition = of_form if isinstance(of_form, Section) else None
    text = review.text(key).lower()
    given = {f.id for f in review.draft.fields if decided_value(review, f) is not None}
    gaps = (
        tuple(
            f.label
            for f in definition.fields
            if f.label.split("(")[0].strip().lower() not in text and f"{key}.{f.key}" not in given
        )
        if definition
        else ()
    )
    return {
        "spans": section.evidence,
        "origin": section.origin,
        "required": bool(definition and definition.required),
        "list_like": bool(definition and definition.type in (FieldType.DRUGS, FieldType.VITALS, FieldType.TEXTS)),
        "edited": review.latest(f"section:{key}") is not None and not spoken,
        "spoken": spoken,
        "facts": facts,
        "stops": sum(1 for s in stops if s.section == key),
        "gaps": gaps,
        "filled": any(f.state != REJECTED for f in facts),
        "stock": any(s.finding is not None and s.finding.code == CONFIRM and s.finding.field_id == key for s in stops),
    }


def facts_by_section(review: Review) -> dict[str, tuple[Fact, ...]]:
    """Facts worth a place of their own, under the section their words are in."""
    draft = review.draft
    keys = {s.key for s in draft.sections}
    out: dict[str, list[Fact]] = {}
    for f in draft.fields:
        blank = f.key.partition(".")[0] if f.key.partition(".")[0] in keys else None
        if f.type not in CRITICAL_TYPES and f.type not in ("lab", "quantity", "int", "duration") and not blank:
            continue
        place = blank or section_of(draft, f.evidence)
        if place is None:
            continue
        decision = review.latest(f.id)
        verdict = decision.verdict if decision else None
        state = {
            Verdict.CONFIRMED: CONFIRMED,
            Verdict.DISMISSED: CONFIRMED,
            Verdict.EDITED: EDITED,
            Verdict.REJECTED: REJECTED,
        }.get(verdict, OPEN if f.type in CRITICAL_TYPES else PLAIN)  # type: ignore[arg-type]
        value = decided_value(review, f)
        text = shown(value) if value is not None else shown(f.value)
        out.setdefault(place, []).append(Fact(f.id, f.type, text, state, f.evidence, f.confidence, f))
    return {key: tuple(facts) for key, facts in out.items()}


def answered(review: Review) -> int:
    """How many critical values and findings have their answer."""
    targets = [f.id for f in review.draft.fields if f.type in CRITICAL_TYPES]
    targets += [f"finding:{n}" for n, x in enumerate(review.draft.findings) if x.severity.value != "info"]
    return sum(1 for t in targets if review.latest(t) is not None)
