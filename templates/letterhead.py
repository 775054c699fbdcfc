"""A practice's own letterhead: refuse what is dangerous, explain what is misspelt."""

from __future__ import annotations

import difflib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from dictation.errors import InputError
from dictation.form import Form
from templates.catalogue import Problem

MAX_BYTES = 20_000_000
MAX_UNPACKED = 100_000_000
MAX_IMAGE = 10_000_000
MAX_ENTRIES = 2_000

_TAG = re.compile(r"\{\{(.*?)\}\}|\{%[a-z]*\s*(.*?)%\}", re.S)
_PLACES = {
    "praticien.nom", "praticien.qualite", "praticien.coordonnees", "destinataire.lignes", "destinataire.nom",
    "patient.identite", "patient.naissance", "patient.ligne", "patient.court", "lieu_date", "titre", "preparation",
    "mention", "signature", "rubriques", "rubriques_ald", "rubriques_hors_ald",
}  # fmt: skip
_ITEM = {"cle", "titre", "paragraphes", "puces", "lignes", "vide", "nue", "libelle", "valeur", "dit", "manque"}


def _refuse(code: str, name: str, why: str) -> InputError:
    return InputError(f"letterhead.{code}", f"Le papier à en-tête {name} est refusé\u00a0: {why}")


def refuse_hostile(path: Path) -> None:
    """Raises :class:`InputError` for a file that is not plain, bounded Word: macro, link, bomb, huge image."""
    name = path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _refuse("unreadable", name, f"fichier illisible ({error.strerror}).") from error
    if size > MAX_BYTES:
        raise _refuse("too_big", name, "il dépasse 20\u00a0Mo. Réduisez les images.")
    if not zipfile.is_zipfile(path):
        raise _refuse("not_word", name, "ce n'est pas un document Word (.docx).")
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
            raise _refuse("bomb", name, "son contenu décompressé est démesuré.")
        names = {e.filename for e in entries}
        if "word/document.xml" not in names:
            raise _refuse("not_word", name, "ce n'est pas un document Word (.docx).")
        for e in entries:
            low = e.filename.lower()
            if low.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in low:
                raise _refuse("macro", name, "il contient une macro. Enregistrez-le au format .docx sans macro.")
            if "/embeddings/" in low:
                raise _refuse("embedded", name, "il contient un objet incorporé. Supprimez-le.")
            if "/media/" in low and e.file_size > MAX_IMAGE:
                raise _refuse("image", name, "une image dépasse 10\u00a0Mo. Réduisez-la.")
            if low.endswith((".xml", ".rels")):
                _refuse_part(name, low, _unpacked(archive, e, name))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """A part; what unpacks to something else than it announces is refused too."""
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _refuse("damaged", name, "le fichier est abîmé ou chiffré. Enregistrez-le de nouveau.") from error


def _refuse_part(name: str, low: str, content: bytes) -> None:
    from lxml import etree

    # UTF-16 is folded so that nothing hides behind an encoding
    folded = content.replace(b"\0", b"")
    if b"<!DOCTYPE" in folded or b"<!ENTITY" in folded:
        raise _refuse("doctype", name, "son XML contient une déclaration interdite.")
    if low == "[content_types].xml" and re.search(rb"macroEnabled|vbaProject", folded, re.IGNORECASE):
        raise _refuse("macro", name, "il contient une macro. Enregistrez-le au format .docx sans macro.")
    if not (low.endswith(".rels") or b"instrText" in folded or b"fldSimple" in folded):
        return
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as error:
        raise _refuse("damaged", name, "le fichier est abîmé ou chiffré. Enregistrez-le de nouveau.") from error
    outside = "il va chercher un élément à l'extérieur (image, modèle ou champ lié)."
    if low.endswith(".rels"):
        for relation in root.iter("{*}Relationship"):
            if relation.get("TargetMode", "").lower() == "external" and "/hyperlink" not in relation.get("Type", ""):
                raise _refuse("external", name, outside)
        return
    codes = [node.text or "" for node in root.iter("{*}instrText")]
    codes += [
        value for node in root.iter("{*}fldSimple") for key, value in node.attrib.items() if key.endswith("instr")
    ]
    if re.search(r"\b(?:DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|LINK|IMPORT)\b", "".join(codes), re.IGNORECASE):
        raise _refuse("external", name, outside)


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """(place in the document, text) for body paragraphs with their estimated page, headers and footers."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(str(path))
    page = 1
    for p in document.element.body.iter(qn("w:p")):
        page += len(p.findall(".//" + qn("w:lastRenderedPageBreak")))
        page += sum(1 for b in p.iter(qn("w:br")) if b.get(qn("w:type")) == "page")
        yield f"page {page}", "".join(t.text or "" for t in p.iter(qn("w:t")))
    for section in document.sections:
        for where, part in (("en-tête", section.header), ("pied de page", section.footer)):
            for p in part._element.iter(qn("w:p")):
                yield where, "".join(t.text or "" for t in p.iter(qn("w:t")))


def check_letterhead(path: Path, forms: Iterable[Form]) -> tuple[Problem, ...]:
    """Every unknown, misspelt or broken place and its page. Raises :class:`InputError` when hostile."""
    refuse_hostile(path)
    forms = tuple(forms)
    known = _PLACES | {f"rubrique.{s.key}" for f in forms for s in f.sections}
    known |= {f"champ.{s.key}.{x.key}" for f in forms for s in f.sections for x in s.fields}
    problems: list[Problem] = []
    loops: list[tuple[str, str, str]] = []
    variables: set[str] = set()
    seen: set[str] = set()
    for where, text in _texts(path):
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
            problems.append(Problem(where, "une accolade est ouverte ou fermée de trop."))
        for match in _TAG.finditer(text):
            place, tag = match.group(1), match.group(2)
            if place is not None:
                name = place.split("|")[0].strip()
                seen.add(name)
                problems += _unknown(name, known, variables, where)
                continue
            words = tag.split()
            if not words:
                continue
            if words[0] == "for" and len(words) >= 4:
                loops.append(("for", where, words[1]))
                problems += _unknown(words[3], known, variables, where)
                variables.add(words[1])
                seen.add(words[3])
            elif words[0] == "if" and len(words) >= 2:
                loops.append(("if", where, ""))
                name = words[-1] if words[1] == "not" else words[1]
                problems += _unknown(name, known, variables, where)
            elif words[0] in ("endfor", "endif"):
                if not loops or loops.pop()[0] != words[0][3:]:
                    problems.append(Problem(where, f"«\u00a0{words[0]}\u00a0» ne ferme rien."))
            elif words[0] not in ("else", "elif"):
                problems.append(Problem(where, f"instruction inconnue «\u00a0{words[0]}\u00a0»."))
    for kind, where, _ in loops:
        problems.append(Problem(where, f"la boucle ou condition «\u00a0{kind}\u00a0» n'est jamais fermée (end{kind})."))
    if not any(n.startswith(("rubriques", "rubrique.", "champ.")) for n in seen):
        problems.append(
            Problem("", "aucune place pour le texte dicté\u00a0: ajoutez la boucle «\u00a0rubriques\u00a0».")
        )
    if not any(n.startswith("patient.") for n in seen):
        problems.append(Problem("", "aucune place pour le patient\u00a0: ajoutez {{ patient.identite }}."))
    return tuple(problems)


def _unknown(name: str, known: set[str], variables: set[str], where: str) -> list[Problem]:
    if name in known or name in variables:
        return []
    root, _, rest = name.partition(".")
    if root in variables and rest in _ITEM:
        return []
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Vouliez-vous «\u00a0{near[0]}\u00a0»\u00a0?" if near else ""
    return [Problem(where, f"place inconnue «\u00a0{name}\u00a0».{hint}")]
