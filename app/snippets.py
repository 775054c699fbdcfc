"""« Insérer texte type … »: a doctor's own stock text, put where it was asked for and confirmed before signing.

Pure. A stock text is not what was said: its section carries the words that asked for it, and a finding that blocks
the signature until the doctor has read it and confirmed (``reference/voice_commands.tsv``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.addition import Place, inserted
from dictation.draft import Draft, DraftSection, Origin
from dictation.evidence import Finding, Severity, Statement
from dictation.form import FieldType, Form
from dictation.lexicon import fold
from dictation.transcript import Span, Word

CONFIRM = "snippet.confirm"
UNKNOWN = "snippet.unknown"
#: names closer than this (0..100) are taken for the one that was asked for
NEAR = 86
#: the closest must lead the next one by as much
AHEAD = 6
#: words before a request in which a title may have been dictated
_TITLE_WORDS = 8
_TEXTS = frozenset({FieldType.TEXT, FieldType.LONGTEXT, FieldType.TEXTS})


@dataclass(frozen=True, slots=True)
class Asked:
    """« insérer texte type examen normal »: the name and the words that asked."""

    name: str
    span: Span


def named(name: str, snippets: Mapping[str, str]) -> str | None:
    """The stock text meant by ``name``: the same word for word, else the only near one; ``None`` when unsure."""
    from rapidfuzz.fuzz import token_sort_ratio

    wanted = fold(name)
    if not wanted:
        return None
    same = [n for n in snippets if fold(n) == wanted]
    if same:
        return same[0]
    close = sorted(((token_sort_ratio(fold(n), wanted), n) for n in snippets), reverse=True)
    begun = [n for n in snippets if wanted.startswith(fold(n) + " ")]
    if begun:  # « insérer texte type examen normal et … »: what follows the name is dictation
        return max(begun, key=len)
    if not close or close[0][0] < NEAR or (len(close) > 1 and close[1][0] > close[0][0] - AHEAD):
        return None
    return close[0][1]


def insert(draft: Draft, asked: Sequence[Asked], snippets: Mapping[str, str], form: Form) -> Draft:
    """``draft`` with each stock text that was asked for, or a doubt where none has that name."""
    for request in asked:
        name = named(request.name, snippets)
        if name is None:
            draft = replace(draft, findings=(*draft.findings, _unknown(request)))
            continue
        key, before = _home(draft, request, form)
        if key is not None:
            draft = _put(_untitled(draft, key, form), key, name, snippets[name].strip(), before, request.span)
    return draft


def confirmation(name: str, key: str, title: str, span: Span | None = None) -> Finding:
    """What the doctor answers once per stock text."""
    message = f"Texte type «\u00a0{name}\u00a0» inséré dans «\u00a0{title}\u00a0», non dicté\u00a0: relisez-le, puis confirmez."
    return Finding(CONFIRM, Severity.BLOCKER, message, span, key)


def _unknown(request: Asked) -> Finding:
    message = (
        f"Aucun texte type ne s'appelle «\u00a0{request.name}\u00a0»\u00a0: insérez-le par le menu de la rubrique, "
        "ou ajoutez-le dans les réglages."
    )
    return Finding(UNKNOWN, Severity.CHECK, message, request.span)


def _untitled(draft: Draft, key: str, form: Form) -> Draft:
    """A title dictated just before the request is no sentence of the section: the stock text is its content."""
    section, definition = draft.section(key), form.section(key)
    if section is None or definition is None:
        return draft
    if fold(section.text) not in {fold(definition.title), *(fold(c) for c in definition.cues)}:
        return draft
    bare = replace(section, text="")
    return replace(draft, sections=tuple(bare if s.key == key else s for s in draft.sections))


def _put(draft: Draft, key: str, name: str, body: str, before: Statement | None, span: Span) -> Draft:
    section = draft.section(key)
    assert section is not None
    text = _after(section, body, before)
    grown = replace(
        section,
        text=text,
        evidence=tuple(sorted({*section.evidence, span})),
        origin=section.origin if section.text else Origin.PROFILE,
    )
    return replace(
        draft,
        sections=tuple(grown if s.key == key else s for s in draft.sections),
        findings=(*draft.findings, confirmation(name, key, section.title, span)),
    )


def _after(section: DraftSection, body: str, before: Statement | None) -> str:
    """The section's text with ``body`` after the sentence ``before``, at its end when it is not found."""
    at = section.text.find(before.text[1:]) if before is not None and len(before.text) > 1 else -1
    if at < 0:
        return inserted(section.text, Place(section.key), body)
    end = at + len(before.text) - 1 if before is not None else 0
    head, tail = section.text[:end], section.text[end:]
    made = inserted(head, Place(section.key), body)
    if not tail.strip():
        return made
    return made + ("\n" if tail.startswith("\n") or "\n" in body else " ") + tail.lstrip()


def _home(draft: Draft, request: Asked, form: Form) -> tuple[str | None, Statement | None]:
    """Section of a request and the sentence it follows there: the title dictated just before, else where the
    doctor was, else the section that the name of the text speaks of, else the first one that takes text."""
    keys = {s.key for s in draft.sections}
    earlier = [s for s in draft.statements if s.span.last <= request.span.first]
    since = earlier[-1].span.last if earlier else 0
    titled = _titled(draft.transcript.words[since : request.span.first], form)
    if titled in keys:
        return titled, None
    if earlier:
        home = next((s.key for s in draft.sections if earlier[-1].id in s.statement_ids), None)
        if home is not None:
            return home, earlier[-1]
    spoken = fold(request.name)
    for section in form.sections:
        said = {fold(section.title), *(fold(c) for c in section.cues)}
        if section.key in keys and any(spoken == t or spoken.startswith(t + " ") for t in said):
            return section.key, None
    return next((s.key for s in form.sections if s.key in keys and s.type in _TEXTS), None), None


def _titled(words: Sequence[Word], form: Form) -> str | None:
    said = fold(" ".join(w.text for w in words[-_TITLE_WORDS:])).removesuffix("deux points").strip()
    found = [
        (len(title), section.key)
        for section in form.sections
        for title in (fold(section.title), *(fold(c) for c in section.cues))
        if title and (said == title or said.endswith(" " + title))
    ]
    return max(found)[1] if found else None
