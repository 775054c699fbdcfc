"""An independent witness: is every figure, side, negation, date and word of a draft in the words dictated?

Shares no code with the pipeline: it reads a draft JSON (``calame-draft/1``), optionally the plain text of
the document, and re-derives from the raw words, with its own small French number code (``bench.said``), what may be
written. Usage: ``python -m bench.trace DRAFT.json [DOCUMENT.txt]``; exit 1 when something is invented.

*Invented*: a number, side, negation or word of a printed sentence that the words of no one statement cited there
can give, or numbers in another order than they were said; a figure of a field that the words it cites cannot give.
*Omitted*: a number, side, negation or word dictated that neither the document, a field, a finding nor the
secretary's note carries. Words that only give orders or that conventions abbreviate do not count.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.said import (
    MONTHS,
    NEGATIONS,
    NOT_VALUES,
    ROMAN,
    SIDES,
    bare,
    fold,
    number_word,
    numbers_from,
    numbers_in,
    words_of,
)

#: words the writing conventions may put: abbreviations, units, names of measures
_CONVENTION = frozenset(
    "µmol µg µui ta fc fr spo2 imc eva hb hba1c mmhg kg cm mm ml min mg ug ui dl mmol umol mui meq hu pc sa qsp iu bpm crp tsh dfg "
    "enoxaparine semaine semaines jour jours comprime comprimes gelule injection pendant par litre litres unites toutes "
    "tous fois inclus soit odg og od pao2 paco2 ms ng pg unite du au le la les de des et itt mmse alteration etat general "
    "creatinine poids taille rapport cup disc droit gauche m t kpa arterielle".split()
)


#: words a document need not repeat: spoken punctuation and orders, units and measures that have a symbol, civilities and
#: names of documents that stand in the heading
_UNPRINTED = frozenset(
    "virgule point points ligne alinea paragraphe nouveau nouvelle ouvrez fermez guillemets parenthese tiret slash alors voila "
    "milligramme milligrammes microgramme microgrammes gramme grammes kilo kilos kilogramme kilogrammes litre litres "
    "millilitre millilitres centimetre centimetres millimetre millimetres metre metres heure heures minute minutes degre degres "
    "milliseconde millisecondes seconde secondes mercure millimole millimoles micromole micromoles unite unites pourcent carre cubes puissance semaine semaines amenorrhee "
    "tension arterielle temperature saturation pouls hauteur uterine perimetre cranien indice masse corporelle frequence "
    "cardiaque respiratoire hemoglobine glyquee libre tonus oculaire creatinine clairance "
    "monsieur madame mademoiselle docteur docteure professeur professeure confrere lettre courrier compte rendu consultation "
    "ordonnance certificat prescription demande biologie reponse adressage message secretaire superieure passage contexte".split()
)
#: what is counted, as printed in the table
_KINDS = ("nombre", "côté", "négation", "mot", "ordre", "champ", "document")


@dataclass
class Report:
    """Items counted over one or more drafts."""

    #: of each kind, how many were checked
    checked: Counter[str] = field(default_factory=Counter)
    invented: list[str] = field(default_factory=list)
    #: of each kind, how many were dictated
    dictated: Counter[str] = field(default_factory=Counter)
    omitted: list[str] = field(default_factory=list)
    sentences: int = 0
    faulty: int = 0

    @property
    def items(self) -> int:
        """Everything checked."""
        return self.checked.total()

    @property
    def said(self) -> int:
        """Everything dictated that had to be somewhere."""
        return self.dictated.total()

    @property
    def invented_percent(self) -> float:
        """Share of printed sentences that hold something nobody said."""
        return 100 * self.faulty / self.sentences if self.sentences else 0.0

    @property
    def omitted_percent(self) -> float:
        """Share of dictated numbers, sides, negations and words that are nowhere."""
        return 100 * len(self.omitted) / self.said if self.said else 0.0

    def add(self, other: Report) -> None:
        """Counts ``other`` in."""
        self.checked += other.checked
        self.invented += other.invented
        self.dictated += other.dictated
        self.omitted += other.omitted
        self.sentences += other.sentences
        self.faulty += other.faulty

    def table(self) -> str:
        """Printable table: of each kind, checked and invented, dictated and omitted."""

        def of(faults: Iterable[str], kind: str) -> int:
            return sum(f.partition(" ")[0] == kind for f in faults)

        lines = ["|  | vérifiés | inventés | dictés | omis |", "|---|---|---|---|---|"]
        for kind in _KINDS:
            if self.checked[kind] or self.dictated[kind]:
                lines.append(
                    f"| {kind} | {self.checked[kind]} | {of(self.invented, kind)} | {self.dictated[kind] or ''} | "
                    f"{of(self.omitted, kind) if self.dictated[kind] else ''} |"
                )
        lines.append(f"| phrases imprimées | {self.sentences} | {self.faulty} | | |")
        return "\n".join(lines)


def trace(draft: Mapping[str, Any], document: str | None = None) -> Report:
    """Traces one draft; with ``document``, its numbers must also come from the sections, the fields or the header."""
    raw = [str(w["text"]) for w in draft["transcript"]["words"]]
    report = Report()
    findings = [f for f in draft["findings"] if f.get("span")]
    for section in draft["sections"]:
        if section["origin"] != "profile" and section["text"]:
            spans = [(int(a), int(b)) for a, b in section["evidence"]]
            _trace_text(section["key"], section["text"], spans, raw, findings, report)
    for one in draft["fields"]:
        _trace_value(one, raw, findings, report)
    if document is not None:
        _trace_document(draft, document, raw, report)
    _trace_omissions(draft, raw, document or "", report)
    return report


def _trace_document(draft: Mapping[str, Any], document: str, raw: Sequence[str], report: Report) -> None:
    known = {bare(n) for n in numbers_from(raw)}
    known |= {bare(n) for n in numbers_in(" ".join(s["text"] for s in draft["sections"]))}
    known |= {bare(n) for n in re.findall(r"\d+", json.dumps(draft["fields"], ensure_ascii=False))}
    body = document.split("\n\n", 1)[-1]
    for section in draft["sections"]:
        body = body.replace(section["title"], " ")
    for line in body.splitlines():
        if line.startswith("Le ") or "\u00a0:" in line or "né" in line:
            continue
        for number in numbers_in(line):
            report.checked["document"] += 1
            if bare(number) not in known:
                report.invented.append(f"document {number} dans « {line} »")


@dataclass(frozen=True)
class _Ground:
    """Raw words a sentence may rest on, and what they may give."""

    raw: tuple[str, ...]
    numbers: frozenset[str]
    stems: frozenset[str]
    letters: str
    sides: Counter[str]
    negations: Counter[str]
    #: a repair the reader is told about may have moved its numbers
    repaired: bool

    def overlap(self, sentence: str) -> int:
        return sum(_said(w, self.stems) for w in words_of(sentence) if len(w) > 1)


def _ground(raw: Sequence[str], ruled: Iterable[str], repaired: bool = False) -> _Ground:
    words = words_of(" ".join(raw))
    return _Ground(
        tuple(raw),
        frozenset({bare(n) for n in numbers_from(raw)} | {bare(n) for n in ruled}),
        frozenset(_stem(w) for w in words),
        fold("".join(raw)).replace("'", ""),
        Counter(SIDES[w] for w in words if w in SIDES),
        Counter(w for w in words if w in NEGATIONS),
        repaired,
    )


def _trace_text(
    key: str,
    text: str,
    spans: Sequence[tuple[int, int]],
    raw: Sequence[str],
    findings: Sequence[Mapping[str, Any]],
    report: Report,
) -> None:
    """Each printed sentence must rest, whole, on the words of one cited span; the section, on all of them together."""

    def ruled(spans: Sequence[tuple[int, int]]) -> set[str]:
        """Figures a finding announces about these words: a conversion, a repair."""
        touching = [f for f in findings if any(a < f["span"][1] and f["span"][0] < b for a, b in spans)]
        return {n for f in touching for n in numbers_in(f["message"])}

    repairs = [f["span"] for f in findings if f["code"].startswith("repair")]
    grounds = [
        _ground(raw[a:b], ruled([(a, b)]), any(a < last and first < b for first, last in repairs)) for a, b in spans
    ]
    sentences = [one for one in re.split(r"(?<=[.?!])\s|\n", text) if one.strip()]
    said_by_rule = ruled(spans)

    def least(words: str) -> list[str]:
        fewest = ["mot sans preuve"]
        for number, ground in enumerate(sorted(grounds, key=lambda g: -g.overlap(words))):
            faults = _faults(words, ground, said_by_rule)
            if not faults:
                return []
            fewest = faults if not number or len(faults) < len(fewest) else fewest
        return fewest

    for sentence in sentences:
        report.sentences += 1
        _count(sentence, report)
        faults = least(sentence)
        if faults and len(spans) > 1:  # a title before its sentence; a line of measures, each with its own words
            marks = r"\s:\s|, " if len(spans) > len(sentences) else r"\s:\s"
            faults = [fault for piece in re.split(marks, sentence) for fault in least(piece)]
        report.invented += [f"{fault} ({key}) dans « {sentence} »" for fault in faults]
        report.faulty += bool(faults)
    whole = _ground([w for a, b in spans for w in raw[a:b]], ())
    for kind, extra in (
        ("côté", Counter(SIDES[w] for w in words_of(text) if w in SIDES) - whole.sides),
        ("négation", Counter(w for w in words_of(text) if w in NEGATIONS) - whole.negations),
    ):
        for word in extra:
            if not any(f.startswith(f"{kind} {word}") for f in report.invented):
                report.invented.append(f"{kind} {word} de trop ({key})")
                report.faulty += 1


def _count(sentence: str, report: Report) -> None:
    report.checked["nombre"] += len(numbers_in(sentence))
    for word in words_of(NOT_VALUES.sub(" ", sentence)):
        kind = "côté" if word in SIDES else "négation" if word in NEGATIONS else "mot"
        report.checked[kind] += kind != "mot" or (len(word) > 2 and not word.isdigit())


def _faults(sentence: str, ground: _Ground, ruled: Iterable[str]) -> list[str]:
    """What of a sentence the words of one span cannot give."""
    out: list[str] = []
    numbers = numbers_in(sentence)
    for number in numbers:
        if bare(number) not in ground.numbers and number not in ground.numbers:
            out.append(f"nombre {number}")
    if not out and not ground.repaired:
        out += _disorder(sentence, ground, {bare(n) for n in ruled})
    for word in words_of(NOT_VALUES.sub(" ", sentence)):
        if len(word) > 2 and not word.isdigit() and word not in SIDES and word not in NEGATIONS:
            out += _word_fault(word, ground)
    written = words_of(sentence)
    out += [f"côté {w}" for w in Counter(SIDES[w] for w in written if w in SIDES) - ground.sides]
    out += [f"négation {w}" for w in Counter(w for w in written if w in NEGATIONS) - ground.negations]
    return out


def _word_fault(word: str, ground: _Ground) -> list[str]:
    if any(c.isdigit() for c in word):  # « g3p1 », « das28 », « b12 »
        figures, parts = re.findall(r"\d+", word), re.findall(r"[a-zµ]+", word)
        known = all(bare(f) in ground.numbers for f in figures) and all(
            p in ground.letters or p in ("er", "e") for p in parts
        )
        return [] if known else [f"mot {word}"]
    roman = re.fullmatch(r"(i{1,3}|iv|v|vi{1,3})([a-d]?)", word)
    if roman and ROMAN[roman[1]] in ground.numbers and (not roman[2] or roman[2] in ground.letters):
        return []
    known = _said(word, ground.stems) or word in _CONVENTION or word in ground.letters or word in MONTHS
    return [] if known else [f"mot {word}"]


#: a written day and month: the month may have been said once, after two days
_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})(/\d{4})?\b")


def _disorder(sentence: str, ground: _Ground, ruled: set[str]) -> list[str]:
    """The first number written before one that was said earlier; figures of rules and months are left out."""
    at = 0
    for number in numbers_in(_DAY.sub(lambda m: f"{m[1]} ; {(m[3] or '')[1:]}", sentence)):
        if bare(number) in ruled:
            continue
        ends = (
            end
            for end in range(at + 1, len(ground.raw) + 1)
            if bare(number) in {bare(n) for n in numbers_from(ground.raw[at:end])}
        )
        end = next(ends, None)
        if end is None:
            return [f"ordre {number}"]
        at = end - 1  # « huit cent cinquante » may be read from its last word again
    return []


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 3)]


def _said(word: str, stems: Iterable[str]) -> bool:
    """True when a raw word has the same stem, or one letter less of it: « conduit à tenir » for « conduite »."""
    stem = _stem(word)
    return stem in stems or (len(stem) > 4 and stem[:-1] in stems)


def _trace_value(
    one: Mapping[str, Any], raw: Sequence[str], findings: Sequence[Mapping[str, Any]], report: Report
) -> None:
    ruled = {
        n
        for f in findings
        for n in numbers_in(f["message"])
        if any(a < f["span"][1] and f["span"][0] < b for a, b in one["evidence"])
    }
    under = [w for a, b in one["evidence"] for w in raw[a:b]]
    allowed = numbers_from(under) | ruled
    report.checked["champ"] += 1
    value = one["value"]
    if one["type"] == "date":
        figures = [n for part in str(value["iso"]).split("T")[0].split("-")[1:] for n in [part]]
    elif one["type"] in ("bool", "enum"):
        return
    else:
        said = {k: v for k, v in value.items() if k not in ("unit", "code")} if isinstance(value, dict) else value
        shown = re.sub(r"(?<=\d)\.(?=\d)", ",", json.dumps(said, ensure_ascii=False))
        figures = numbers_in(re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", shown))
    for figure in figures:
        if bare(figure) not in {bare(n) for n in allowed}:
            report.invented.append(f"champ {one['key']} : {figure} hors de « {' '.join(under)} »")


def _trace_omissions(draft: Mapping[str, Any], raw: Sequence[str], document: str, report: Report) -> None:
    """Words under no evidence, then words whose evidence is cited and that are not written."""
    cited = [e for s in draft["sections"] for e in s["evidence"]] + [e for f in draft["fields"] for e in f["evidence"]]
    asked = [f["span"] for f in draft["findings"] if f.get("span")]
    shown, found = bytearray(len(raw)), bytearray(len(raw))
    for marks, spans in ((shown, [*cited, *asked]), (found, asked)):
        for first, last in spans:
            marks[first:last] = b"\1" * (min(last, len(raw)) - first)
    note = draft.get("secretary_note") or ""
    values = json.dumps([f["value"] for f in draft["fields"]], ensure_ascii=False)
    written = " ".join(s["text"] for s in draft["sections"])
    everything = " ".join([written, values, note, document, *(s["title"] for s in draft["sections"])])
    stems, letters = {_stem(w) for w in words_of(everything)}, re.sub(r"[^a-z0-9µ]", "", fold(everything))
    heading = numbers_in(document.split("\n\n\n")[0][:600])
    for i, word in enumerate(raw):
        where = f"« {' '.join(raw[max(0, i - 3) : i + 3])} »"
        for part in words_of(word):
            kind = _kind(part)
            if kind is None or (part == "deux" and i + 1 < len(raw) and fold(raw[i + 1]).startswith("point")):
                continue
            report.dictated[kind] += 1
            if kind == "mot":
                if not (found[i] or _said(part, stems) or part in letters):
                    report.omitted.append(f"mot {part} {where}")
            elif not shown[i] and part not in words_of(note):
                around = numbers_from(raw[max(0, i - 5) : i + 5])
                if kind != "nombre" or not any(n in around and len(n) == 4 for n in heading):
                    report.omitted.append(f"{kind} {part} {where}")
    _trace_counts(draft, raw, note, report)


def _kind(word: str) -> str | None:
    if word in SIDES:
        return "côté"
    if word in NEGATIONS:
        return "négation"
    if number_word(word):
        return "nombre" if word not in ("un", "une") else None
    plain = len(word) > 4 and word not in _UNPRINTED and word not in MONTHS and not any(c.isdigit() for c in word)
    return "mot" if plain else None


def _trace_counts(draft: Mapping[str, Any], raw: Sequence[str], note: str, report: Report) -> None:
    """A section writes as many sides and negations as stand under its evidence, repairs taken off."""
    repairs = [f["span"] for f in draft["findings"] if f["code"].startswith("repair") and f.get("span")]
    repaired = {i for first, last in repairs for i in range(first, last)}
    for section in draft["sections"]:
        under = {i for first, last in section["evidence"] for i in range(first, last)} - repaired
        spoken = [w for i in sorted(under) for w in words_of(raw[i])]
        written = words_of(f"{section['text']} {section['title']} {note}")
        for kind, kinds in (("côté", SIDES), ("négation", {n: n for n in NEGATIONS})):
            want, have = (Counter(kinds[w] for w in words if w in kinds) for words in (spoken, written))
            for word, count in (want - have).items():
                report.omitted += [f"{kind} {word} perdu ({section['key']})"] * count


def main(arguments: Sequence[str]) -> int:
    """Command line: prints the table, then what is wrong."""
    if not arguments:
        print(__doc__)
        return 2
    draft = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    document = Path(arguments[1]).read_text(encoding="utf-8") if len(arguments) > 1 else None
    report = trace(draft, document)
    print(report.table())
    print(*(f"inventé : {i}" for i in report.invented), *(f"omis : {o}" for o in report.omitted), sep="\n")
    return 1 if report.invented else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
