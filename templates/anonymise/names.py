"""Names of people and places: what is known, what is announced, what looks like one, then everywhere.

Inside a sentence every capitalised word goes unless it is known to name no one (drugs, eponyms,
acronyms, scores). At the start of a sentence a capital says nothing: there a word goes only with
other evidence.
"""

from __future__ import annotations

from collections.abc import Iterator

from dictation.lexicon import Lexicon, fold
from templates.anonymise.spans import Found
from templates.anonymise.tokens import Token, listed, tokens_of


def names(text: str, known: tuple[str, ...], lexicon: Lexicon | None) -> Iterator[Found]:
    """Every stretch that names somebody or some place."""
    tokens = tokens_of(text)
    given = {part for name in known for part in fold(name).split() if len(part) > 1 and part not in listed("particles")}
    marked: dict[int, str] = {}
    for n, token in enumerate(tokens):
        if token.key in given and (token.capital or token.key not in listed("ambiguous")):
            marked[n] = "name"
    for n in range(len(tokens)):
        _announced(tokens, n, marked)
    for n in range(len(tokens)):
        if n not in marked and _looks_like_one(tokens, n, text, lexicon):
            marked[n] = "place" if _place_before(tokens, n) else "name"
    _first_and_last(tokens, marked, lexicon)
    _everywhere(tokens, marked)
    for n, kind in marked.items():
        token = tokens[n]
        yield Found(token.start, token.end, kind, token.key)


def _announced(tokens: list[Token], n: int, marked: dict[int, str]) -> None:
    """« docteur Le Gall », « Mme de La Tour », « monsieur petit »."""
    if tokens[n].key not in listed("titles") or n in marked:
        return
    m = n + 1
    particles: list[int] = []
    taken = 0
    while m < len(tokens) and tokens[m].joined and not tokens[m].opens and m - n <= 7:
        token = tokens[m]
        if _particle(token) and not (token.shout and m + 1 == len(tokens)):
            particles.append(m)
        elif token.key in listed("titles") and not taken and (not token.capital or token.key in _CIVIL):
            particles.clear()
        elif token.capital and not (token.key in listed("keep") and not taken and token.key not in listed("ambiguous")):
            for p in particles:
                marked[p] = "name"
            particles.clear()
            marked[m] = "name"
            taken += 1
        elif not taken and not particles and not token.capital and tokens[n].key in _CIVIL and _lower_name(token):
            marked[m] = "name"
            taken += 1
        else:
            break
        m += 1


def _particle(token: Token) -> bool:
    elided = token.text.endswith(("'", "’")) and token.key.rstrip("'") + "'" in listed("particles")
    return elided or token.key in listed("particles")


_CIVIL = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "docteur", "docteure", "dr", "dre", "pr",
                    "professeur", "professeure"})  # fmt: skip


def _lower_name(token: Token) -> bool:
    return token.key in listed("first_names") or (token.key in listed("ambiguous") and token.key not in listed("verbs"))


def _acronym(token: Token) -> bool:
    return token.shout and len(token.text) <= 5 and token.text.isascii() and "-" not in token.text


def _looks_like_one(tokens: list[Token], n: int, text: str, lexicon: Lexicon | None) -> bool:
    token = tokens[n]
    if not token.capital or token.opens or len(token.text) < 2 or token.key.endswith("'"):
        return False
    if token.key in listed("keep") or token.key in listed("titles"):
        return False
    if any(c.islower() for c in token.text) and sum(c.isupper() for c in token.text) > 1 and "-" not in token.text:
        return False  # HbA1c, SpO, mRS: an acronym of mixed case
    if token.end < len(text) and text[token.end].isdigit():
        return False
    if _acronym(token):
        return False
    if token.key in listed("particles"):
        return n + 1 < len(tokens) and tokens[n + 1].capital and tokens[n + 1].joined and not tokens[n + 1].opens
    return not (lexicon is not None and _in_lexicon(token, lexicon))


def _in_lexicon(token: Token, lexicon: Lexicon) -> bool:
    term = lexicon.find(token.text)
    return term is not None and term.kind != "person" and token.key not in listed("first_names")


def _place_before(tokens: list[Token], n: int) -> bool:
    if not tokens[n].joined:
        return False
    before = [t.key for t in tokens[max(0, n - 4) : n]]
    return any(key in listed("place_cues") for key in before) or (bool(before) and before[-1] in ("a", "au", "aux"))


def _first_and_last(tokens: list[Token], marked: dict[int, str], lexicon: Lexicon | None) -> None:
    """A first name makes its capitalised neighbours a name; a shouted word beside a name is one too."""
    for n, token in enumerate(tokens):
        first = token.capital and any(part in listed("first_names") for part in token.key.split())
        ambiguous = token.key in listed("ambiguous") and token.capital
        if not first and n not in marked and not ambiguous:
            continue
        m, particles = n + 1, []
        while m < len(tokens) and tokens[m].joined and m - n <= 5:
            after = tokens[m]
            if after.key in listed("particles") or after.key.endswith("'"):
                particles.append(m)
                m += 1
                continue
            strong = after.shout or first or n in marked
            if (
                after.capital
                and not after.opens
                and strong
                and after.key not in listed("keep") - listed("ambiguous")
                and not (lexicon is not None and _in_lexicon(after, lexicon) and not after.shout)
            ):
                marked[m] = "name"
                for p in particles:
                    marked[p] = "name"
                if first or ambiguous:
                    marked.setdefault(n, "name")
            break
        if first and n not in marked and (token.key not in listed("ambiguous")):
            marked[n] = "name"
        if n + 1 < len(tokens) and n + 1 in marked and tokens[n + 1].joined and token.shout and not _acronym(token):
            marked[n] = "name"
        if (
            n
            and n in marked
            and token.joined
            and not token.opens
            and tokens[n - 1].shout
            and len(tokens[n - 1].text) > 2
            and (first or not _acronym(tokens[n - 1]))
        ):
            marked[n - 1] = "name"


def _everywhere(tokens: list[Token], marked: dict[int, str]) -> None:
    """A name found once is replaced wherever it stands with a capital."""
    found = {tokens[n].key: kind for n, kind in marked.items() if len(tokens[n].key) > 2}
    found = {key: kind for key, kind in found.items() if key not in listed("particles")}
    for n, token in enumerate(tokens):
        if n in marked or token.key not in found or not token.capital:
            continue
        after = tokens[n + 1] if n + 1 < len(tokens) else None
        ordinary = after is not None and not after.capital and after.key not in listed("verbs")
        if token.opens and token.key in listed("ambiguous") and ordinary:
            continue
        marked[n] = found[token.key]
    _before_names(tokens, marked)


def _before_names(tokens: list[Token], marked: dict[int, str]) -> None:
    """The capitalised word right before a name belongs to it (« : Iker D'Artois », « SAINT MARTIN »)."""
    for n in range(len(tokens) - 2, -1, -1):
        token, after, m = tokens[n], tokens[n + 1], n + 1
        while m < len(tokens) - 1 and m not in marked and tokens[m].joined and _particle(tokens[m]):
            m += 1
        if n in marked or marked.get(m) != "name" or not token.capital or after.opens:
            continue
        elided = token.key.endswith("'")
        if not (after.joined or elided) or token.key in listed("titles") or token.key in listed("openers"):
            continue
        if elided and token.opens and not token.shout and after.start != token.end:
            continue
        if token.key in listed("particles") and token.opens and not token.shout and not elided:
            continue
        if token.key in listed("keep") and token.key not in listed("ambiguous") | listed("first_names"):
            continue
        marked[n] = "name"
