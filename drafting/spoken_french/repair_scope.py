"""What a correction replaces: the part of the same kind before its cue, and only that part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dictation.lexicon import Lexicon
from drafting.spoken_french import numerals, repair_place
from drafting.spoken_french.constituents import FUNCTION, Part, is_number, number_at, parts_at, same_kind
from drafting.spoken_french.hesitations import Pause
from drafting.spoken_french.phrases import Key, Phrases, keys_of, word_set
from drafting.spoken_french.token import Kind, Token

#: how many tokens back the corrected part may stand
REACH = 30
#: how many words of the correction may stand before its part
_LEAD = 5
#: after a mere hesitation, a count or a duration is a new item
_APART = ("count", "time", "age")
_EXPLAINS = (("c", "etait"), ("c", "est"), ("ca", "c"), ("etait",), ("c", "etaient"))


@dataclass(frozen=True, slots=True)
class Cue:
    strength: str
    before: Phrases[str] | None
    after: Phrases[str] | None


@dataclass(frozen=True, slots=True)
class Fix:
    """``out[first:last]`` gives way to ``new``; the correction took ``used`` tokens."""

    first: int
    last: int
    new: tuple[Token, ...]
    used: int


def soft(token: Token, *, stops: bool = False) -> bool:
    if isinstance(token.value, Pause):
        return True
    return token.kind is Kind.PUNCT and token.text in ((",", ":", "…", ".") if stops else (",", ":", "…"))


def before_cue(out: Sequence[Token], cue: Cue) -> tuple[int, int]:
    """Half-open range of ``out`` a correction may reach: the sentence so far, without the marks before the cue."""
    left_end = len(out)
    while left_end and soft(out[left_end - 1], stops=cue.strength in ("strong", "restart")):
        left_end -= 1
    start = max(0, left_end - REACH)
    for k in range(left_end - 1, start - 1, -1):
        if out[k].kind is Kind.BREAK or (out[k].kind is Kind.PUNCT and out[k].text in ".?!" and out[k].text):
            return k + 1, left_end
    return start, left_end


def resolve(
    out: Sequence[Token], right: Sequence[Token], cue: Cue, lexicon: Lexicon | None, *, framed: bool, explicit: bool
) -> Fix | None:
    """What ``right`` corrects at the end of ``out``; ``framed`` when marks stand on both sides of the cue."""
    start, left_end = before_cue(out, cue)
    if start >= left_end:
        return None
    left = list(out[start:left_end])
    left_keys, right_keys = keys_of(left), keys_of(right)
    restart = _again(left, left_keys, right, right_keys, cue) if cue.strength == "restart" else None
    fix = (
        restart
        or _called_off(left, left_keys, right, right_keys)
        or _explained(left, left_keys, right, right_keys, lexicon)
        or _like_for_like(left, left_keys, right, right_keys, cue, lexicon)
        or _again(left, left_keys, right, right_keys, cue)
        or (_in_place(repair_place.instead(left, right, marked=framed), right) if explicit else None)
        or _taken_back(left, right)
        or (_in_place(repair_place.phrase_again(left, right), right) if framed else None)
        or (_in_place(repair_place.letters(left, right) or repair_place.again(left, right), right) if framed else None)
    )
    return None if fix is None else Fix(fix.first + start, fix.last + start, fix.new, fix.used)


def _taken_back(left: Sequence[Token], right: Sequence[Token]) -> Fix | None:
    """« et kétoprofène, non, pas de kétoprofène »: the denial stands in place of what was said."""
    place = repair_place.taken_back(left, right)
    if place is None:
        return None
    first, last, used = place
    comma = Token(",", right[0].span, Kind.PUNCT, origin="rule", glued=True)
    apart = first > 0 and left[first - 1].kind not in (Kind.PUNCT, Kind.BREAK)
    return Fix(first, last, (comma, *right[:used]) if apart else tuple(right[:used]), used)


def _in_place(place: repair_place.Place | None, right: Sequence[Token]) -> Fix | None:
    return None if place is None else Fix(place[0], place[1], tuple(right[: place[2]]), place[2])


def _leads(right: Sequence[Token], keys: Sequence[Key], lexicon: Lexicon | None) -> Iterator[tuple[int, list[Part]]]:
    """Positions within the lead that open parts, and those parts."""
    for i in range(min(_LEAD, len(right))):
        if right[i].kind in (Kind.PUNCT, Kind.BREAK):
            return
        if found := parts_at(right, keys, i, lexicon):
            yield i, found
            if found[0].kind in ("number", "frequency", "date", "level"):
                return


def _parts_back(left: Sequence[Token], keys: Sequence[Key], lexicon: Lexicon | None) -> list[Part]:
    """All parts of ``left``, nearest to its end first."""
    found: list[Part] = []
    i = 0
    while i < len(left):
        here = parts_at(left, keys, i, lexicon)
        found += here
        if here and here[0].kind == "date":
            found.append(Part("number", here[0].first, here[0].core, core=here[0].core))
        i = max((p.core if p.kind in ("number", "date") else p.last for p in here), default=i + 1)
    return sorted(found, key=lambda p: -p.last)


def _like_for_like(
    left: Sequence[Token],
    left_keys: Sequence[Key],
    right: Sequence[Token],
    right_keys: Sequence[Key],
    cue: Cue,
    lexicon: Lexicon | None,
) -> Fix | None:
    candidates = _parts_back(left, left_keys, lexicon)
    for lead, parts in _leads(right, right_keys, lexicon):
        content = [k for k in range(lead) if not right_keys[k] or right_keys[k][0] not in FUNCTION]
        if parts[0].kind in ("change", "changed") and lead > 1 and right_keys[lead - 1][:1] in _CLITICS:
            return None  # « j'augmente X à 5, pardon je le diminue à 2,5 »: a sentence of its own
        if content and (
            cue.strength == "pause" or (cue.strength == "weak" and not _said_before(left_keys, right_keys, content))
        ):
            return None
        for new in parts:
            for old in candidates:
                if not same_kind(new, old) or not (_near(old, left, cue) or _same_tail(left, old, right, new)):
                    continue
                if new.kind == old.kind == "number" and _other_noun(left, left_keys, old, right, right_keys, new):
                    continue
                if cue.strength == "pause" and (new.kind != "number" or (new.unit in _APART and new.unit != old.unit)):
                    continue
                if _same_words(left, old, right, new) and new.kind != "number":
                    break  # said again unchanged: what is corrected comes after it
                fix = _replace(left, left_keys, right, right_keys, lead, content, new, old)
                if fix is not None:
                    return fix
    return None


def _other_noun(
    left: Sequence[Token],
    left_keys: Sequence[Key],
    old: Part,
    right: Sequence[Token],
    right_keys: Sequence[Key],
    new: Part,
) -> bool:
    """« trois grossesses, deux enfants, non, deux grossesses »: a number of grossesses corrects one of grossesses."""
    at = new.core if new.unit == "count" else new.last
    if new.unit not in ("", "count") or at >= len(right) or right[at].kind is not Kind.WORD:
        return False
    noun = right_keys[at]
    if not noun or len(noun[0]) < 4 or not any(left_keys[k] == noun for k in range(len(left))):
        return False
    return noun not in left_keys[old.core : old.last + 1]


_CLITICS = (("le",), ("la",), ("les",), ("l",))


def _said_before(left_keys: Sequence[Key], right_keys: Sequence[Key], content: Sequence[int]) -> bool:
    """« du poignet gauche, non, du poignet droit »: what stands before the new part was just said."""
    return all(right_keys[k] in left_keys[-4:] for k in content)


def _same_tail(left: Sequence[Token], old: Part, right: Sequence[Token], new: Part) -> bool:
    """« trois fois par jour, euh, deux fois par jour »: what follows both is the same."""
    tail = [t.text.lower() for t in left[old.last :]]
    return 0 < len(tail) <= 3 and tail == [t.text.lower() for t in right[new.last : new.last + len(tail)]]


def _near(old: Part, left: Sequence[Token], cue: Cue) -> bool:
    """A weak cue only corrects what stands right before it."""
    if cue.strength in ("strong", "restart"):
        return True
    return len(left) - old.last <= (0 if cue.strength == "pause" else 1)


def _replace(
    left: Sequence[Token],
    left_keys: Sequence[Key],
    right: Sequence[Token],
    right_keys: Sequence[Key],
    lead: int,
    content: Sequence[int],
    new: Part,
    old: Part,
) -> Fix | None:
    first, last, taken = old.first, old.last, new.first
    if new.kind == "number" and old.kind == "number":
        last = old.last if new.unit else old.core
        first = _last_figure(left, right, new, old)
    if content:
        anchor = _anchor(left_keys, right_keys, content, first)
        if anchor is None:
            return None
        first, taken = anchor
    elif lead:
        first, taken = _lead_in(left_keys, right_keys, lead, first, new.first)
    if new.kind == old.kind == "date" and new.last == new.core + 1:
        last = min(last, old.core + 1)  # said without its year: the year stands
    same = 0
    while same < 4 and _goes_on_alike(left, last + same, right, new.last + same):
        same += 1
    while _qualified_alike(left, left_keys, last + same, right, right_keys, new.last + same):
        same += 1  # « de la hanche gauche, non, du genou droit »
    if new.kind == "week" and (dated := _day_after(left, left_keys, last + same, right, right_keys, new.last + same)):
        return Fix(first, dated[0], tuple(right[taken : dated[1]]), dated[1])
    row = [right[k] for k in range(taken, new.last + same)]
    if row and first < len(left):
        row[0] = _like(row[0], left[first])
    return Fix(first, last + same, tuple(row), new.last + same)


def _day_after(
    left: Sequence[Token], left_keys: Sequence[Key], i: int, right: Sequence[Token], right_keys: Sequence[Key], j: int
) -> tuple[int, int] | None:
    """« le mardi neuf, non, le mercredi dix juin »: the day of the month goes with the day of the week."""
    old = number_at(left, left_keys, i) if i < len(left) else None
    new = number_at(right, right_keys, j) if j < len(right) else None
    if old is None or new is None or old.unit or new.unit:
        return None
    return (old.last if new.kind == "date" or old.kind != "date" else old.core), new.last


def _goes_on_alike(left: Sequence[Token], i: int, right: Sequence[Token], j: int) -> bool:
    """« trois fois | par jour, pardon, deux fois | par jour »."""
    if i >= len(left) or j >= len(right):
        return False
    if left[i].text == right[j].text == "," and i + 1 < len(left) and j + 1 < len(right):
        return left[i + 1].text.lower() == right[j + 1].text.lower()
    if left[i].kind is not Kind.WORD:
        return False
    return left[i].text.lower() == right[j].text.lower()


_QUALIFIERS = frozenset(("side", "level", "front", "depth", "reach", "day"))


def _qualified_alike(
    left: Sequence[Token], left_keys: Sequence[Key], i: int, right: Sequence[Token], right_keys: Sequence[Key], j: int
) -> bool:
    """True when both parts go on with a qualifier of one kind: the second replaces the first."""
    if i >= len(left) or j >= len(right):
        return False
    kinds = {p.kind for p in parts_at(left, left_keys, i, None) if p.last == i + 1}
    return bool(kinds & {p.kind for p in parts_at(right, right_keys, j, None) if p.last == j + 1} & _QUALIFIERS)


_PREPOSITIONS = word_set("de d du des a au aux en dans sur par pour chez avec sous vers")


def _lead_in(left_keys: Sequence[Key], right_keys: Sequence[Key], lead: int, old: int, new: int) -> tuple[int, int]:
    """Little words before both parts: « du pouce, ou plutôt de l'index » takes « de l' » for « du »."""
    reach = 3 if right_keys[0][:1] and right_keys[0][0] in _PREPOSITIONS else lead
    k = old
    while k > 0 and old - k < reach and left_keys[k - 1] and left_keys[k - 1][0] in FUNCTION:
        k -= 1
        if reach == 3 and left_keys[k][0] in _PREPOSITIONS:
            break
    if k == old:
        return old, new
    return k, (0 if reach == 3 else max(0, new - (old - k)))


def _like(token: Token, model: Token) -> Token:
    return replace(token, glued=model.glued)


def _last_figure(left: Sequence[Token], right: Sequence[Token], new: Part, old: Part) -> int:
    """Where the correction starts inside a long number: « cent quarante sur quatre-vingts, pardon, soixante »."""
    said = [t.text for t in left[old.first : old.core]]
    alone = numerals.cardinal([t.text for t in right[new.first : new.core]], 0)
    if alone is None or alone[1] != new.core - new.first:
        return old.first
    starts, at = [], 0
    while at < len(said):
        group = numerals.cardinal(said, at)
        if group is not None:
            starts.append((at, group))
            at = group[1]
        else:
            at += 1
    if len(starts) > 1 and starts[-1][1][1] == len(said):
        return old.first + starts[-1][0]
    if len(starts) == 1 and starts[0][1][0] >= 1000 and alone[0] < 100:
        for cut in range(len(said) - 1, 0, -1):  # a year: only its end was wrong
            tail = numerals.cardinal(said, cut)
            head = numerals.cardinal(said[:cut], 0)
            if tail is not None and tail[1] == len(said) and tail[0] < 100 and head is not None and head[0] % 100 == 0:
                return old.first + cut
    return old.first


def _anchor(
    left_keys: Sequence[Key], right_keys: Sequence[Key], content: Sequence[int], before: int
) -> tuple[int, int] | None:
    """Where the words leading to the new part already stand in ``left``: (index left, index right)."""
    word = right_keys[content[0]]
    for k in range(before - 1, max(-1, before - 6), -1):
        if left_keys[k] == word:
            return k, content[0]
    return None


def _explained(
    left: Sequence[Token],
    left_keys: Sequence[Key],
    right: Sequence[Token],
    right_keys: Sequence[Key],
    lexicon: Lexicon | None,
) -> Fix | None:
    """« … trente-deux, non pardon, trente-deux c'était en octobre, trente-huit aujourd'hui »."""
    first = next(_leads(right, right_keys, lexicon), None)
    if first is None:
        return None
    wrong = first[1][0]
    at = wrong.last
    while at < len(right) and soft(right[at]):
        at += 1
    link = next((form for form in _EXPLAINS if _flat(right_keys, at, len(form)) == form), None)
    if link is None:
        return None
    tail_at = at + len(link)
    old = next((p for p in _parts_back(left, left_keys, lexicon) if _same_words(left, p, right, wrong)), None)
    if old is None:
        return None
    for k in range(tail_at, len(right)):
        if right[k].kind is Kind.BREAK or (right[k].kind is Kind.PUNCT and right[k].text in (".", "?", "!")):
            return None
        if right[k].kind is Kind.PUNCT:
            continue
        new = next(
            (p for p in parts_at(right, right_keys, k, lexicon) if same_kind(p, wrong) and p.kind == wrong.kind), None
        )
        if new is not None:
            break
    else:
        return None
    end = new.last
    while end < len(right) and right[end].kind not in (Kind.PUNCT, Kind.BREAK) and end - new.last < 4:
        end += 1
    if end < len(right) and right[end].kind not in (Kind.PUNCT, Kind.BREAK):
        end = new.last
    reason = [t for t in right[tail_at : new.first] if not soft(t)]
    while reason and keys_of(reason)[-1][:1] and keys_of(reason)[-1][0] in FUNCTION:
        reason.pop()
    number = right[wrong.first : wrong.last]
    opening = Token("(", number[0].span, Kind.PUNCT, origin="rule")
    closing = Token(")", (reason or number)[-1].span, Kind.PUNCT, origin="rule", glued=True)
    row = (*right[new.first : end], opening, *number, *reason, closing)
    return Fix(old.first, old.last, tuple(row), end)


def _called_off(
    left: Sequence[Token], left_keys: Sequence[Key], right: Sequence[Token], right_keys: Sequence[Key]
) -> Fix | None:
    """« le mardi neuf mars, non, le neuf je suis en congé, le mardi seize mars »: why a date does not do, then another."""
    wrong = next(
        (p for _, found in _leads(right, right_keys, None) for p in found if p.kind in ("number", "date")), None
    )
    if wrong is None or wrong.unit not in ("", "count"):
        return None
    at = wrong.core if wrong.kind == "number" and wrong.unit else wrong.last
    if at >= len(right) or right_keys[at][:1] not in _SUBJECTS:
        return None
    day = keys_of(right[wrong.first : wrong.core])
    old = next(
        (
            p
            for p in _parts_back(left, left_keys, None)
            if p.kind == "date" and day and left_keys[p.core - len(day) : p.core] == day
        ),
        None,
    )
    comma = next((k for k in range(at, len(right)) if right[k].kind in (Kind.PUNCT, Kind.BREAK)), len(right))
    if old is None or comma >= len(right) or right[comma].text != ",":
        return None
    for k in range(comma + 1, min(len(right), comma + 1 + _LEAD)):
        new = next((p for p in parts_at(right, right_keys, k, None) if p.kind == "date"), None)
        if new is not None:
            first, start = old.first, new.first
            if start and first and _weekday(right_keys[start - 1]) and _weekday(left_keys[first - 1]):
                first, start = first - 1, start - 1
            return Fix(first, old.last, tuple(right[start : new.last]), new.last)
    return None


def _weekday(key: Key) -> bool:
    return key[:1] in tuple((day,) for day in _WEEKDAYS)


_WEEKDAYS = word_set("lundi mardi mercredi jeudi vendredi samedi dimanche")
_SUBJECTS = tuple((w,) for w in ("je", "j", "il", "elle", "on", "nous", "c", "ca"))


def _flat(keys: Sequence[Key], at: int, length: int) -> tuple[str, ...]:
    return tuple(word for key in keys[at : at + length] for word in key)[:length]


def _same_words(left: Sequence[Token], old: Part, right: Sequence[Token], new: Part) -> bool:
    def words(row: Sequence[Token], part: Part) -> list[Key]:
        return keys_of(row[part.first : part.last if part.kind == "date" else part.core or part.last])

    return words(left, old) == words(right, new)


_JOINING = word_set("et ou ni mais puis donc car que qui depuis")


def _given_up(
    left: Sequence[Token], left_keys: Sequence[Key], right: Sequence[Token], right_keys: Sequence[Key], k: int, r: int
) -> int:
    """End of what the phrase said again replaces: « sans conflit net, pardon, avec conflit sur la racine » drops « net ».

    The qualifiers of the first version go with it when the second goes on with other words; what is joined
    to it (« et … », « depuis … ») stays.
    """
    after = right_keys[r + 1][:1] if r + 1 < len(right) else ()
    if not after or right[r + 1].kind in (Kind.PUNCT, Kind.BREAK):
        return k + 1
    if right_keys[r + 1] in left_keys[k + 1 :]:  # « … de la fièvre depuis hier, pardon, pas de fièvre depuis hier »
        end, at = left_keys.index(right_keys[r + 1], k + 1), r + 1
        while end < len(left) and at < len(right) and left_keys[end] == right_keys[at]:
            end, at = end + 1, at + 1
        return end
    end = k + 1
    while end < len(left) and left[end].kind not in (Kind.PUNCT, Kind.BREAK):
        if left_keys[end] and left_keys[end][0] in _JOINING:
            return k + 1 if end == k + 1 else end
        end += 1
    return end


#: words that carry no content of their own when looking for a phrase said again
_LIGHT = FUNCTION | word_set("pas sans il elle on je j n ne y et ou que qui a ai ont sont aucun aucune non")


def _again(
    left: Sequence[Token], left_keys: Sequence[Key], right: Sequence[Token], right_keys: Sequence[Key], cue: Cue
) -> Fix | None:
    """The same content word said again: « de la fièvre, pardon, pas de fièvre »."""
    if cue.strength in ("weak", "pause"):
        return None
    for r in range(min(_LEAD, len(right))):
        if right[r].kind not in (Kind.WORD, Kind.ACRONYM, Kind.NAME) or not right_keys[r]:
            return None
        if cue.strength == "restart" and is_number(right[r]):
            return None  # « douze millimètres, je reprends, quinze millimètres »: the figure is what changes
        if right_keys[r][0] in _LIGHT or is_number(right[r]):
            continue
        for k in range(len(left) - 1, -1, -1):
            if left_keys[k] != right_keys[r]:
                continue
            first = k
            while (
                first > 0
                and left_keys[first - 1]
                and left_keys[first - 1][0] in _LIGHT - {"il", "elle", "on", "je", "j", "a", "ai", "ont"}
            ):
                first -= 1
            while first > 0 and r > 0 and left_keys[first - 1] in right_keys[:r]:
                first -= 1  # « elle n'est pas …, pardon, elle est … »
            if cue.strength == "restart":
                whole = r <= k and left_keys[k - r : k] == right_keys[:r]
                return Fix(k - r if whole else k, len(left), tuple(right[0 if whole else r : r + 1]), r + 1)
            return Fix(first, _given_up(left, left_keys, right, right_keys, k, r), tuple(right[: r + 1]), r + 1)
        return None
    return None
