"""One sentence in written form, read as a statement of its own."""

from __future__ import annotations

import dataclasses
import datetime as dt

from dictation.evidence import Modality, Statement
from dictation.lexicon import Lexicon, Term
from dictation.transcript import Span
from drafting.passage import Passage, passage_of
from drafting.readers import Context, Reading, read_all
from drafting.spoken_french.token import Token

BRANDS = "Entresto|Kardégic|Ventoline|Levothyrox|Lantus|Doliprane|Augmentin|Mirena|Leeloo|Trelegy Ellipta|Ultibro Breezhaler|Previscan|FER"
SUBSTANCES = (
    "bisoprolol|ramipril|furosémide|spironolactone|éplérénone|paracétamol|amoxicilline|metformine|ibuprofène|apixaban|"
    "méthotrexate|pénicilline|codéine|amlodipine|atorvastatine|aspirine|sumatriptan|morphine|dapagliflozine et metformine"
)
NAMES = Lexicon(
    [Term(n, "drug") for n in BRANDS.split("|")] + [Term(n, "substance", "X00") for n in SUBSTANCES.split("|")],
    revision="essai",
)
TODAY = dt.date(2026, 6, 1)


def passage(text: str, role: str | None = None, modality: Modality = Modality.PRESENT) -> Passage:
    """``text`` as one statement; one token a word."""
    words = text.split()
    statement = Statement("S1", text, Span(0, len(words)), modality=modality)
    made = passage_of(statement, [Token(w, Span(i, i + 1)) for i, w in enumerate(words)])
    return dataclasses.replace(made, role=role)


def read(text: str, key: str, role: str | None = None) -> list[Reading]:
    """Readings of that key, in order."""
    return [r for r in read_all([passage(text, role)], Context(NAMES, TODAY)) if r.key == key]
