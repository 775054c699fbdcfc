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
from drafting.statements.words import lines

#: no cue reaches farther, in tokens: a sentence nobody ends stays linear
_FAR = 80
_SETS = word_set("neg neg_ne uncertain hypothetical family past reported none company except")
_SCOPES = word_set("next back one all")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a cue sets and how far it reaches."""

    words: str
    sets: str
    scope: str


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


@cache
def _scope_ends() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(line.split()) for line in lines("scope_ends.txt"))


@dataclass(frozen=True, slots=True)
class _Hit:
    cue: Cue
    first: int
    last: int


def judge(tokens: Sequence[Token]) -> Verdict:
    """Polarity, modality and mentions of one sentence."""
    keys: list[Key] = [() if t.kind in (Kind.PUNCT, Kind.BREAK) else fold_words(t.text) for t in tokens]
    hits = _hits(keys)
    taken = {k for h in hits for k in range(h.first, h.last)}
    ends = _ends(tokens)
    marks: list[set[str]] = [set() for _ in tokens]
    for hit in hits:
        for k in _reach(hit, tokens, keys, ends):
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


def _hits(keys: Sequence[Key]) -> list[_Hit]:
    out: list[_Hit] = []
    i = 0
    while i < len(keys):
        found = cues().at(keys, i) if keys[i] else None
        if found is None:
            i += 1
            continue
        for cue in found[0]:
            if cue.sets == "neg_ne":
                if any(k[:1] in (("n",), ("ne",)) for k in keys[max(0, i - 5) : i]):
                    out.append(_Hit(replace(cue, sets="neg"), i, i + found[1]))
            elif cue.sets == "family" and (verb := _tells(keys, i + found[1])):
                out.append(_Hit(replace(cue, sets="reported", scope="next"), i, verb))
            elif not (cue.sets == "family" and _in_company(out, i)):
                out.append(_Hit(cue, i, i + found[1]))
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


def _in_company(hits: Sequence[_Hit], i: int) -> bool:
    """True when a relative at ``i`` only came along: « amené par sa mère »."""
    return any(h.cue.sets == "company" and 0 <= i - h.last <= 2 for h in hits[-3:])


def _ends(tokens: Sequence[Token]) -> list[bool]:
    """For each token, whether a clause ends right before it."""
    texts = [t.text.lower() for t in tokens]
    flags = []
    for i, token in enumerate(tokens):
        sign = token.kind in (Kind.PUNCT, Kind.BREAK) and token.text in ",;:().…?!–"
        flags.append(sign or (texts[i],) in _scope_ends() or tuple(texts[i : i + 2]) in _scope_ends())
    return flags


def _reach(hit: _Hit, tokens: Sequence[Token], keys: Sequence[Key], ends: Sequence[bool]) -> range:
    if hit.cue.words == "non" and (answer := _answered(hit, tokens, keys, ends)) is not None:
        return answer
    match hit.cue.scope:
        case "all":
            return _clause(hit, tokens, keys)
        case "back":
            start = hit.first
            while (
                start > 0
                and hit.first - start < _FAR
                and not ends[start - 1]
                and not (keys[start - 1] and keys[start - 1][0] == "ni")
            ):
                start -= 1
            return range(start, hit.first)
        case "one":
            end = hit.last
            while end < len(tokens) and not ends[end] and keys[end] and keys[end][0] not in ("et", "ou", "ni"):
                end += 1
            return range(hit.last, end)
    end = hit.last
    while end < len(tokens) and end - hit.last < _FAR:
        if ends[end] and not _goes_on(tokens, keys, end, ends):
            break
        if keys[end] == ("et",) and _new_clause(keys, end + 1):
            break
        end += 1
    return range(hit.last, end)


_SUBJECTS = word_set("il elle lui on je j nous patient patiente mais")


def _clause(hit: _Hit, tokens: Sequence[Token], keys: Sequence[Key]) -> range:
    """The sentence, cut at a comma where another subject takes over (« sa mère a …, lui n'a pas … »)."""
    start = max(0, hit.first - _FAR)
    for k in range(hit.first - 1, max(-1, hit.first - 3), -1):
        if tokens[k].text in (",", ";"):
            start = k + 1
            break
    end = hit.last
    while end < len(tokens) and end - hit.last < _FAR:
        if tokens[end].text == ";" or (tokens[end].text == "," and set(_flat(keys, end + 1)) & _SUBJECTS):
            break
        end += 1
    return range(start, end)


def _flat(keys: Sequence[Key], i: int) -> tuple[str, ...]:
    """First words after a comma: enough to see a subject."""
    return tuple(word for key in keys[i : i + 2] for word in key)[:2]


def _answered(hit: _Hit, tokens: Sequence[Token], keys: Sequence[Key], ends: Sequence[bool]) -> range | None:
    """« Hémoptysie : non. », « fièvre non, toux oui »: what « non » answers, else ``None``."""
    if hit.last < len(tokens) and not (ends[hit.last] or keys[hit.last] == ("et",)):
        return None
    stop = hit.first - 1 if hit.first and tokens[hit.first - 1].text in (":", "?") else hit.first
    start = stop
    while start > 0 and not ends[start - 1]:
        start -= 1
    return range(start, stop) if start < stop else None


_ARTICLES = word_set("un une le la les l il elle on je j son sa ses ce cette")


def _new_clause(keys: Sequence[Key], i: int) -> bool:
    """« … et une toux », « … et il … »: the cue before « et » does not reach it."""
    return i < len(keys) and bool(keys[i]) and keys[i][0] in _ARTICLES


def _goes_on(tokens: Sequence[Token], keys: Sequence[Key], i: int, ends: Sequence[bool]) -> bool:
    """True when the comma at ``i`` only separates items of one list under the same cue."""
    if tokens[i].text != "," or i + 1 >= len(tokens) or not keys[i + 1]:
        return False
    first = keys[i + 1][0]
    if first == "ni":
        return True
    if first in ("de", "d"):
        return (
            len(keys[i + 1]) > 1
            or i + 2 >= len(keys)
            or keys[i + 2][:1] not in (("plus",), ("autre",), ("meme",), ("facon",))
        )
    if first in _ARTICLES or first in ("pas", "sans", "avec", "mais", "et", "aucun", "aucune", "qui", "non"):
        return False
    # bare noun: one list only when it is closed by « ou » or « ni »
    for k in range(i + 1, min(len(tokens), i + 14)):
        if keys[k] and keys[k][0] in ("ou", "ni") and tokens[k].text.lower() != "où":
            return k - i <= 12 and k > i + 1
        if ends[k] and tokens[k].text != ",":
            return False
        if keys[k] and keys[k][0] in _ARTICLES | {"pas", "sans", "avec", "mais", "est", "sont", "a"}:
            return False
    return False


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
    hits: Sequence[_Hit],
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
            return bool(set(_flat(keys, start)) & _SUBJECTS)
    return False


def _modality(
    tokens: Sequence[Token],
    keys: Sequence[Key],
    groups: Sequence[Group],
    mentions: Sequence[Mention],
    hits: Sequence[_Hit],
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
