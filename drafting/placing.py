"""Where each statement stands in the end: plain words that overrule the likeliest role, lines of a prescription,
values that send a sentence home, sentences that go on with the one before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from dictation.evidence import Modality, Polarity
from dictation.form import FieldType, Form, Genre, Section
from dictation.lexicon import fold
from dictation.values import Drug, DrugStatus
from drafting.assembly import CLOSING, OPENING, is_title
from drafting.blanks import Filled
from drafting.passage import Passage
from drafting.readers import Reading
from drafting.readers.kin import is_of_a_relative, of_a_relative
from drafting.routes import route
from drafting.sections import Placement
from drafting.sections.homes import home


def place(passages: Sequence[Passage], placements: Sequence[Placement], form: Form) -> tuple[Passage, ...]:
    by_id = {p.statement_id: p for p in placements}
    keys = {s.key for s in form.sections}
    out: list[Passage] = []
    for passage in passages:
        placement = by_id.get(passage.id)
        key = placement.section_key if placement and placement.section_key in keys else None
        role = placement.role if placement else None
        if not passage.statement.heading:
            if (better := _better_role(passage, role, out)) is not None and home(form, better):
                key, role = home(form, better), better
            told = passage.statement.modality is Modality.FAMILY and role not in ("antecedents_familiaux", None)
            another = told or is_of_a_relative(passage.text)
            if not another or key is None:
                key = route(form, passage, key)
            key = _under_inline_title(passage, key, out, form)
        out.append(replace(passage, section=key, role=role))
    return tuple(out)


_INLINE = re.compile(r"^[^:.;,\d]{3,40} ?: ")
#: what goes on with a list of drugs begun under « introduits : … »
_DRUG_LIKE = re.compile(
    r"\b(?:mg|µg|g|mL|UI|comprimés?|gélules?|sachets?|ampoules?|gouttes?|injections?|patchs?|fois par jour|par jour|matin|soir|reprendre|relais)\b"
)


def _under_inline_title(passage: Passage, key: str | None, before: Sequence[Passage], form: Form) -> str | None:
    """« Introduits : X 10 mg. | Y 500 mg, 2 comprimés par jour. »: the list goes on in its paragraph."""
    if not before or before[-1].statement.paragraph != passage.statement.paragraph or _INLINE.match(passage.text):
        return key
    last = before[-1]
    section = form.section(last.section or "")
    listed = section is not None and (section.type is FieldType.DRUGS or section.key == "traitements_arretes")
    opened = next((p for p in reversed(before) if p.section != last.section or _INLINE.match(p.text)), None)
    begun = opened is not None and opened.section == last.section and _INLINE.match(opened.text) is not None
    return last.section if listed and begun and _DRUG_LIKE.search(passage.text) else key


#: « la maman a donné de l'ibuprofène »: a relative who acts or tells is no family history
_RELATIVE_ACTS = re.compile(
    r"\b(?:mère|maman|père|papa|parents|épouse|époux|mari|femme|fille|fils|conjointe?) (?:(?:lui|l'|le|la|les|nous|m'|n'|ne) ?)*"
    r"(?:a donné|ont donné|donnent?|rapporten?t?|décri(?:t|vent)|signalen?t?|dit|disent|s'inquiètent?|inquiètent?|remarquent?|amènent?|a amené|"
    r"accompagnent?|administren?t?|a appelé|ont appelé|a constaté|ont constaté)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"^(?:pas d|aucune? |absence d|ni )", re.IGNORECASE)
_DECIDED = re.compile(
    r"\b(?:indication|argument|élément|urgence|hospitalisation|critère|signe de gravité|récidive|malignité|anomalie|lésion)",
    re.IGNORECASE,
)


#: « Madame X, 59 ans, suivie pour … », « je revois … pour … »: what the first sentences say of the patient is the reason
_COMES_FOR = re.compile(
    r"(?:\b(?:monsieur|madame|mademoiselle|m\.|mme|mlle|l'enfant|le jeune|la jeune|patiente?)\b.{0,90}?\b(?:suivie?|vue?|revue?|consulte|vient|adressée?|reçue?)\b"
    r"|\b(?:je (?:vois|revois|reçois)|j'ai (?:vu|revu|reçu)|consultation)\b).{0,90}?\bpour\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^(?:elle|il) (?:me |nous )?demande (?:si|de|à|s'il|s'elle)\b", re.IGNORECASE)
#: roles a relative's own illness may be taken for
_OF_THE_PATIENT = ("traitements", "antecedents", "allergies", "mode_de_vie")


def _better_role(passage: Passage, role: str | None, before: Sequence[Passage]) -> str | None:
    """Role that plain words impose over the likeliest one; ``None`` to keep it."""
    family = passage.statement.modality is Modality.FAMILY and not _RELATIVE_ACTS.search(passage.text)
    if role in _OF_THE_PATIENT and (family or of_a_relative(passage.text)):
        return "antecedents_familiaux"
    if len(before) < _OPENING and role != "motif" and _COMES_FOR.search(passage.text):
        return "motif"
    if role == "motif" and len(before) > _OPENING and _ASKED.match(passage.text):
        return "histoire"
    if role == "antecedents_familiaux" and _RELATIVE_ACTS.search(passage.text):
        return "histoire"
    concluding = bool(before) and before[-1].role == "conclusion"
    if role == "conclusion" and not concluding and _DENIAL.match(passage.text) and not _DECIDED.search(passage.text):
        return "histoire"
    return None


_SALUTATION = re.compile(
    r"(?:mon |ma |mes )?(?:ch(?:er|ère)s?\b|madame|monsieur|bon(?:jour|soir))[^.;:]{0,60}[,.]", re.IGNORECASE
)
_CLOSING = re.compile(
    r"confraternel|cordial|amitié|amical|salutations|sentiments|respectueu|bien à (?:toi|vous)|considération|à bientôt",
    re.IGNORECASE,
)
#: number of the last statement that may still only name the document and the patient
_OPENING = 3


def printed(own: Sequence[Passage], passages: Sequence[Passage], form: Form) -> tuple[Passage, ...]:
    """Statements that will be printed, courtesy and identity in their place, bare titles dropped."""
    order = {p.id: n for n, p in enumerate(passages)}
    last = max(order.values(), default=0)
    weighs = form.genre is Genre.FORM and any(s.type is FieldType.VITALS for s in form.sections)
    out: list[Passage] = []
    for passage in own:
        if order[passage.id] <= _OPENING and is_title(passage, weights=weighs):
            continue
        late = order[passage.id] > last / 2
        if form.genre is Genre.LETTER and not late and _SALUTATION.fullmatch(passage.text):
            passage = replace(passage, section=OPENING, role="politesse")
        elif passage.role == "politesse" and late:
            closes = form.genre is Genre.LETTER and _CLOSING.search(passage.text)
            passage = replace(passage, section=CLOSING if closes else _last_text(form))
        elif passage.section is None and out and _continues(passage, out[-1], form):
            passage = replace(passage, section=out[-1].section)
        elif passage.section is None and (passage.role in ("administratif", "politesse") or order[passage.id] <= 1):
            passage = replace(passage, section=_first_text(form))
        out.append(passage)
    return tuple(out)


def drug_lines(own: Sequence[Passage], readings: Sequence[Reading], form: Form) -> tuple[Passage, ...]:
    """On a prescription, a sentence about a drug is a line of it, whatever else it resembles."""
    lines = [s for s in form.sections if s.type is FieldType.DRUGS]
    if form.genre is not Genre.FORM or not lines:
        return tuple(own)
    main = next((s.key for s in lines if s.required), lines[0].key)
    keys = {s.key for s in lines}
    drugs: dict[str, set[DrugStatus]] = {}
    names: dict[str, set[str]] = {}
    for found in readings:
        if isinstance(found.value, Drug):
            drugs.setdefault(found.statement_id, set()).add(found.value.status)
            names.setdefault(found.statement_id, set()).add(found.value.name)
    weighed = {r.statement_id for r in readings if r.key == "constantes"}
    rest = next((s.key for s in reversed(form.sections) if s.type is FieldType.LONGTEXT), main)
    zone = main
    out: list[Passage] = []
    for p in own:
        if _OTHER_SHEET.search(p.text):
            continue
        named = _zone(p, lines)
        zone = named or zone
        if named and len(p.text) < _ZONE_TITLE and p.id not in drugs and p.text.rstrip().endswith(":"):
            continue  # « hors ALD : » is the title of its zone, printed there
        if named and p.id in drugs and p.statement.heading is None:
            p = _without_zone(p, names[p.id])
        if p.id in drugs and not is_title(p):
            p = replace(p, section=zone if drugs[p.id] - _ENDED else rest)
        elif (out and out[-1].section == zone and _OF_THE_LINE.match(p.text)) or _PRODUCT.match(p.text):
            p = replace(p, section=zone)
        elif (
            (own_section := form.section(p.section or ""))
            and own_section.type is FieldType.VITALS
            and p.id not in weighed
        ):
            p = replace(p, section=rest)
        elif p.section in keys or p.section is None:
            p = replace(p, section=zone if p.section == zone != main else rest)
        out.append(p)
    return tuple(out)


def _without_zone(passage: Passage, names: Set[str]) -> Passage:
    """« Hors ALD : paracétamol … »: the line begins after the title of its zone, printed above it."""
    title, colon, line = passage.statement.text.partition(":")
    if not colon or len(title) > _ZONE_TITLE or not line.strip() or any(fold(n) in fold(title) for n in names):
        return passage
    line = line.strip("\u00a0\u202f ")
    return replace(passage, statement=replace(passage.statement, text=line[:1].upper() + line[1:]))


#: a drug that ends, or that nobody wants, is no line of a prescription
_ENDED = frozenset({DrugStatus.STOPPED, DrugStatus.REFUSED})
#: longest text of a statement that only names a zone
_ZONE_TITLE = 90
#: « ça, je le ferai sur une ordonnance à part »: not on this sheet
_OTHER_SHEET = re.compile(
    r"\b(?:ordonnance|prescription|feuille) (?:à part|séparée?|distincte?)\b|\bsur une autre (?:ordonnance|feuille)\b",
    re.IGNORECASE,
)
#: products a prescription lists though no lexicon names them
_PRODUCT = re.compile(
    r"^(?:sérum physiologique|larmes artificielles|eau de mer|compléments? (?:nutritionnels?|alimentaires?)|vaccin\b|crème|pommade|gel\b|collyre|bain de bouche"
    r"|solution (?:de|pour|buvable)|sirop|émollient)",
    re.IGNORECASE,
)
#: a sentence that only completes the line before it
_OF_THE_LINE = re.compile(
    r"^(?:non[- ]substituable|QSP|à renouveler|renouvelable|non renouvelable|\d+ boîtes?|une boîte|à (?:jeun|prendre|avaler|croquer)"
    r"|au (?:milieu|moment|cours|début) d|pendant (?:les repas|\d)|sans dépasser|maximum|en cure)",
    re.IGNORECASE,
)


def _zone(passage: Passage, lines: Sequence[Section]) -> str | None:
    """Zone of a two-zone prescription that a title or a sentence opens (« hors ALD : … »); it lasts until the next."""
    said = fold(f"{passage.statement.heading or ''} {passage.text[:60]}")
    named = [(len(fold(cue)), s.key) for s in lines for cue in s.cues if fold(cue) in said]
    return max(named)[1] if named else None


def answering(kept: Sequence[Passage], blanks: Sequence[Filled], form: Form) -> tuple[Passage, ...]:
    """A statement without a place that fills a blank stands beside it."""
    homes = {b.statement_id: b.section for b in reversed(blanks) if (s := form.section(b.section)) and s.fields}
    return tuple(replace(p, section=homes.get(p.id)) if p.section is None else p for p in kept)


def where_said(readings: Sequence[Reading], kept: Sequence[Passage], form: Form) -> tuple[Reading, ...]:
    """Readings with drugs begun, changed or ended in a plan under « medicaments »: they are no current treatment."""
    lines = {s.key for s in form.sections if s.type is FieldType.DRUGS}
    plans = {p.id for p in kept if p.section not in lines}
    return tuple(
        replace(r, key="medicaments")
        if isinstance(r.value, Drug) and r.value.status is not DrugStatus.ONGOING and r.statement_id in plans
        else r
        for r in readings
    )


_ROLE_OF = {
    "biologie": "examens_complementaires",
    "constantes": "constantes",
    "allergies": "allergies",
    "antecedents_familiaux": "antecedents_familiaux",
    "suivi": "conduite",
    "traitements": "traitements",
    "scores": "examen",
}


def by_content(own: Sequence[Passage], readings: Sequence[Reading], form: Form) -> tuple[Passage, ...]:
    """A sentence no cue places goes where what was read in it belongs."""
    first: dict[str, str] = {}
    vitals: dict[str, list[str]] = {}
    scores: dict[str, list[str]] = {}
    for found in readings:
        if found.key == "scores":
            scores.setdefault(found.statement_id, []).append(found.surface)
        role = _ROLE_OF.get(found.key)
        if found.key == "constantes":
            vitals.setdefault(found.statement_id, []).append(found.surface)
        if isinstance(found.value, Drug) and found.value.status is not DrugStatus.ONGOING:
            role = "conduite"
        if role:
            first.setdefault(found.statement_id, role)
    drugs = {found.statement_id for found in readings if isinstance(found.value, Drug)}
    out: list[Passage] = []
    for p in own:
        if p.section is None and p.id in first:
            p = replace(p, section=home(form, first[p.id]), role=first[p.id])
        elif first.get(p.id) == "examen" and p.role == "conduite" and _only_scores(p, scores.get(p.id, ())):
            p = replace(p, section=home(form, "examen") or p.section, role="examen")
        elif p.role == "traitements" and p.id not in drugs and _no_treatment(p):
            before = out[-1].role if out else None
            role = before if before in _CARRIED_ON else "histoire"
            p = replace(p, section=home(form, role) or p.section, role=role)
        elif (
            p.role == "examen"
            and p.section != "constantes"
            and form.section("constantes")
            and _pure(p, vitals.get(p.id, ()))
        ):
            plain = replace(p.statement, heading=None)
            p = replace(p, section="constantes", role="constantes", statement=plain, title=None)
        elif p.section == "constantes" and not p.statement.heading and _says_more(p, vitals.get(p.id, ())):
            p = replace(p, section=home(form, "examen"), role="examen")
        out.append(p)
    return tuple(out)


#: words without which a sentence where no drug is named is no line of treatment
_TREATMENT = re.compile(
    r"trait|médic|médoc|\bpren[ads]|\bpris\b|prise|\bsous\b|pilule|contracep|insulin|oxyg|appareil|observan|complément|vitamin|patch|inhal|collyre"
    r"|comprim|gélule|sachet|ordonnance|posolog|anti|AINS|kiné|PPC|CPAP|inchang|stérilet|implant|hom[ée]op|phyto|substitu|inject|perfus"
    r"|chimio|radioth|\bcure|cortico|statine|\bIPP\b|bêta|\bAVK\b|\bAOD\b|diurét|\bdoses?\b|lunettes|semelles|orthèse|attelle|bas de contention",
    re.IGNORECASE,
)
_CARRIED_ON = ("histoire", "antecedents", "antecedents_familiaux", "mode_de_vie", "examen")


def _no_treatment(passage: Passage) -> bool:
    return not passage.statement.heading and not _TREATMENT.search(passage.text)


def _only_scores(passage: Passage, scores: Sequence[str]) -> bool:
    """True for « IPSS 18, qualité de vie 4. »: a result, whatever comes next in the dictation."""
    rest = passage.text
    for said in scores:
        rest = rest.replace(said, " ")
    return not passage.statement.heading and len(re.findall(r"[^\W\d]{4,}", rest)) <= _FEW_WORDS


#: words a sentence of scores may hold beside them
_FEW_WORDS = 4


def _pure(passage: Passage, vitals: Sequence[str]) -> bool:
    """True for « Poids 62 kg, TA 130/80 mmHg. » and nothing else."""
    rest = passage.text
    for said in vitals:
        rest = rest.replace(said, " ")
    return bool(vitals) and not re.search(r"[^\W\d]{3,}|\d", rest)


def _says_more(passage: Passage, vitals: Sequence[str]) -> bool:
    """True when a sentence of vital signs also tells what was examined: « TA 130/70, cornée claire, … »."""
    rest = passage.text
    for said in vitals:
        rest = rest.replace(said, " ")
    return len(re.findall(r"[^\W\d]{4,}", rest)) >= _MORE_WORDS


#: words of a sentence, beside its vital signs, from which it is an examination
_MORE_WORDS = 5


_GOES_ON = re.compile(r"^(?:il|elle|ils|elles|ça|cela|c'est|ceci|celui-ci|celle-ci|ces|cette|ce|lui)\b", re.IGNORECASE)


def _continues(passage: Passage, before: Passage, form: Form) -> bool:
    """A short denial or a sentence about what was just said, that no section claims, goes on with the one before it."""
    section = form.section(before.section) if before.section else None
    return (
        (passage.statement.polarity is Polarity.NEGATED or bool(_GOES_ON.match(passage.text)))
        and passage.statement.paragraph == before.statement.paragraph
        and len(passage.text) < 80
        and section is not None
        and section.type is FieldType.LONGTEXT
        and section.key != "allergies"
    )


_TEXTS = ("longtext", "text", "fields", "list<text>", "list<medicament>")


def _first_text(form: Form) -> str | None:
    for section in form.sections:
        if section.type.value in _TEXTS and section.takes and "politesse" not in section.takes:
            return section.key
    return None


def _last_text(form: Form) -> str | None:
    taking = [s.key for s in form.sections if "conduite" in s.takes]
    if taking:
        return taking[-1]
    texts = [s.key for s in form.sections if s.type.value in _TEXTS and s.takes]
    return texts[-1] if texts else None
