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
#: letters under which ordinary words heard for something else teach nothing: they are said for themselves too often
SHORTEST_ORDINARY = 10
_EDGES = ' .,;:!?…«»()"'


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


def learn(heard: str, wanted: str, *, path: Path | None = None, lexicon: Lexicon | None = None) -> Term | None:
    """Remembers a correction: from the next utterance on, ``heard`` is written ``wanted``. Returns what is kept.

    Call it with the words as they stood and as the doctor wrote them, once the doctor agreed. ``path`` is the
    practice file and ``lexicon`` what is known; this installation's by default. Thread-safe, some milliseconds.

    Nothing is learnt (``None``) when ``heard`` is itself a known name (an existing name is never turned into
    another), made of ordinary French words only and short (« de », « sans doute »), or differs by accents only; when
    either holds figures or is a sentence; and when ``wanted`` is a proper name nobody declared: it may be a
    patient's, and this file is clear text (declare it with :func:`add` or as a recipient).

    Raises ``StorageError`` ``vocabulary.write``.
    """
    from app import wiring

    path = wiring.practice_words() if path is None else path
    wanted_as = _as_learnt(heard, wanted, path, wiring.lexicon() if lexicon is None else lexicon)
    if wanted_as is None:
        return None
    text, kind = wanted_as
    return add(path, text, spoken=(" ".join(heard.strip(_EDGES).split()),), kind=kind)


def learnable(heard: str, wanted: str, *, path: Path | None = None, lexicon: Lexicon | None = None) -> bool:
    """True when :func:`learn` would keep it: whether to offer it at all. Raises nothing, changes nothing."""
    from app import wiring

    path = wiring.practice_words() if path is None else path
    try:
        return _as_learnt(heard, wanted, path, wiring.lexicon() if lexicon is None else lexicon) is not None
    except InputError:  # the practice file is being edited by hand
        return False


def _as_learnt(heard: str, wanted: str, path: Path, lexicon: Lexicon) -> tuple[str, str] | None:
    """How ``wanted`` would be kept and as what, ``None`` when nothing is to be learnt."""
    from voice.vocabulary.ordinary import is_ordinary

    heard, wanted = heard.strip(_EDGES), wanted.strip(_EDGES)
    heard, wanted = " ".join(heard.split()), " ".join(wanted.split())
    if not fold(heard) or not fold(wanted) or fold(heard) == fold(wanted):
        return None
    if heard in lexicon and fold(lexicon.find(heard).text) == fold(heard):  # type: ignore[union-attr]
        return None
    if is_ordinary(heard) and len(fold(heard).replace(" ", "")) < SHORTEST_ORDINARY:
        return None
    long = max(len(heard.split()), len(wanted.split())) > LONGEST_NAME or max(len(heard), len(wanted)) > LONGEST
    if long or "|" in heard + wanted or any(c.isdigit() for c in heard + wanted):
        return None
    mine = lexicons.load_practice(path)
    known = mine.find(wanted) or lexicon.find(wanted)
    if known is None and any(word[:1].isupper() for word in wanted.split()):
        return None
    kind = known.kind if known is not None and known.kind in lexicons.PRACTICE_KINDS else "practice"
    return (known.text if known is not None else wanted, kind)


class Practice:
    """The words of the practice file as they are now. Call it: the same lexicon while the file stays the same.

    What another process adds is there at the next call. Thread-safe; a call costs one ``stat``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[tuple[int, int] | None, Lexicon] = (None, Lexicon())

    def __call__(self) -> Lexicon:
        """A file that cannot be read (being edited by hand) leaves what was known."""
        try:
            stat = self._path.stat()
        except OSError:
            state = (0, 0)
        else:
            state = (stat.st_mtime_ns, stat.st_size)
        if state != self._seen[0]:
            try:
                self._seen = (state, lexicons.load_practice(self._path))
            except InputError:
                self._seen = (state, self._seen[1])
        return self._seen[1]


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
