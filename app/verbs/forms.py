"""``calame forms``: the catalogue, one definition, or the check of a practice's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.wiring import forms_catalogue
from dictation.errors import InputError
from dictation.form import Form


def run(args: argparse.Namespace) -> int:
    """Lists the forms when no action is given."""
    if args.what == "show":
        _show(forms_catalogue().get(args.id))
    elif args.what == "check":
        return _check(Path(args.file))
    else:
        for form in forms_catalogue():
            mark = "préparation" if form.preparation else ""
            print(f"{form.id:36} {form.title}{'  (' + mark + ')' if mark else ''}")
    return 0


def _show(form: Form) -> None:
    print(f"{form.title}  [{form.id}, révision {form.revision}]")
    if form.preparation:
        print(form.preparation)
    for section in form.sections:
        need = "obligatoire" if section.required else "facultatif"
        print(f"  {section.key:24} {section.title} ({section.type.value}, {need})")
        for field in section.fields:
            choices = f"\u00a0: {', '.join(field.values)}" if field.values else ""
            print(f"      {field.key:22} {field.label} ({field.type.value}){choices}")
    for line in (*form.legal, *form.mentions):
        print(f"  • {line}")


def _check(path: Path) -> int:
    if path.suffix.lower() in (".docx", ".docm", ".dotx", ".dotm"):
        from templates.letterhead import check_letterhead

        faults = [str(p) for p in check_letterhead(path, forms_catalogue())]
    else:
        from templates.catalogue import check

        faults = [str(p) for p in check(path)[1]]
    if faults:
        raise InputError(
            "form.invalid", f"{path.name} ne peut pas servir\u00a0:" + "".join(f"\n  - {p}" for p in faults)
        )
    print(f"{path.name}\u00a0: conforme")
    return 0
