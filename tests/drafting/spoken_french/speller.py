"""Spells numbers in every variety of spoken French, for round-trip tests."""

from __future__ import annotations

from collections.abc import Iterator

_UNITS = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
).split()
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
#: names of 70, 80, 90 by variety
VARIETIES: dict[str, dict[int, str]] = {
    "france": {},
    "belgique": {7: "septante", 9: "nonante"},
    "suisse": {7: "septante", 8: "huitante", 9: "nonante"},
    "octante": {7: "septante", 8: "octante", 9: "nonante"},
}


def below_100(n: int, variety: str = "france") -> str:
    """``n`` from 0 to 99."""
    if n < 20:
        return _UNITS[n]
    tens, unit = divmod(n, 10)
    name = _TENS.get(tens) or VARIETIES[variety].get(tens)
    if name:
        if unit == 0:
            return name
        return f"{name} et un" if unit == 1 else f"{name}-{_UNITS[unit]}"
    if tens == 7:
        return "soixante et onze" if n == 71 else f"soixante-{_UNITS[n - 60]}"
    rest = n - 80
    return "quatre-vingts" if rest == 0 else f"quatre-vingt-{_UNITS[rest]}"


def below_1000(n: int, variety: str = "france") -> str:
    """``n`` from 0 to 999."""
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return below_100(rest, variety)
    head = "cent" if hundreds == 1 else f"{_UNITS[hundreds]} cent" + ("s" if rest == 0 else "")
    return head if rest == 0 else f"{head} {below_100(rest, variety)}"


def spell(n: int, variety: str = "france") -> str:
    """``n`` from 0 to 999 999."""
    thousands, rest = divmod(n, 1000)
    if not thousands:
        return below_1000(rest, variety)
    count = below_1000(thousands, variety)
    plural = count.endswith(("cents", "vingts"))
    head = "mille" if thousands == 1 else f"{count[:-1] if plural else count} mille"
    return head if rest == 0 else f"{head} {below_1000(rest, variety)}"


def spellings(n: int) -> Iterator[str]:
    """Every way ``n`` is said or written by a recogniser: four varieties, three hyphenations, old hundreds."""
    seen: set[str] = set()
    for variety in VARIETIES:
        usual = spell(n, variety)
        for text in (usual, usual.replace("-", " "), usual.replace(" ", "-"), usual.replace("cents", "cent")):
            if text not in seen:
                seen.add(text)
                yield text
    if 1100 <= n <= 1999 and n % 1000 >= 100:
        hundreds, rest = divmod(n, 100)
        yield f"{_UNITS[hundreds]} cent" + (f" {below_100(rest)}" if rest else "s")


def decimals(n: int) -> Iterator[str]:
    """How two decimals ``n`` (0 to 99) are said after « virgule »."""
    if n == 0:
        yield "zéro zéro"
    elif n < 10:
        yield f"zéro {_UNITS[n]}"
    else:
        for variety in VARIETIES:
            yield below_100(n, variety)
            yield below_100(n, variety).replace("-", " ")
