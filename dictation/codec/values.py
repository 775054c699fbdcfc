"""Typed values: vital signs, results, drugs, allergies, dates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dictation import values as v
from dictation.codec.shape import Json, json_number, some


def value_to_json(value: v.Value) -> Any:
    """A typed value in the contract's shape; ``None`` parts are left out."""
    match value:
        case v.Vital():
            out: Json = {"code": value.code}
            if value.sys is not None and value.dia is not None:
                out |= {"sys": json_number(value.sys), "dia": json_number(value.dia)}
            if value.value is not None:
                out["value"] = json_number(value.value)
            out["unit"] = value.unit
            return out | some(site=value.site, condition=value.condition)
        case v.Lab():
            number = json_number(value.value) if isinstance(value.value, Decimal) else value.value
            return {"name": value.name, "value": number, "unit": value.unit} | some(
                operator=value.operator,
                date=value.date,
                unit_origin=value.unit_origin if value.unit_origin != "dictated" else None,
            )
        case v.Drug():
            return {
                "name": value.name,
                "dose": value.dose,
                "schedule": value.schedule,
                "duration": value.duration,
                "status": value.status.value,
            } | some(previous_dose=value.previous_dose, reason=value.reason)
        case v.Allergy():
            return {"substance": value.substance, "reaction": value.reaction, "negated": value.negated}
        case v.DateValue():
            return {"iso": value.iso, "role": value.role}
        case Decimal():
            return json_number(value)
        case _:
            return value


def _decimal(x: Any) -> Decimal | None:
    return None if x is None else Decimal(str(x))


def value_from_json(type_: str, data: Any) -> v.Value:
    """Inverse of :func:`value_to_json` for the field type ``type_``."""
    match type_:
        case "vital":
            return v.Vital(
                data["code"],
                _decimal(data.get("value")),
                data.get("unit"),
                _decimal(data.get("sys")),
                _decimal(data.get("dia")),
                data.get("site"),
                data.get("condition"),
            )
        case "lab":
            raw = data["value"]
            return v.Lab(
                data["name"],
                raw if isinstance(raw, str) else Decimal(str(raw)),
                data.get("unit"),
                data.get("operator"),
                data.get("date"),
                data.get("unit_origin", "dictated"),
            )
        case "drug":
            return v.Drug(
                data["name"],
                data.get("dose"),
                data.get("schedule"),
                data.get("duration"),
                v.DrugStatus(data["status"]),
                data.get("previous_dose"),
                data.get("reason"),
            )
        case "allergy":
            return v.Allergy(data["substance"], data.get("reaction"), bool(data.get("negated", False)))
        case "date":
            return v.DateValue(data["iso"], data["role"])
        case "quantity" | "number":
            return data if isinstance(data, str) else Decimal(str(data))
        case _:
            if not isinstance(data, str | int | bool):
                raise TypeError(f"value of type {type_}")
            return data
