"""Names of people and places: what is known, what is announced, what looks like one, then everywhere.

Inside a sentence every capitalised word goes unless it is known to name no one (drugs, eponyms,
acronyms, scores). At the start of a sentence a capital says nothing: there a word goes only with
other evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dictation.lexicon import Lexicon, fold
from templates.anonymise.spans import Found, words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*", re.UNICODE)
_ELISION = re.compile(r"^(?:[dlDL]|[QqJjNnSsMmTtCc]u?)['’](?=\w)")
_END = re.compile(r"[.!?…:»\n•–]\s*[«\"(–-]*\s*$")
_TITLE_DOT = re.compile(r"\b(?:M|Mr|Mme|Mlle|Dr|Drs|Pr|Me|St|Ste|cf|ex|env|art|av|bd|tél|p)\.\s*$", re.IGNORECASE)
_INITIAL = re.compile(r"(?<!\w)[A-ZÀ-Ý]\.(?:-[A-ZÀ-Ý]\.)?\s*$")


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    key: str
    #: first word of a sentence or a line
    opens: bool
    #: nothing but spaces, or a dot of a title, since the previous word
    joined: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shout(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def _tokens(text: str) -> list[_Token]:
    out: list[_Token] = []
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        elided = _ELISION.match(word)
        if elided and len(word) > elided.end() and not (word[0] in "NMTSO" and word[elided.end()].isupper()):
            head = word[: elided.end()]
            before = text[max(0, start - 12) : start]
            opens = start == 0 or bool(_END.search(before) and not _TITLE_DOT.search(before))
            out.append(
                _Token(start, start + elided.end(), head, fold(head) + "'", opens, bool(out) and not before.strip())
            )
            start += elided.end()
            word = word[elided.end() :]
        before = text[max(0, start - 12) : start]
        gap = text[out[-1].end : start] if out else "\n"
        opens = start == 0 or bool(
            _END.search(before) and not _TITLE_DOT.search(before) and not _INITIAL.search(before)
        )
        joined = bool(out) and bool(re.fullmatch(r"\.?[ \u00a0]*(?:[A-ZÀ-Ý]\.[ \u00a0]*)?", gap))
        out.append(_Token(start, start + len(word), word, fold(word), opens, joined))
    return out


def names(text: str, known: tuple[str, ...], lexicon: Lexicon | None) -> Iterator[Found]:
    """Every stretch that names somebody or some place."""
    tokens = _tokens(text)
    given = {part for name in known for part in fold(name).split() if len(part) > 1 and part not in _fold("particles")}
    marked: dict[int, str] = {}
    for n, token in enumerate(tokens):
        if token.key in given and (token.capital or token.key not in _fold("ambiguous")):
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


def _fold(name: str) -> frozenset[str]:
    return frozenset(fold(w) if not w.endswith("'") else w for w in words(name))


_CACHE: dict[str, frozenset[str]] = {}


def _list(name: str) -> frozenset[str]:
    if name not in _CACHE:
        _CACHE[name] = _fold(name)
    return _CACHE[name]


def _announced(tokens: list[_Token], n: int, marked: dict[int, str]) -> None:
    """« docteur Le Gall », « Mme de La Tour », « monsieur petit »."""
    if tokens[n].key not in _list("titles") or n in marked:
        return
    m = n + 1
    particles: list[int] = []
    taken = 0
    while m < len(tokens) and tokens[m].joined and not tokens[m].opens and m - n <= 7:
        token = tokens[m]
        if _particle(token) and not (token.shout and m + 1 == len(tokens)):
            particles.append(m)
        elif token.key in _list("titles") and not taken and (not token.capital or token.key in _CIVIL):
            particles.clear()
        elif token.capital and not (token.key in _KEPT() and not taken and token.key not in _list("ambiguous")):
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


def _particle(token: _Token) -> bool:
    elided = token.text.endswith(("'", "’")) and token.key.rstrip("'") + "'" in _list("particles")
    return elided or token.key in _list("particles")


_CIVIL = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "docteur", "docteure", "dr", "dre", "pr",
                    "professeur", "professeure"})  # fmt: skip


def _KEPT() -> frozenset[str]:
    return _list("keep")


def _lower_name(token: _Token) -> bool:
    return token.key in _list("first_names") or (token.key in _list("ambiguous") and token.key not in _list("verbs"))


def _acronym(token: _Token) -> bool:
    return token.shout and len(token.text) <= 5 and token.text.isascii() and "-" not in token.text


def _looks_like_one(tokens: list[_Token], n: int, text: str, lexicon: Lexicon | None) -> bool:
    token = tokens[n]
    if not token.capital or token.opens or len(token.text) < 2 or token.key.endswith("'"):
        return False
    if token.key in _KEPT() or token.key in _list("titles"):
        return False
    if any(c.islower() for c in token.text) and sum(c.isupper() for c in token.text) > 1 and "-" not in token.text:
        return False  # HbA1c, SpO, mRS: an acronym of mixed case
    if token.end < len(text) and text[token.end].isdigit():
        return False
    if _acronym(token):
        return False
    if token.key in _list("particles"):
        return n + 1 < len(tokens) and tokens[n + 1].capital and tokens[n + 1].joined and not tokens[n + 1].opens
    return not (lexicon is not None and _in_lexicon(token, lexicon))


def _in_lexicon(token: _Token, lexicon: Lexicon) -> bool:
    term = lexicon.find(token.text)
    return term is not None and term.kind != "person" and token.key not in _list("first_names")


def _place_before(tokens: list[_Token], n: int) -> bool:
    if not tokens[n].joined:
        return False
    before = [t.key for t in tokens[max(0, n - 4) : n]]
    return any(key in _list("place_cues") for key in before) or (bool(before) and before[-1] in ("a", "au", "aux"))


def _first_and_last(tokens: list[_Token], marked: dict[int, str], lexicon: Lexicon | None) -> None:
    """A first name makes its capitalised neighbours a name; a shouted word beside a name is one too."""
    for n, token in enumerate(tokens):
        first = token.capital and any(part in _list("first_names") for part in token.key.split())
        ambiguous = token.key in _list("ambiguous") and token.capital
        if not first and n not in marked and not ambiguous:
            continue
        m, particles = n + 1, []
        while m < len(tokens) and tokens[m].joined and m - n <= 5:
            after = tokens[m]
            if after.key in _list("particles") or after.key.endswith("'"):
                particles.append(m)
                m += 1
                continue
            strong = after.shout or first or n in marked
            if (
                after.capital
                and not after.opens
                and strong
                and after.key not in _KEPT() - _list("ambiguous")
                and not (lexicon is not None and _in_lexicon(after, lexicon) and not after.shout)
            ):
                marked[m] = "name"
                for p in particles:
                    marked[p] = "name"
                if first or ambiguous:
                    marked.setdefault(n, "name")
            break
        if first and n not in marked and (token.key not in _list("ambiguous")):
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


def _everywhere(tokens: list[_Token], marked: dict[int, str]) -> None:
    """A name found once is replaced wherever it stands with a capital."""
    found = {tokens[n].key: kind for n, kind in marked.items() if len(tokens[n].key) > 2}
    found = {key: kind for key, kind in found.items() if key not in _list("particles")}
    for n, token in enumerate(tokens):
        if n in marked or token.key not in found or not token.capital:
            continue
        after = tokens[n + 1] if n + 1 < len(tokens) else None
        ordinary = after is not None and not after.capital and after.key not in _list("verbs")
        if token.opens and token.key in _list("ambiguous") and ordinary:
            continue
        marked[n] = found[token.key]
    _before_names(tokens, marked)


#: capitalised openers of a sentence that stand before a name without being part of it
_OPENERS = frozenset(
    [
        "avec",
        "chez",
        "pour",
        "selon",
        "par",
        "de",
        "du",
        "des",
        "a",
        "au",
        "aux",
        "et",
        "ou",
        "mais",
        "avis",
        "vu",
        "j",
        "je",
        "il",
        "elle",
        "on",
        "nous",
        "vous",
        "ils",
        "elles",
        "sa",
        "son",
        "ses",
        "ma",
        "mon",
        "mes",
        "votre",
        "notre",
        "leur",
        "ce",
        "cet",
        "cette",
        "ces",
        "le",
        "la",
        "les",
        "l",
        "un",
        "une",
        "comme",
        "si",
        "quand",
        "que",
        "qui",
        "dont",
        "merci",
        "suite",
        "apres",
        "avant",
        "depuis",
        "pendant",
        "bonjour",
        "chers",
        "cher",
        "chere",
        "copie",
        "adresse",
        "adressee",
        "vit",
        "travaille",
        "accompagne",
        "accompagnee",
    ]
)


def _before_names(tokens: list[_Token], marked: dict[int, str]) -> None:
    """The capitalised word right before a name belongs to it (« : Iker D'Artois », « SAINT MARTIN »)."""
    for n in range(len(tokens) - 2, -1, -1):
        token, after, m = tokens[n], tokens[n + 1], n + 1
        while m < len(tokens) - 1 and m not in marked and tokens[m].joined and _particle(tokens[m]):
            m += 1
        if n in marked or marked.get(m) != "name" or not token.capital or after.opens:
            continue
        elided = token.key.endswith("'")
        if not (after.joined or elided) or token.key in _list("titles") or token.key in _OPENERS:
            continue
        if elided and token.opens and not token.shout and after.start != token.end:
            continue
        if token.key in _list("particles") and token.opens and not token.shout and not elided:
            continue
        if token.key in _KEPT() and token.key not in _list("ambiguous") | _list("first_names"):
            continue
        marked[n] = "name"
