"""Lexicons from files: the packaged drug list, the official register, the practice's own words.

Every loader returns an immutable :class:`~dictation.lexicon.Lexicon` and raises
:class:`~dictation.errors.InputError` with a French message when the file cannot be used.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.drug_names import brand, substance, without_salt
from dictation.errors import InputError
from dictation.lexicon import Lexicon, Term, fold

CACHE_SCHEMA = "calame-lexicon/1"
#: kinds a practice may give to its own words
PRACTICE_KINDS = ("practice", "person", "drug", "substance", "anatomy", "term")
_MOST_BYTES = 64 * 1024 * 1024
#: words that tell a class of drugs from a drug in the packaged list
_CLASS_WORDS = frozenset(
    [
        "autres",
        "autre",
        "inhibiteur",
        "inhibiteurs",
        "preparations",
        "preparation",
        "associations",
        "association",
        "medicaments",
        "medicament",
        "produits",
        "divers",
        "extrait",
        "extraits",
        "travail",
        "virus",
        "derives",
        "solutions",
        "combinaisons",
        "antigene",
        "antigenes",
        "laxatifs",
        "laxatif",
        "medicamenteux",
        "allergenes",
        "allergene",
        "insectes",
        "acariens",
        "pollens",
        "venin",
        "venins",
        "amides",
        "edetates",
        "poly",
        "diuretiques",
    ]
)
_LAB_FORMS = frozenset(
    [
        "sas",
        "sa",
        "sarl",
        "gmbh",
        "bv",
        "ltd",
        "limited",
        "laboratoire",
        "laboratoires",
        "pharma",
        "pharmaceuticals",
        "healthcare",
        "france",
        "europe",
        "group",
        "sante",
        "generiques",
        "generics",
        "holding",
        "international",
        "ireland",
        "nv",
        "spa",
        "ag",
        "inc",
        "ab",
        "as",
        "sl",
    ]
)
_STRENGTH = re.compile(
    r"(?<![\w,.])(\d[\d ]*(?:[.,]\d+)?)\s*(mg|g|µg|microgrammes?|UI|unités?|ml|mL|%|mmol)(?:\s*/\s*(?:\d+\s*)?(ml|mL|dose|h|g))?",
)
_NAME_END = re.compile(
    r",|\s(?=\d[\d ,.]*\s*(?:mg|g|µg|microg|UI|U\.I|unit|ml|%|mmol|MBq|GBq|kBq|POUR|micro|MUI|M\.|mmole|Ci|doses|DOSES|kcal)\b)|\s(?=\d[\d ,.]*\s*(?:mg|g|%|/))"
)
_HOMEOPATHIC = re.compile(r"hom[ée]opathi|degr[ée] de dilution|BOIRON|LEHNING|WELEDA|ROCAL\b", re.IGNORECASE)


def load_edsnlp(path: Path) -> Lexicon:
    """The packaged list of ``edsnlp`` (``drugs.json``: ATC code -> names; capitals are brands).

    Raises ``InputError`` ``lexicon.unreadable`` or ``lexicon.shape``.
    """
    try:
        data = json.loads(_text(path))
        names = [(str(code), str(name)) for code, group in data.items() for name in group]
    except (ValueError, AttributeError, TypeError) as error:
        raise _shape(path, "la liste de médicaments d'edsnlp (drugs.json)") from error
    return Lexicon(_joined(_edsnlp_terms(names)), revision="edsnlp")


def _edsnlp_terms(names: Iterable[tuple[str, str]]) -> Iterator[Term]:
    names = list(names)
    substances = {fold(name) for _, name in names if not name.isupper()}
    for code, name in names:
        words = name.split()
        if name.isupper():
            if len(words) > 1 and all(fold(w) in substances for w in words):
                yield Term(substance(name), "substance", code)  # a generic combination, written like a brand
            elif len(words) <= 4:
                yield Term(brand(name), "drug", code)
            continue
        if "," in name or any(fold(w) in _CLASS_WORDS for w in words):
            continue
        parts = [p for p in re.split(r" et |/", name) if p]
        if len(words) <= 3 and len(parts) == 1:
            written = substance(name)
            yield Term(written, "substance", code, spoken=(name,) if fold(written) != fold(name) else ())
        for part in parts if len(parts) > 1 else ():
            if len(part.split()) <= 2:
                yield Term(substance(part), "substance", code)


def load_bdpm(path: Path) -> Lexicon:
    """The public drug register: official ``CIS_bdpm.txt`` (``CIS_COMPO_bdpm.txt`` beside it is read too) or a
    table with columns ``denomination``, ``marque_courte``, ``dci``, ``dosage``, ``atc``; Windows-1252 or UTF-8.

    Homeopathic preparations are left out: their Latin names sound like everything and are not dictated alone.
    Raises ``InputError`` ``lexicon.unreadable`` or ``lexicon.shape``.
    """
    text = _text(path)
    first = text.split("\n", 1)[0].rstrip("\r").split("\t")
    if "denomination" in first:
        rows = list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
        registered = [
            _Speciality(
                row.get("denomination") or "",
                (row.get("dci") or "").split(" + "),
                "",
                row.get("atc") or None,
                row.get("marque_courte") or "",
            )
            for row in rows
        ]
    else:
        registered = list(_official(text, path))
    if not any(s.name for s in registered):
        raise _shape(path, "la base publique des médicaments (CIS_bdpm.txt)")
    return Lexicon(_joined(_bdpm_terms(registered)), revision=f"bdpm-{len(registered)}")


@dataclass(frozen=True, slots=True)
class _Speciality:
    """One line of the register."""

    name: str
    substances: list[str]
    holder: str
    code: str | None = None
    short: str = ""


def _official(text: str, path: Path) -> Iterator[_Speciality]:
    substances: dict[str, list[str]] = {}
    composition = path.with_name("CIS_COMPO_bdpm.txt")
    if composition.is_file() and composition != path:
        for line in _text(composition).splitlines():
            cells = line.split("\t")
            if len(cells) >= 7 and cells[6].strip() in ("SA", "FT"):
                substances.setdefault(cells[0].strip(), []).append(cells[3].strip())
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) >= 3 and cells[0].isdigit() and len(cells[0]) == 8:
            yield _Speciality(cells[1], substances.get(cells[0], []), cells[10] if len(cells) > 10 else "")


def _bdpm_terms(rows: list[_Speciality]) -> Iterator[Term]:
    kept = [
        r for r in rows if not _HOMEOPATHIC.search(r.name) and not any(_HOMEOPATHIC.search(s) for s in r.substances)
    ]
    bases = [(_short_name(r), r) for r in kept]
    known = {fold(without_salt(s)) for r in kept for s in r.substances}
    holders = _holder_words(kept, bases)
    for name, row in bases:
        if (row.code or "").startswith("V01"):  # allergen extracts: « insectes », « pollens »
            continue
        strengths = tuple(dict.fromkeys(f"{m[1].strip()} {m[2]}" for m in _STRENGTH.finditer(row.name)))
        for dci in row.substances:
            bare = without_salt(dci)
            if len(bare) > 3 and len(bare.split()) <= 4 and not any(fold(w) in _CLASS_WORDS for w in bare.split()):
                yield Term(substance(bare), "substance", row.code, strengths if len(row.substances) == 1 else ())
        words = name.split()
        without_lab = words
        while len(without_lab) > 1 and fold(without_lab[-1]) in holders:
            without_lab = without_lab[:-1]
        base = " ".join(without_lab)
        parts = [p.strip() for p in base.split("/") if p.strip()]
        generic = len(without_lab) < len(words) or all(fold(without_salt(p)) in known for p in parts)
        if generic:
            for part in parts:
                if len(part) > 3 and len(part.split()) <= 4:
                    yield Term(
                        substance(without_salt(part)), "substance", row.code, strengths if len(parts) == 1 else ()
                    )
        elif len(base) > 2 and len(words) <= 5:
            yield Term(brand(base), "drug", row.code, strengths)


def _short_name(row: _Speciality) -> str:
    name = row.short if len(row.short) > 1 else _NAME_END.split(row.name, maxsplit=1)[0]
    return " ".join(re.sub(r"\([^)]*\)", " ", name).split()).strip(" ,;-")


def _holder_words(rows: list[_Speciality], bases: list[tuple[str, _Speciality]]) -> frozenset[str]:
    """Words that end many different names (« ARROW », « BIOGARAN »): the laboratory, not the drug."""
    heads: dict[str, set[str]] = {}
    for name, _ in bases:
        words = name.split()
        if len(words) > 1:
            heads.setdefault(fold(words[-1]), set()).add(fold(words[0]))
    often = {word for word, firsts in heads.items() if len(firsts) >= 8 and word.isalpha() and len(word) > 1}
    named = {fold(w) for row in rows for w in row.holder.split() if len(w) > 2}
    likely = {w for w, firsts in heads.items() if w in named and len(firsts) >= 2}
    return frozenset((often | likely | _LAB_FORMS) - {"lp", "enfants", "adultes", "nourrissons", "vitamine", "fort"})


def _joined(terms: Iterable[Term]) -> list[Term]:
    """One term per name: an accented spelling wins over a bare one, strengths and spoken forms add up."""
    found: dict[str, Term] = {}
    for term in terms:
        key = fold(term.text)
        if len(key) < 2:
            continue
        old = found.get(key)
        if old is None:
            found[key] = term
            continue
        best = old
        if old.kind == "substance" and term.kind == "substance":
            best = max(old, term, key=lambda t: sum(not c.isascii() for c in t.text))
        found[key] = replace(
            best,
            code=old.code or term.code,
            strengths=tuple(dict.fromkeys((*old.strengths, *term.strengths)))[:40],
            spoken=tuple(dict.fromkeys((*old.spoken, *term.spoken))),
        )
    for key in [k for k, t in found.items() if t.kind == "substance" and f"{k}e" in found]:
        # « dapagliflozin » beside « dapagliflozine »: the international name is a spoken form of the French one
        english, french = found.pop(key), found[f"{key}e"]
        found[f"{key}e"] = replace(french, code=french.code or english.code, spoken=(*french.spoken, english.text))
    return list(found.values())


def load_practice(path: Path) -> Lexicon:
    """Words of the practice, one per line: ``word[TAB]spoken form | other spoken form[TAB]kind``.

    ``#`` starts a comment. A missing file is an empty lexicon. Raises ``InputError`` ``lexicon.unreadable`` or
    ``lexicon.line`` (with the line number) on a kind that does not exist.
    """
    return Lexicon(practice_terms(_text(path)) if path.exists() else (), revision="cabinet")


def practice_terms(text: str) -> list[Term]:
    """Terms of a practice file's text."""
    out = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, spoken, kind, *_ = [cell.strip() for cell in line.split("\t")] + ["", ""]
        kind = kind or "practice"
        if not fold(name) or kind not in PRACTICE_KINDS:
            raise InputError(
                "lexicon.line",
                f"Ligne {number} du vocabulaire illisible : un mot, puis (facultatif) une tabulation et sa forme "
                f"parlée, puis une tabulation et un genre parmi {', '.join(PRACTICE_KINDS)}.",
            )
        out.append(Term(name, kind, spoken=tuple(s.strip() for s in spoken.split("|") if s.strip())))
    return _joined(out)


def practice_text(terms: Iterable[Term]) -> str:
    """The inverse of :func:`practice_terms`."""
    lines = []
    for term in terms:
        kind = "" if term.kind == "practice" else term.kind
        lines.append(f"{term.text}\t{' | '.join(term.spoken)}\t{kind}".rstrip())
    return "".join(line + "\n" for line in lines)


def merge(*lexicons: Lexicon) -> Lexicon:
    """One lexicon; earlier ones win on a name both have, and keep the spoken forms of both."""
    terms: dict[str, Term] = {}
    for lexicon in lexicons:
        for term in lexicon:
            key = fold(term.text)
            old = terms.get(key)
            if old is None:
                terms[key] = term
                continue
            terms[key] = replace(
                old,
                code=old.code or term.code,
                strengths=tuple(dict.fromkeys((*old.strengths, *term.strengths))),
                spoken=tuple(dict.fromkeys((*old.spoken, *term.spoken))),
            )
    return Lexicon(terms.values(), revision="+".join(x.revision for x in lexicons if len(x)) or "vide")


def save_cache(lexicon: Lexicon, path: Path) -> None:
    """Writes ``lexicon`` as gzipped JSON lines, in one move: a reader sees the old file or the new one."""
    lines = [json.dumps({"schema": CACHE_SCHEMA, "revision": lexicon.revision}, ensure_ascii=False)]
    lines += [
        json.dumps(
            [t.text, t.kind, t.code, list(t.strengths), list(t.spoken)], ensure_ascii=False, separators=(",", ":")
        )
        for t in lexicon
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partiel")
    partial.write_bytes(gzip.compress("\n".join(lines).encode("utf-8"), mtime=0))
    partial.replace(path)


def load_cache(path: Path) -> Lexicon:
    """Reads :func:`save_cache`'s file. Raises ``InputError`` ``lexicon.unreadable`` or ``lexicon.shape``."""
    try:
        head, *lines = gzip.decompress(_bytes(path)).decode("utf-8").split("\n")
        about = json.loads(head)
        if about["schema"] != CACHE_SCHEMA:
            raise ValueError(about["schema"])
        rows = (json.loads(line) for line in lines if line)
        terms = [
            Term(text, kind, code, tuple(strengths), tuple(spoken)) for text, kind, code, strengths, spoken in rows
        ]
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise _shape(path, "un lexique enregistré par Calame") from error
    return Lexicon(terms, revision=str(about["revision"]))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError("lexicon.size", "Ce fichier est trop gros pour un lexique (64 Mo au plus).")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            "lexicon.unreadable", "Le fichier de vocabulaire ne peut pas être lu : vérifiez son chemin et ses droits."
        ) from error


def _text(path: Path) -> str:
    """UTF-8 (with or without byte order mark) or, failing that, Windows-1252."""
    raw = _bytes(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _shape(path: Path, wanted: str) -> InputError:
    return InputError("lexicon.shape", f"Ce fichier n'est pas {wanted}. Vérifiez que c'est le bon fichier.")


def is_register(path: Path) -> bool:
    """True when ``path`` looks like the public drug register (see :func:`load_bdpm`)."""
    first = _text(path).split("\n", 1)[0].rstrip("\r").split("\t")
    return "denomination" in first or (len(first) >= 3 and first[0].isdigit() and len(first[0]) == 8)
