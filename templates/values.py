"""Typed values as a reader sees them. Nothing is computed: only laid out."""

from __future__ import annotations

from decimal import Decimal

from dictation import values as v
from templates.french import short_date

NBSP = "\u00a0"
STATUS = {
    v.DrugStatus.ONGOING: "",
    v.DrugStatus.STARTED: "introduit",
    v.DrugStatus.STOPPED: "arrêté",
    v.DrugStatus.CHANGED: "modifié",
    v.DrugStatus.REFUSED: "refusé",
}


def number(value: Decimal) -> str:
    """Decimal comma, thin spaces from 10 000 on, digits exactly as dictated."""
    text = format(value, "f")
    whole, _, part = text.partition(".")
    if len(whole.lstrip("-")) > 4:
        whole = f"{int(whole):,}".replace(",", "\u202f")
    return f"{whole},{part}" if part else whole


def shown(value: v.Value) -> str:
    """One line of French for any typed value."""
    match value:
        case v.Vital():
            return _vital(value)
        case v.Lab():
            amount = number(value.value) if isinstance(value.value, Decimal) else value.value
            parts = (value.name, value.operator, amount, value.unit)
            text = NBSP.join(p for p in parts[1:] if p)
            date = f" ({short_date(value.date)})" if value.date else ""
            return f"{value.name} {text}{date}"
        case v.Drug():
            head = " ".join(p for p in (value.name, value.dose) if p)
            tail = ", ".join(p for p in (value.schedule, value.duration) if p)
            status = STATUS[value.status]
            return head + (f"{NBSP}: {tail}" if tail else "") + (f" ({status})" if status else "")
        case v.Allergy():
            if value.negated:
                general = value.substance.startswith("allergie")
                return f"pas d'{value.substance}" if general else f"pas d'allergie à {value.substance}"
            return value.substance + (f"{NBSP}: {value.reaction}" if value.reaction else "")
        case v.DateValue():
            return short_date(value.iso)
        case bool():
            return "oui" if value else "non"
        case Decimal():
            return number(value)
        case _:
            return str(value)


def _vital(value: v.Vital) -> str:
    if value.sys is not None and value.dia is not None:
        amount = f"{number(value.sys)}/{number(value.dia)}"
    else:
        amount = number(value.value) if value.value is not None else ""
    unit = value.unit or ""
    glue = "" if unit.startswith("/") else NBSP
    rest = " ".join(p for p in (value.site, value.condition) if p)
    return " ".join(p for p in (value.code, amount + (glue + unit if unit else ""), rest) if p)
