"""Text as cues see it: lower case, no accents, plain apostrophes and spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PLAIN = str.maketrans({"’": "'", "‘": "'", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "–": "-", "‑": "-"})
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Folded ``text``; ``""`` stays ``""``. Length may change: never use it for positions."""
    plain = unicodedata.normalize("NFD", text.translate(_PLAIN).lower())
    return _SPACES.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
