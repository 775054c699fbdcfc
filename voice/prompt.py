"""What the decoder is told before an utterance: a line in the style of dictation, terms, the last text.

Measured: the style line and the last text each cut the errors; too many terms break the decoder, so the
whole is held under Whisper's 224 tokens with room to spare.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources

#: characters of the last text that are given again
LAST_CHARS = 200
STYLE_TOKENS, TERM_TOKENS, LAST_TOKENS = 80, 70, 64


@lru_cache(maxsize=1)
def default_style() -> str:
    """The shipped line of ``style.txt``."""
    return " ".join(resources.files("voice").joinpath("style.txt").read_text("utf-8").split())


def last_text(text: str) -> str:
    """The end of ``text`` from a word's start, at most ``LAST_CHARS`` long."""
    if len(text) <= LAST_CHARS:
        return text.strip()
    tail = text[-LAST_CHARS:]
    return tail[tail.find(" ") + 1 :].strip()


def prompt_tokens(
    encode: Callable[[str], list[int]], *, style: str | None, terms: Sequence[str], previous: str
) -> list[int]:
    """Tokens that go between ``<|startofprev|>`` and ``<|startoftranscript|>``; empty when there is nothing.

    Terms come whole or not at all, best first; the last text stands nearest to what is heard.
    """
    out: list[int] = []
    if style:
        out += encode(" " + style.strip())[:STYLE_TOKENS]
    room = TERM_TOKENS
    for term in dict.fromkeys(t.strip() for t in terms if t.strip()):
        tokens = encode(f" {term},")
        if len(tokens) > room:
            break
        room -= len(tokens)
        out += tokens
    if previous.strip():
        out += encode(" " + last_text(previous))[-LAST_TOKENS:]
    return out
