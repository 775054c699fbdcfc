"""``calame vocabulary``: list, add, import, suggest."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import lexicons, vocabulary, wiring
from app.output import tell
from dictation.errors import UsageError


def run(args: argparse.Namespace) -> int:
    """``list`` when no action is given."""
    if args.what == "add":
        return _add(args.term)
    if args.what == "import":
        return _import(Path(args.file))
    if args.what == "suggest":
        return _suggest(args.word)
    words = lexicons.load_practice(wiring.practice_words())
    for name in words.names():
        print(name)
    whole = wiring.lexicon()
    tell(f"{len(words)} mot(s) du cabinet, {len(whole)} noms en tout (révision {whole.revision}).")
    return 0


def _add(word: str) -> int:
    if not word.strip():
        raise UsageError("usage", "Quel mot\u00a0? calame vocabulary add «\u00a0mot\u00a0»")
    added = vocabulary.add(wiring.practice_words(), word)
    tell(f"Ajouté au vocabulaire\u00a0: {added.text}")
    return 0


def _import(path: Path) -> int:
    brought = vocabulary.import_file(path, practice=wiring.practice_words(), official=wiring.official_lexicon())
    tell(f"{len(brought)} noms importés (révision {brought.revision}).")
    return 0


def _suggest(word: str) -> int:
    from voice.vocabulary import suggest

    for term, distance in suggest(wiring.lexicon(), word):
        print(f"{term}\t{distance:.2f}")
    return 0
