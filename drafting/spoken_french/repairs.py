"""Self-corrections: « droite, euh non pardon, gauche » -> « gauche », in its place.

The new words replace the part of the same kind (``constituents``) before the cue, and only that: what
stands between stays. What was replaced is kept in a finding ``repair.applied``. A cue that finds
nothing to correct changes nothing; an explicit one then leaves a finding ``repair.unclear``.
Runs before numbers are written, on words and figures alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french import repair_place
from drafting.spoken_french.constituents import FUNCTION, parts_at
from drafting.spoken_french.hesitations import Pause
from drafting.spoken_french.layout import join
from drafting.spoken_french.phrases import Key, Phrases, alternatives, keys_of, read_table, word_set
from drafting.spoken_french.repair_scope import REACH, Cue, before_cue, resolve, soft
from drafting.spoken_french.token import Kind, State, Token


@cache
def _cues() -> Phrases[Cue]:
    items = []
    for row in read_table("repair_cues.tsv", ("words", "strength", "before", "after")):
        if row["strength"] not in ("strong", "weak", "restart"):
            raise ValueError(f"repair_cues.tsv: {row}")
        before, after = (
            Phrases((p, p) for p in alternatives(row[side])) if row[side] else None for side in ("before", "after")
        )
        items += [(form, Cue(row["strength"], before, after)) for form in alternatives(row["words"])]
    return Phrases(items)


_PAUSE = Cue("pause", None, None)


def run(state: State) -> State:
    """Corrections applied; the words of an applied cue are dropped."""
    tokens, keys = state.tokens, keys_of(state.tokens)
    out: list[Token] = []
    findings: list[Finding] = []
    i = 0
    while i < len(tokens):
        told = _instructed(tokens, keys, i, out)
        if told is not None:
            finding, i = told
            findings.append(finding)
            continue
        cue, end = _cue_at(tokens, keys, i)
        if cue is None:
            out.append(tokens[i])
            i += 1
            continue
        after = end
        while after < len(tokens) and soft(tokens[after]):
            after += 1
        right = tokens[after : after + REACH]
        explicit = _explicit(tokens[i:end])
        hesitant = cue.strength == "weak" and _hesitant(state, tokens[i])
        if hesitant:
            cue, explicit = Cue("strong", None, None), True  # « C, euh non, B »
        if explicit and (trailing := _trailing(out, tokens, end, state)) is not None:
            finding, out = trailing
            findings.append(finding)
            i = end
            continue
        framed = hesitant or (bool(out) and soft(out[-1], stops=True) and (after > end or explicit))
        fix = resolve(out, right, cue, state.lexicon, framed=framed, explicit=explicit) if right else None
        if fix is None:
            if cue.strength == "strong" and _isolated(out, tokens, end) and _explicit(tokens[i:end]):
                findings.append(_unclear(tokens[i].span.join(tokens[end - 1].span)))
            out += tokens[i:end]
            i = end
            continue
        old = out[fix.first : fix.last]
        aside = bool(out) and out[-1].text == ","
        while out and soft(out[-1], stops=True) and len(out) > fix.last:
            out.pop()
        first = min(t.span.first for t in old)
        last = max(t.span.last for t in tokens[after : after + fix.used])
        if join(old).lower() != join(fix.new).lower():
            findings.append(_applied(join(old), join(fix.new), Span(first, last)))
        out[fix.first : fix.last] = fix.new
        i = _past_apology(tokens, keys, after + fix.used)
        if i + 1 < len(tokens) and tokens[i].text == "," and aside and keys[i + 1][:1] in _VERBS:
            i += 1  # « sa sœur, pardon, sa cousine, a eu … »: the comma only closed the aside
    return state.with_tokens(out, *findings)


_VERBS = tuple(
    (word,) for word in "a ont est sont avait avaient etait etaient n ne montre retrouve presente prend".split()
)
#: longest correction an apology may follow, in tokens
_SHORT = 4


def _trailing(out: list[Token], tokens: Sequence[Token], end: int, state: State) -> tuple[Finding, list[Token]] | None:
    """« positif à droite, à gauche pardon, à 40° »: the apology follows the correction it is for."""
    if not out or _mark(out[-1]) or (end < len(tokens) and not _mark(tokens[end])):
        return None
    start = len(out)
    while start and not _mark(out[start - 1]):
        start -= 1
    new = out[start:]
    if not start or len(new) > _SHORT or out[start - 1].text != ",":
        return None
    fix = resolve(out[:start], new, Cue("strong", None, None), state.lexicon, framed=False, explicit=False)
    if fix is None or fix.used != len(new):
        return None
    old = out[fix.first : fix.last]
    span = Span(min(t.span.first for t in old), max(t.span.last for t in new))
    kept = out[: start - 1]
    kept[fix.first : fix.last] = fix.new
    return _applied(join(old), join(fix.new), span), kept


def _past_apology(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> int:
    """« droite, enfin gauche pardon, »: the cue after the correction belongs to it."""
    cue, end = _cue_at(tokens, keys, i) if i < len(tokens) else (None, i)
    return end if cue is not None and cue.strength == "strong" and (end >= len(tokens) or _mark(tokens[end])) else i


def _mark(token: Token) -> bool:
    return token.kind in (Kind.PUNCT, Kind.BREAK)


def _cue_at(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> tuple[Cue | None, int]:
    """The cue at ``i`` (several in a row count as the strongest) and its end."""
    if isinstance(tokens[i].value, Pause):
        return _PAUSE, i + 1
    if tokens[i].kind is not Kind.WORD:
        return None, i
    hit = _cues().at(keys, i)
    if hit is None:
        return None, i
    cue, end = hit[0], i + hit[1]
    if cue.strength == "weak" and end < len(tokens) and _denies(tokens, keys, i, end):
        return None, i
    if (cue.before is not None and cue.before.before(keys, i)) or (cue.after is not None and cue.after.at(keys, end)):
        return None, i
    at = end
    while at < len(tokens) and soft(tokens[at]):
        at += 1
    if at < len(tokens) and tokens[at].kind is Kind.WORD and (more := _cues().at(keys, at)) is not None:
        further, last = _cue_at(tokens, keys, at)
        if further is not None and more is not None:
            return (further if further.strength == "strong" else cue), last
    return cue, end


def _denies(tokens: Sequence[Token], keys: Sequence[Key], i: int, end: int) -> bool:
    """True for « appareillée à droite, non appareillée à gauche »: « non » belongs to the word after it."""
    if keys[i] != ("non",) or tokens[end].kind is not Kind.WORD or not keys[end]:
        return False
    word = keys[end][0]
    return len(word) > 4 and word not in FUNCTION and not parts_at(tokens, keys, end, None)


def _isolated(out: Sequence[Token], tokens: Sequence[Token], end: int) -> bool:
    """True when marks stand around the cue: it was said for itself."""
    return (not out or out[-1].kind in (Kind.PUNCT, Kind.BREAK)) or (
        end < len(tokens) and tokens[end].kind is Kind.PUNCT
    )


def _explicit(cue: Sequence[Token]) -> bool:
    words = {w for key in keys_of(cue) for w in key}
    return bool(words & _EXPLICIT)


_EXPLICIT = word_set("pardon rectification correction corrige rectifie trompe erreur excusez plutot")
_SOUNDS = word_set("euh heu hum hem euuh")


def _hesitant(state: State, token: Token) -> bool:
    """True when a sound of hesitation was said right before ``token``."""
    at = token.span.first - 1
    return at >= 0 and state.words[at].text.lower().strip(",.…") in _SOUNDS


def _instructed(tokens: Sequence[Token], keys: Sequence[Key], i: int, out: list[Token]) -> tuple[Finding, int] | None:
    """« …, ne mettez pas le nom, mettez un proche »: an order about the text, carried out and never printed."""
    order = repair_place.instruction(tokens, keys, i) if tokens[i].kind is Kind.WORD and keys[i] else None
    if order is None:
        return None
    end, replaced = order
    start, last = before_cue(out, _ORDER)
    left, right = out[start:last], tokens[end : end + REACH]
    place = repair_place.noun_phrase(left, right) if replaced else repair_place.names_off(left)
    if place is None:
        return None
    old, new = left[place[0] : place[1]], list(right[: place[2]])
    span = old[0].span.join(tokens[end + place[2] - 1].span)
    del out[start + place[0] :]
    out += new
    return _applied(join(old), join(new), span), end + place[2]


_ORDER = Cue("strong", None, None)


def _applied(old: str, new: str, span: Span) -> Finding:
    return Finding("repair.applied", Severity.INFO, f"Correction orale : « {old} » remplacé par « {new} ».", span)


def _unclear(span: Span) -> Finding:
    return Finding(
        "repair.unclear",
        Severity.CHECK,
        "Une correction a été annoncée, mais ce qu'elle remplace n'est pas clair.",
        span,
    )
