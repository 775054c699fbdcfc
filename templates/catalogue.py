"""The catalogue of documents: TOML definitions in ``templates/forms`` and the practice's own folder.

A definition that cannot be used is refused whole, with every fault explained in French; it never
half-loads. Loading reads the disk; a :class:`Catalogue` is immutable and safe to share.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dictation.errors import InputError
from dictation.form import ROLES, Field, FieldType, Form, Genre, Section
from dictation.lexicon import fold

FORMS = Path(__file__).parent / "forms"

_FORM_KEYS: dict[str, type] = {
    "id": str, "title": str, "revision": int, "genre": str, "loinc": str, "tre_a05": str, "preparation": str, "printed": str,
    "spoken": list, "legal": list, "mentions": list, "sources": list, "section": list,
}  # fmt: skip
_SECTION_KEYS: dict[str, type] = {
    "key": str, "title": str, "type": str, "required": bool, "loinc": str, "values": list, "takes": list,
    "cues": list, "never": list, "rule": str, "condition": str, "printed": str, "field": list,
}  # fmt: skip
_FIELD_KEYS: dict[str, type] = {"key": str, "label": str, "type": str, "required": bool, "values": list, "rule": str}
_NAMES = {str: "un texte entre guillemets", int: "un nombre entier", bool: "true ou false", list: "une liste [ … ]"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a definition, in French."""

    #: « section 2 « examen », champ 1 »
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}\u00a0: {self.message}" if self.where else self.message


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Forms by id, in the order of use in French practice."""

    forms: tuple[Form, ...]

    def __iter__(self) -> Iterator[Form]:
        return iter(self.forms)

    def find(self, form_id: str) -> Form | None:
        """The form of that id, or ``None``."""
        return next((f for f in self.forms if f.id == form_id), None)

    def get(self, form_id: str) -> Form:
        """The form of that id; raises :class:`InputError` with the nearest ids when unknown."""
        form = self.find(form_id)
        if form is None:
            near = difflib.get_close_matches(form_id, [f.id for f in self.forms], n=3, cutoff=0.4)
            hint = f" Vouliez-vous {' ou '.join(f'« {n} »' for n in near)}\u00a0?" if near else ""
            raise InputError(
                "form.unknown",
                f"Aucun document ne s'appelle «\u00a0{form_id}\u00a0».{hint} La liste\u00a0: calame forms.",
            )
        return form

    def spoken(self, text: str) -> tuple[Form, ...]:
        """Forms whose spoken name occurs in ``text``, longest name first."""
        key = f" {fold(text)} "
        hits = [(len(fold(name)), form) for form in self.forms for name in form.spoken if f" {fold(name)} " in key]
        hits.sort(key=lambda hit: -hit[0])
        return tuple(dict.fromkeys(form for _, form in hits))


#: forms as often as French doctors write them (rank of the document catalogue)
ORDER = (
    "ordonnance", "compte_rendu_consultation", "courrier_reponse_medecin_traitant", "courrier_adressage",
    "prescription_biologie", "arret_travail", "demande_imagerie", "prescription_soins", "certificat_medical",
    "certificat_medical_descriptif", "certificat_sport", "protocole_ald", "bon_transport", "cr_teleconsultation",
    "lettre_liaison_entree", "lettre_liaison_sortie", "certificat_atmp", "certificat_mdph", "accord_prealable",
    "grille_aggir", "volet_synthese_medicale",
)  # fmt: skip


@cache
def bundled() -> Catalogue:
    """The shipped catalogue."""
    return load(FORMS)


def load(*folders: Path) -> Catalogue:
    """Reads every ``*.toml`` of ``folders``; a later folder replaces a form of the same id.

    Raises :class:`InputError` naming the first faulty file and its faults.
    """
    forms: dict[str, Form] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            form = read(path)
            forms[form.id] = form
    rank = {form_id: n for n, form_id in enumerate(ORDER)}
    return Catalogue(tuple(sorted(forms.values(), key=lambda f: (rank.get(f.id, len(rank)), f.id))))


def read(path: Path) -> Form:
    """One definition; raises :class:`InputError` listing every fault."""
    form, problems = check(path)
    if form is None:
        faults = "".join(f"\n  - {p}" for p in problems)
        raise InputError("form.invalid", f"La définition {path.name} ne peut pas servir\u00a0:{faults}")
    return form


def check(path: Path) -> tuple[Form | None, tuple[Problem, ...]]:
    """Validates a definition: the form when it is sound, and every problem found, in French.

    Raises :class:`InputError` when the file cannot be read at all.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, (Problem("", "le fichier n'est pas en UTF-8. Enregistrez-le au format «\u00a0UTF-8\u00a0»."),)
    except OSError as error:
        raise InputError("form.unreadable", f"Impossible de lire {path}\u00a0: {error.strerror}.") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, (Problem("", f"ce n'est pas du TOML valable ({error}). Vérifiez guillemets et crochets."),)
    problems = list(_check_table(data, _FORM_KEYS, ("id", "title", "revision", "genre", "section"), ""))
    if not problems:
        problems += _check_form(data)
    return (None if problems else _build(data)), tuple(problems)


def _check_table(
    data: Mapping[str, Any], keys: Mapping[str, type], required: tuple[str, ...], where: str
) -> Iterator[Problem]:
    for key, value in data.items():
        kind = keys.get(key)
        if kind is None:
            near = difflib.get_close_matches(key, keys, n=1)
            hint = f" Vouliez-vous «\u00a0{near[0]}\u00a0»\u00a0?" if near else ""
            yield Problem(where, f"clé inconnue «\u00a0{key}\u00a0».{hint}")
        elif not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            yield Problem(where, f"«\u00a0{key}\u00a0» doit être {_NAMES[kind]}.")
        elif isinstance(value, list) and key not in ("section", "field") and not all(isinstance(x, str) for x in value):
            yield Problem(where, f"«\u00a0{key}\u00a0» doit être une liste de textes.")
        elif isinstance(value, str) and not value.strip():
            yield Problem(where, f"«\u00a0{key}\u00a0» est vide.")
    for key in required:
        if key not in data:
            yield Problem(where, f"il manque «\u00a0{key}\u00a0».")


def _one_of(value: str, allowed: list[str], what: str, where: str) -> Iterator[Problem]:
    if value not in allowed:
        near = difflib.get_close_matches(value, allowed, n=1)
        hint = f" Vouliez-vous «\u00a0{near[0]}\u00a0»\u00a0?" if near else f" Choix\u00a0: {', '.join(allowed)}."
        yield Problem(where, f"{what} inconnu «\u00a0{value}\u00a0».{hint}")


def _check_form(data: Mapping[str, Any]) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", data["id"]):
        yield Problem("", "«\u00a0id\u00a0» ne prend que des minuscules sans accent, des chiffres et _.")
    if data["revision"] < 1:
        yield Problem("", "«\u00a0revision\u00a0» commence à 1.")
    yield from _one_of(data["genre"], [g.value for g in Genre], "genre", "")
    if not data["section"]:
        yield Problem("", "il faut au moins une section.")
    seen: set[str] = set()
    types = [t.value for t in FieldType]
    for n, section in enumerate(data["section"], 1):
        where = f"section {n}"
        if not isinstance(section, dict):
            yield Problem(where, "doit être un tableau [[section]].")
            continue
        where += f" «\u00a0{section.get('key', '?')}\u00a0»"
        faults = list(_check_table(section, _SECTION_KEYS, ("key", "title"), where))
        yield from faults
        if faults:
            continue
        if section["key"] in seen:
            yield Problem(where, "cette clé sert déjà à une autre section.")
        seen.add(section["key"])
        yield from _one_of(section.get("type", "longtext"), types, "type", where)
        for role in section.get("takes", ()):
            yield from _one_of(role, list(ROLES), "rôle", where)
        for pattern in section.get("never", ()):
            try:
                re.compile(pattern)
            except re.error as error:
                yield Problem(
                    where, f"«\u00a0never\u00a0»\u00a0: expression «\u00a0{pattern}\u00a0» illisible ({error})."
                )
        if section.get("type") == "enum" and not section.get("values"):
            yield Problem(where, "une liste de choix (enum) demande «\u00a0values\u00a0».")
        keys: set[str] = set()
        for m, field in enumerate(section.get("field", ()), 1):
            place = f"{where}, champ {m}"
            if not isinstance(field, dict):
                yield Problem(place, "doit être un tableau [[section.field]].")
                continue
            faults = list(_check_table(field, _FIELD_KEYS, ("key", "label", "type"), place))
            yield from faults
            if faults:
                continue
            if field["key"] in keys:
                yield Problem(place, f"la clé «\u00a0{field['key']}\u00a0» sert déjà dans cette section.")
            keys.add(field["key"])
            yield from _one_of(field["type"], types, "type", place)


def _build(data: Mapping[str, Any]) -> Form:
    return Form(
        id=data["id"],
        title=data["title"],
        revision=data["revision"],
        genre=Genre(data["genre"]),
        sections=tuple(_section(s) for s in data["section"]),
        loinc=data.get("loinc"),
        tre_a05=data.get("tre_a05"),
        preparation=data.get("preparation"),
        legal=tuple(data.get("legal", ())),
        mentions=tuple(data.get("mentions", ())),
        sources=tuple(data.get("sources", ())),
        spoken=tuple(data.get("spoken", ())),
        printed=data.get("printed"),
    )


def _section(s: Mapping[str, Any]) -> Section:
    return Section(
        key=s["key"],
        title=s["title"],
        type=FieldType(s.get("type", "longtext")),
        required=s.get("required", False),
        loinc=s.get("loinc"),
        values=tuple(s.get("values", ())),
        fields=tuple(
            Field(
                f["key"],
                f["label"],
                FieldType(f["type"]),
                f.get("required", False),
                tuple(f.get("values", ())),
                f.get("rule"),
            )
            for f in s.get("field", ())
        ),
        cues=tuple(s.get("cues", ())),
        never=tuple(s.get("never", ())),
        rule=s.get("rule"),
        condition=s.get("condition"),
        takes=tuple(s.get("takes", ())),
        printed=s.get("printed"),
    )
