"""``calame vocabulary``: list, add, import, suggest."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import lexicons, wiring
from app.output import tell, write_text
from dictation.errors import UsageError
from dictation.lexicon import Lexicon, Term


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
    path = wiring.practice_words()
    terms = list(lexicons.load_practice(path))
    added = lexicons.merge(Lexicon([Term(word.strip(), "practice")]), Lexicon(terms))
    write_text(path, lexicons.practice_text(added))
    tell(f"Ajouté au vocabulaire\u00a0: {word.strip()}")
    return 0


def _import(path: Path) -> int:
    official = lexicons.load_bdpm(path)
    target = wiring.official_lexicon()
    target.parent.mkdir(parents=True, exist_ok=True)
    lexicons.save_cache(official, target)
    tell(f"{len(official)} noms importés (révision {official.revision}).")
    return 0


def _suggest(word: str) -> int:
    from voice.vocabulary import suggest

    for term, distance in suggest(wiring.lexicon(), word):
        print(f"{term}\t{distance:.2f}")
    return 0
