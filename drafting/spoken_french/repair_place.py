"""What a correction replaces when no part of the same kind stands before it: the phrase in the same place.

« à la pratique du basket, non pardon, du handball » goes back to the same little word; « transport : VSL, non
pardon, ambulance » replaces the item between its marks; « c'est son mari Paul, ne mettez pas le nom, mettez un
proche » replaces the last noun phrase. Anything that looks like a clause of its own is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from drafting.spoken_french.numerals import is_number_word
from drafting.spoken_french.phrases import Key, keys_of, word_set
from drafting.spoken_french.token import Kind, Token

#: half-open range of ``left`` that goes, and how many tokens of ``right`` come in its place
Place = tuple[int, int, int]

_CLASSES = (
    frozenset(("de", "d'", "du", "des")),
    frozenset(("à", "au", "aux")),
    frozenset(("le", "la", "les", "l'")),
    frozenset(("un", "une")),
    frozenset(("son", "sa", "ses", "leur", "leurs")),
    frozenset(("ce", "cet", "cette", "ces")),
    *(frozenset((word,)) for word in "en par pour avec sans sous sur dans vers chez depuis contre".split()),
)
_DETERMINERS = frozenset().union(*_CLASSES[2:6], ("mon", "ma", "mes"))
#: how far back the same little word may stand, in tokens
_BACK = 6
#: longest item that gives way, and that comes instead
_ITEM = 5
_INSTEAD = 12
#: a clause of its own: its subject, its verb, its link
_CLAUSE = word_set(
    "il elle on je j nous vous ils elles ca c qui que qu mais et donc car parce puisque si quand lorsque alors ni "
    "supprime efface annule enleve est sont a ont etait avait n ne prend mets dit va fait peut pas plus"
)
_WRITES = word_set("mettez mets notez note ecrivez ecris marquez marque inscrivez inscris")


def instead(left: Sequence[Token], right: Sequence[Token], *, marked: bool) -> Place | None:
    """Where the explicit correction ``right`` goes in ``left``; ``marked`` when signs frame its cue."""
    if not left or not right:
        return None
    left_keys, right_keys = keys_of(left), keys_of(right)
    size = _chunk(right, right_keys)
    if size == 0 or (right_keys[0] and right_keys[0][0] in _CLAUSE and right[0].text.lower() != "à"):
        return None
    return _same_little_word(left, right, size) or (_item(left, left_keys, right, right_keys, size) if marked else None)


def phrase_again(left: Sequence[Token], right: Sequence[Token]) -> Place | None:
    """« du canal horizontal, non, du canal postérieur »: the same little word and noun, another qualifier."""
    if len(right) < 3 or (family := _family(right[0])) is None:
        return None
    left_keys, right_keys = keys_of(left), keys_of(right)
    if not right_keys[1] or right[1].kind not in (Kind.WORD, Kind.ACRONYM) or right[2].kind is not Kind.WORD:
        return None
    for k in range(len(left) - 1, max(0, len(left) - _BACK), -1):
        if left[k].kind in (Kind.PUNCT, Kind.BREAK):
            return None
        if left_keys[k] == right_keys[1] and _family(left[k - 1]) == family:
            return k - 1, len(left), 2
    return None


def taken_back(left: Sequence[Token], right: Sequence[Token]) -> Place | None:
    """« …, non, pas d'arrêt »: the last mention of what is denied, with what was said of it and its « et »."""
    left_keys, right_keys = keys_of(left), keys_of(right[:4])
    words = [(n, w) for n, key in enumerate(right_keys) for w in key]
    if len(words) < 3 or words[0][1] != "pas" or words[1][1] not in ("de", "d") or len(words[2][1]) < 5:
        return None
    at, noun = words[2]
    for k in range(len(left) - 1, max(-1, len(left) - 1 - _BACK), -1):
        if left[k].kind is Kind.BREAK or (left[k].kind is Kind.PUNCT and left[k].text in ".?!"):
            return None
        if noun in left_keys[k]:
            while k > 0 and (_family(left[k - 1]) is not None or left_keys[k - 1] == ("et",)):
                k -= 1
            denied = any(
                key in (("pas",), ("ni",), ("sans",), ("aucun",), ("aucune",)) for key in left_keys[max(0, k - 2) : k]
            )
            return None if denied else (k, len(left), at + 1)
    return None


def letters(left: Sequence[Token], right: Sequence[Token]) -> Place | None:
    """« élimination urinaire, C, non, B »: one letter or acronym for another, each between marks."""
    start = _item_start(left)
    alone = len(right) == 1 or right[1].kind in (Kind.PUNCT, Kind.BREAK)
    if len(left) - start == 1 and alone and start and _capitals(left[start]) and _capitals(right[0]):
        return start, len(left), 1
    return None


def again(left: Sequence[Token], right: Sequence[Token]) -> Place | None:
    """« allergique à la pénicilline, non, aux céphalosporines », « fumeur, non, ancien fumeur »: a short phrase that
    opens on the same little word, or that says the last word again with its qualifier."""
    keys = keys_of(right)
    size = _chunk(right, keys)
    if not 1 <= size <= _SHORT or _CLAUSE & {w for key in keys[:size] for w in key if key != ("a",)}:
        return None
    last = left[-1].text.lower()
    said = [t.text.lower() for t in right[:size]]
    counted = any(is_number_word(word) for word in said)
    if size > 1 and said[-1] == last and len(last) > 3 and not counted:
        return len(left) - 1, len(left), size
    little = right[0].text.lower().replace("’", "'")
    return _same_little_word(left, right, size) if any(little in c for c in _PREPOSITIONS) else None


_SHORT = 4
_PREPOSITIONS = _CLASSES[:2] + _CLASSES[6:]


def instruction(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> tuple[int, bool] | None:
    """« (enfin) ne mettez pas le nom, mettez (plutôt) … » at ``i``: its end, and whether a text follows it."""
    at = i + 1 if keys[i] in (("enfin",), ("non",)) else i
    at += keys[at : at + 1] in ([("ne",)], [("n",)])
    if not (at + 1 < len(keys) and keys[at] and keys[at][0] in _WRITES and keys[at + 1] == ("pas",)):
        return None
    end = at + 2
    while end < len(tokens) and end - at < 10 and tokens[end].kind is not Kind.BREAK and tokens[end].text != ".":
        if tokens[end].kind is Kind.PUNCT or keys[end] == ("mais",):
            after = end + 1
            while after < len(keys) and (keys[after] in (("mais",), ("plutot",)) or tokens[after].kind is Kind.PUNCT):
                after += 1
            if after < len(keys) and keys[after] and keys[after][0] in _WRITES:
                after += 1
                while after < len(keys) and (keys[after] == ("plutot",) or tokens[after].text in (",", ":")):
                    after += 1
                return after, True
            return end, False
        end += 1
    return end, False


def noun_phrase(left: Sequence[Token], right: Sequence[Token]) -> Place | None:
    """The last noun phrase of ``left`` gives way to the words dictated instead of it."""
    keys = keys_of(right)
    size = _chunk(right, keys)
    start = next((k for k in range(len(left) - 1, max(-1, len(left) - _BACK), -1) if _determiner(left[k])), None)
    if size == 0 or start is None:
        return None
    return start, len(left), size


def names_off(left: Sequence[Token]) -> Place | None:
    """The name that ends ``left`` goes, nothing comes: « son mari Paul, ne mettez pas le nom »."""
    start = len(left)
    while start > 1 and left[start - 1].kind in (Kind.WORD, Kind.NAME) and left[start - 1].text[:1].isupper():
        start -= 1
    return (start, len(left), 0) if start < len(left) else None


def _chunk(row: Sequence[Token], keys: Sequence[Key]) -> int:
    """Tokens up to the next mark or link."""
    end = 0
    while end < len(row) and row[end].kind not in (Kind.PUNCT, Kind.BREAK):
        if end and keys[end] in (("parce",), ("car",), ("qui",), ("que",), ("mais",)):
            break
        end += 1
    return end


def _determiner(token: Token) -> bool:
    return token.kind is Kind.WORD and token.text.lower().replace("’", "'") in _DETERMINERS


def _family(token: Token) -> frozenset[str] | None:
    """The little words that ``token`` stands for: « de », « du », « des »…"""
    if token.kind is not Kind.WORD:
        return None
    word = token.text.lower().replace("’", "'")
    return next((c for c in _CLASSES if word in c), None)


def _same_little_word(left: Sequence[Token], right: Sequence[Token], size: int) -> Place | None:
    family = _family(right[0])
    if family is None or size < 2:
        return None
    for k in range(len(left) - 2, max(-1, len(left) - 1 - _BACK), -1):
        if left[k].kind in (Kind.PUNCT, Kind.BREAK):
            return None
        if _family(left[k]) == family:
            return k, len(left), min(size, len(left) - k)
    return None


def _item_start(left: Sequence[Token]) -> int:
    start = len(left)
    while start and left[start - 1].kind not in (Kind.PUNCT, Kind.BREAK):
        start -= 1
    return start


def _item(
    left: Sequence[Token], left_keys: Sequence[Key], right: Sequence[Token], right_keys: Sequence[Key], size: int
) -> Place | None:
    start = _item_start(left)
    last = _qualifiers(left, left_keys, start)
    if (
        start < last < len(left)
        and _qualifier(right[0], right_keys[0])
        and _qualifiers(right[:size], right_keys, 0) <= 1
    ):
        return last, len(left), size  # « maladie de Crohn iléocolique, non pardon, iléale terminale »
    if not 1 <= len(left) - start <= _ITEM or size > _INSTEAD:
        return None
    said = [w for key in left_keys[start:] for w in key] + [w for key in right_keys[:size] for w in key]
    if _CLAUSE & set(said):
        return None
    return start, len(left), size


#: endings of adjectives
_ADJECTIVES = (
    "ique iques trice trices al ale aux ales el elle els elles eux euse euses if ive ifs ives aire aires ien ienne iens iennes eur eure eurs"
    " eures erne ernes ante antes ent ente entes gue gues oide oides ee ees"
).split()


def _qualifier(token: Token, key: Key) -> bool:
    """True for a word that looks like an adjective: « iléale », « inférieur »."""
    word = key[-1] if key else ""
    return token.kind is Kind.WORD and len(word) > 4 and word not in _NOUNS and word.endswith(tuple(_ADJECTIVES))


#: nouns that end like adjectives
_NOUNS = word_set(
    "clinique hopital journal canal animal terminal docteur douleur tumeur infirmiere traitement antecedent accident"
)


def _qualifiers(row: Sequence[Token], keys: Sequence[Key], start: int) -> int:
    """Where the adjectives that end ``row`` begin; a noun stays before them."""
    first = len(row)
    while first - 1 > start and _qualifier(row[first - 1], keys[first - 1]):
        first -= 1
    return first


def _capitals(token: Token) -> bool:
    return (
        token.kind in (Kind.WORD, Kind.ACRONYM)
        and token.text.isalpha()
        and token.text.isupper()
        and len(token.text) <= 4
    )
