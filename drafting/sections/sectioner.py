"""Places every statement of a dictation in one section of a document.

Reading order: :class:`Evidenced` gathers what each statement says about its role (titles, cues,
sentence vectors), :mod:`drafting.sections.sequence` finds the likeliest course of the dictation,
:mod:`drafting.sections.homes` turns roles into sections of the document asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from dictation.evidence import Statement
from dictation.form import ROLES, Form, Section
from drafting.embeddings import Embedder
from drafting.sections.cues import INDEX, Array, cue_scores, inline_title, title_roles
from drafting.sections.head import Head, load_head
from drafting.sections.homes import FormCues, form_cues, home

#: log-score of a role a title forbids
_FORBIDDEN = -50.0
#: below this probability a statement without cue or title is shown as « non classé »
_UNSURE = 0.25


#: log-score a dictated title adds to its role, down to the end of its paragraph
_UNDER_TITLE = 1.5
#: what leaves the paragraph of a title only this document has (« Retentissement »), whose sentences have no role
_LEAVES = ("mode_de_vie", "politesse", "administratif", "allergies", "antecedents_familiaux", "conclusion")
#: above this probability rules alone decide: a vector changes nothing (measured on held-out dictations)
_SURE = 0.9


class Why(Enum):
    """What decided a placement."""

    HEADING = "heading"
    CUE = "cue"
    MODEL = "model"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one statement stands. Both keys are ``None`` when it is « non classé »."""

    statement_id: str
    #: one of ``dictation.form.ROLES``, or ``None``
    role: str | None
    #: key of a section of the form, or ``None`` when the form has none for it
    section_key: str | None
    why: Why
    #: 0..1, probability of the role given the whole dictation
    confidence: float


@dataclass(frozen=True, slots=True)
class _Title:
    """What the title before a statement allows."""

    section: Section | None
    roles: tuple[str, ...]


class Sectioner:
    """Rules, and sentence vectors when an embedder is given. Deterministic.

    Keeps vectors of sentences seen (see :meth:`prepare`), so give one object to one thread.
    """

    def __init__(self, embedder: Embedder | None = None, *, head: Head | None = None) -> None:
        self._embedder = embedder
        self._head = head or load_head(embedded=embedder is not None)
        #: asked first, so that only sentences it is unsure of cost a vector
        self._rules = load_head(embedded=False) if embedder is not None and head is None else None
        self._vectors: dict[str, Array] = {}

    def prepare(self, texts: Sequence[str]) -> None:
        """Computes the vectors of ``texts`` ahead, while the doctor still speaks; free without embedder."""
        if self._embedder is None:
            return
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            for text, vector in zip(missing, self._embedder.vectors(missing), strict=True):
                self._vectors[text] = vector

    def forget(self) -> None:
        """Drops the vectors kept: the next dictation begins."""
        self._vectors.clear()

    def place(
        self,
        statements: Sequence[Statement],
        form: Form,
        *,
        opinions: Mapping[str, Mapping[str, float]] | None = None,
    ) -> tuple[Placement, ...]:
        """One placement per statement, in order.

        ``opinions`` are log-probabilities a language model gave (statement id -> role -> log-probability);
        they are weighed with the rest. Never raises on odd text.
        """
        if not statements:
            return ()
        own = form_cues(form)
        titles = _titles(statements, own)
        emissions = self._emissions(statements, titles)
        if opinions:
            emissions += self._head.opinion_weight * _opinion_scores(statements, opinions)
        emissions += _UNDER_TITLE * _opened(statements, titles, first=True)
        allowed = np.array([_mask(title) for title in titles])
        path = self._head.chain.best(emissions + allowed)
        beliefs = self._head.chain.beliefs(emissions + allowed)
        out: list[Placement] = []
        running: str | None = None
        kept: tuple[str, int] | None = None
        for number, (statement, title) in enumerate(zip(statements, titles, strict=True)):
            role = ROLES[path[number]]
            sure = float(beliefs[number, path[number]])
            if title is not None:
                placement = self._titled(statement, form, title, role, sure)
            else:
                placement = self._untitled(statement, own, role, sure, running)
                if (
                    kept is not None
                    and statement.paragraph == kept[1]
                    and role not in _LEAVES
                    and not statement.heading
                ):
                    placement = replace(placement, section_key=kept[0], why=Why.HEADING)
            if title is not None or statement.heading:
                own_only = title is not None and title.section is not None and not title.roles
                kept = (title.section.key, statement.paragraph) if own_only and title and title.section else None
            running = placement.section_key if title is not None else running
            out.append(placement)
        return tuple(out)

    def _emissions(self, statements: Sequence[Statement], titles: Sequence[_Title | None]) -> Array:
        texts = [s.text for s in statements]
        cues = np.array([cue_scores(text) for text in texts])
        opened = _opened(statements, titles)
        if self._embedder is None:
            return self._head.scores(cues, opened, None)
        unsure = np.ones(len(texts), dtype=bool)
        known = np.zeros(cues.shape)
        if self._rules is not None:
            known = self._rules.scores(cues, opened, None)
            allowed = np.array([_mask(title) for title in titles])
            unsure = self._rules.chain.beliefs(known + allowed).max(axis=1) < _SURE
            if not unsure.any():
                return known
        self.prepare([text for text, wanted in zip(texts, unsure, strict=True) if wanted])
        nothing = np.zeros(len(next(iter(self._vectors.values()))))
        vectors = np.array([self._vectors.get(text, nothing) for text in texts])
        return np.where(unsure[:, None], self._head.scores(cues, opened, vectors), known)

    @staticmethod
    def _titled(statement: Statement, form: Form, title: _Title, role: str, sure: float) -> Placement:
        key = title.section.key if title.section else home(form, role)
        return Placement(statement.id, role if title.roles else None, key, Why.HEADING, max(sure, 0.99))

    def _untitled(self, statement: Statement, own: FormCues, role: str, sure: float, running: str | None) -> Placement:
        section = own.opened(statement.text)
        if section is not None:
            return Placement(statement.id, role, section.key, Why.CUE, max(sure, 0.9))
        cue = cue_scores(statement.text)[INDEX[role]] >= 2
        if sure < _UNSURE and not cue:
            return Placement(statement.id, None, running, Why.RULE, sure)
        why = Why.CUE if cue else Why.MODEL if self._embedder is not None else Why.RULE
        key = home(own.form, role)
        if key is None and role not in ("politesse", "administratif"):
            key = running
        return Placement(statement.id, role, key, why, sure)


def opened_roles(statements: Sequence[Statement], form: Form) -> Array:
    """Roles of the title each statement stands under, shape ``(statements, roles)``, 0 or 1."""
    return _opened(statements, _titles(statements, form_cues(form)))


def _titles(statements: Sequence[Statement], own: FormCues) -> list[_Title | None]:
    return [_title(own, s.heading or inline_title(s.text)) for s in statements]


def _title(own: FormCues, heading: str | None) -> _Title | None:
    if not heading:
        return None
    section, roles = own.titled(heading), title_roles(heading)
    if section is None and not roles:
        return None
    if len(roles) > 1:
        return _Title(None, roles)
    if section is not None:
        return _Title(section, section.takes or roles)
    return _Title(None, roles)


def _mask(title: _Title | None) -> Array:
    mask = np.zeros(len(ROLES))
    if title is not None and title.roles:
        mask[:] = _FORBIDDEN
        for place, role in enumerate(title.roles):
            mask[INDEX[role]] = -0.3 * place
    return mask


def _opened(statements: Sequence[Statement], titles: Sequence[_Title | None], *, first: bool = False) -> Array:
    """1 for the roles of the title a statement stands under, in the title's own paragraph; 0 elsewhere.

    With ``first``, only for the role a title of several names first.
    """
    out = np.zeros((len(statements), len(ROLES)))
    current: tuple[str, ...] = ()
    paragraph = -1
    for number, (statement, title) in enumerate(zip(statements, titles, strict=True)):
        if title is not None:
            current, paragraph = title.roles[:1] if title.section or first else title.roles, statement.paragraph
        elif statement.heading or statement.paragraph != paragraph:
            current = ()
        for role in current:
            out[number, INDEX[role]] = 1.0
    return out


def _opinion_scores(statements: Sequence[Statement], opinions: Mapping[str, Mapping[str, float]]) -> Array:
    out = np.zeros((len(statements), len(ROLES)))
    for number, statement in enumerate(statements):
        given = opinions.get(statement.id)
        if given:
            floor = min(given.values()) - 1.0
            out[number] = [max(given.get(role, floor), -12.0) for role in ROLES]
    return out
