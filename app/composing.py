"""A document with what was dictated into its sections later, each addition composed alone and kept in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.addition import LISTS, attached, written
from app.engine_seam import DraftRequest
from dictation.draft import Draft
from dictation.evidence import Finding
from dictation.form import Form, Genre
from dictation.transcript import Span, Transcript

#: composes some words (spans of the doubts count them from 0); the flag says whether they are the dictation itself
Compose = Callable[[Transcript, tuple[Finding, ...], bool], Draft]


def whole(request: DraftRequest, form: Form, compose: Compose) -> Draft:
    """The dictation, then each addition. Under another kind of document all words are placed anew."""
    words, additions = request.transcript.words, request.additions
    if not all(form.section(a.section) for a, _ in additions):
        additions = ()
    first = additions[0][0].span.first if additions else len(words)
    findings = tuple(f for f in request.findings if f.span is None or f.span.last <= first)
    draft = compose(replace(request.transcript, words=words[:first]), findings, True)
    for addition, taken_back in additions:
        said = part(request, addition.span.first, addition.span.last, compose)
        if taken_back:
            said = replace(said, statements=(), fields=(), findings=(), secretary_note=None)
        text = written(said, listed=listed(form, addition.section))
        draft = attached(draft, said, addition.section, text=text, inside=True)
    return draft


def part(request: DraftRequest, first: int, last: int, compose: Compose) -> Draft:
    """Words ``first`` to ``last`` as if nothing else had been said; the doubts of hearing them come along."""
    findings = tuple(
        replace(f, span=Span(f.span.first - first, f.span.last - first))
        for f in request.findings
        if f.span is not None and f.span.first >= first and f.span.last <= last
    )
    return compose(replace(request.transcript, words=request.transcript.words[first:last]), findings, False)


def listed(form: Form | None, key: str) -> bool:
    """True for a section whose sentences stand one below the other."""
    section = form.section(key) if form is not None else None
    if form is None or section is None:
        return False
    return section.type in LISTS and form.genre in (Genre.FORM, Genre.FORM_NARRATIVE)
