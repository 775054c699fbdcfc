"""An independent witness: is every figure, side, negation, date and word of a draft in the words dictated?

Shares no code with the pipeline: it reads a draft JSON (``calame-draft/1``), optionally the plain text of
the document, and re-derives from the raw words, with its own small French number code, what may be
written. Usage: ``python -m bench.trace DRAFT.json [DOCUMENT.txt]``; exit 1 when something is invented.

What it counts: an *item* is a number, a side, a negation or a content word of a printed sentence
(invented when the words under its evidence cannot give it), and a number, a side or a negation of the
transcript (omitted when neither the document nor a finding carries it).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "premier": 1, "premiere": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15,
    "seize": 16, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4, "cinquieme": 5, "sixieme": 6,
    "septieme": 7, "huitieme": 8, "neuvieme": 9, "dixieme": 10, "dixiemes": 10, "demi": 0, "demie": 0,
}  # fmt: skip
_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
         "huitante": 80, "octante": 80, "nonante": 90}  # fmt: skip
_BIG = {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9}
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
           "decembre")  # fmt: skip
_SIDES = {
    "droit": "d",
    "droite": "d",
    "droits": "d",
    "droites": "d",
    "od": "d",
    "gauche": "g",
    "gauches": "g",
    "og": "g",
}
_NEGATIONS = frozenset({"pas", "sans", "ni", "aucun", "aucune", "jamais", "non"})
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
#: words the writing conventions may put: abbreviations, units, names of measures
_CONVENTION = frozenset(
    "ta fc fr spo2 imc eva hb hba1c mmhg kg cm mm ml min mg ug ui dl mmol umol mui meq hu pc sa qsp iu bpm crp tsh dfg "
    "enoxaparine semaine semaines jour jours comprime comprimes gelule injection pendant par litre litres unites toutes "
    "tous fois inclus soit odg og od pao2 paco2 ms ng pg unite du au le la les de des et itt mmse alteration etat general "
    "creatinine poids taille rapport cup disc droit gauche m t kpa arterielle".split()
)


def fold(text: str) -> str:
    """Lower case without accents."""
    flat = unicodedata.normalize("NFD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    return "".join(c for c in flat if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Folded words and numbers of a text."""
    return re.findall(r"[a-z0-9µ]+", fold(text.translate(_SUPERSCRIPTS)))


def _values(run: Sequence[str]) -> set[str]:
    """Every number some contiguous part of a run of number words can stand for."""
    out: set[str] = set()
    for first in range(len(run)):
        for last in range(first + 1, min(first + 12, len(run)) + 1):
            value = _value(run[first:last])
            if value is not None:
                out.add(str(value))
    return out


def _value(run: Sequence[str]) -> int | None:
    total = current = 0
    for word in run:
        if word == "et":
            continue
        if word in _BIG:
            big = _BIG[word]
            if big == 100:
                current = max(current, 1) * 100
            else:
                total, current = total + max(current, 1) * big, 0
        elif word in ("vingt", "vingts") and current % 100 == 4:
            current += 76
        elif word in _TENS:
            current += _TENS[word]
        elif word in _UNITS:
            current += _UNITS[word]
        elif word.isdigit():
            if len(run) > 1:
                return None
            return int(word)
        else:
            return None
    return total + current


def _number_word(word: str) -> bool:
    return word in _UNITS or word in _TENS or word in _BIG or word.isdigit()


def numbers_from(raw: Sequence[str]) -> set[str]:
    """Every number, as written, that the raw words may give."""
    words = [w for piece in raw for w in words_of(piece)]
    out: set[str] = set()
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if _number_word(words[at]):
            end = at + 1
            while end < len(words) and (
                _number_word(words[end])
                or (words[end] == "et" and end + 1 < len(words) and words[end + 1] in ("un", "une", "onze"))
            ):
                end += 1
            runs.append((at, end))
            at = end
        else:
            at += 1
    groups = [_values(words[a:b]) for a, b in runs]
    for (a, b), values in zip(runs, groups, strict=True):
        out |= values | {str(int(v) * 10) for v in values if int(v) <= 30}
        for cut in range(a + 1, b):  # « trente-huit deux », « six huit cent cinquante »
            out |= _joined(_value(words[a:cut]), words[cut:b])
    for left, right in zip(range(len(runs)), range(1, len(runs)), strict=False):
        between = words[runs[left][1] : runs[right][0]]
        if len(between) <= 2:
            whole = _value(words[slice(*runs[left])])
            out |= _joined(whole, words[slice(*runs[right])])
            for tail in range(runs[left][0], runs[left][1]):
                out |= _joined(_value(words[tail : runs[left][1]]), words[slice(*runs[right])])
    for word in words:
        if word in _MONTHS:
            month = _MONTHS.index(word) + 1
            out |= {str(month), f"{month:02d}"}
        out.add(_ROMAN.get(word, "0") if word in _ROMAN else "0")
        out |= set(re.findall(r"\d+", word))
    out |= {re.sub(r"\s", "", m) for m in re.findall(r"\d+\s*,\s*\d+", " ".join(raw))}
    for piece in raw:
        out |= {m.replace(".", ",") for m in re.findall(r"\d+(?:[.,]\d+)?", piece)}
    if {"demi", "demie", "demis"} & set(words):
        out |= {f"{v},5" for v in list(out) if "," not in v} | {"0,5", "1/2", "2"}
    return {_bare(n) for n in out} | out


def _joined(whole: int | None, tail: Sequence[str]) -> set[str]:
    if whole is None:
        return set()
    out = set()
    zeros = 0
    while zeros < len(tail) and tail[zeros] == "zero":
        zeros += 1
    for last in range(zeros + 1, len(tail) + 1):
        part = _value(tail[zeros:last])
        if part is not None:
            out |= {f"{whole},{'0' * zeros}{part}", f"{whole},{part:02d}", f"{whole},{part:03d}"}
    return out


def _bare(number: str) -> str:
    return (number.lstrip("0") or "0") if "," not in number else number.rstrip("0").rstrip(",")


_NUMBER = re.compile(r"(?<![A-Za-zÀ-ÿ\d])(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|\d+(?:,\d+)?)")
#: figures that belong to a unit or a name, not to a value
_NOT_VALUES = re.compile(
    r"1,73[ \u00a0]m²|[mc]?m[²³23](?!\d)|\b(?:SpO2|HbA1c|PaO2|PaCO2|pO2|pCO2|O2|CO2|T[34]\b(?= libre))"
)


def numbers_in(text: str) -> list[str]:
    """Numbers of a written text, thousands joined."""
    text = re.sub(r"(\d)([⁰¹²³⁴⁵⁶⁷⁸⁹])", r"\1 puissance \2", _NOT_VALUES.sub(" ", text)).translate(_SUPERSCRIPTS)
    return [re.sub(r"[ \u00a0\u202f]", "", m.group(0)) for m in _NUMBER.finditer(text)]


@dataclass
class Report:
    """Items counted over one or more drafts."""

    items: int = 0
    invented: list[str] = field(default_factory=list)
    said: int = 0
    omitted: list[str] = field(default_factory=list)
    sentences: int = 0
    faulty: int = 0

    @property
    def invented_percent(self) -> float:
        """Share of printed sentences that hold something nobody said."""
        return 100 * self.faulty / self.sentences if self.sentences else 0.0

    @property
    def omitted_percent(self) -> float:
        """Share of dictated numbers, sides and negations that are nowhere."""
        return 100 * len(self.omitted) / self.said if self.said else 0.0

    def add(self, other: Report) -> None:
        """Counts ``other`` in."""
        self.items += other.items
        self.invented += other.invented
        self.said += other.said
        self.omitted += other.omitted
        self.sentences += other.sentences
        self.faulty += other.faulty


def trace(draft: Mapping[str, Any], document: str | None = None) -> Report:
    """Traces one draft; with ``document``, its numbers must also come from the sections, the fields or the header."""
    raw = [str(w["text"]) for w in draft["transcript"]["words"]]
    report = Report()
    findings = [f for f in draft["findings"] if f.get("span")]
    for section in draft["sections"]:
        if section["origin"] == "profile" or not section["text"]:
            continue
        _trace_text(section["key"], section["text"], section["evidence"], raw, findings, report)
    for one in draft["fields"]:
        _trace_value(one, raw, findings, report)
    _trace_omissions(draft, raw, document or "", report)
    if document is not None:
        known = {_bare(n) for n in numbers_from(raw)}
        text = " ".join(s["text"] for s in draft["sections"])
        known |= {_bare(n) for n in numbers_in(text)}
        known |= {_bare(n) for n in re.findall(r"\d+", json.dumps(draft["fields"], ensure_ascii=False))}
        body = document.split("\n\n", 1)[-1]
        for section in draft["sections"]:
            body = body.replace(section["title"], " ")
        report.items += 1
        for line in body.splitlines():
            if line.startswith("Le ") or "\u00a0:" in line or "né" in line:
                continue
            for number in numbers_in(line):
                if _bare(number) not in known:
                    report.invented.append(f"document: {number}")
    return report


def _trace_text(
    key: str,
    text: str,
    evidence: Iterable[Sequence[int]],
    raw: Sequence[str],
    findings: Sequence[Mapping[str, Any]],
    report: Report,
) -> None:
    spans = [tuple(e) for e in evidence]
    under = [w for a, b in spans for w in raw[a:b]]
    allowed = numbers_from(under)
    ruled = {
        n
        for f in findings
        if any(a < f["span"][1] and f["span"][0] < b for a, b in spans)
        for n in numbers_in(f["message"])
    }
    stems = {_stem(w) for w in words_of(" ".join(under))}
    letters = fold("".join(under)).replace("'", "")
    sides = Counter(_SIDES[w] for w in words_of(" ".join(under)) if w in _SIDES)
    negations = Counter(w for w in words_of(" ".join(under)) if w in _NEGATIONS)
    for sentence in re.split(r"(?<=[.?!])\s|\n", text):
        if not sentence.strip():
            continue
        before = len(report.invented)
        report.sentences += 1
        for number in numbers_in(sentence):
            report.items += 1
            if _bare(number) not in allowed and number not in allowed and number not in ruled:
                report.invented.append(f"{key}: nombre {number} dans « {sentence} »")
        for word in words_of(_NOT_VALUES.sub(" ", sentence)):
            if len(word) < 3 or word.isdigit() or word in _SIDES or word in _NEGATIONS:
                continue
            report.items += 1
            if any(c.isdigit() for c in word):  # « g3p1 », « das28 », « b12 »
                figures, parts = re.findall(r"\d+", word), re.findall(r"[a-zµ]+", word)
                if not (all(f in allowed for f in figures) and all(p in letters or p in ("er", "e") for p in parts)):
                    report.invented.append(f"{key}: « {word} » dans « {sentence} »")
                continue
            roman = re.fullmatch(r"(i{1,3}|iv|v|vi{1,3})([a-d]?)", word)
            if roman and _ROMAN[roman[1]] in allowed and (not roman[2] or roman[2] in letters):
                continue
            if not (_said(word, stems) or word in _CONVENTION or word in letters or word in _MONTHS):
                report.invented.append(f"{key}: mot « {word} » dans « {sentence} »")
        report.faulty += len(report.invented) > before
    written = words_of(text)
    for name, have, want in (
        ("côté", Counter(_SIDES[w] for w in written if w in _SIDES), sides),
        ("négation", Counter(w for w in written if w in _NEGATIONS), negations),
    ):
        report.items += sum(have.values())
        extra = have - want
        for word in extra:
            report.invented.append(f"{key}: {name} {word}")
            report.faulty += 1


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 3)]


def _said(word: str, stems: Iterable[str]) -> bool:
    """True when a raw word has the same stem, or one letter less of it: « conduit à tenir » for « conduite »."""
    stem = _stem(word)
    return any(stem == other or (len(other) >= 4 and stem[:-1] == other) for other in stems)


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
    report.items += 1
    value = one["value"]
    if one["type"] == "date":
        figures = [n for part in str(value["iso"]).split("T")[0].split("-")[1:] for n in [part]]
    elif one["type"] in ("bool", "enum"):
        return
    else:
        said = {k: v for k, v in value.items() if k not in ("unit", "code")} if isinstance(value, dict) else value
        shown = _NOT_VALUES.sub(" ", re.sub(r"(?<=\d)\.(?=\d)", ",", json.dumps(said, ensure_ascii=False)))
        figures = re.findall(r"(?<![A-Za-z\d])\d+(?:,\d+)?", shown)
    for figure in figures:
        if _bare(figure) not in {_bare(n) for n in allowed}:
            report.invented.append(f"champ {one['key']}: {figure} hors de « {' '.join(under)} »")


def _trace_omissions(draft: Mapping[str, Any], raw: Sequence[str], document: str, report: Report) -> None:
    shown = bytearray(len(raw))
    for span in (
        [e for s in draft["sections"] for e in s["evidence"]]
        + [e for f in draft["fields"] for e in f["evidence"]]
        + [f["span"] for f in draft["findings"] if f.get("span")]
    ):
        for i in range(span[0], min(span[1], len(raw))):
            shown[i] = 1
    note = set(words_of(draft.get("secretary_note") or ""))
    written = " ".join(s["text"] for s in draft["sections"])
    for i, word in enumerate(raw):
        parts = words_of(word)
        matter = any(p in _SIDES or p in _NEGATIONS or (_number_word(p) and p not in ("un", "une")) for p in parts)
        if not matter or (i + 1 < len(raw) and fold(raw[i + 1]).startswith("point") and "deux" in parts):
            continue
        report.said += 1
        around = numbers_from(raw[max(0, i - 5) : i + 5])
        header = any(_number_word(p) for p in parts) and any(
            n in around and len(n) == 4 for n in numbers_in(document.split("\n\n\n")[0][:600])
        )
        if not shown[i] and not set(parts) & note and not header:
            report.omitted.append(f"« {' '.join(raw[max(0, i - 3) : i + 3])} »")
    for name, kinds in (("côté", _SIDES), ("négation", {n: n for n in _NEGATIONS})):
        repaired = [
            w
            for f in draft["findings"]
            if f["code"].startswith("repair") and f.get("span")
            for w in raw[f["span"][0] : f["span"][1]]
        ]
        want = Counter(kinds[w] for i, p in enumerate(raw) if shown[i] for w in words_of(p) if w in kinds)
        want -= Counter(kinds[w] for p in repaired for w in words_of(p) if w in kinds)
        fields = " ".join(str(f["value"]) for f in draft["fields"])
        have = Counter(kinds[w] for w in words_of(written + " " + fields) if w in kinds)
        for word, count in (want - have).items():
            report.omitted += [f"{name} {word}"] * count


def main(arguments: Sequence[str]) -> int:
    """Command line: prints the report as JSON."""
    if not arguments:
        print(__doc__)
        return 2
    draft = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    document = Path(arguments[1]).read_text(encoding="utf-8") if len(arguments) > 1 else None
    report = trace(draft, document)
    print(json.dumps(
        {"items": report.items, "sentences": report.sentences, "invented_percent": round(report.invented_percent, 2),
         "omitted_percent": round(report.omitted_percent, 2), "invented": report.invented, "omitted": report.omitted},
        ensure_ascii=False, indent=1,
    ))  # fmt: skip
    return 1 if report.invented else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
