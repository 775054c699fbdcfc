"""What a sentence asserts: negation, doubt, family, past, hypothesis, and of what.

Cues with their reach are data (``cues.tsv``); a cue reaches forward or back inside its clause, over
« ni » and « de … de … » lists, and stops at the words of ``scope_ends.txt``. In the line of NegEx
(Chapman 2001) and its French adaptation (Deléger & Grouin 2012), written anew for dictation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from dictation.evidence import Mention, Modality, Polarity
from drafting.spoken_french.phrases import Key, Phrases, alternatives, fold_words, read_table, word_set
from drafting.spoken_french.token import Kind, Token
from drafting.statements.groups import Group, groups_of
from drafting.statements.reach import SUBJECTS, Cue, Hit, clause_ends, first_words, reach
from drafting.statements.words import lines

_SETS = word_set("neg neg_ne uncertain hypothetical family past reported none company except")
_SCOPES = word_set("next back one all")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one sentence."""

    polarity: Polarity
    modality: Modality
    mentions: tuple[Mention, ...]


@cache
def cues() -> Phrases[tuple[Cue, ...]]:
    """The cue table; one phrase may hold a forward and a backward reading."""
    table: dict[Key, list[Cue]] = {}
    for row in read_table("cues.tsv", ("cue", "sets", "scope"), package="drafting.statements"):
        if row["sets"] not in _SETS or row["scope"] not in _SCOPES:
            raise ValueError(f"cues.tsv: {row}")
        for form in alternatives(row["cue"]):
            table.setdefault(fold_words(form), []).append(Cue(form, row["sets"], row["scope"]))
    return Phrases((" ".join(words), tuple(found)) for words, found in table.items())


def judge(tokens: Sequence[Token]) -> Verdict:
    """Polarity, modality and mentions of one sentence."""
    keys: list[Key] = [() if t.kind in (Kind.PUNCT, Kind.BREAK) else fold_words(t.text) for t in tokens]
    hits = _hits(keys)
    taken = {k for h in hits for k in range(h.first, h.last)}
    ends = clause_ends(tokens)
    marks: list[set[str]] = [set() for _ in tokens]
    for hit in hits:
        for k in reach(hit, tokens, keys, ends):
            if hit.cue.sets == "except":
                marks[k].discard("neg")
            elif hit.cue.sets == "uncertain" and hit.cue.scope == "back" and "neg" in marks[k]:
                continue  # « pas de nodule suspect »: denied, not doubted
            elif hit.cue.sets not in ("none", "company"):
                marks[k].add(hit.cue.sets)
                if hit.cue.words.startswith("sans"):
                    marks[k].discard("uncertain")  # « … évoque une grippe, sans pneumopathie »
    groups = groups_of(tokens, keys, taken)
    mentions = tuple(_mention(tokens, g, marks) for g in groups)
    return Verdict(
        _polarity(tokens, keys, groups, mentions, hits), _modality(tokens, keys, groups, mentions, hits), mentions
    )


def _hits(keys: Sequence[Key]) -> list[Hit]:
    out: list[Hit] = []
    i = 0
    while i < len(keys):
        found = cues().at(keys, i) if keys[i] else None
        if found is None:
            i += 1
            continue
        for cue in found[0]:
            if cue.sets == "neg_ne":
                if any(k[:1] in (("n",), ("ne",)) for k in keys[max(0, i - 5) : i]):
                    out.append(Hit(replace(cue, sets="neg"), i, i + found[1]))
            elif cue.sets == "family" and (verb := _tells(keys, i + found[1])):
                out.append(Hit(replace(cue, sets="reported", scope="next"), i, verb))
            elif not (cue.sets == "family" and _in_company(out, i)):
                out.append(Hit(cue, i, i + found[1]))
        i += found[1]
    return sorted(out, key=lambda h: h.cue.sets == "except")


@cache
def _reporting() -> frozenset[str]:
    return word_set(" ".join(lines("reporting.txt")))


def _tells(keys: Sequence[Key], i: int) -> int:
    """End of the verb when the relative before ``i`` only tells (« la mère nous rapporte »), else 0."""
    for k in range(i, min(len(keys), i + 4)):
        if not keys[k]:
            return 0
        if keys[k][-1] in _reporting():
            return k + 1
        if keys[k][-1] not in _BEFORE_TELLING:
            return 0
    return 0


_BEFORE_TELLING = word_set("ont a avait avaient nous me m s se lui du de la le l patient patiente enfant bien aussi")


def _in_company(hits: Sequence[Hit], i: int) -> bool:
    """True when a relative at ``i`` only came along: « amené par sa mère »."""
    return any(h.cue.sets == "company" and 0 <= i - h.last <= 2 for h in hits[-3:])


def _mention(tokens: Sequence[Token], group: Group, marks: Sequence[set[str]]) -> Mention:
    from drafting.spoken_french.layout import join

    row = tokens[group.first : group.last]
    head = marks[group.first]
    span = row[0].span
    for token in row[1:]:
        span = span.join(token.span)
    polarity = Polarity.AFFIRMED
    if "uncertain" in head:
        polarity = Polarity.UNCERTAIN
    elif "neg" in head:
        polarity = Polarity.NEGATED
    return Mention(join(row), span, polarity, _mode(head))


_MODES = (
    ("family", Modality.FAMILY),
    ("hypothetical", Modality.HYPOTHETICAL),
    ("reported", Modality.REPORTED),
    ("past", Modality.PAST),
)


def _mode(marks: set[str]) -> Modality:
    return next((mode for name, mode in _MODES if name in marks), Modality.PRESENT)


_CIRCUMSTANCE = word_set(
    "compte devant vu malgre depuis apres a au sur ce en lors pour selon dans concernant hier actuellement"
)


def _core(tokens: Sequence[Token], keys: Sequence[Key]) -> int:
    """Where the sentence proper starts, past « compte tenu de …, »."""
    first = 1 if keys[:1] in ([("et",)], [("mais",)], [("donc",)]) else 0
    if len(keys) <= first or not keys[first] or keys[first][0] not in _CIRCUMSTANCE:
        return 0
    comma = next((k for k, t in enumerate(tokens) if t.text == "," and t.kind is Kind.PUNCT), -1)
    return comma + 1 if 0 < comma < len(tokens) - 2 else 0


_REASONS = (
    ("à", "cause"),
    ("en", "raison"),
    ("compte", "tenu"),
    ("car",),
    ("depuis",),
    ("devant",),
    ("malgré",),
    ("pour",),
)


def _adjunct(tokens: Sequence[Token], group: Group, start: int) -> bool:
    """True for a reason or a date hung on the clause: « elle n'en veut pas | à cause des douleurs »."""
    low = [t.text.lower() for t in tokens[max(start, group.first - 6) : group.first]]
    for k in range(len(low) - 1, 0, -1):
        if tokens[group.first - len(low) + k].kind is Kind.PUNCT:
            return False
        if any(tuple(low[k : k + len(form)]) == form for form in _REASONS):
            return group.first - len(low) + k > start + 1
    return False


def _polarity(
    tokens: Sequence[Token],
    keys: Sequence[Key],
    groups: Sequence[Group],
    mentions: Sequence[Mention],
    hits: Sequence[Hit],
) -> Polarity:
    if tokens[-1].text == "?":
        return Polarity.UNCERTAIN  # a question asserts nothing
    start = _core(tokens, keys)
    core = [
        (g, m) for g, m in zip(groups, mentions, strict=True) if g.first >= start and not _adjunct(tokens, g, start)
    ]
    negations = [h for h in hits if h.cue.sets == "neg" and h.first >= start]
    if not core:
        doubts = any(h.cue.sets == "uncertain" for h in hits)
        return Polarity.UNCERTAIN if doubts else Polarity.NEGATED if negations else Polarity.AFFIRMED
    said = [m.polarity for _, m in core]
    if said[0] is Polarity.UNCERTAIN or 2 * said.count(Polarity.UNCERTAIN) >= len(said):
        return Polarity.UNCERTAIN
    if not negations or _opens_plainly(tokens, keys, start, min(h.first for h in negations), said):
        return Polarity.AFFIRMED
    if all(p is Polarity.NEGATED for p in said):
        return Polarity.NEGATED
    first = negations[0].first
    verbal = negations[0].cue.words.split()[0] in _VERBAL
    if verbal and all(p is not Polarity.AFFIRMED for (g, _), p in zip(core, said, strict=True) if g.first >= first):
        before = [g for g, _ in core if g.last <= first]
        if all(g.subject for g in before):
            return Polarity.NEGATED
    return Polarity.AFFIRMED


_VERBAL = ("pas", "n'est", "n'a", "ne", "jamais", "aucun", "aucune", "plus", "guère")


def _opens_plainly(
    tokens: Sequence[Token], keys: Sequence[Key], start: int, negation: int, said: Sequence[Polarity]
) -> bool:
    """True for « il va bien (pas de fièvre) »: a clause with a subject stands before the negation."""
    if said[0] is not Polarity.NEGATED:
        return False
    for k in range(start, negation):
        if tokens[k].kind is Kind.PUNCT and k - start >= 2:
            return bool(set(first_words(keys, start)) & SUBJECTS)
    return False


def _modality(
    tokens: Sequence[Token],
    keys: Sequence[Key],
    groups: Sequence[Group],
    mentions: Sequence[Mention],
    hits: Sequence[Hit],
) -> Modality:
    if not mentions:
        return _mode({h.cue.sets for h in hits})
    start = _core(tokens, keys)
    core = [m for g, m in zip(groups, mentions, strict=True) if g.first >= start] or mentions
    if any(m.modality is Modality.FAMILY for m in core):
        return Modality.FAMILY
    if mentions[0].modality is Modality.HYPOTHETICAL:
        return Modality.HYPOTHETICAL  # « en cas de fièvre, reconsulter »
    return core[0].modality
