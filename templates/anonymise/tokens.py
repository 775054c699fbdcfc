"""Words of a text with what tells a name from another word: capital, place in the sentence, what stands before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dictation.lexicon import fold
from templates.anonymise.spans import words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+(?:['’][^\W\d_]+)*)*", re.UNICODE)
_ELISION = re.compile(r"^(?:[dlDL]|[QqJjNnSsMmTtCc]u?)['’](?=\w)")
_END = re.compile(r"[.!?…:»\n•–]\s*[«\"(–-]*\s*$")
_TITLE_DOT = re.compile(r"\b(?:M|Mr|Mme|Mlle|Dr|Drs|Pr|Me|St|Ste|cf|ex|env|art|av|bd|tél|p)\.\s*$", re.IGNORECASE)
_INITIAL = re.compile(r"(?<!\w)[A-ZÀ-Ý]\.(?:-[A-ZÀ-Ý]\.)?\s*$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word; an elision (« l' ») is one of its own."""

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
        """Begins with a capital."""
        return self.text[0].isupper()

    @property
    def shout(self) -> bool:
        """All in capitals."""
        return len(self.text) > 1 and self.text.isupper()


def tokens_of(text: str) -> list[Token]:
    """In order."""
    out: list[Token] = []
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        elided = _ELISION.match(word)
        if elided and len(word) > elided.end() and not (word[0] in "NMTSO" and word[elided.end()].isupper()):
            head = word[: elided.end()]
            before = text[max(0, start - 12) : start]
            opens = start == 0 or bool(_END.search(before) and not _TITLE_DOT.search(before))
            out.append(
                Token(start, start + elided.end(), head, fold(head) + "'", opens, bool(out) and not before.strip())
            )
            start += elided.end()
            word = word[elided.end() :]
        before = text[max(0, start - 12) : start]
        gap = text[out[-1].end : start] if out else "\n"
        opens = start == 0 or bool(
            _END.search(before) and not _TITLE_DOT.search(before) and not _INITIAL.search(before)
        )
        joined = bool(out) and bool(re.fullmatch(r"\.?[ \u00a0]*(?:[A-ZÀ-Ý]\.[ \u00a0]*)?", gap))
        out.append(Token(start, start + len(word), word, fold(word), opens, joined))
    return out


def folded(name: str) -> frozenset[str]:
    """A list of ``words.toml``, folded."""
    return frozenset(fold(w) if not w.endswith("'") else w for w in words(name))


_CACHE: dict[str, frozenset[str]] = {}


def listed(name: str) -> frozenset[str]:
    """The same, kept."""
    if name not in _CACHE:
        _CACHE[name] = folded(name)
    return _CACHE[name]
