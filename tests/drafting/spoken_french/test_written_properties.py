"""What holds for every dictation: no figure, negation, side or drug is lost or created, spans fit, writing twice changes nothing."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.lexicon import Lexicon, Term
from dictation.transcript import Word
from drafting.spoken_french import write, write_line
from drafting.spoken_french.token import Kind, Written

from .speller import spell

_NOUNS = ["douleur", "toux", "genou", "scanner", "lésion", "patient", "fatigue", "prurit", "œdème", "kinésithérapie"]
_SIDES = ["droit", "gauche", "droite", "bilatéral"]
_NEGATIONS = ["pas", "sans", "aucun", "ni", "jamais"]
_DRUGS = ["bisoprolol", "apixaban", "metformine", "Kardégic", "Ventoline", "amoxicilline", "ramipril", "Doliprane"]
_UNITS = {
    "milligrammes": "mg",
    "grammes": "g",
    "microgrammes": "µg",
    "kilos": "kg",
    "centimètres": "cm",
    "pour cent": "%",
}
_WORDS = st.sampled_from(
    [*_NOUNS, *_SIDES, *_NEGATIONS, *_DRUGS, "de", "le", "avec", "à", "et", "depuis", "par", "jour"]
)
_NUMBERS = st.integers(min_value=2, max_value=9999)


def _write(spoken: str) -> Written:
    return write([Word(piece) for piece in spoken.split()])


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", re.sub(r"(?<=\d)[\u202f\u00a0](?=\d{3}(?!\d))", "", text))


@st.composite
def _dictations(draw: st.DrawFn) -> tuple[str, list[int], list[str]]:
    """A dictation, the numbers said in it, and its plain words; no word twice, for a repeated one is a stammer."""
    said: list[str] = []
    numbers: list[int] = []
    plain = draw(st.lists(_WORDS, min_size=1, max_size=14, unique=True))
    for n, word in enumerate(plain):
        said.append(word)
        if draw(st.integers(0, 3)) == 0:
            number, unit = draw(_NUMBERS), draw(st.sampled_from(sorted(_UNITS)))
            said += [spell(number), unit]
            numbers.append(number)
        if n % 4 == 3:
            said.append(draw(st.sampled_from(["point", "virgule"])))
    return " ".join(said), numbers, plain


@given(_dictations())
def test_every_number_said_is_written_once_and_no_other(dictation: tuple[str, list[int], list[str]]) -> None:
    spoken, numbers, _ = dictation
    assert _figures(_write(spoken).text) == [str(n) for n in numbers], spoken


@given(_dictations())
def test_no_side_negation_or_drug_is_lost_or_made(dictation: tuple[str, list[int], list[str]]) -> None:
    spoken, _, plain = dictation
    written = re.findall(r"\w+", _write(spoken).text.lower())
    for word in {*_SIDES, *_NEGATIONS, *(d.lower() for d in _DRUGS)}:
        assert written.count(word) == sum(p.lower() == word for p in plain), (word, spoken)


@given(_dictations())
def test_spans_cover_words_in_order_and_claim_each_word_said(dictation: tuple[str, list[int], list[str]]) -> None:
    spoken, _, _ = dictation
    words = [Word(piece) for piece in spoken.split()]
    tokens = write(words).tokens
    assert all(0 <= t.span.first < t.span.last <= len(words) for t in tokens)
    firsts = [t.span.first for t in tokens if t.origin == "dictated"]
    assert firsts == sorted(firsts)
    claimed = {i for t in tokens for i in range(t.span.first, t.span.last)}
    commands = {"point", "virgule"}
    assert all(i in claimed or w.text in commands for i, w in enumerate(words)), spoken


@given(_dictations())
def test_writing_what_is_written_changes_nothing(dictation: tuple[str, list[int], list[str]]) -> None:
    once = write_line(dictation[0])
    assert write_line(once) == once


@given(st.integers(80, 210), st.integers(40, 120))
def test_a_pressure_is_written_the_same_however_it_is_said(high: int, low: int) -> None:
    if low >= high:
        return
    want = f"TA {high}/{low}\u00a0mmHg"
    for said in (f"tension à {spell(high)} sur {spell(low)}", f"TA {high}/{low}", f"T A {high} sur {low}"):
        assert write_line(said) == want, said


@given(st.integers(8, 25), st.integers(4, 14))
def test_a_pressure_in_centimetres_is_ten_times_that(high: int, low: int) -> None:
    if low >= high:
        return
    assert write_line(f"tension {spell(high)} sur {spell(low)}") == f"TA {high}0/{low}0\u00a0mmHg"


@given(st.integers(1, 999), st.sampled_from(["milligrammes", "microgrammes", "grammes", "nanogrammes"]))
def test_a_prefix_is_never_changed(value: int, unit: str) -> None:
    symbol = {"milligrammes": "mg", "microgrammes": "µg", "grammes": "g", "nanogrammes": "ng"}[unit]
    assert write_line(f"dose {spell(value) if value > 1 else 'un'} {unit}") == f"dose {value}\u00a0{symbol}"


def test_what_nobody_said_has_its_origin() -> None:
    tokens = _write("kaliémie quatre virgule deux").tokens
    assert [t.origin for t in tokens] == ["dictated", "rule"]
    tokens = _write("kaliémie quatre virgule deux millimoles par litre").tokens
    assert {t.origin for t in tokens} == {"dictated"}


def test_values_are_exact() -> None:
    token = _write("poids soixante-sept virgule cinq kilos").tokens[-1]
    assert token.kind is Kind.QUANTITY
    assert (token.value.value, token.value.unit) == (Decimal("67.5"), "kg")  # type: ignore[attr-defined]
    pressure = _write("tension treize huit").tokens[-1]
    assert (pressure.value.over, pressure.value.under, pressure.value.unit) == (130, 80, "mmHg")  # type: ignore[attr-defined]


def test_a_lexicon_gives_units_and_names() -> None:
    lexicon = Lexicon(
        [
            Term("Zorbatine", "drug", strengths=("25 mg", "50 mg")),
            Term("Lumigène", "drug", strengths=("40 microgrammes",)),
        ]
    )
    words = [Word(w) for w in "Zorbatine vingt-cinq un comprimé le soir".split()]
    assert write(words, lexicon=lexicon).text == "Zorbatine 25\u00a0mg\u00a0: 1 comprimé le soir"
    words = [Word(w) for w in "Lumigène quarante le matin".split()]
    assert write(words, lexicon=lexicon).text == "Lumigène 40\u00a0µg le matin"


@pytest.mark.parametrize("text", ["", "toux", "un", "sept", "virgule", "à", "pour cent"])
def test_nothing_and_next_to_nothing(text: str) -> None:
    assert len(write_line(text)) <= max(len(text), 1)


_SCRAPS = st.sampled_from(
    "zéro un une deux sept vingt quatre-vingt cent mille million et demi demie virgule plus moins sur / ( ) « » – − 0 00 "
    "1/0 3/0 14,8 148/86 5mg 38°5 1m72 tension à T A L S D G P O N M kaliémie pH EVA NYHA stade œil droit degrés dixièmes "
    "comprimé quart de par jour fois semaine heures le du au mars juin né Clexane Entresto Lexomil méthotrexate pèse kilos "
    "grammes centimètres pour puissance contre puis jusqu'à d'O deux".split()
)


@given(st.lists(_SCRAPS, max_size=30))
def test_no_scrap_of_dictation_breaks_a_pass(scraps: list[str]) -> None:
    words = [Word(scrap) for scrap in scraps]
    written = write(words)
    assert isinstance(written.text, str)
    assert all(0 <= t.span.first < t.span.last <= len(words) for t in written.tokens)
    assert all(f.span is None or f.span.last <= len(words) for f in written.findings)
