"""The practice's own words and what the vocabulary learns: behind ``calame vocabulary`` and corrections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app import lexicons
from dictation.errors import InputError, StorageError
from dictation.lexicon import Lexicon, Term, fold

LONGEST = 80
#: words of a correction beyond which it is a sentence, not a name
LONGEST_NAME = 4


def add(path: Path, text: str, *, spoken: Iterable[str] = (), kind: str = "practice") -> Term:
    """Adds a word to the practice file ``path``, or ``spoken`` forms to one that is there; returns it as kept.

    Raises ``InputError`` ``vocabulary.word`` (empty, too long, no letter) or ``vocabulary.kind``, and
    ``StorageError`` ``vocabulary.write``.
    """
    text = " ".join(text.split())
    forms = tuple(" ".join(s.split()) for s in spoken)
    for word in (text, *forms):
        if not fold(word) or len(word) > LONGEST or "|" in word or not word.isprintable():
            raise InputError(
                "vocabulary.word", f"Donnez un mot ou un nom d'au plus {LONGEST} caractères, avec des lettres."
            )
    if kind not in lexicons.PRACTICE_KINDS:
        raise InputError(
            "vocabulary.kind", f"Genre inconnu\u00a0: choisissez parmi {', '.join(lexicons.PRACTICE_KINDS)}."
        )
    terms = list(lexicons.load_practice(path))
    for number, term in enumerate(terms):
        if fold(term.text) == fold(text):
            kept = replace(term, text=text, spoken=tuple(dict.fromkeys((*term.spoken, *forms))))
            terms[number] = kept
            break
    else:
        kept = Term(text, kind, spoken=forms)
        terms.append(kept)
    _write(path, terms)
    return kept


def remove(path: Path, text: str) -> bool:
    """Removes a word from the practice file; ``False`` when it is not there."""
    terms = tuple(lexicons.load_practice(path))
    left = [t for t in terms if fold(t.text) != fold(text)]
    if len(left) == len(terms):
        return False
    _write(path, left)
    return True


def learn(path: Path, heard: str, wanted: str, lexicon: Lexicon) -> Term | None:
    """Remembers a correction in the practice file: ``heard`` becomes a spoken form of ``wanted``.

    Nothing is learnt (``None``) when ``heard`` is itself a known name (an existing name is never turned into
    another), an ordinary French word, or differs by accents only, and when either holds figures or is a sentence.
    """
    from voice.vocabulary.ordinary import is_ordinary

    heard, wanted = " ".join(heard.split()), " ".join(wanted.split())
    if not fold(heard) or not fold(wanted) or fold(heard) == fold(wanted) or heard in lexicon or is_ordinary(heard):
        return None
    long = max(len(heard.split()), len(wanted.split())) > LONGEST_NAME or max(len(heard), len(wanted)) > LONGEST
    if long or "|" in heard + wanted or any(c.isdigit() for c in heard + wanted):
        return None
    known = lexicon.find(wanted)
    kind = known.kind if known is not None and known.kind in lexicons.PRACTICE_KINDS else "practice"
    return add(path, wanted, spoken=(heard,), kind=kind)


def import_file(path: Path, *, practice: Path, official: Path) -> Lexicon:
    """Imports ``path``: the public register (``CIS_bdpm.txt`` or a table of it) or ``drugs.json`` into the cache
    ``official``, replacing what it held; a list of practice words is added to ``practice``. Returns what it brought.

    Raises ``InputError`` when the file cannot be used and ``StorageError`` ``vocabulary.write``.
    """
    register = path.suffix.lower() != ".json" and lexicons.is_register(path)
    if path.suffix.lower() != ".json" and not register:
        mine = lexicons.load_practice(path)
        _write(practice, lexicons.merge(mine, lexicons.load_practice(practice)))
        return mine
    found = lexicons.load_bdpm(path) if register else lexicons.load_edsnlp(path)
    try:
        lexicons.save_cache(found, official)
    except OSError as error:
        raise _unwritable() from error
    return found


def _write(path: Path, terms: Iterable[Term]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partiel")
        partial.write_text(lexicons.practice_text(terms), "utf-8")
        partial.replace(path)
    except OSError as error:
        raise _unwritable() from error


def _unwritable() -> StorageError:
    return StorageError(
        "vocabulary.write", "Le vocabulaire ne peut pas être enregistré\u00a0: vérifiez la place et les droits."
    )
