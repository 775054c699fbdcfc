"""A value corrected in its typed inputs is corrected in the sentence that holds it, where that is certain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from decimal import Decimal
from typing import Any

from dictation.values import DateValue, Value
from templates.french import short_date
from templates.values import number


def reworded(text: str, before: Value, changed: Mapping[str, Any]) -> str | None:
    """``text`` with the old parts replaced by the new ones.

    ``None`` when an old part is not found exactly once: a human must look.
    """
    out = text
    for name, wanted in changed.items():
        old = getattr(before, name, None) if is_dataclass(before) else before
        if name in ("status", "negated", "role") or old == wanted:
            continue
        if old is None or wanted is None:
            return None
        seen = _written(old, date=isinstance(before, DateValue))
        loose = re.escape(seen).replace("\\ ", r"\s")  # any of the French spaces
        found = list(re.finditer(rf"(?<![\w,.]){loose}(?!\w)", out, re.IGNORECASE))
        if len(found) != 1:
            return None
        new = _written(wanted, date=isinstance(before, DateValue))
        out = out[: found[0].start()] + new + out[found[0].end() :]
    return out


def _written(value: Any, *, date: bool) -> str:
    if date:
        return short_date(str(value))
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return number(Decimal(str(value)))
    return str(value)
