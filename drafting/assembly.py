"""Statements to the text of sections: the doctor's own sentences, in written form, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dictation.draft import DraftSection, Origin
from dictation.form import FieldType, Form, Genre, Section
from dictation.lexicon import Lexicon, fold
from dictation.transcript import Span
from dictation.values import Vital
from drafting.blanks import Filled
from drafting.passage import Passage
from drafting.readers import Context, Reading
from drafting.readers.dates import read as read_dates
from drafting.readers.people import read as read_people
from drafting.readers.vitals import read as read_vitals

UNCLASSIFIED = "non_classe"
#: keys of the salutation and of the closing of a letter, which stand first and last without a title
OPENING, CLOSING = "formule", "politesse"
_FRAME_TITLES = {OPENING: "Formule d'appel", CLOSING: "Formule de politesse"}
UNCLASSIFIED_TITLE = "Non classé"
NBSP = "\u00a0"

#: a sentence that only names the document, its addressee or its date
_TITLE_ONLY = re.compile(
    r"^(?:courrier|lettre|compte[- ]rendu|certificat|ordonnance|consultation|téléconsultation|réponse|prescription|demande|bon|"
    r"au (?:docteur|dr|professeur|pr)|à l'attention|note|message|avis|dossier|grille|volet|protocole|préparation|rédiger|fiche)\b",
    re.IGNORECASE,
)
#: « Monsieur Thibault Ferrand, né le 14 juillet 1979. »: printed above the document
_IDENTITY_ONLY = re.compile(
    r"^(?:monsieur|madame|mademoiselle|m\.|mme|mlle|l'enfant|(?:il|elle) est née?)\s", re.IGNORECASE
)
#: the doctor's own name, which comes from the profile and never from the voice
_AUTHOR = re.compile(
    r"^(?:ici (?:le )?)?[Dd]octeure? [A-ZÀ-Ý][\wÀ-ÿ'-]+(?: [A-ZÀ-Ý][\wÀ-ÿ'-]+)?(?:,? (?:\w+logie|\w+logue|\w+iatrie|\w+iatre|médecine \w+|médecin \w+))?\.?$"
)
_TITLE_WORDS = frozenset(
    [
        "courrier",
        "lettre",
        "compte",
        "rendu",
        "consultation",
        "teleconsultation",
        "visite",
        "certificat",
        "medical",
        "ordonnance",
        "prescription",
        "reponse",
        "adressage",
        "au",
        "aux",
        "a",
        "la",
        "le",
        "les",
        "l",
        "du",
        "de",
        "des",
        "d",
        "pour",
        "un",
        "une",
        "docteur",
        "docteure",
        "dr",
        "professeur",
        "professeure",
        "pr",
        "monsieur",
        "madame",
        "mademoiselle",
        "m",
        "mme",
        "mlle",
        "ne",
        "nee",
        "en",
        "date",
        "ce",
        "jour",
        "biologie",
        "soins",
        "descriptif",
        "medicamenteuse",
        "liaison",
        "sortie",
        "entree",
        "traitant",
        "medecin",
        "demande",
        "imagerie",
        "bon",
        "transport",
        "preparation",
        "protocole",
        "volet",
        "synthese",
        "medicale",
        "grille",
        "aggir",
        "mdph",
        "arret",
        "travail",
        "accord",
        "prealable",
        "fiche",
        "note",
        "message",
        "dossier",
        "rediger",
        "certificats",
        "et",
        "attention",
        "il",
        "elle",
        "est",
        "infirmiers",
        "bizone",
        "initial",
        "initiale",
        "passage",
        "urgences",
        "ans",
        "l'enfant",
        "enfant",
    ]
)
_LISTS = frozenset({FieldType.TEXTS, FieldType.DRUGS})
_LETTERISH = frozenset({Genre.LETTER})


@dataclass(frozen=True, slots=True)
class Phrases:
    """The practice's own opening and closing of a letter; each may hold no dictated content."""

    opening: str | None = None
    closing: str | None = None


_AGE = re.compile(r"\b\d{1,3} (?:ans|mois)\b")
_SPECIALTY = re.compile(
    r"^\w{3,}(?:logie|logue|iatrie|iatre|logique)$|^(?:medecine|generale?|chirurgie|aigue?|service|retour)$"
)


def is_title(passage: Passage, *, weights: bool = False) -> bool:
    """True for « Compte rendu de consultation du 20 octobre 2026. »: said to name the document, not to fill it.

    Nothing else may stand in it than names of documents, persons and dates that fields carry; with ``weights``,
    a child's weight too, where the document has a place for it.
    """
    if _AUTHOR.match(passage.text) and not passage.statement.heading:
        return True
    if passage.statement.heading or ":" in passage.text:
        return False
    if not (_TITLE_ONLY.match(passage.text) or _IDENTITY_ONLY.match(passage.text)):
        return False
    rest = passage.text
    people = tuple(read_people(passage, Context(Lexicon())))
    born = any(found.key == "patient.date_naissance" for found in people)
    for found in (*people, *read_dates(passage, Context(Lexicon()))):
        if found.key != "patient.age":
            rest = rest.replace(found.surface, " ")
    if born:  # the age follows from it
        rest = _AGE.sub(" ", rest)
    if weights:
        for found in read_vitals(passage, Context(Lexicon())):
            rest = rest.replace(found.surface, " ")
    return not {w for w in fold(rest).split() if not _SPECIALTY.match(w)} - _TITLE_WORDS


def sections_of(
    form: Form,
    passages: Sequence[Passage],
    blanks: Sequence[Filled],
    wording: Mapping[str, str],
    phrases: Phrases | None,
    readings: Sequence[Reading] = (),
) -> tuple[DraftSection, ...]:
    """Text of every section of ``form``, then « Non classé » when something has no place.

    ``wording`` gives a checked rewording for some statements; the others keep the dictated words.
    """
    out: list[DraftSection] = []
    for section in form.sections:
        own = [p for p in passages if p.section == section.key]
        made = _section(form, section, own, blanks, wording)
        if not made.text and section.key == "allergies":
            made = _allergies(section, readings)
        elif not made.text and section.type is FieldType.VITALS:
            made = _vitals(section, readings)
        out.append(made)
    left = [p for p in passages if p.section is None]
    if left:
        out.append(
            DraftSection(
                UNCLASSIFIED, UNCLASSIFIED_TITLE, _text(left, None, False, wording),
                tuple(_evidence(p) for p in left), Origin.DICTATED, tuple(p.id for p in left),
            )
        )  # fmt: skip
    for key in (OPENING, CLOSING):
        own = [p for p in passages if p.section == key]
        if own and form.section(key) is None:
            spans, ids = tuple(_evidence(p) for p in own), tuple(p.id for p in own)
            said = _text(own, None, False, wording)
            made = DraftSection(key, _FRAME_TITLES[key], said, spans, Origin.DICTATED, ids)
            out = [made, *out] if key == OPENING else [*out, made]
    return _framed(form, out, passages, phrases)


def _section(
    form: Form, section: Section, own: Sequence[Passage], blanks: Sequence[Filled], wording: Mapping[str, str]
) -> DraftSection:
    mine = [b for b in blanks if b.section == section.key]
    if not own and mine and not section.fields:
        spans = tuple(s for b in mine for s in b.spans)
        shown = _shown(section, mine[0])
        origin = Origin.PROPOSED if mine[0].proposed else Origin.READ
        return DraftSection(section.key, section.title, shown, spans, origin, ())
    listed = section.type in _LISTS and form.genre in (Genre.FORM, Genre.FORM_NARRATIVE)
    text = _text(own, section, listed, wording)
    origin = Origin.REWORDED if any(p.id in wording for p in own) else Origin.DICTATED
    evidence = tuple(_evidence(p) for p in own)
    return DraftSection(section.key, section.title, text, evidence, origin, tuple(p.id for p in own))


def _evidence(passage: Passage) -> Span:
    """Words of a statement, and of the title printed before it."""
    return passage.statement.span if passage.title is None else passage.title.join(passage.statement.span)


def _allergies(section: Section, readings: Sequence[Reading]) -> DraftSection:
    """Allergies said inside a sentence that stands elsewhere: their own words again, where a reader looks for them."""
    said = [r for r in readings if r.type == "allergy"]
    words = ". ".join(
        dict.fromkeys(r.surface.replace(" … ", "")[:1].upper() + r.surface.replace(" … ", "")[1:] for r in said)
    )
    spans = tuple(s for r in said for s in r.spans)
    return DraftSection(section.key, section.title, f"{words}." if words else "", spans, Origin.READ, ())


def _vitals(section: Section, readings: Sequence[Reading]) -> DraftSection:
    """Vital signs said in the middle of an examination: their own words again, where a reader looks for them."""
    said = {r.surface: r for r in readings if r.type == "vital" and _measures(section, r)}
    words = ", ".join(said)
    spans = tuple(s for r in said.values() for s in r.spans)
    text = f"{words[:1].upper()}{words[1:]}." if words and not re.match(r"[a-z]+[A-Z]", words) else words
    return DraftSection(section.key, section.title, text, spans, Origin.READ, ())


def _measures(section: Section, found: Reading) -> bool:
    """A section for height and weight takes nothing else."""
    return section.key != "taille_poids" or (isinstance(found.value, Vital) and found.value.code in ("poids", "taille"))


def _shown(section: Section, blank: Filled) -> str:
    if section.type is FieldType.INT:
        return blank.shown
    return blank.shown[:1].upper() + blank.shown[1:]


def _text(own: Sequence[Passage], section: Section | None, listed: bool, wording: Mapping[str, str]) -> str:
    out: list[str] = []
    paragraph: int | None = None
    for passage in own:
        text = _capital(wording.get(passage.id) or passage.statement.text)
        heading = passage.statement.heading
        if heading and not _names(section, heading):
            text = f"{heading}{NBSP}: {text if passage.text[:1].isupper() else _lowered(text)}"
        if listed:
            if out and _COMPLETES.match(text):
                out[-1] = f"{out[-1]} {text}"
            else:
                out.append(f"- {text}")
            continue
        if paragraph is not None and passage.statement.paragraph == paragraph:
            out[-1] = f"{out[-1]} {text}"
        else:
            out.append(text)
        paragraph = passage.statement.paragraph
    return "\n".join(out)


#: a sentence that completes the line before it: « Non substituable. »
_COMPLETES = re.compile(
    r"(?:non[- ]substituable|à (?:jeun|prendre|avaler|croquer)|au (?:milieu|moment|cours|début) d|pendant les repas|sans dépasser|maximum)\b",
    re.IGNORECASE,
)


def _capital(text: str) -> str:
    first = re.match(r"\w+", text)
    return text[:1].upper() + text[1:] if first and first.group(0).islower() else text


def _names(section: Section | None, heading: str) -> bool:
    if section is None:
        return False
    said = fold(heading)
    if section.type is FieldType.FIELDS:  # a summary gathers several titles: each must still be read
        return said.split()[0] == fold(section.title).split()[0]
    return said in {fold(section.title), fold(section.key), *(fold(c) for c in section.cues)}


def _lowered(text: str) -> str:
    first = re.match(r"\w+", text)
    if first and (
        (first.group(0).isupper() and len(first.group(0)) > 1) or any(c.isupper() for c in first.group(0)[1:])
    ):
        return text
    return text[:1].lower() + text[1:] if text[:1].isalpha() and not re.match(r"[A-Z]\b", text) else text


def _framed(
    form: Form, sections: list[DraftSection], passages: Sequence[Passage], phrases: Phrases | None
) -> tuple[DraftSection, ...]:
    """The practice's opening and closing around a letter, where the doctor dictated none."""
    if phrases is None or form.genre not in _LETTERISH or not any(s.text for s in sections):
        return tuple(sections)
    said = " ".join(p.text.lower() for p in passages)
    opened = re.search(r"\b(?:ch[eè]re?s? (?:confrère|consœur|ami|collègue|docteur|maître|madame|monsieur))", said)
    closed = re.search(r"\b(?:confraternel|cordial|amitiés|amicalement|salutations|sentiments|respectueu)", said)
    out = sections
    if phrases.opening and not opened:
        place = next((n for n, s in enumerate(out) if s.key == OPENING), None)
        opening = DraftSection(OPENING, _FRAME_TITLES[OPENING], phrases.opening, (), Origin.PROFILE)
        if place is not None and not out[place].text:
            out[place] = opening
        elif place is None:
            out.insert(0, opening)
    if phrases.closing and not closed:
        out.append(DraftSection(CLOSING, _FRAME_TITLES[CLOSING], phrases.closing, (), Origin.PROFILE))
    return tuple(out)
