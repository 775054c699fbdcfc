"""An anonymised copy of a dictation, to be read side by side before a person saves it: « signaler une erreur ».

Prepared here, shown by the screen, saved by the person: nothing is sent (rule 20 of ``docs/conformite.md``). What was
heard, what was written and what the person says of it go through one pass, so that a name has one label all through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dictation.consultation import Consultation
from dictation.form import Form
from dictation.lexicon import Lexicon
from dictation.review import Review

#: between parts inside the one text that is anonymised; a line of its own
_RULE = "\n\n---\n\n"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of both sides: the same words, or ``original`` replaced by ``substitute``."""

    original: str
    #: ``None``: left as it is
    substitute: str | None
    #: "name", "place", "date", "phone", "email", "address", "number", "url", "age", "masked"; "" when left
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """« Ce qui a été entendu », « Ce qui a été rédigé », « Remarque »: its lines, left and right at once."""

    title: str
    stretches: tuple[Stretch, ...]

    @property
    def copy(self) -> str:
        """The anonymised side."""
        return "".join(s.original if s.substitute is None else s.substitute for s in self.stretches)


@dataclass(frozen=True, slots=True)
class Copy:
    """What a person reads before saving."""

    parts: tuple[Part, ...]
    #: « Calame 0.1, modèle…, formulaire… »: no word of anybody
    about: tuple[str, ...]

    @property
    def replaced(self) -> int:
        """How many stretches were replaced."""
        return sum(s.substitute is not None for p in self.parts for s in p.stretches)

    @property
    def text(self) -> str:
        """The file, UTF-8."""
        head = "\n".join(("Copie anonymisée, relue avant l'envoi", *self.about))
        return "\n\n".join((head, *(f"## {p.title}\n\n{p.copy.strip()}" for p in self.parts))) + "\n"


@dataclass(frozen=True, slots=True)
class Source:
    """What a copy is made of; stays on the machine."""

    heard: str
    written: str
    #: identities the practice knows
    known: tuple[str, ...]
    about: tuple[str, ...]


def source(review: Review, form: Form, consultation: Consultation, *, version: str) -> Source:
    """Words heard, sections as they stand now; the sender's and the recipient's blocks are left out."""
    draft = review.draft
    written = "\n".join(
        f"{s.title}\u00a0:\n{text}" for s in form.sections if (text := review.text(s.key).strip())
    )  # fmt: skip
    engine = draft.transcript.engine
    about = (
        f"Calame {version}",
        f"Reconnaissance\u00a0: {engine.model} {engine.revision}",
        f"Rédaction\u00a0: {draft.engine.model or 'règles'} {draft.engine.revision}",
        f"Document\u00a0: {form.id}, révision {form.revision}",
        "Alertes\u00a0: " + (", ".join(sorted({f.code for f in draft.findings})) or "aucune"),
    )
    return Source(draft.transcript.text, written, identities(consultation), about)


def identities(consultation: Consultation) -> tuple[str, ...]:
    """Names, places and contacts of the patient, the doctor and the recipient."""
    p, a, r = consultation.patient, consultation.author, consultation.recipient
    lines = (p.last_name, p.first_name, p.ins, a.name, a.place, a.phone, a.email, a.rpps, r.name)
    return tuple(line for line in (*lines, *(a.address or "").splitlines(), *(r.address or "").splitlines()) if line)


def prepare(
    given: Source,
    *,
    secret: str,
    masked: Iterable[str] = (),
    remark: str = "",
    with_heard: bool = True,
    lexicon: Lexicon | None = None,
) -> Copy:
    """``secret`` shifts the dates and is forgotten with the screen; ``masked``: words the person hides as well."""
    from templates.anonymise import anonymise

    parts = [("Ce qui a été rédigé", given.written)]
    if with_heard:
        parts.insert(0, ("Ce qui a été entendu", given.heard))
    if remark.strip():
        parts.append(("Remarque", remark.strip()))
    whole = _RULE.join(text for _, text in parts)
    copy = anonymise(whole, secret=secret, known=given.known, masked=tuple(masked), lexicon=lexicon)
    out: list[Part] = []
    start = 0
    for title, text in parts:
        end = start + len(text)
        stretches: list[Stretch] = []
        at = start
        for one in copy.replacements:
            first, last = max(one.start, start), min(one.end, end)
            if first >= last:
                continue
            if first > at:
                stretches.append(Stretch(whole[at:first], None))
            #: one that runs over the rule between two parts is replaced in both
            stretches.append(Stretch(whole[first:last], one.substitute, one.kind))
            at = last
        if at < end:
            stretches.append(Stretch(whole[at:end], None))
        out.append(Part(title, tuple(stretches)))
        start = end + len(_RULE)
    return Copy(tuple(out), given.about)


def words(text: str) -> tuple[str, ...]:
    """A stretch cut at its words, every character kept: what can be clicked."""
    return tuple(re.findall(r"\w+(?:[-'’]\w+)*|[^\w]+", text))
