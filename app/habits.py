"""What a doctor's own signed documents suggest: a « texte type » for a sentence that comes again, a colleague for the
book. Computed on this machine from one doctor's documents, kept in the encrypted store with the doctor's settings.

Pure. Of sentences seen once or twice only a digest is kept: texts are erased when a document leaves, and a habit must
not bring them back. A sentence that came in three documents is no longer about one patient; one that holds a figure
or the patient's name never counts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dictation.consultation import Consultation
from dictation.lexicon import fold
from dictation.review import Review

#: documents in which a sentence, or a recipient, makes a habit
OFTEN = 3
#: words of a sentence worth keeping
SHORTEST = 5
#: sentences and recipients remembered, the oldest forgotten first
MOST = 3000
#: suggestions that wait
WAITING = 5
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Signed:
    """One signed document as far as habits go."""

    id: str
    texts: tuple[str, ...]
    recipient: str = ""
    specialty: str = ""
    #: words that make a sentence this patient's
    private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal; one click takes it, one click refuses it for ever."""

    #: "snippet" or "recipient"
    kind: str
    text: str
    #: a name for the « texte type », the specialty of a colleague
    detail: str = ""

    @property
    def name(self) -> str:
        """How a refusal is remembered."""
        return f"{self.kind}:{_digest(self.text)}"


@dataclass(frozen=True, slots=True)
class Habits:
    """What is remembered of one doctor."""

    #: digest of a sentence -> documents it was in (at most ``OFTEN``)
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: sentences that came often enough
    repeated: tuple[str, ...] = ()
    #: recipient -> documents, the last ones
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    specialties: Mapping[str, str] = field(default_factory=dict)


def signed(dictation_id: str, review: Review, consultation: Consultation) -> Signed:
    """A review that has just been signed."""
    patient, recipient = consultation.patient, consultation.recipient
    private = {part for name in (patient.last_name, patient.first_name) for part in fold(name or "").split()}
    keys = [s.key for s in review.draft.sections]
    return Signed(
        _digest(dictation_id),
        tuple(review.text(key) for key in keys),
        " ".join((recipient.name or "").split()),
        recipient.specialty or "",
        frozenset(private),
    )


def after(habits: Habits, document: Signed) -> Habits:
    """``habits`` with one more document; the same one signed again counts once."""
    sentences = dict(habits.sentences)
    repeated = list(habits.repeated)
    for sentence in _sentences(document):
        key = _digest(fold(sentence))
        seen = sentences.pop(key, ())
        if document.id not in seen:
            seen = (*seen, document.id)[:OFTEN]
        sentences[key] = seen
        if len(seen) >= OFTEN and all(fold(sentence) != fold(r) for r in repeated):
            repeated.append(sentence)
    recipients = dict(habits.recipients)
    specialties = dict(habits.specialties)
    if document.recipient:
        seen = recipients.pop(document.recipient, ())
        recipients[document.recipient] = seen if document.id in seen else (*seen, document.id)[-50:]
        if document.specialty:
            specialties[document.recipient] = document.specialty
    return Habits(
        dict(list(sentences.items())[-MOST:]),
        tuple(repeated[-200:]),
        dict(list(recipients.items())[-MOST:]),
        {name: specialty for name, specialty in specialties.items() if name in recipients},
    )


def of(documents: Iterable[Signed]) -> Habits:
    """Habits of a series of documents."""
    habits = Habits()
    for document in documents:
        habits = after(habits, document)
    return habits


def suggestions(
    habits: Habits, *, snippets: Mapping[str, str], book: Sequence[str], refused: Iterable[str]
) -> tuple[Suggestion, ...]:
    """What to propose now: neither what is there already nor what was refused."""
    no = set(refused)
    stock = [fold(body) for body in snippets.values()]
    known = {fold(name) for name in book}
    out = [
        Suggestion("snippet", text, title(text))
        for text in reversed(habits.repeated)
        if not any(fold(text) in body for body in stock)
    ]
    out += [
        Suggestion("recipient", name, habits.specialties.get(name, ""))
        for name, seen in habits.recipients.items()
        if len(seen) >= OFTEN and fold(name) not in known
    ]
    return tuple(s for s in out if s.name not in no)[:WAITING]


def favourites(habits: Habits, *, most: int = 4) -> tuple[str, ...]:
    """Recipients written to most, the most frequent first."""
    ranked = sorted(habits.recipients.items(), key=lambda item: -len(item[1]))
    return tuple(name for name, seen in ranked if len(seen) >= 2)[:most]


def title(sentence: str) -> str:
    """A name one can say for a « texte type »: its first words that mean something."""
    words = [w for w in re.findall(r"[\wÀ-ÿ]+", sentence.lower()) if len(w) > 3 and not w.isdigit()]
    return " ".join(words[:3])


def to_json(habits: Habits) -> dict[str, Any]:
    """As kept in the settings."""
    return {
        "sentences": {k: list(v) for k, v in habits.sentences.items()},
        "repeated": list(habits.repeated),
        "recipients": {k: list(v) for k, v in habits.recipients.items()},
        "specialties": dict(habits.specialties),
    }


def from_json(data: Mapping[str, Any] | None) -> Habits:
    """As kept; anything odd is forgotten."""
    try:
        given = data or {}
        return Habits(
            {str(k): tuple(map(str, v)) for k, v in given.get("sentences", {}).items()},
            tuple(map(str, given.get("repeated", ()))),
            {str(k): tuple(map(str, v)) for k, v in given.get("recipients", {}).items()},
            {str(k): str(v) for k, v in given.get("specialties", {}).items()},
        )
    except (AttributeError, TypeError):
        return Habits()


def forget(habits: Habits, sentence: str) -> Habits:
    """A repeated sentence that was taken or refused: its words are not kept any longer."""
    return replace(habits, repeated=tuple(r for r in habits.repeated if fold(r) != fold(sentence)))


def _sentences(document: Signed) -> Iterable[str]:
    for text in document.texts:
        for sentence in _SENTENCE.split(text):
            plain = sentence.strip().removeprefix("- ").strip()
            words = fold(plain).split()
            if len(words) < SHORTEST or re.search(r"\d", plain) or set(words) & document.private:
                continue
            yield plain


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
