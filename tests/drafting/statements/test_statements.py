"""Statements: cut, headings, polarity and modality, on sentences a clinician can review."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.polarity import calame, load
from dictation.evidence import Polarity, Statement
from dictation.transcript import Word, transcript_of_text
from drafting.spoken_french import write
from drafting.spoken_french.phrases import word_set
from drafting.statements import split

DATA = Path(__file__).parent / "data"


def statements(text: str) -> tuple[Statement, ...]:
    """Through the whole chain."""
    words = transcript_of_text(text).words
    return split(write(words), words)


def shown(statement: Statement) -> str:
    """As written in the data file."""
    text = statement.text.replace("\u00a0", " ").replace("\u202f", " ")
    return f"{statement.polarity.value} {statement.modality.value} [{statement.heading or ''}] {text}"


def rows() -> list[dict[str, str]]:
    with (DATA / "statements.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda r: r["spoken"][:60])
def test_statements(row: dict[str, str]) -> None:
    assert " | ".join(shown(s) for s in statements(row["spoken"])) == row["statements"]


@pytest.mark.parametrize(
    "sentence", [s for s in load(DATA / "tagged.tsv") if s.part != "held"], ids=lambda s: s.text[:60]
)
def test_each_finding_has_its_own_polarity(sentence) -> None:  # type: ignore[no-untyped-def]
    assert calame([sentence])[0] == [labels for _, _, labels in sentence.entities]


def test_sentences_not_used_for_the_rules_stay_right() -> None:
    held = [s for s in load(DATA / "tagged.tsv") if s.part == "held"]
    right = total = 0
    for sentence, found in zip(held, calame(held), strict=True):
        for (_, _, truth), labels in zip(sentence.entities, found, strict=True):
            total += 1
            right += truth == labels
    assert right / total >= 0.93


def test_paragraphs_are_numbered() -> None:
    found = statements("Il tousse.\n\nPas de fièvre.\nPas de douleur.")
    assert [(s.id, s.paragraph) for s in found] == [("S1", 0), ("S2", 1), ("S3", 1)]


def test_a_span_counts_raw_words_commands_and_hesitations_inside() -> None:
    found = statements("le patient tousse point il prend euh du bisoprolol point")
    assert [(s.span.first, s.span.last) for s in found] == [(0, 4), (4, 9)] or found[1].span.first == 4
    assert found[1].span.last in (9, 10)


WORDS = sorted(
    word_set(
        "pas de fièvre toux ni sans aucune douleur droite gauche il a présente point virgule à la ligne "
        "nouveau paragraphe deux points motif traitement antécédents probable sa mère euh pardon non trente- "
        "huit deux milligrammes T A bisoprolol le un et mais si en cas jamais efface phrase message pour "
        "secrétaire fin note rubrique , . parenthèse guillemets"
    )
)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_spans_are_ordered_inside_and_never_empty(pieces: list[str]) -> None:
    words = [Word(piece) for piece in pieces]
    found = split(write(words), words)
    assert [s.id for s in found] == [f"S{n + 1}" for n in range(len(found))]
    for statement in found:
        assert 0 <= statement.span.first < statement.span.last <= len(words)
        assert statement.text.strip()
        for mention in statement.mentions:
            assert statement.span.contains(mention.span)
    assert all(a.paragraph <= b.paragraph for a, b in pairwise(found))


PLAIN = sorted(
    word_set("pas de fièvre toux ni sans aucune douleur droite gauche jamais et épaule genou normale il présente une")
)


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=40))
def test_statements_of_plain_words_follow_one_another(pieces: list[str]) -> None:
    words = [Word(piece) for piece in pieces]
    found = split(write(words), words)
    assert all(a.span.last <= b.span.first for a, b in pairwise(found))


NEGATIONS = ("pas", "ni", "sans", "aucune", "jamais")


@given(st.lists(st.sampled_from(PLAIN), min_size=1, max_size=40))
def test_no_negation_and_no_side_is_lost_or_created(pieces: list[str]) -> None:
    kept = [p for n, p in enumerate(pieces) if n == 0 or pieces[n - 1] != p]  # a stutter counts once
    words = [Word(piece) for piece in kept]
    said = " ".join(s.text for s in split(write(words), words)).lower()
    for word in (*NEGATIONS, "droite", "gauche"):
        assert said.split().count(word) + said.split().count(word + ".") <= kept.count(word)
        assert (word in kept) == (word in said.replace(".", " ").replace(",", " ").split())


def test_a_sentence_without_findings_keeps_its_polarity() -> None:
    assert statements("Amitiés.")[0].polarity is Polarity.AFFIRMED
