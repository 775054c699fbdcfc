"""Cutting written tokens into sentences, titles apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafting.spoken_french.command_rules import bare_titles, titles
from drafting.spoken_french.layout import join
from drafting.spoken_french.phrases import keys_of
from drafting.spoken_french.sentences import ends_sentence
from drafting.spoken_french.token import Kind, Token


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens of one sentence, its final mark included."""

    tokens: tuple[Token, ...]
    heading: str | None
    paragraph: int


def sentences_of(tokens: Sequence[Token]) -> Iterator[Sentence]:
    """Sentences in order; a title with nothing after it comes as a sentence of its own."""
    heading: str | None = None
    title: tuple[Token, ...] = ()
    paragraph = 0
    for row, breaks in _rows(tokens):
        while row:
            cut = _title_end(row, breaks != "")
            if cut == 0:
                break
            if title:
                yield Sentence(title, None, paragraph)
            title = tuple(row[:cut])
            name = [t for t in title if t.kind is not Kind.PUNCT]
            heading = join(name)
            if keys_of(name)[0][:1] == ("conduit",):
                heading = "Conduite" + heading[len("conduit") :]  # as recognisers hear it
            heading = heading[:1].upper() + heading[1:]
            row = row[cut:]
            while row and row[0].kind is Kind.PUNCT and row[0].text in ",.:;":
                row = row[1:]
        if heading is None and (cut := _salutation_end(row)):
            yield Sentence(tuple(row[:cut]), None, paragraph)
            row = row[cut:]
        if any(_content(t) for t in row):
            yield Sentence(tuple(row), heading, paragraph)
            heading, title = None, ()
        if breaks.startswith("\n\n"):
            paragraph += 1
    if title:
        yield Sentence(title, None, paragraph)


_DEAR = frozenset(("cher", "chere", "chers", "cheres"))
_ADDRESSED = frozenset(("madame", "monsieur", "bonjour", "bonsoir"))
#: longest salutation: « mon cher confrère et ami, »
_LONGEST_SALUTATION = 7


def _salutation_end(row: Sequence[Token]) -> int:
    """« Cher confrère, | je vous adresse … »: tokens of the salutation and its comma; 0 when there is none."""
    keys = keys_of(row[: _LONGEST_SALUTATION + 1])
    first = 1 if keys and keys[0][0] in ("mon", "ma", "mes") else 0
    comma = next((i for i, t in enumerate(row[: _LONGEST_SALUTATION + 1]) if t.text == ","), 0)
    if not first < comma < len(row) - 1 or not keys[first]:
        return 0
    opening = keys[first][0]
    alone = opening in _ADDRESSED and (comma == 1 or "cher" in [k for key in keys[1:comma] for k in key])
    return comma + 1 if opening in _DEAR or alone else 0


def _content(token: Token) -> bool:
    return token.kind not in (Kind.PUNCT, Kind.BREAK) and bool(token.text.strip())


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[list[Token], str]]:
    """Rows of tokens up to each end of sentence, with the text of the break that follows, if any."""
    row: list[Token] = []
    for i, token in enumerate(tokens):
        if token.kind is Kind.BREAK:
            if row:
                yield row, token.text
            row = []
            continue
        row.append(token)
        if ends_sentence(token) and not _inside(row):
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and following.kind is Kind.PUNCT and following.text in ("»", ")"):
                continue
            if following is None or following.kind is not Kind.BREAK:
                yield row, ""
                row = []
    if row:
        yield row, ""


def _inside(row: Sequence[Token]) -> bool:
    """True inside an open parenthesis: its marks end no sentence."""
    opened = sum(t.text == "(" for t in row if t.kind is Kind.PUNCT)
    return opened > sum(t.text == ")" for t in row if t.kind is Kind.PUNCT)


def _spoken_comma(row: Sequence[Token]) -> int:
    """« Conclusion, lombosciatique … », « Traitement, en cours : »: a title with a recogniser's comma; 0 when none."""
    bare = [(i, t) for i, t in enumerate(row[:9]) if t.text != ","]
    hit = bare_titles().at(keys_of([t for _, t in bare]), 0)
    if hit is None:
        return 0
    last = bare[hit[1] - 1][0] + 1
    if last >= len(row) - 1 or row[last].kind is not Kind.PUNCT or row[last].text not in (":", ","):
        return 0
    return last + 1 if row[last].text == ":" or last == hit[1] else 0


def _title_end(row: Sequence[Token], before_break: bool) -> int:
    """How many tokens of ``row`` are a title and its mark; 0 when it opens with none."""
    if row[0].kind is Kind.HEADING:
        return 2 if len(row) > 1 and row[1].kind is Kind.PUNCT and row[1].text == ":" else 1
    spoken = _spoken_comma(row)
    if spoken:
        return spoken
    hit = titles().at(keys_of(row[:8]), 0)
    if hit is None:
        return 0
    end = hit[1]
    if end < len(row) and row[end].kind is Kind.PUNCT and row[end].text == ":":
        return end + 1
    rest = row[end:]
    if before_break and all(t.kind is Kind.PUNCT and t.text in ".:" for t in rest):
        return len(row)
    return 0
