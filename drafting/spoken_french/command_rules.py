"""The rule table of spoken commands (``commands.tsv``) and what keeps their words as text (``command_guards.tsv``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from drafting.spoken_french.phrases import Key, Phrases, alternatives, read_table, word_set
from drafting.spoken_french.token import Kind, Token

COLUMNS = ("spoken", "effect", "kind", "guard", "positive", "negative")
_KINDS = word_set(
    "mark open close wrap toggle dash join stop_break break tab bullet number delete case style style_end heading"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of ``commands.tsv``, for one of its spoken forms."""

    spoken: str
    effect: str
    kind: str
    guard: str


@cache
def rules() -> Phrases[Rule]:
    """The rule table."""
    items = []
    known = guards()
    for row in read_table("commands.tsv", COLUMNS):
        if row["kind"] not in _KINDS or (row["guard"] and row["guard"] not in (*known, "title", "heading")):
            raise ValueError(f"commands.tsv: {row['spoken']!r} has an unknown kind or guard")
        effect = row["effect"].replace("\\n", "\n").replace("\\t", "\t")
        items += [(form, Rule(form, effect, row["kind"], row["guard"])) for form in alternatives(row["spoken"])]
    return Phrases(items)


@cache
def titles() -> Phrases[str]:
    """Known section titles (``headings.txt``)."""
    return _listed("headings.txt")


@cache
def bare_titles() -> Phrases[str]:
    """Titles recognised without their colon, in a text said without marks (``bare_titles.txt``)."""
    return _listed("bare_titles.txt")


def _listed(name: str) -> Phrases[str]:
    text = resources.files("drafting.spoken_french").joinpath(name).read_text(encoding="utf-8")
    return Phrases((line, line) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def guards() -> dict[str, dict[str, Phrases[str]]]:
    lists: dict[str, dict[str, list[str]]] = {}
    for row in read_table("command_guards.tsv", ("guard", "side", "phrases")):
        lists.setdefault(row["guard"], {}).setdefault(row["side"], []).extend(alternatives(row["phrases"]))
    return {g: {s: Phrases((p, p) for p in ps) for s, ps in sides.items()} for g, sides in lists.items()}


#: « un » after one of these is a figure, so « stade un point » ends a sentence
_COUNTED = word_set(
    "stade grade type classe score groupe numero niveau degre phase cote cotee gold asa ecog virgule est sur moins plus"
    " facteur inr child forrest mallampati fontaine garden killip"
)
_TENS_ET = word_set("vingt trente quarante cinquante soixante septante huitante octante nonante")
_NUMBER_BEFORE_POINTS = word_set("vingt trente quarante cinquante soixante septante huitante octante nonante cent")


def _un_is_figure(keys: Sequence[Key], index: int) -> bool:
    """True when the « un » at ``index`` is the end of a number (« vingt et un », « stade un », « G un »)."""
    if index == 0 or keys[index] != ("un",):
        return False
    before = keys[index - 1]
    if not before:
        return False
    if before == ("et",):
        return index > 1 and bool(_TENS_ET & set(keys[index - 2]))
    if before == ("a",):
        return not (index + 2 < len(keys) and keys[index + 2][:1] in (("que",), ("tel",), ("ou",), ("precis",), ("d",)))
    return before[-1] in _COUNTED or (len(before[-1]) == 1 and before[-1].isalpha() and before[-1] not in "ay")


def _opens_line(tokens: Sequence[Token], keys: Sequence[Key], i: int) -> bool:
    return tokens[i - 1].text in (":", "\n") or keys[i - 1] in (("ligne",), ("paragraphe",))


_COMMAND_ENDS = (("ligne",), ("paragraphe",), ("point",), ("virgule",))


def kept_as_text(rule: Rule, tokens: Sequence[Token], keys: Sequence[Key], i: int, length: int) -> bool:
    sides = guards().get(rule.guard)
    if sides is None:
        return False
    end = i + length
    before = sides.get("before")
    if rule.kind == "dash" and i and keys[i - 1] == ("un",) and (i == 1 or _opens_line(tokens, keys, i - 1)):
        before = None  # « un tiret amlodipine … à la ligne deux tiret … »
    if i and ((len(tokens[i - 1].text) == 1 and tokens[i - 1].text.isupper()) or tokens[i - 1].text.lower() == "là"):
        before = None  # « groupe A point », « d'ici là virgule »: no preposition, no article
    if rule.spoken == "point" and i and tokens[i - 1].text == "," and keys[end : end + 1] in ([("d",)], [("de",)]):
        return True  # « …, point d'entrée cutané »
    if before is not None and before.before(keys, i) is not None and not _un_is_figure(keys, i - 1):
        # « janvier deux mille vingt deux points »: the year, then the mark
        year = rule.guard == "colon" and keys[i - 1][-1] in _NUMBER_BEFORE_POINTS
        return not (year and any("mille" in key for key in keys[max(0, i - 4) : i]))
    after = sides.get("after")
    signed = rule.kind == "stop_break" or not i or tokens[i - 1].kind in (Kind.PUNCT, Kind.BREAK)
    if keys[end : end + 1] == [("numero",)] and (signed or keys[i - 1] in _COMMAND_ENDS):
        return False  # « point à la ligne numéro deux »: the next item of a list
    return after is not None and after.at(keys, end) is not None
