"""What a reader should look at: few, ranked, in French, each with the words it is about."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import fuzz, process

from dictation.consultation import Consultation
from dictation.evidence import Finding, Modality, Severity
from dictation.form import Form
from dictation.lexicon import Lexicon, fold
from dictation.transcript import Span, Transcript
from dictation.values import DateValue, Drug, DrugStatus
from drafting.blanks import Filled, blanks_of
from drafting.passage import Passage
from drafting.readers import Reading
from drafting.readers.dates import WEEKDAYS
from drafting.readers.drugs import names_in
from drafting.readers.laterality import sides
from drafting.readers.people import private_numbers
from drafting.readers.reading import table

#: most that are shown; blockers are never cut
LIMIT = 25
#: a critical word heard with less confidence than this is shown
LOW_CONFIDENCE = 0.45
_RANK = {Severity.BLOCKER: 0, Severity.CHECK: 1, Severity.INFO: 2}
#: where a side commits: the same noun there is one thing
_DECIDING = (None, "motif", "conclusion", "conduite")
_ADJECTIVES = ("ieur", "ieure", "erne", "oyen", "oyenne", "ial", "iale", "al", "ale")
_SOUND = re.compile(r"\b(?:normale?s?|saine?s?|indemnes?|libres?|controlatéra\w+|opposée?)\b", re.IGNORECASE)
_NBSP = "\u00a0"


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without doubles, gravest first, then in order of dictation; at most ``LIMIT`` besides blockers."""
    unique: dict[tuple[str, Span | None, str], Finding] = {}
    for finding in findings:
        unique.setdefault((finding.code, finding.span, finding.message), finding)
    order = sorted(unique.values(), key=lambda f: (_RANK[f.severity], f.span.first if f.span else 10**9))
    blockers = [f for f in order if f.severity is Severity.BLOCKER]
    return tuple(blockers + [f for f in order if f.severity is not Severity.BLOCKER][:LIMIT])


def gaps(form: Form, filled: Sequence[Filled], texts: dict[str, str]) -> Iterator[Finding]:
    """Mandatory sections and blanks nothing was dictated for."""
    have = {(b.section, b.field.key) for b in filled}
    for section in form.sections:
        if section.type.value == "const":
            continue
        missing = [b.label for b in blanks_of(section) if b.required and (section.key, b.key) not in have]
        if section.fields and section.type.value not in ("fields", "list<lesion>"):
            missing = []
        if section.required and not texts.get(section.key) and not any(s == section.key for s, _ in have):
            yield Finding(
                "section.missing",
                Severity.CHECK,
                f"«{_NBSP}{section.title}{_NBSP}» : rien n'a été dicté.",
                None,
                section.key,
            )
        elif missing and section.fields:
            names = ", ".join(missing)
            yield Finding("field.missing", Severity.CHECK, f"À compléter{_NBSP}: {names}.", None, section.key)


def drugs(passages: Sequence[Passage], lexicon: Lexicon) -> Iterator[Finding]:
    """Drugs that are in no list, with the names nearest to what was heard."""
    known: tuple[str, ...] = ()
    keys: list[str] = []
    seen: set[str] = set()
    for passage in passages:
        for name in names_in(passage.text, lexicon):
            if name.known or fold(name.text) in seen:
                continue
            seen.add(fold(name.text))
            if not keys:
                known = lexicon.names("drug", "substance")
                keys = [fold(n) for n in known]
            near = process.extract(fold(name.text), keys, scorer=fuzz.ratio, limit=3, score_cutoff=68) if keys else []
            candidates = tuple(dict.fromkeys(known[place] for _, _, place in near))
            yield Finding(
                "drug.unknown", Severity.CHECK, f"Médicament inconnu du lexique{_NBSP}: «{_NBSP}{name.text}{_NBSP}».",
                passage.span(name.start, name.end), "traitements", candidates,
            )  # fmt: skip


def reread(readings: Iterable[Reading], lexicon: Lexicon, form: Form) -> Iterator[Finding]:
    """Drugs a prescription must be read twice for, and those no ordinary prescription may carry."""
    for found in readings:
        if not isinstance(found.value, Drug) or found.value.status is DrugStatus.REFUSED:
            continue
        term = lexicon.find(found.value.name)
        code = term.code if term else None
        for prefix, kind, message in table("drug_alerts"):
            if not ((code and code.startswith(prefix)) or fold(found.value.name).startswith(prefix.lower())):
                continue
            if kind == "narcotic" and form.id == "ordonnance":
                yield Finding("drug.narcotic", Severity.BLOCKER, message, found.spans[0], "traitements")
            elif kind == "reread" and found.value.status is not DrugStatus.STOPPED:
                yield Finding("drug.reread", Severity.CHECK, message, found.spans[0], "traitements")
            break


def laterality(readings: Iterable[Reading], passages: Sequence[Passage]) -> Iterator[Finding]:
    """The same noun on one side here and on the other there."""
    by_id = {p.id: p for p in passages}
    seen: dict[str, tuple[str, Span]] = {}
    for found in readings:
        if found.key != "cotes" or not isinstance(found.value, str):
            continue
        passage = by_id.get(found.statement_id)
        if passage is None or passage.statement.modality in (Modality.PAST, Modality.FAMILY):
            continue
        if passage.role not in _DECIDING or len(set(sides(passage.text))) > 1 or _SOUND.search(passage.text):
            continue  # an examination compares both sides, a history tells of the other one
        *noun, _ = fold(found.value).split()
        side = sides(found.value)
        noun = [w for w in noun if w not in ("du", "de", "la", "le", "l", "d", "des")]
        key = " ".join(noun[-2:] if noun and noun[-1].endswith(_ADJECTIVES) else noun[-1:])
        if not key or not side:
            continue
        before = seen.setdefault(key, (side[0], found.spans[0]))
        if {before[0], side[0]} == {"droit", "gauche"}:
            yield Finding(
                "side.contradiction", Severity.BLOCKER,
                f"Côté contradictoire{_NBSP}: «{_NBSP}{key}{_NBSP}» dicté à droite et à gauche.", found.spans[0], "cotes",
            )  # fmt: skip


_SPAN_DAYS = re.compile(
    r"\bsoit (?:une durée de )?(?P<n>\d+|huit|quinze|dix|trente) jours|\b(?:pendant|durée de|de) (?P<m>\d+) jours",
    re.IGNORECASE,
)


def dates(passages: Sequence[Passage], readings: Sequence[Reading], today: dt.date | None) -> Iterator[Finding]:
    """Week days that do not fit, ranges whose length was said wrong, ages that do not fit a birth date."""
    for passage in passages:
        own = [r for r in readings if r.statement_id == passage.id]
        for found in own:
            if isinstance(found.value, DateValue):
                yield from _weekday(passage, found)
        yield from _length(passage, own)
        yield from _age(own, today)


def _weekday(passage: Passage, found: Reading) -> Iterator[Finding]:
    said = found.surface.split(" ")[0].lower()
    value = found.value
    if said not in WEEKDAYS or not isinstance(value, DateValue) or len(value.iso) < 10:
        return
    real = WEEKDAYS[dt.date.fromisoformat(value.iso[:10]).weekday()]
    if real != said:
        yield Finding(
            "date.weekday",
            Severity.CHECK,
            f"«{_NBSP}{found.surface}{_NBSP}» : ce jour tombe un {real}.",
            found.spans[0],
            "dates",
        )


def _length(passage: Passage, own: Sequence[Reading]) -> Iterator[Finding]:
    ends = {r.value.role: r for r in own if isinstance(r.value, DateValue)}
    if "debut" not in ends or "fin" not in ends:
        return
    match = _SPAN_DAYS.search(passage.text)
    figure = (match["n"] or match["m"]) if match else None
    if not match or not figure or not figure.isdigit():
        return
    first, last = (getattr(ends[role].value, "iso") for role in ("debut", "fin"))  # noqa: B009
    days = (dt.date.fromisoformat(last[:10]) - dt.date.fromisoformat(first[:10])).days + 1
    if days != int(figure):
        yield Finding(
            "date.arithmetic", Severity.CHECK,
            f"Du {first} au {last} inclus{_NBSP}: {days} jours, «{_NBSP}{figure} jours{_NBSP}» ont été dictés.",
            passage.span(*match.span()), "dates",
        )  # fmt: skip


def _age(own: Sequence[Reading], today: dt.date | None) -> Iterator[Finding]:
    born = next((r for r in own if r.key == "patient.date_naissance" and isinstance(r.value, DateValue)), None)
    age = next((r for r in own if r.key == "patient.age" and str(r.value).endswith("ans")), None)
    if not (born and age and today and isinstance(born.value, DateValue) and len(born.value.iso) == 10):
        return
    birth = dt.date.fromisoformat(born.value.iso)
    years = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if years != int(str(age.value).split()[0]):
        yield Finding(
            "date.age", Severity.CHECK, f"Né(e) le {birth:%d/%m/%Y}{_NBSP}: {years} ans, «{_NBSP}{age.value}{_NBSP}» dicté.",
            age.spans[0], "patient.age",
        )  # fmt: skip


def identity(readings: Sequence[Reading], consultation: Consultation) -> Iterator[Finding]:
    """Another patient than the one open, or two in one dictation."""
    names = [r for r in readings if r.key == "patient.nom"]
    lasts: dict[str, Reading] = {}
    for found in names:
        words = fold(str(found.value)).split()
        if not any(set(words) & set(other.split()) for other in lasts):
            lasts[" ".join(words)] = found
    open_name = fold(consultation.patient.last_name or "")
    for name, found in lasts.items():
        if open_name and not set(open_name.split()) & set(name.split()):
            yield Finding(
                "identity.mismatch",
                Severity.BLOCKER,
                "Le nom dicté n'est pas celui du dossier ouvert.",
                found.spans[0],
                "patient.nom",
            )
    if len(lasts) > 1 and not open_name:
        second = list(lasts.values())[1]
        yield Finding(
            "identity.several", Severity.BLOCKER, "Deux patients semblent dictés ensemble : vérifiez, séparez les documents.",
            second.spans[0], "patient.nom",
        )  # fmt: skip
    births = {r.value.iso: r for r in readings if r.key == "patient.date_naissance" and isinstance(r.value, DateValue)}
    known = consultation.patient.birth_date
    for iso, found in births.items():
        if known and iso != known.isoformat():
            yield Finding(
                "identity.birth", Severity.BLOCKER, "La date de naissance dictée n'est pas celle du dossier ouvert.",
                found.spans[0], "patient.date_naissance",
            )  # fmt: skip
    if len(births) > 1 and not known:
        yield Finding(
            "identity.several", Severity.BLOCKER, "Deux dates de naissance dictées : vérifiez qu'il s'agit d'un seul patient.",
            list(births.values())[1].spans[0], "patient.date_naissance",
        )  # fmt: skip


def third_parties(readings: Iterable[Reading], form: Form) -> Iterator[Finding]:
    """A certificate never names whoever is held responsible (ordre des médecins, modèles de certificats)."""
    if not form.id.startswith("certificat_"):
        return
    for found in readings:
        if found.key == "tiers":
            yield Finding(
                "certificate.third_party",
                Severity.BLOCKER,
                "Un tiers est nommé dans ce certificat : retirez son nom, ou gardez-le comme propos rapporté.",
                found.spans[0],
                "dires",
            )


def private(passages: Sequence[Passage]) -> Iterator[Finding]:
    """A social security or telephone number: never a field, always a question."""
    for passage in passages:
        for start, end in private_numbers(passage):
            yield Finding(
                "identity.number", Severity.CHECK, "Numéro personnel dicté : il n'est repris dans aucun champ.",
                passage.span(start, end),
            )  # fmt: skip


def low_confidence(readings: Iterable[Reading], transcript: Transcript) -> Iterator[Finding]:
    """A figure, a drug, a side or an allergy that was badly heard."""
    for found in readings:
        if found.type not in ("vital", "lab", "drug", "allergy", "laterality", "date"):
            continue
        for span in found.spans:
            worst = min(range(span.first, span.last), key=lambda i: transcript.words[i].confidence)
            if transcript.words[worst].confidence < LOW_CONFIDENCE:
                yield Finding(
                    "word.doubtful", Severity.CHECK, f"Mal entendu{_NBSP}: «{_NBSP}{found.surface}{_NBSP}». Réécoutez.",
                    span, found.key,
                )  # fmt: skip
                break


def unplaced(passages: Sequence[Passage], excluded: Sequence[Passage]) -> Iterator[Finding]:
    """Statements without a section, and those left to another document."""
    for passage in passages:
        if passage.section is None:
            yield Finding(
                "statement.unclassified", Severity.CHECK, f"Phrase non classée{_NBSP}: «{_NBSP}{passage.statement.text}{_NBSP}»",
                passage.statement.span,
            )  # fmt: skip
    if excluded:
        count = len(excluded)
        what = "1 phrase relève" if count == 1 else f"{count} phrases relèvent"
        yield Finding(
            "document.partial", Severity.INFO, f"{what} d'un autre document et ne figure{'nt' if count > 1 else ''} pas ici.",
            excluded[0].statement.span,
        )  # fmt: skip


def forbidden(form: Form, texts: dict[str, str]) -> Iterator[Finding]:
    """What a section may never contain, by its definition."""
    for section in form.sections:
        text = texts.get(section.key, "")
        for pattern in section.never:
            match = re.search(pattern, text, re.IGNORECASE)
            if match:
                yield Finding(
                    "section.never", Severity.BLOCKER,
                    f"«{_NBSP}{match.group(0)}{_NBSP}» ne doit pas figurer dans «{_NBSP}{section.title}{_NBSP}».", None, section.key,
                )  # fmt: skip
