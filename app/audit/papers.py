"""Checks of papers: definitions, letterheads, and what the law wants on file."""

from __future__ import annotations

from app.audit.base import Outcome, Scene, fault, ok
from dictation.errors import CalameError


def catalogue(s: Scene) -> Outcome:
    """Every form of the practice is sound."""
    try:
        return ok(f"{len(s.forms())} définitions valables.")
    except CalameError as error:
        return fault(error.message.splitlines()[0])


def letterheads(s: Scene) -> Outcome:
    """Every letterhead of the practice is sound."""
    from templates.letterhead import check_letterhead

    for path in s.letterheads:
        try:
            problems = check_letterhead(path, s.forms())
        except CalameError as error:
            return fault(error.message)
        if problems:
            return fault(f"{path.name}\u00a0: {problems[0]}")
    return ok(f"{len(s.letterheads)} papier(s) du cabinet et ceux de Calame.")


def _page(s: Scene, name: str, title: str) -> Outcome:
    path = s.compliance / name
    if not path.exists():
        return fault(f"{title} absent(e)\u00a0: copiez le modèle {name} et complétez-le.")
    text = path.read_text(encoding="utf-8", errors="replace")
    if "____" in text:
        return fault(f"{title} à compléter ({name} a encore des blancs).")
    return ok(f"{title} présent(e) et complété(e).")


def notice(s: Scene) -> Outcome:
    """The patient notice is there and filled in."""
    return _page(s, "notice_patient.md", "Information du patient")


def aipd(s: Scene) -> Outcome:
    """The impact assessment is there and filled in."""
    return _page(s, "aipd.md", "Analyse d'impact")


def register(s: Scene) -> Outcome:
    """The processing register is there and filled in."""
    return _page(s, "registre.md", "Registre des traitements")
