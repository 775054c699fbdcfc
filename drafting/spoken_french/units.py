"""Units as doctors say them, with prefixes: « microgrammes par litre » is « µg/L », never « mg/L »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafting.spoken_french.layout import NBSP
from drafting.spoken_french.scan import Phrases, rows


@dataclass(frozen=True, slots=True)
class Unit:
    """A written unit."""

    symbol: str
    #: mass, volume, length, percent, rate…
    kind: str
    #: written against its figure (« 72/min », « 110° »)
    tight: bool = False

    def after(self, figures: str) -> str:
        """``figures`` followed by this unit, with the right space."""
        return figures + ("" if self.tight else NBSP) + self.symbol.replace(" ", NBSP)


_UNITS: Phrases[Unit] = Phrases(
    (row["spoken"], Unit(row["symbol"], row["kind"], row["tight"] == "yes")) for row in rows("units.tsv")
)
_UNDER: Phrases[tuple[str, str]] = Phrases(
    (row["spoken"], (row["symbol"], row["role"])) for row in rows("unit_denominators.tsv")
)
_BY_SYMBOL = {row["symbol"]: Unit(row["symbol"], row["kind"], row["tight"] == "yes") for row in rows("units.tsv")}
_FIRST = {
    key.replace("'", " ").split()[0].lower()
    for row in rows("units.tsv")
    for key in row["spoken"].split("|")
    if key and not key.startswith("d'")
}

#: words of time: kept as words (« 5 jours »), singular and plural
TIME_WORDS = frozenset(
    "jour jours semaine semaines mois an ans annee annees heure heures minute minutes seconde secondes nuit nuits "
    "trimestre trimestres".split()
)


def of_symbol(symbol: str) -> Unit:
    """Unit written ``symbol``; one not in the table is plain."""
    return _BY_SYMBOL.get(symbol, Unit(symbol, "other"))


def starts_unit(key: str) -> bool:
    """True when the folded word ``key`` may begin a unit or a word of time."""
    return key in TIME_WORDS or _UNITS.at([key], 0) is not None or key in _FIRST


def unit_at(low: Sequence[str], i: int) -> tuple[Unit, int] | None:
    """Unit said at ``low[i]`` (folded tokens) and the index after it; compound units included."""
    found = _UNITS.at(low, i)
    if found is None:
        return None
    unit, end = found
    symbol, chained = unit.symbol, "/" in unit.symbol
    while end < len(low):
        at = end
        if low[at] == "et" and chained:
            at += 1
        if at >= len(low) or low[at] not in ("par", "/"):
            break
        under = _UNDER.at(low, at + 1)
        if under is None or (under[0][1] == "day" and not chained):
            break
        symbol, end, chained = f"{symbol}/{under[0][0]}", under[1], True
    if symbol == unit.symbol:
        return unit, end
    return Unit(symbol, unit.kind), end


def tail_at(low: Sequence[str], i: int) -> tuple[str, int] | None:
    """« par litre » alone at ``low[i]``: the text to add to a unit already written, and the index after it."""
    if i + 1 < len(low) and low[i] in ("par", "/"):
        under = _UNDER.at(low, i + 1)
        if under is not None and under[0][1] == "any":
            return "/" + under[0][0], under[1]
    return None
