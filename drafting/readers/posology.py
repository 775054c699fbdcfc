"""Strength, schedule and duration in the words that follow a drug name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from drafting.readers.reading import NUMBER, compiled

_UNIT = (
    r"(?:mg/mL|mg/kg(?:/j(?:our)?)?|µg/h|µg|microgrammes?|mg|MUI|UI/mL|UI|unités?(?: internationales)?|mL|ml|mmol|g"
    r"|gouttes?|%)(?:/(?:j|jour|24 h|dose|h|semaine))?(?!\w|/(?:L|dL|mL|mmol|mm))"
)
_DOSE = compiled(rf"{NUMBER}(?:\s?(?:mg|g|µg|UI))?(?:\s*/\s*{NUMBER})*\s*{_UNIT}(?:\s*/\s*{NUMBER}\s*{_UNIT})?")
#: a bare strength right after the name: « dapagliflozine 10 le matin »
_BARE = compiled(
    rf"^\s*{NUMBER}(?:\s*/\s*{NUMBER})?(?=\s*(?:,|;|\.|$|le |la |matin|midi|soir|au |à |une? |\d+ fois|par |tous|et |pendant))"
)
_FROM_TO = compiled(
    rf"\bde\s+(?P<a>{NUMBER})\s*(?P<ua>{_UNIT})?\s+à\s+(?P<b>{NUMBER}(?:\s*/\s*{NUMBER})?)\s*(?P<ub>{_UNIT})?"
)
_TO = compiled(rf"\bà\s+(?P<b>{NUMBER}\s*{_UNIT})")
_COUNT = (
    r"(?:½|1/2|un quart de|¼|\d+(?:[,/]\d+)?|un|une|deux|trois|quatre|six|huit)(?:\s+à\s+\d+)?\s*(?:demi[- ])?"
    r"(?:comprimés?|cps?\b|gélules?|sachets?|bouffées?|inhalations?|gouttes?|injections?|ampoules?|cuillères?(?: à (?:soupe|café))?"
    r"|applications?|patchs?|suppositoires?|ovules?|dispositifs?|unités?|pulvérisations?|instillations?|doses?|dosettes?|capsules?"
    r"|pressions?|mesures?|stylos?|seringues?|flacons?|boîtes?|tubes?|pipettes?|prises?|UI)(?:\s+et\s+(?:demie?|½))?(?:\s+(?:sécables?|effervescents?|sous-cutanées?|intramusculaires?|intraveineuses?|vaginales?|poids))?"
)
_MOMENT = r"(?:matin|midi|soir|coucher|goûter|nuit|petit[- ]déjeuner|déjeuner|dîner|repas)"
_WHEN = (
    rf"(?:{_COUNT})"
    rf"|(?:en )?(?:\d+|une|deux|trois|quatre)(?:\s+à\s+\d+)?\s+(?:seule\s+)?(?:fois|prises?)(?:\s+(?:par|/)\s*(?:jour|j|semaine|mois|24 h))?"
    rf"|(?:le |la |au |à |du |chaque |tous les |avant le |après le |avant les |après les |pendant les |au milieu des |au moment des |aux |trois |principaux )*{_MOMENT}s?"
    r"|par (?:jour|semaine|mois|an|prise|24 h|24 heures)|/j(?:our)?\b|une fois par (?:jour|semaine|mois)|quotidien(?:ne)?|hebdomadaire"
    r"|tou(?:te)?s les (?:\d+|deux|trois|quatre|six|huit|douze)?\s*(?:heures?|h|jours?|semaines?|mois)|un jour sur deux|1 jour sur 2|1 jour/2"
    r"|à la demande|si (?:besoin|douleurs?|fièvre|nécessaire|gêne|crise|échec|nausées?|constipation|insomnie|anxiété|toux)(?: ou (?:douleurs?|fièvre))?(?:(?:[^.,;:]|,(?=\d)){0,30}?(?=[.;:]|,(?!\d)|$))?"
    r"|à jeun|en une (?:seule )?prise|en deux prises|(?:le |les )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?"
    r"|(?:(?:au |avec un )?(?:maximum|max)(?: de)?|sans dépasser|ne pas dépasser)\s+[^.,;:]{2,30}?(?=[.,;:]|$|\s+pendant)"
    r"|une? heure avant [^.,;:]+|\d+ (?:minutes|heures?|h) (?:avant|après) [^.,;:]+|au coucher|à chaque crise|jusqu'à \d+ fois par jour"
    r"|en (?:sous-cutanée?|intramusculaire|intraveineux|SC|IM|IV)|per os|dans chaque œil|dans l'œil (?:droit|gauche)|dans les deux yeux"
    r"|à renouveler (?:\d+|une|deux|trois) fois"
)
_SCHEDULE = compiled(rf"(?:{_WHEN})(?:(?:\s*,?\s*(?:et|puis|ou|soit|à raison de)?\s*)(?:{_WHEN}))*")
_DURATION = compiled(
    r"(?:pendant|pour|durant|sur)\s+(?:encore\s+)?(?:\d+|un|une|deux|trois|quatre|cinq|six|dix|quinze)\s+(?:jours?|semaines?|mois|ans?)"
    r"|QSP\s*(?:\d+|un|trois|six)\s*(?:jours?|semaines?|mois)|(?<!tous les )(?<!toutes les )(?<!à )(?<!dans )(?<!depuis )(?<!y a )\b\d+ (?:jours|semaines|mois)\b(?! sur)|jusqu'(?:au|à la|à l'|à|en)\s*(?!\d+ fois)[^.,;]+"
    r"|au long cours|à vie"
)
_GLUE = re.compile(
    r"[\s,:;()]*(?:(?:à|la|dose|de|dosée?|en|comprimés?|par jour|soit|et|posologie|du|à raison de|forme)\s+)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Posology:
    """What was dictated for one drug; character ranges are relative to the text given."""

    dose: str | None
    schedule: str | None
    duration: str | None
    ranges: tuple[tuple[int, int], ...]

    @property
    def certain(self) -> bool:
        """True when a strength with its unit, or a schedule, was said."""
        return bool(self.schedule or (self.dose and not self.dose.replace(" ", "").replace(",", "").isdigit()))


_OTHER_CLAUSE = re.compile(r"(?<!s')(?<!si)\s(?:il|elle|on|je|j'|nous|ça|c'est|c'était)(?=[\s'])", re.IGNORECASE)


def after_name(right: str) -> Posology:
    """Strength, schedule and duration in ``right``, the words from a drug name to the next one."""
    stop = re.search(r"\.(?:\s|$)|;", right)
    text = right[: stop.start()] if stop else right
    if clause := _OTHER_CLAUSE.search(text):
        text = text[: clause.start()]  # « depuis X | il se lève trois fois par nuit »
    ranges: list[tuple[int, int]] = []
    dose = _first_dose(text)
    if dose:
        ranges.append(dose)
    at = dose[1] if dose else 0
    schedule = _SCHEDULE.search(text, at)
    if schedule and schedule.start() - at > 60:
        schedule = None
    if schedule:
        ranges.append(schedule.span())
    duration = next((m for m in _DURATION.finditer(text) if not schedule or m.start() >= schedule.end() - 1), None)
    duration = duration or next((m for m in _DURATION.finditer(text, at)), None)
    if duration and not (schedule and schedule.start() <= duration.start() < schedule.end()):
        ranges.append(duration.span())
    else:
        duration = None

    def said(found: tuple[int, int] | None) -> str | None:
        return text[found[0] : found[1]].strip(" ,:") if found else None

    return Posology(
        said(dose),
        said(schedule.span() if schedule else None),
        said(duration.span() if duration else None),
        tuple(ranges),
    )


def _first_dose(text: str) -> tuple[int, int] | None:
    match = _DOSE.search(text)
    if (
        match
        and match.start() <= 45
        and not re.search(r"\b(?:maximum|max|dépasser|perte|prise) (?:de )?$", text[: match.start()])
    ):
        return match.span()
    bare = _BARE.match(text)
    if bare:
        return bare.end() - len(bare.group(0).lstrip()), bare.end()
    return None


def from_to(text: str) -> tuple[str | None, str, tuple[int, int]] | None:
    """« de 5 à 7,5 mg »: previous dose, new dose, where."""
    match = _FROM_TO.search(text)
    if not match or not (match["ub"] or match["ua"]) or match.start() > 40:
        return None
    unit = match["ub"] or match["ua"]
    return f"{match['a']} {match['ua'] or unit}", f"{match['b']} {unit}", match.span()


def to_dose(text: str) -> tuple[str, tuple[int, int]] | None:
    """« à 28 unités » said before the name."""
    match = _TO.search(text)
    return (match["b"], match.span("b")) if match else None
