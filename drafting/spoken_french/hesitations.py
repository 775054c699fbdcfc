"""Hesitations and stutter dropped: euh, ben, « un un un », recogniser loops.

A hesitation between two numbers leaves a :class:`Pause`, an empty token: it keeps the numbers apart
and tells ``repairs`` that the second may correct the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dictation.evidence import Finding, Severity
from dictation.transcript import Span
from drafting.spoken_french import numerals
from drafting.spoken_french.phrases import Phrases, alternatives, fold_words, keys_of, read_table, word_set
from drafting.spoken_french.token import Kind, State, Token


@dataclass(frozen=True, slots=True)
class Pause:
    """A hesitation that may announce a correction."""


@cache
def _table() -> tuple[Phrases[str], frozenset[str]]:
    items, legit = [], set()
    for row in read_table("hesitations.tsv", ("words", "kind")):
        if row["kind"] == "legit":
            legit |= {fold_words(form)[0] for form in alternatives(row["words"])}
        elif row["kind"] in ("sound", "filler", "cite"):
            items += [(form, row["kind"]) for form in alternatives(row["words"])]
        else:
            raise ValueError(f"hesitations.tsv: {row}")
    return Phrases(items), frozenset(legit)


#: a comma heard around a hesitation is dropped after one of these
_OPEN = word_set(
    "le la les l un une des du de d au aux a en et ou avec sans sous sur dans par pour chez est sont ont prend garde ai"
    " presente note retrouve que qui il elle on je tres plus deux va vont vient fait etait avait doit peut veut pense"
    " montre trouve reste semble devient prenait"
)
#: words whose doubling is a slip of the tongue
_FUNCTION = word_set(
    "le la les l un une des du de d au aux a en et ou avec sans sous sur dans par pour chez est sont que qui qu il elle"
    " on je j ce cette son sa ses ne n se s pas y ai ont donc mais ni"
)
#: what is counted apart: « mille euh trois fois »
_COUNTED = word_set(
    "fois comprime comprimes gelule gelules sachet sachets ampoule ampoules bouffee bouffees goutte gouttes injection"
    " injections jours semaines"
)
_COMPOSES = word_set("cent cents mille virgule et quatre vingt vingts trente quarante cinquante soixante")


def run(state: State) -> State:
    """Hesitations, stutter and loops dropped; a loop of the recogniser leaves a finding."""
    tokens = _without_opener(_without_sounds(state.tokens))
    tokens = _without_stutter(tokens)
    tokens, findings = _without_loops(tokens)
    return state.with_tokens(tokens, *findings)


_OPENERS = ("alors", "donc", "ok", "voilà", "bon")


def _without_opener(tokens: list[Token]) -> list[Token]:
    """« alors donc patient de 60 ans »: what starts the voice, not the text. « bon état général » stays."""
    at = 0
    while at < len(tokens) and tokens[at].text.lower() in _OPENERS:
        further = at + 1 < len(tokens) and (_comma(tokens[at + 1]) or tokens[at + 1].text.lower() in _OPENERS)
        if tokens[at].text.lower() in ("voilà", "bon") and not further:
            break
        at += 2 if at + 1 < len(tokens) and _comma(tokens[at + 1]) else 1
    return tokens[at:] if at < len(tokens) else tokens


def _comma(token: Token | None) -> bool:
    return token is not None and token.kind is Kind.PUNCT and token.text in (",", "…")


def _without_sounds(tokens: Sequence[Token]) -> list[Token]:
    keys = keys_of(tokens)
    table = _table()[0]
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        hit = table.at(keys, i) if tokens[i].kind is Kind.WORD else None
        name = tokens[i].text[:1].isupper() and out and out[-1].kind is Kind.WORD  # « Ben Ali »
        if hit is None or name or (hit[0] != "sound" and not _apart(tokens, keys, i, hit[1], out, hit[0])):
            out.append(tokens[i])
            i += 1
            continue
        end = i + hit[1]
        while end < len(tokens) and (again := table.at(keys, end)) is not None and again[0] == "sound":
            end += again[1]
        i = _drop(tokens, out, i, end)
    return out


#: a quotation opens on one of these
_QUOTES = word_set("ouvrez ouvrir guillemets virgule")


def _apart(
    tokens: Sequence[Token], keys: Sequence[tuple[str, ...]], i: int, length: int, out: Sequence[Token], kind: str
) -> bool:
    """True when a filler stands between marks, or beside a sound of hesitation; « je cite » before a quotation."""
    before = not out or out[-1].kind in (Kind.PUNCT, Kind.BREAK) or isinstance(out[-1].value, Pause)
    end = i + length
    if kind == "cite":
        return end < len(tokens) and (tokens[end].text in ("«", ",", ":", "„", '"', "“") or keys[end][0] in _QUOTES)
    after = end >= len(tokens) or tokens[end].kind in (Kind.PUNCT, Kind.BREAK)
    sound = end < len(tokens) and (hit := _table()[0].at(keys, end)) is not None and hit[0] == "sound"
    return (before and after) or sound


def _drop(tokens: Sequence[Token], out: list[Token], start: int, end: int) -> int:
    """Drops ``tokens[start:end]`` and the commas that only framed them; returns where to go on."""
    following = tokens[end] if end < len(tokens) else None
    left_comma, right_comma = bool(out) and _comma(out[-1]), _comma(following)
    last_word = out[-2] if left_comma and len(out) > 1 else (out[-1] if out else None)
    skip = end + 1 if right_comma else end
    next_word = tokens[skip] if skip < len(tokens) else None
    numbers = last_word is not None and next_word is not None and _number(last_word) and _number(next_word)
    same = (
        _same_unit_again(out, left_comma, tokens, skip)
        or _same_frequency_again(out, left_comma, tokens, skip)
        or _day_again(out, tokens, skip)
    )
    if not numbers and same:
        if left_comma:
            out.pop()
        out.append(Token("", tokens[start].span, Kind.PUNCT, value=Pause()))
        return skip
    if numbers and last_word is not None and not _composes(last_word, tokens, skip):
        if left_comma:
            out.pop()
        out.append(Token("", tokens[start].span, Kind.PUNCT, value=Pause()))
        return skip
    framed = left_comma and right_comma
    opened = (
        last_word is not None and last_word.kind is Kind.WORD and bool(set(fold_words(last_word.text)[-1:]) & _OPEN)
    )
    if left_comma and (opened or numbers):
        out.pop()
    if right_comma and (framed or opened or not out or numbers):
        return skip
    if following is not None and following.kind is Kind.PUNCT and following.text == "." and (not out or _stop(out[-1])):
        return end + 1
    return end


def _same_unit_again(out: Sequence[Token], comma: bool, tokens: Sequence[Token], i: int) -> bool:
    """« six jours, euh, huit jours »: a number and its unit, then a number and the same unit."""
    end = len(out) - 1 if comma else len(out)
    if end < 2 or i >= len(tokens) or not _number(out[end - 2]) or not _number(tokens[i]):
        return False
    while i < len(tokens) and _number(tokens[i]):
        i += 1
    unit = fold_words(out[end - 1].text)
    return i < len(tokens) and bool(unit) and unit == fold_words(tokens[i].text)


def _same_frequency_again(out: Sequence[Token], comma: bool, tokens: Sequence[Token], i: int) -> bool:
    """« trois fois par jour, euh, deux fois par jour »."""
    end = len(out) - 1 if comma else len(out)
    said = [t.text.lower() for t in out[max(0, end - 3) : end]]
    if len(said) < 3 or said[:2] != ["fois", "par"] or end < 4 or not _number(out[end - 4]):
        return False
    while i < len(tokens) and _number(tokens[i]):
        i += 1
    return [t.text.lower() for t in tokens[i : i + 3]] == said


_SUBJECTS = word_set("je j il elle on nous c ca")


def _day_again(out: Sequence[Token], tokens: Sequence[Token], i: int) -> bool:
    """« le lundi douze mai, attends, le douze je suis en congrès »: the day of a date, and why it does not do."""
    at = i + 1 if i < len(tokens) and tokens[i].text.lower() == "le" else i
    end = at
    while end < len(tokens) and _number(tokens[end]):
        end += 1
    day = [t.text.lower() for t in tokens[at:end]]
    said = [t.text.lower() for t in out[-6:]]
    subject = end < len(tokens) and fold_words(tokens[end].text)[:1] in [(w,) for w in _SUBJECTS]
    return bool(day) and subject and any(said[k : k + len(day)] == day for k in range(len(said)))


def _composes(last_word: Token, tokens: Sequence[Token], i: int) -> bool:
    """True for « cent euh vingt »: one number; not for « mille euh trois fois »."""
    if fold_words(last_word.text)[-1] not in _COMPOSES:
        return False
    while i < len(tokens) and _number(tokens[i]):
        i += 1
    return i >= len(tokens) or fold_words(tokens[i].text)[-1:] not in [(w,) for w in _COUNTED]


def _stop(token: Token) -> bool:
    return token.kind is Kind.BREAK or (token.kind is Kind.PUNCT and token.text in ".?!:")


def _number(token: Token) -> bool:
    return token.kind is Kind.WORD and (token.text[:1].isdigit() or numerals.is_number_word(token.text))


def _without_stutter(tokens: Sequence[Token]) -> list[Token]:
    """« le le », « le bi- bisoprolol », « douleur douleur » once."""
    out: list[Token] = []
    for token in tokens:
        previous = out[-1] if out else None
        if previous is not None and previous.kind is Kind.WORD and token.kind is Kind.WORD:
            cut = previous.text.rstrip("-…")
            if cut != previous.text and len(cut) >= 1 and token.text.lower().startswith(cut.lower()):
                out.pop()
            elif _said_twice(previous, token):
                continue
        out.append(token)
    return out


def _said_twice(first: Token, second: Token) -> bool:
    word = fold_words(first.text)
    if not word or word != fold_words(second.text) or first.span == second.span:
        return False
    if word[0] in _table()[1] or not word[0].isalpha():
        return False
    if first.text != first.text.lower() or len(word[0]) == 1:
        return word[0] in ("a", "l", "d", "j") and first.text == first.text.lower() and len(first.text) == 2
    if numerals.is_number_word(first.text):
        return False
    return word[0] in _FUNCTION or len(word[0]) >= 4


def _without_loops(tokens: Sequence[Token]) -> tuple[list[Token], list[Finding]]:
    """Rows of one to eight tokens said three times or more in a row, once (longer ones: twice or more)."""
    keys = keys_of(tokens)
    out: list[Token] = []
    findings: list[Finding] = []
    i = 0
    while i < len(tokens):
        size, times = _loop(keys, tokens, i)
        if times == 0:
            out.append(tokens[i])
            i += 1
            continue
        end = i + size * times
        out += tokens[i : i + size]
        span = Span(tokens[i].span.first, tokens[end - 1].span.last)
        quote = " ".join(t.text for t in tokens[i : i + size])
        findings.append(
            Finding(
                "loop.collapsed", Severity.INFO, f"« {quote} » entendu {times} fois de suite, écrit une fois.", span
            )
        )
        i = end
    return out, findings


def _loop(keys: Sequence[tuple[str, ...]], tokens: Sequence[Token], i: int) -> tuple[int, int]:
    for size in range(8, 0, -1):
        block = keys[i : i + size]
        if len(block) < size or keys[i + size : i + 2 * size] != block or not any(k and k[0].isalpha() for k in block):
            continue
        times = 2
        while keys[i + size * times : i + size * (times + 1)] == block:
            times += 1
        words = [w for k in block for w in k]
        figures = sum(_number(t) for t in tokens[i : i + size])
        if len(set(map(tuple, block))) == 1 and size > 1:
            continue  # the same word over and over: size 1 decides
        letters = all(len(w) == 1 for w in words)
        if size == 1 and (letters or (figures and words[0] != "un")):
            needed = 5
        elif size >= 5 and not figures:
            needed = 2
        else:
            needed = 3 if figures < size or words == ["un"] else 5
        if times >= needed:
            return size, times
    return 0, 0
