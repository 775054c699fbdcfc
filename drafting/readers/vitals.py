"""Vital signs and bedside measures: as dictated, inside plausible ranges, never computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from dictation.values import Vital
from drafting.passage import Passage
from drafting.readers.reading import NUMBER, Context, Reading, compiled, number, reading, table

_SITE = r"(?:\s*(?:au|du|,)?\s*(?P<site>(?:bras|membre supérieur) (?:droit|gauche)))?"
_LINK = (
    r"(?:\s|,|:|=|\b(?:est|était|reste|à|a|de|du jour|stable|ce jour|aujourd'hui|actuel(?:le)?|mesurée?|prise|contrôlée?"
    r"|artérielle|systémique|au repos|réguli(?:er|ère)|assise?|couchée?|debout|bien équilibrée)\b){0,8}"
)
_PRESSURE = compiled(
    rf"\b(?:TA|PA|tension|pression artérielle)\b(?P<before>{_LINK}(?:\s*au bras (?:droit|gauche)\s*(?:à|:)?)?{_LINK})"
    rf"(?P<sys>\d{{2,3}}(?:,\d)?)\s*(?:/|sur)\s*(?P<dia>\d{{1,3}}(?:,\d)?)(?:\s*(?P<unit>mmHg|mm Hg|cmHg))?{_SITE}"
)
_AGAIN = compiled(
    r"\b(?:et|puis)\s*(?:à\s*)?(?P<sys>\d{2,3})\s*/\s*(?P<dia>\d{2,3})(?:\s*(?P<unit>mmHg))?\s*"
    r"(?:au|à)\s*(?P<site>(?:bras )?(?:droit|gauche))"
)
_CONDITION = compiled(
    rf"\s*,?\s*(?P<condition>(?:en|à l')\s*air ambiant|sous {NUMBER}\s*(?:L/min|litres?)(?: d'O2| d'oxygène)?"
    r"|sous oxygène|à l'effort|au repos|à jeun|post-?prandiale?)"
)
_WEIGHT_TODAY = compiled(rf"(?P<n>{NUMBER})\s*(?P<unit>kg)\s*(?:ce jour|aujourd'hui|actuellement|pour\s+\d)")
_HEIGHT_FOR = compiled(
    r"\bkg\s*(?:ce jour|aujourd'hui)?,?\s*(?:pour|et)\s*(?:une taille de\s*)?(?P<n>\d(?:,\d+)?|\d{2,3})\s*(?P<unit>m|cm)\b(?P<cm>\s?\d{2}(?!\d))?"
)
_CHANGE = compiled(r"\b(?:perte|perdu|perd|pris|prise|prend|gagné|gain|plus|moins|régime|dose)\b[^.;,]{0,20}$")


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str, Decimal, Decimal], ...]:
    out = []
    for code, label, units, unit, low, high in table("vitals"):
        unit_part = rf"(?:\s*(?P<unit>{units})(?![\wµ]))?"
        out.append(
            (
                code,
                compiled(
                    rf"\b(?:{label})\b(?P<link>{_LINK})(?P<n>\d+(?:,\d+)?){unit_part}(?P<cm>(?<=m)\s?\d{{2}}(?!\d))?"
                ),
                unit,
                Decimal(low),
                Decimal(high),
            )
        )
    return tuple(out)


def read(passage: Passage, context: Context) -> Iterator[Reading]:
    """Vitals of one passage, in order of appearance; duplicates of the same characters are dropped."""
    found = sorted([*_pressures(passage), *_simple(passage), *_bodies(passage)], key=lambda pair: pair[0])
    taken: list[tuple[int, int]] = []
    for (start, end), vital in found:
        if any(start < b and a < end for a, b in taken):
            continue
        taken.append((start, end))
        yield reading(passage, "constantes", "vital", vital, (start, end))


def _pressures(passage: Passage) -> Iterator[tuple[tuple[int, int], Vital]]:
    text = passage.text
    for match in _PRESSURE.finditer(text):
        pair = _pressure(match)
        if pair is None:
            continue
        site = match["site"] or _site_in(match["before"])
        position = re.search(r"couchée|debout|assise|allongée", match["before"], re.IGNORECASE)
        posture = position.group(0) if position else None
        yield match.span(), Vital("TA", unit="mmHg", sys=pair[0], dia=pair[1], site=site, condition=posture)
        again = _AGAIN.search(text, match.end(), match.end() + 60)
        second = _pressure(again) if again else None
        if again and second:
            side = again["site"]
            site = side if side.startswith("bras") else f"bras {side}"
            yield again.span(), Vital("TA", unit="mmHg", sys=second[0], dia=second[1], site=site)


def _pressure(match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
    systolic, diastolic = number(match["sys"]), number(match["dia"])
    if systolic is None or diastolic is None:
        return None
    if systolic <= 30 and diastolic <= 20 and match["unit"] in (None, "cmHg"):
        # « treize huit » is said in centimetres of mercury in France, and charted in millimetres
        systolic, diastolic = systolic * 10, diastolic * 10
    if not (50 <= systolic <= 300 and 20 <= diastolic <= 200 and diastolic < systolic):
        return None
    return systolic, diastolic


def _site_in(text: str) -> str | None:
    match = re.search(r"bras (?:droit|gauche)", text or "", re.IGNORECASE)
    return match.group(0) if match else None


def _simple(passage: Passage) -> Iterator[tuple[tuple[int, int], Vital]]:
    text = passage.text
    for code, pattern, default_unit, low, high in _patterns():
        for match in pattern.finditer(text):
            value = number(match["n"])
            unit = match["unit"]
            if value is None or _not_a_measure(text, match, unit):
                continue
            if code == "taille" and unit == "m" and match["cm"]:
                value = Decimal(f"{value}.{match['cm'].strip()}")
            grams = code == "poids" and unit in ("g", "grammes")
            centimetres = code == "taille" and unit == "cm"
            scaled = value / 1000 if grams else value / 100 if centimetres else value
            if not low <= (scaled if code in ("poids", "taille") else value) <= high:
                continue
            if code == "taille" and unit is None:
                continue
            written = _unit(unit) or default_unit or None
            end = match.end()
            condition = _CONDITION.match(text, end) if code in ("SpO2", "glycémie capillaire", "FC") else None
            said = condition["condition"] if condition else None
            if condition:
                end = condition.end()
            yield (match.start(), end), Vital(code, value, written, condition=said)


def _bodies(passage: Passage) -> Iterator[tuple[tuple[int, int], Vital]]:
    text = passage.text
    for match in _WEIGHT_TODAY.finditer(text):
        value = number(match["n"])
        if value and Decimal("0.3") <= value <= 400 and not _CHANGE.search(text[: match.start()]):
            yield match.span("n")[:1] + match.span("unit")[1:], Vital("poids", value, "kg")
    for match in _HEIGHT_FOR.finditer(text):
        value = number(match["n"])
        if value:
            if match["unit"] == "m" and match["cm"]:
                value = Decimal(f"{value}.{match['cm'].strip()}")
            yield (match.start("n"), match.end()), Vital("taille", value, match["unit"])


def _not_a_measure(text: str, match: re.Match[str], unit: str | None) -> bool:
    after = text[match.end() :]
    if unit is None and re.match(
        r"\s*(?:/\d|jours?|semaines?|mois|ans?\b|fois|prises?|comprim|gél|séances?|épisodes?|h\b|heures?|mg|µg|g/|mL|%|,\d|-\d)",
        after,
    ):
        return True
    if re.match(r"\s*(?:de plus|de moins)", after):
        return True
    return bool(_CHANGE.search(text[max(0, match.start() - 25) : match.start()])) or (
        bool(re.search(r"\b(?:perte|prise) de\s*$", text[: match.start()], re.IGNORECASE))
    )


def _unit(unit: str | None) -> str | None:
    if unit is None:
        return None
    same = {
        "par minute": "/min", "bpm": "/min", "battements par minute": "/min", "battements/min": "/min",
        "cycles par minute": "/min", "cycles/min": "/min", "pour cent": "%", "°": "°C", "degré": "°C", "degrés": "°C",
        "kilo": "kg", "kilos": "kg", "kilogrammes": "kg", "kilogramme": "kg", "gramme": "g", "grammes": "g",
        "mètre": "m", "mètres": "m", "sur 10": "/10", "kg/m2": "kg/m²",
    }  # fmt: skip
    return same.get(unit.lower(), unit)
