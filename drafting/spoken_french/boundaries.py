"""Where a sentence ends when nobody said « point »: pauses of the voice and syntax."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dictation.transcript import Span, Word
from drafting.spoken_french.phrases import Key, Phrases, alternatives, keys_of, read_table, word_set
from drafting.spoken_french.token import Kind, Token

#: a silence at least this long (seconds) may end a sentence
PAUSE_S = 0.65
#: fewest tokens between two boundaries of which one is added
_SHORTEST = 3
#: after that many tokens without any mark, boundaries are looked for
_UNMARKED = 14

#: no sentence ends on these
_HANGING = word_set(
    "le la les un une des du de d l au aux a en et ou ni mais ou donc or car que qu qui dont avec sans sous sur dans par"
    " pour chez vers entre depuis apres avant pendant ce cet cette ces son sa ses mon ma mes leur leurs notre nos votre"
    " vos ne n se s me m te t y est sont a ai ont etait etaient avait si quand lorsque lorsqu comme puisque puisqu parce"
    " jusqu tres trop assez chaque tout toute tous toutes plusieurs quelques aucun aucune"
    " il elle on je j nous ils elles docteur madame monsieur professeur virgule deux"
)
#: openings of a clause that need the next one: « depuis hier | il … » is one sentence
_ADVERBIAL = word_set(
    "depuis hier aujourd actuellement apres avant lors pendant des en au aux a sur si quand lorsque lorsqu comme puisque"
    " puisqu malgre devant compte sous dans ce cette le par pour selon d mais et alors sinon ensuite puis enfin donc"
    " cependant toutefois neanmoins ainsi finalement initialement habituellement car merci"
)
#: verbs whose object is still to come: « on note à l'examen une … »
_SEEKING = word_set("note notons retrouve retrouvons trouve constate existe persiste montre decrit presente")
_SUBJECTS = word_set("il elle on je j nous ils elles patient patiente")
_SUBORDINATING = word_set("si quand lorsque lorsqu comme puisque puisqu")
#: frequent finite verbs: their clause can stand alone
_FINITE = word_set(
    "est sont etait etaient a ont avait montre retrouve persiste existe reste va semble parait note presente"
)
_SUBORDINATORS = word_set(
    "que qu qui dont ou si quand lorsque lorsqu comme puisque puisqu parce car et mais ni donc sans pour"
    " jusqu laquelle lequel quoi"
)


@cache
def _starts() -> Phrases[str]:
    return Phrases(
        (form, row["strength"])
        for row in read_table("starts.tsv", ("words", "strength"))
        for form in alternatives(row["words"])
    )


def added(tokens: Sequence[Token], words: Sequence[Word]) -> list[Token]:
    """``tokens`` with full stops where sentences end unmarked."""
    keys = keys_of(tokens)
    timed = any(w.end_s > 0 for w in words)
    sparse = _sparse(tokens)
    out: list[Token] = []
    since = 0
    for i, token in enumerate(tokens):
        if (
            i
            and since >= _SHORTEST
            and (sparse[i] or timed)
            and _boundary(tokens, keys, words, i, since, timed, sparse[i])
        ):
            last = tokens[i - 1].span
            out.append(Token(".", Span(last.last - 1, last.last), Kind.PUNCT, origin="rule", glued=True))
            since = 0
        out.append(token)
        since = 0 if token.kind in (Kind.BREAK, Kind.HEADING) or token.text in (".", "?", "!") else since + 1
    if out and any(t.origin == "rule" and t.text == "." for t in out) and out[-1].kind not in (Kind.PUNCT, Kind.BREAK):
        last = out[-1].span
        out.append(Token(".", Span(last.last - 1, last.last), Kind.PUNCT, origin="rule", glued=True))
    return out


def _sparse(tokens: Sequence[Token]) -> list[bool]:
    """For each token, whether it stands in a long stretch without any sign."""
    flags = [False] * len(tokens)
    start = 0
    for i in range(len(tokens) + 1):
        if i == len(tokens) or tokens[i].kind in (Kind.PUNCT, Kind.BREAK, Kind.HEADING):
            if i - start >= _UNMARKED:
                flags[start:i] = [True] * (i - start)
            start = i + 1
    return flags


def _boundary(
    tokens: Sequence[Token], keys: Sequence[Key], words: Sequence[Word], i: int, since: int, timed: bool, sparse: bool
) -> bool:
    before, here = tokens[i - 1], tokens[i]
    if before.kind in (Kind.PUNCT, Kind.BREAK, Kind.HEADING) or here.kind in (Kind.PUNCT, Kind.BREAK) or here.glued:
        return False
    if keys[i - 1] and keys[i - 1][-1] in _HANGING and before.kind is Kind.WORD:
        return False
    pause = timed and words[here.span.first].start_s - words[before.span.last - 1].end_s >= PAUSE_S
    hit = _starts().at(keys, i)
    if hit is None or _since(tokens, keys, i):
        return False
    if pause:
        return True
    if not sparse or hit[0] == "weak":
        return False
    opening = _starts().at(keys, i - since)
    if opening is not None and opening[0] != "subject" and opening[1] >= since:
        return False  # « à l'examen clinique | l'abdomen est souple »
    if hit[0] == "strong":
        return keys[i - 1][-1:] not in [(w,) for w in _SEEKING]
    return _clause_complete(keys, i, since)


def _since(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    """« ont débuté | il y a 4 mois », « une prise | de plus de 2 kg » open no sentence."""
    said = [w for key in keys[i : i + 3] for w in key]
    if said[:3] == ["il", "y", "a"]:
        return i + 3 < len(tokens) and (tokens[i + 3].value is not None or tokens[i + 3].text[:1].isdigit())
    return said[:3] in (["de", "plus", "de"], ["de", "plus", "d"], ["de", "plus", "en"])


def _clause_complete(keys: Sequence[Key], i: int, since: int) -> bool:
    """True when the words since the last boundary can stand alone before a new subject."""
    first = keys[i - since][:1]
    clause = [w for key in keys[i - since : i] for w in key]
    subjects = sum(w in _SUBJECTS for w in clause)
    if first and first[0] in _SUBORDINATING:
        return subjects >= 2
    if first and first[0] in _ADVERBIAL and since < 12 and not subjects and not _FINITE & set(clause):
        return False
    recent = [w for key in keys[max(i - 2, i - since) : i] for w in key]
    return not (_SUBORDINATORS & set(recent))
