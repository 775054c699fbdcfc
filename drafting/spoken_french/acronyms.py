"""Spelled letters joined: « I R M » -> IRM, « N T pro B N P » -> NT-proBNP, « T.A. » -> TA.

Forms with figures or small letters are rows of ``acronyms.tsv``; ``acronyms.txt`` lists known plain
acronyms, used to cut long runs apart (« T A F C ») and to read small letters. Runs nobody listed are
joined all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from drafting.spoken_french import numerals
from drafting.spoken_french.phrases import Key, Phrases, alternatives, fold_words, keys_of, read_table, word_set
from drafting.spoken_french.token import Kind, State, Token

_DOTTED = re.compile(r"^(?:[A-Za-zÀ-ÿ]\.){1,}[A-Za-zÀ-ÿ]\.?$")
#: « arthro-I » before « R M », « uro-T » before « D M »
_HYPHENED = re.compile(r"^([a-zà-ÿ]{3,})-([A-Z])$")
_WHEN = frozenset(("", "number", "oxygen", "hormone", "vitamin", "never"))
_OXYGEN = word_set("litre litres min minute sous d l en minutes")
#: a letter after one of these is a name of its own: « hépatite B », « vitamine D », « groupe A »
_OWN_LETTER = word_set("hepatite vitamine vitamines groupe stade type classe facteur child docteur meningocoque")


@cache
def forms() -> Phrases[tuple[str, str]]:
    """Phrases of ``acronyms.tsv`` with their written form and condition."""
    items = []
    for row in read_table("acronyms.tsv", ("spoken", "written", "when")):
        if row["when"] not in _WHEN:
            raise ValueError(f"acronyms.tsv: condition {row['when']!r}")
        items += [(form, (row["written"], row["when"])) for form in alternatives(row["spoken"])]
    return Phrases(items)


@cache
def _known() -> dict[str, bool]:
    """Known acronyms; ``True`` when its small form may be read from one word."""
    text = resources.files("drafting.spoken_french").joinpath("acronyms.txt").read_text(encoding="utf-8")
    names = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return {name.rstrip("*"): not name.endswith("*") and len(name) >= 3 for name in names}


def run(state: State) -> State:
    """Letters joined; other words unchanged."""
    tokens, keys = state.tokens, keys_of(state.tokens)
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind is not Kind.WORD:
            out.append(token)
            i += 1
            continue
        hit = forms().at(keys, i)
        if hit is not None and _allowed(hit[0][1], tokens, keys, i, hit[1], out) and not _overruns(tokens, i, hit[1]):
            out += _written(tokens[i : i + hit[1]], hit[0][0])
            i += hit[1]
            continue
        stem = _HYPHENED.match(token.text)
        if stem is not None and (end := _run_end(tokens, i + 1) if i + 1 < len(tokens) else i + 1) > i + 1:
            letters = "".join(t.text[0] for t in tokens[i + 1 : end]).upper()
            span = token.span.join(tokens[end - 1].span)  # « arthro-I R M »
            out.append(Token(f"{stem[1]}-{stem[2].upper()}{letters}", span, Kind.WORD, glued=token.glued))
            out += _closing_dot(tokens[end - 1])
            i = end
            continue
        end = _run_end(tokens, i)
        if end > i + 1:
            out += _joined(tokens, i, end)
            i = end
            continue
        out.append(_single(token))
        i += 1
    return state.with_tokens(out)


def _allowed(
    when: str, tokens: Sequence[Token], keys: Sequence[Key], i: int, length: int, out: Sequence[Token]
) -> bool:
    following = tokens[i + length] if i + length < len(tokens) else None
    before = keys[i - 1] if i else ()
    match when:
        case "never":
            return False
        case "number":
            return following is not None and (
                numerals.is_number_word(following.text) or following.text[:1].isdigit() or following.text == "à"
            )
        case "oxygen":
            return bool(before) and before[-1] in _OXYGEN and tokens[i].text in ("O", "O2")
        case "hormone":
            return (
                tokens[i].text[:1] == "T"
                and bool(out)
                and out[-1].text.lower() in ("hormone", "tsh", "dosage", "t3", "t4")
            )
        case "vitamin":
            return keys[i][0] == "vitamine" or (bool(before) and before[-1] in ("vitamine", "vitamines"))
    return True


def _overruns(tokens: Sequence[Token], i: int, length: int) -> bool:
    """True when letters go on past a form made of letters only (« P A P » inside « P A P P »)."""
    return (
        all(_letter(t) for t in tokens[i : i + length])
        and i + length < len(tokens)
        and _plain_letter(tokens[i + length])
    )


def _written(row: Sequence[Token], text: str) -> list[Token]:
    span = row[0].span
    for token in row[1:]:
        span = span.join(token.span)
    if fold_words(row[0].text) == ("vitamine",) and not text.startswith("vitamine"):
        text = "vitamine " + text
    made = Token(text, span, Kind.ACRONYM, glued=row[0].glued)
    return [made, *_closing_dot(row[-1])]


def _closing_dot(last: Token) -> list[Token]:
    """The full stop that stuck to the last letter (« B P C O. »)."""
    if len(last.text) == 2 and last.text.endswith("."):
        return [Token(".", last.span, Kind.PUNCT, glued=True)]
    return []


def _letter(token: Token) -> bool:
    return token.kind is Kind.WORD and (
        (len(token.text) == 1 and token.text.isalpha() and token.text not in "àÀôÔ")
        or (len(token.text) == 2 and token.text[1] == "." and token.text[0].isupper())
    )


def _plain_letter(token: Token) -> bool:
    return _letter(token) and token.text not in ("a", "y")


def _run_end(tokens: Sequence[Token], i: int) -> int:
    """End of the run of spelled letters that starts at ``i``; ``i`` when there is none."""
    if not _letter(tokens[i]) or tokens[i].text.endswith("."):
        return i
    end = i
    while end < len(tokens) and _letter(tokens[end]) and (end == i or not tokens[end].glued):
        end += 1
        if tokens[end - 1].text.endswith("."):
            break
    upper = any(t.text[0].isupper() for t in tokens[i:end])
    while end > i and upper and tokens[end - 1].text in ("a", "y"):
        end -= 1  # « la T A a baissé »
    if upper and tokens[i].text in ("a", "y"):
        return i
    letters = "".join(t.text[0] for t in tokens[i:end]).upper()
    if (
        not upper
        and letters not in _known()
        and (len(letters) < 3 or tokens[i].text in "ay" or tokens[end - 1].text in "ay")
    ):
        return i
    return end


def _joined(tokens: Sequence[Token], i: int, end: int) -> list[Token]:
    row = tokens[i:end]
    letters = "".join(t.text[0] for t in row).upper()
    before = fold_words(tokens[i - 1].text) if i else ()
    if before and before[-1] in _OWN_LETTER and letters not in _known() and len(row) > 1:
        rest = _cut(letters[1:])
        if rest is not None or len(row) == 2:
            if len(row) == 2:
                return list(row)
            return [row[0], *_pieces(row[1:], rest or [letters[1:]])]
    following = tokens[end].text if end < len(tokens) else ""
    if (
        letters not in _known()
        and letters[:-1] in _known()
        and _cut(letters) is None
        and (numerals.is_number_word(following) or following[:1].isdigit())
    ):
        return [*_pieces(row[:-1], [letters[:-1]]), row[-1]]  # « T S H T quatre »: the last letter has its own figure
    pieces = [letters] if letters in _known() else (_cut(letters) or [letters])
    return _pieces(row, pieces)


def _pieces(row: Sequence[Token], pieces: Sequence[str]) -> list[Token]:
    out: list[Token] = []
    at = 0
    for piece in pieces:
        part = row[at : at + len(piece)]
        out.append(Token(piece, part[0].span.join(part[-1].span), Kind.ACRONYM, glued=part[0].glued))
        at += len(piece)
    return out + _closing_dot(row[-1])


def _cut(letters: str) -> list[str] | None:
    """``letters`` as a row of known acronyms, fewest pieces first; ``None`` when they do not make one."""
    if len(letters) > 24:
        return None
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 8), end - 1):
            if start in best and letters[start:end] in _known():
                option = [*best[start], letters[start:end]]
                if end not in best or len(option) < len(best[end]):
                    best[end] = option
    return best.get(len(letters))


def _single(token: Token) -> Token:
    """« T.A. » -> TA, « irm » -> IRM."""
    text = token.text
    if _DOTTED.match(text):
        return replace(token, text=text.replace(".", "").upper(), kind=Kind.ACRONYM)
    if text.isalpha() and len(text) >= 3 and text != text.upper() and text[1:].islower() and _known().get(text.upper()):
        return replace(token, text=text.upper(), kind=Kind.ACRONYM)
    if text.isupper() and text in _known():
        return replace(token, kind=Kind.ACRONYM)
    return token
