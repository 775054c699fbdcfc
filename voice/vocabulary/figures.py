"""Figures heard as other words: « sans milligrammes », « 58 en », « disseances », « cinq mille milligrammes ».

The recogniser writes ordinary words that sound like a number or a unit. Where a figure must stand (beside a number, a
unit, « sur », « virgule »), words heard without certainty are compared with number words and units by their sound,
and the text with each of them is scored on the same sound like a name is. A number heard as a number is never
changed to another one: at most it is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from dictation.evidence import Finding, Severity
from dictation.lexicon import Lexicon, Term, fold
from dictation.number_words import TENS, UNITS, WORDS, spell_number
from dictation.sound import Utterance
from dictation.transcript import Span, Word
from voice.seams import Decoder
from voice.vocabulary.candidates import Candidate
from voice.vocabulary.heard import Piece, cues, pieces_of
from voice.vocabulary.phonetics import distance, phonemes
from voice.vocabulary.rewriting import replaced, shifted, total, totals

#: words surer than this are not doubted
SURE = 0.8
#: words that one figure may have been heard as
MOST_PIECES = 3
FAR, FAR_SHORT, SHORT = 0.24, 0.1, 3
KIND = "figure"
#: a figure needs this much support: log-probability gained over what was heard (nats), less its distance in sound.
#: Below zero because ordinary words are likelier than figures before any sound is heard
ENOUGH, PER_DISTANCE = -6.5, 10.0
#: a figure so found is never sure
CONFIDENCE = 0.5
PER_GROUP, MOST_GROUPS = 4, 4
_NEVER_LAST = frozenset({"en", "dans", "de", "des", "les", "ses", "sans"})
_TEN_MORE = frozenset({"sept", "huit", "neuf"})
_JOINS = frozenset({"virgule", "sur"})
#: so many thousands of milligrammes are no dose: « cinq mille milligrammes » is « cinq milligrammes » with a stammer
_THOUSAND = 1000


def revise_figures(
    utterance: Utterance,
    words: list[Word],
    findings: Sequence[Finding],
    lexicon: Lexicon,
    decoder: Decoder,
    previous: str,
) -> tuple[list[Word], list[Finding]]:
    """``words`` with figures where the sound supports them, each kept as heard, less sure, and asked about.

    Returns them with ``findings`` (spans in words of the utterance) and its own.
    """
    pieces = pieces_of(words, lexicon)
    groups = _groups(figure_candidates(pieces))
    findings = list(findings)
    heard = total(decoder, utterance, " ".join(w.text for w in words), (), previous) if groups else 0.0
    old = words
    # from the end, so that positions before stay true
    for group in sorted(groups, key=lambda g: -g[0].first):
        texts = [" ".join(w.text for w in replaced(old, pieces, c)) for c in group]
        gains = [value - heard for value in totals(decoder, utterance, texts, (), previous)]
        gain, best = max(zip(gains, group, strict=True), key=lambda pair: pair[0] - PER_DISTANCE * pair[1].distance)
        span = Span(pieces[best.first].word, pieces[best.last - 1].word + 1)
        said = " ".join(w.text for w in old[span.first : span.last]).strip(" ,.;:")
        if gain - PER_DISTANCE * best.distance < ENOUGH:
            continue
        before = len(words)
        words = replaced(words, pieces, best, CONFIDENCE)
        by = len(words) - before
        findings = [shifted(f, span.first, by) for f in findings if f.span is None or not _touch(f.span, span)]
        findings.append(_ask(Span(span.first, span.last + by), best.term.text, said))
    return words, sorted(findings, key=lambda f: f.span.first if f.span else 0)


def _groups(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Candidates for the same words, nearest first; the groups do not touch."""
    out: list[list[Candidate]] = []
    for candidate in candidates:
        touching = [g for g in out if any(c.first < candidate.last and candidate.first < c.last for c in g)]
        if not touching and len(out) < MOST_GROUPS:
            out.append([candidate])
        elif len(touching) == 1 and len(touching[0]) < PER_GROUP:
            touching[0].append(candidate)
    return out


def _touch(a: Span, b: Span) -> bool:
    return a.first < b.last and b.first < a.last


def _ask(span: Span, written: str, heard: str) -> Finding:
    message = f"À réécouter\u00a0: «\u00a0{written}\u00a0» ou «\u00a0{heard}\u00a0»\u00a0?"
    return Finding("word.doubtful", Severity.CHECK, message, span, candidates=(written, heard))


def figure_candidates(pieces: Sequence[Piece]) -> list[Candidate]:
    """Numbers and units that may have been said where something else was heard, nearest first."""
    keys = [fold(p.text) if p.text not in "%°" else p.text for p in pieces]
    out: list[Candidate] = []
    for first in range(len(pieces)):
        for last in range(first + 1, min(first + MOST_PIECES, len(pieces)) + 1):
            over = pieces[first:last]
            if (
                _is_figure(keys[first])
                or _is_figure(keys[last - 1])
                or any(_fixed(p, k) for p, k in zip(over, keys[first:last], strict=True))
            ):
                continue
            if min(p.confidence for p in over) >= SURE and not _hangs(keys, first, last):
                continue
            sounds = "".join(p.sounds for p in over)
            for text, said in _possible(keys, first, last, over):
                far = _distance(sounds, said)
                if far is not None:
                    out.append(_candidate(text, first, last, far, over))
        out += _stammer(pieces, keys, first)
    return sorted(out, key=lambda c: c.distance - 0.02 * c.sounds)


def _fixed(piece: Piece, key: str) -> bool:
    return piece.named or key[:1].isdigit() or key in cues()["command"] - _JOINS


def _hangs(keys: Sequence[str], first: int, last: int) -> bool:
    """« 58 en, virgule »: a word that cannot end a clause ends it, whatever its confidence."""
    ends = last == len(keys) or keys[last] in ("virgule", "point", "points")
    return ends and last - first == 1 and keys[first] in _NEVER_LAST and first > 0 and _is_number(keys[first - 1])


def _candidate(text: str, first: int, last: int, far: float, over: Sequence[Piece]) -> Candidate:
    return Candidate(
        Term(text, KIND),
        first,
        last,
        far,
        doubt=max(p.doubt for p in over),
        weight=1.0,
        sounds=sum(len(p.sounds) for p in over),
        known=all(p.known for p in over),
        cued=True,
        surely=min(p.confidence for p in over),
    )


def _distance(heard: str, said: str) -> float | None:
    longest = max(len(heard), len(said))
    if not heard or abs(len(heard) - len(said)) > max(1.0, 0.35 * longest):
        return None
    far = distance(heard, said)
    return far if far <= (FAR_SHORT if min(len(heard), len(said)) <= SHORT else FAR) else None


def _possible(keys: Sequence[str], first: int, last: int, over: Sequence[Piece]) -> list[tuple[str, str]]:
    """What grammar allows between the words before and after: numbers, units, months, a number and its unit."""
    before = keys[first - 1] if first else ""
    after = keys[last] if last < len(keys) else ""
    number_before, number_after = _is_number(before), _is_number(after)
    joined = (before in _JOINS and first > 1 and _is_number(keys[first - 2])) or (
        after in _JOINS and last + 1 < len(keys) and _is_number(keys[last + 1])
    )
    out: list[tuple[str, str]] = []
    if joined or after in units() or after == "pour":
        out += _numbers()
    elif number_after and not after[0].isdigit():
        out += [(text, sounds) for text, sounds in _numbers() if _goes_on(text, after)]
    if number_before and keys[first] not in units():
        out += _sounds_of("unit")
        if number_after or not after:
            out += _sounds_of("month")
    if len(over) == 1 and not over[0].known and not number_before:  # « disseances »
        out += _with_units()
    return out


def _goes_on(number: str, after: str) -> bool:
    """« cent douze », « soixante-dix huit », « quatre vingt », never « deux trois »."""
    last = number.rsplit("-", maxsplit=1)[-1]
    if last in ("cent", "mille") or after in ("cent", "cents", "mille"):
        return True
    small = after in (fold(unit) for unit in UNITS[1:17])
    if last == "quatre" and after in ("vingt", "vingts"):
        return True
    return small and (last in TENS.values() or number == "quatre-vingt" or (last == "dix" and after in _TEN_MORE))


def _stammer(pieces: Sequence[Piece], keys: Sequence[str], at: int) -> list[Candidate]:
    """« cinq mille milligrammes », « 5000 mg »: the beginning of the unit heard twice. « mille litres par minute »."""
    if at + 1 >= len(pieces):
        return []
    unit = keys[at + 1]
    if unit in ("mg", "milligramme", "milligrammes"):
        if keys[at] in ("mille", "000") and at and _is_number(keys[at - 1]):
            return [_candidate(pieces[at + 1].text, at, at + 2, 0.0, pieces[at : at + 2])]
        if keys[at].isdigit() and int(keys[at]) > _THOUSAND and int(keys[at]) % _THOUSAND == 0:
            return [_candidate(str(int(keys[at]) // _THOUSAND), at, at + 1, 0.0, pieces[at : at + 1])]
    for wrong, right in _never().items():
        if tuple(keys[at : at + len(wrong)]) == wrong and at and _is_number(keys[at - 1]):
            return [_candidate(right, at, at + len(wrong), 0.0, pieces[at : at + len(wrong)])]
    if keys[at] in ("mille", "000") and unit in ("litre", "litres") and at and _is_number(keys[at - 1]):
        return [_candidate("milli" + pieces[at + 1].text, at, at + 2, 0.0, pieces[at : at + 2])]
    return []


def _is_number(key: str) -> bool:
    return bool(key) and (key[0].isdigit() or key in WORDS)


def _is_figure(key: str) -> bool:
    return _is_number(key) or key in units() or key in ("%", "°")


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    """Groups of ``data/figures.tsv``: "unit", "month", "never". Raises ``ValueError`` on a line it cannot read."""
    out = {}
    for number, line in enumerate(
        (files("voice.vocabulary") / "data" / "figures.tsv").read_text("utf-8").splitlines(), 1
    ):
        if not line or line.startswith("#"):
            continue
        group, tab, words = line.partition("\t")
        if group not in ("unit", "month", "never") or not tab:
            raise ValueError(f"figures.tsv:{number}: group, tab, words expected")
        out[group] = tuple(w.strip() for w in words.split("|"))
    return out


@lru_cache(maxsize=1)
def units() -> frozenset[str]:
    """One-word units, folded, singular and plural, and the usual signs."""
    words = {fold(u) for u in _words()["unit"] if " " not in u}
    return frozenset(words | {w.removesuffix("s") for w in words if len(w) > 3} | set("mg g kg mm cm ml l h %".split()))


@lru_cache(maxsize=1)
def _never() -> dict[tuple[str, ...], str]:
    """Quantities that do not exist, and the one that sounds like them."""
    pairs = (entry.split(" = ") for entry in _words()["never"])
    return {tuple(fold(wrong).split()): right for wrong, right in pairs}


@lru_cache(maxsize=4)
def _sounds_of(group: str) -> list[tuple[str, str]]:
    return [(word, phonemes(word)) for word in _words()[group]]


@lru_cache(maxsize=1)
def _numbers() -> list[tuple[str, str]]:
    counts = (*range(201), *range(300, 1001, 100))
    return [(_spelt(n), phonemes(" ".join(spell_number(str(n))))) for n in counts]


@lru_cache(maxsize=1)
def _with_units() -> list[tuple[str, str]]:
    few = _numbers()[:21]
    return [(f"{n} {u}", a + b) for n, a in few for u, b in _sounds_of("unit")]


def _spelt(n: int) -> str:
    words = spell_number(str(n))
    tens = ("vingt", "trente", "quarante", "cinquante", "soixante")
    if words[-1] in ("un", "onze") and len(words) > 1 and words[-2] in tens and words[-3:-2] != ["quatre"]:
        words = [*words[:-1], "et", words[-1]]
    return "-".join(words)
