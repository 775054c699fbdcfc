"""Drafting again without losing what people did: differences by section, corrected words."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from datetime import datetime

from dictation.draft import Draft
from dictation.review import Decision, Review, Verdict
from dictation.transcript import Transcript, Word


@dataclass(frozen=True, slots=True)
class Change:
    """One section that a new draft would write otherwise."""

    key: str
    title: str
    before: str
    after: str
    #: ``None`` while the doctor has not chosen
    accepted: bool | None = None

    def pieces(self) -> tuple[tuple[str, str], ...]:
        """(kind, text) runs over words; kind is "same", "gone" or "new"."""
        a, b = self.before.split(" "), self.after.split(" ")
        out: list[tuple[str, str]] = []
        for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
            if tag == "equal":
                out.append(("same", " ".join(a[i:j])))
                continue
            if j > i:
                out.append(("gone", " ".join(a[i:j])))
            if m > k:
                out.append(("new", " ".join(b[k:m])))
        return tuple(piece for piece in out if piece[1])


def changes(review: Review, draft: Draft, *, only_edited: bool) -> tuple[Change, ...]:
    """Sections whose text would move. With ``only_edited``, only those a person had written in."""
    out: list[Change] = []
    old = {section.key: section for section in review.draft.sections}
    for section in draft.sections:
        now = review.text(section.key)
        drafted_before = old[section.key].text if section.key in old else ""
        if now == section.text or drafted_before == section.text:
            continue
        if only_edited and review.latest(f"section:{section.key}") is None:
            continue
        out.append(Change(section.key, section.title, now, section.text))
    return tuple(out)


def apply_change(review: Review, draft: Draft, chosen: tuple[Change, ...], *, by: str, at: datetime) -> Review:
    """The review on the new ``draft``; refused sections keep their text as an edit."""
    after = review.rebase(draft)
    for change in chosen:
        if not change.accepted:
            after = after.decide(Decision(f"section:{change.key}", Verdict.EDITED, change.before, by, at))
        elif after.latest(f"section:{change.key}") is not None:
            after = after.decide(Decision(f"section:{change.key}", Verdict.WITHDRAWN, None, by, at))
    return after


def corrected(transcript: Transcript, index: int, wanted: str) -> Transcript:
    """A new transcript where word ``index`` reads ``wanted`` (several words share its time; none removes it)."""
    word = transcript.words[index]
    parts = wanted.split()
    step = (word.end_s - word.start_s) / max(1, len(parts))
    new = tuple(
        Word(part, word.start_s + n * step, word.start_s + (n + 1) * step, 1.0, word.heard or word.text)
        for n, part in enumerate(parts)
    )
    return replace(transcript, words=(*transcript.words[:index], *new, *transcript.words[index + 1 :]))
