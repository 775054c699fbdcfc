"""Which section of a document a role lands in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dictation.form import Form, Section
from drafting.sections.fold import fold

#: where a sentence goes when the document has no section for its role, best first
KIN: dict[str, tuple[str, ...]] = {
    "motif": ("histoire",),
    "antecedents": ("histoire",),
    "antecedents_familiaux": ("antecedents",),
    "allergies": ("antecedents", "traitements"),
    "traitements": ("antecedents", "histoire"),
    "mode_de_vie": ("antecedents", "histoire"),
    "histoire": ("motif",),
    "constantes": ("examen",),
    "examen": ("constantes",),
    "examens_complementaires": ("examen",),
    "conclusion": ("conduite",),
    "conduite": ("conclusion",),
    "administratif": (),
    "politesse": (),
}


def home(form: Form, role: str) -> str | None:
    """Key of the section of ``form`` that takes ``role``, its kin otherwise; ``None`` when it has none."""
    for wanted in (role, *KIN.get(role, ())):
        takers = [(s.takes.index(wanted), place, s.key) for place, s in enumerate(form.sections) if wanted in s.takes]
        if takers:
            return min(takers)[2]
    return None


@dataclass(frozen=True, slots=True)
class FormCues:
    """Titles and cues of one form, folded once."""

    form: Form
    titles: tuple[tuple[str, Section], ...]
    openers: tuple[tuple[re.Pattern[str], Section], ...]

    def titled(self, title: str) -> Section | None:
        """The section a dictated title names: its title, its key or one of its cues; ``None`` otherwise."""
        folded = fold(title).strip(" :.,;")
        if not folded:
            return None
        exact = next((section for name, section in self.titles if name == folded), None)
        if exact:
            return exact
        return next(
            (s for name, s in self.titles if len(folded) > 4 and name.startswith(folded + " ")),
            None,
        )

    def opened(self, text: str) -> Section | None:
        """The section whose own cue the sentence holds, for sections that take no role; ``None`` otherwise."""
        folded = fold(text)
        return next((section for pattern, section in self.openers if pattern.search(folded)), None)


def _opener(cue: str) -> re.Pattern[str]:
    """A cue of several words may stand anywhere; a single word must open the sentence like a title."""
    words = re.escape(fold(cue))
    return re.compile(rf"(?<!\w){words}(?!\w)" if " " in cue.strip() else rf"^{words} ?:")


def form_cues(form: Form) -> FormCues:
    """Reads the titles and cues of ``form``."""
    titles: list[tuple[str, Section]] = []
    openers: list[tuple[re.Pattern[str], Section]] = []
    for section in form.sections:
        names = {fold(section.title), fold(section.key.replace("_", " ")), *(fold(cue) for cue in section.cues)}
        titles += [(name, section) for name in sorted(names)]
        if not section.takes:
            openers += [(_opener(cue), section) for cue in section.cues if cue.strip()]
    return FormCues(form, tuple(titles), tuple(openers))
