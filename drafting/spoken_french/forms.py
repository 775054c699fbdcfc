"""Dose forms: what a prescription counts (« 1 comprimé », « 2 bouffées »)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from drafting.spoken_french.scan import Phrases, rows


@dataclass(frozen=True, slots=True)
class DoseForm:
    """A dose form in the number it was said in."""

    text: str
    plural: bool
    #: never more than a dozen at a time, so that « quarante deux comprimés » is 40 then 2
    few: bool


def _pairs() -> list[tuple[str, DoseForm]]:
    out: list[tuple[str, DoseForm]] = []
    for row in rows("forms.tsv"):
        few = row["few"] == "yes"
        out.append((row["singular"], DoseForm(row["singular"], False, few)))
        if row["plural"] != row["singular"]:
            out.append((row["plural"], DoseForm(row["plural"], True, few)))
    return out


_FORMS: Phrases[DoseForm] = Phrases(_pairs())


def form_at(low: Sequence[str], i: int) -> tuple[DoseForm, int] | None:
    """Dose form at ``low[i]`` (folded tokens) and the index after it."""
    return _FORMS.at(low, i)
