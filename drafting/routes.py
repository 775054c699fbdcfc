"""Sections only some documents have: « traitements arrêtés », « qui fait quoi », « dires du patient »."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from dictation.evidence import Modality
from dictation.form import Form
from drafting.passage import Passage


@cache
def _rows() -> dict[str, tuple[tuple[str, re.Pattern[str]], ...]]:
    text = (resources.files("drafting") / "routes.tsv").read_text(encoding="utf-8")
    rows: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for line in text.splitlines()[1:]:
        if line.strip() and not line.startswith(("#", "form\t")):
            form, section, cue = line.split("\t")
            rows.setdefault(form, []).append((section, re.compile(cue, re.IGNORECASE)))
    return {form: tuple(found) for form, found in rows.items()}


def route(form: Form, passage: Passage, section: str | None) -> str | None:
    """The special section of ``form`` the words name, else ``section``.

    A quotation always goes to the patient's own words where the document has a place for them.
    """
    if passage.statement.modality is Modality.REPORTED and form.section("dires"):
        return "dires"
    for key, cue in _rows().get(form.id, ()):
        if form.section(key) and cue.search(passage.text):
            return key
    return section
