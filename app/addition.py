"""Words dictated later into one section: joined to the transcript and the draft, nothing else moves.

Pure. The recording goes on where it had stopped, so that times and word indices of the addition follow those of the
document; what was reviewed keeps its decisions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dictation.draft import Addition, Draft, DraftSection, FieldValue
from dictation.evidence import Finding, Statement
from dictation.form import FieldType
from dictation.lexicon import fold
from dictation.review import Review
from dictation.transcript import Span, Transcript, Word

#: what the whole document is asked for: an addition alone lacks it by nature
_OF_THE_WHOLE = frozenset({"section.missing", "field.missing", "statement.unclassified", "document.partial"})
#: « fin de dictée » said last ends a dictation, an addition too
_ENDS = (
    ("fin", "de", "dictee"),
    ("fin", "de", "la", "dictee"),
    ("stop", "dictee"),
    ("terminer", "la", "dictee"),
    ("fin", "de", "l", "ajout"),
)
_SENTENCE_ENDS = ".!?…:"
#: sections whose sentences stand one below the other in a form
LISTS = frozenset({FieldType.TEXTS, FieldType.DRUGS})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an addition goes: the end of a section, or instead of ``selected`` (characters ``start`` to ``end``)."""

    key: str
    start: int = 0
    end: int = 0
    selected: str = ""
    #: sentences of this section stand one below the other
    listed: bool = False


def says_end(words: Sequence[Word]) -> bool:
    """True when the last words heard are the command that ends a dictation."""
    said = tuple(fold(" ".join(w.text for w in words[-5:])).replace("'", " ").split())
    return any(said[-len(command) :] == command for command in _ENDS)


def written(said: Draft, *, listed: bool) -> str:
    """The addition in written French: every sentence of it, whatever it is about; one line each in a list."""
    out: list[str] = []
    paragraph: int | None = None
    last = 0
    for statement in said.statements:
        text = statement.text
        between = fold(" ".join(w.text for w in said.transcript.words[last : statement.span.first]))
        last = statement.span.last
        if not out and between.endswith("ligne") and not listed:
            text = f"\n{text}"  # « à la ligne » said first
        if statement.heading:
            text = f"{statement.heading}\u00a0: {text}"
        if listed:
            out.append(f"- {text}")
        elif paragraph == statement.paragraph and not between.endswith("ligne"):
            out[-1] = f"{out[-1]} {text}"
        else:
            out.append(text)
        paragraph = statement.paragraph
    return "\n".join(out)


def inserted(text: str, place: Place, addition: str) -> str:
    """``text`` of the section with ``addition`` in it; at the end when what was selected is no longer there."""
    if not addition:
        return text
    if place.selected and text[place.start : place.end] == place.selected:
        before, after = text[: place.start], text[place.end :]
        return before + _fitted(before, addition, after) + after
    if not text.strip():
        return addition.lstrip("\n")
    before = text.rstrip()
    if addition.startswith("\n"):
        return before + addition
    last = before.rsplit("\n", 1)[-1]
    if addition.startswith("- ") or "\n" in addition or last.startswith("- ") or before[-1] not in _SENTENCE_ENDS:
        return f"{before}\n{addition}"
    return f"{before} {addition}"


def _fitted(before: str, addition: str, after: str) -> str:
    """The addition as part of a sentence where it replaces part of one."""
    head, tail = before.rstrip(), after.lstrip()
    out = addition
    if head and head[-1] not in _SENTENCE_ENDS and "\n" not in before[len(head) :]:
        first = re.match(r"\w+", out)
        if first and first.group(0)[1:].islower():
            out = out[0].lower() + out[1:]
    if out.endswith(".") and tail and (tail[0] in ",;.!?…)" or tail[0].islower()):
        out = out[:-1]
    return out


def extended(transcript: Transcript, more: Transcript) -> Transcript:
    """The transcript followed by the words of the addition (their times already count from its start)."""
    return replace(
        transcript,
        words=(*transcript.words, *more.words),
        duration_s=max(transcript.duration_s, more.duration_s),
    )


def attached(draft: Draft, said: Draft, section: str, *, text: str, inside: bool = False) -> Draft:
    """``draft`` with the words, statements, values and doubts of ``said`` (composed from its own words alone).

    ``inside``: the text joins the section of the draft itself; else it is for a decision to bring it there.
    """
    first = len(draft.transcript.words)
    transcript = extended(draft.transcript, said.transcript)
    if len(transcript.words) == first:
        return replace(draft, transcript=transcript)
    statements = tuple(_statement(s, first, len(draft.statements) + n) for n, s in enumerate(said.statements, 1))
    spans = tuple(s.span for s in statements)
    ids = tuple(s.id for s in statements)
    sections = tuple(_grown(s, spans, ids, text if inside else "") if s.key == section else s for s in draft.sections)
    return replace(
        draft,
        transcript=transcript,
        statements=(*draft.statements, *statements),
        sections=sections,
        fields=(*draft.fields, *_fields(draft, said, first)),
        findings=(*draft.findings, *doubts(said, first)),
        secretary_note="\n".join(n for n in (draft.secretary_note, said.secretary_note) if n) or None,
        additions=(*draft.additions, Addition(section, Span(first, len(transcript.words)), text, inside)),
    )


def doubts(said: Draft, first: int) -> tuple[Finding, ...]:
    """Findings about the words of an addition that starts at word ``first``."""
    return tuple(
        replace(f, span=_moved(f.span, first) if f.span else None) for f in said.findings if f.code not in _OF_THE_WHOLE
    )


def fresh(draft: Draft, whole: Sequence[Finding]) -> tuple[Finding, ...]:
    """What the document with the addition raises that ``draft`` (the addition's own doubts included) did not."""
    known = {(f.code, f.message) for f in draft.findings}
    return tuple(f for f in whole if f.code not in _OF_THE_WHOLE and (f.code, f.message) not in known)


def words_before(draft: Draft) -> list[str]:
    """The words before the last addition, as texts: times are rounded when they are kept."""
    first = draft.additions[-1].span.first if draft.additions else len(draft.transcript.words)
    return [w.text for w in draft.transcript.words[:first]]


def live(review: Review) -> tuple[tuple[Addition, bool], ...]:
    """Additions of a review, each with whether it was taken back."""
    return tuple((a, review.latest(f"addition:{n}") is not None) for n, a in enumerate(review.draft.additions))


def with_additions(review: Review, key: str) -> str:
    """Text of section ``key`` as the machine wrote it: the draft's, and what was dictated into it since."""
    section = review.draft.section(key)
    text = section.text if section is not None else ""
    for addition, taken_back in live(review):
        if addition.section == key and not (addition.inside or taken_back):
            text = inserted(text, Place(key), addition.text)
    return text


def shifted(additions: Sequence[Addition], index: int, by: int) -> tuple[Addition, ...]:
    """Additions after word ``index`` became ``by`` words more (or fewer)."""
    out = []
    for a in additions:
        first, last = a.span.first, a.span.last
        if index < first:
            first, last = first + by, last + by
        elif index < last:
            last += by
        if first < last:
            out.append(replace(a, span=Span(first, last)))
    return tuple(out)


def _grown(section: DraftSection, spans: tuple[Span, ...], ids: tuple[str, ...], text: str) -> DraftSection:
    return replace(
        section,
        text=inserted(section.text, Place(section.key), text) if text else section.text,
        evidence=(*section.evidence, *spans),
        statement_ids=(*section.statement_ids, *ids),
    )


def _statement(statement: Statement, first: int, number: int) -> Statement:
    return replace(
        statement,
        id=f"S{number}",
        span=_moved(statement.span, first),
        mentions=tuple(replace(m, span=_moved(m.span, first)) for m in statement.mentions),
    )


def _fields(draft: Draft, said: Draft, first: int) -> list[FieldValue]:
    """Values of the addition under names of their own; who the patient and the addressee are stays as it was."""
    taken = {f.id for f in draft.fields}
    out: list[FieldValue] = []
    for f in said.fields:
        if f.id in taken and f.key.startswith(("patient.", "destinataire")):
            continue
        name, number = f.id, 1
        while name in taken:
            number += 1
            name = f"{f.key}.{number}"
        taken.add(name)
        out.append(replace(f, id=name, evidence=tuple(_moved(s, first) for s in f.evidence)))
    return out


def _moved(span: Span, by: int) -> Span:
    return Span(span.first + by, span.last + by)
