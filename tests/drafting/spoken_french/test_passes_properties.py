"""What never happens, whatever is said: a side, a negation or a drug lost or created; a span outside."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dictation.lexicon import fold
from dictation.transcript import Word
from drafting.spoken_french import write
from drafting.spoken_french.phrases import word_set
from drafting.spoken_french.token import Kind

KEPT = word_set("droite gauche pas sans ni aucune jamais bisoprolol ramipril Kardégic metformine")
COMMANDS = (
    "point",
    "virgule",
    "deux points",
    "à la ligne",
    "point à la ligne",
    "nouveau paragraphe",
    "euh",
    "parenthèse",
    "ouvrez les guillemets",
    "fermez les guillemets",
    "tiret",
    "I R M",
    "T A",
    "en gras",
    "majuscule",
    "douleur",
    "une",
    "le",
    "il présente",
    "traitement",
    "antécédents",
    ",",
    ".",
)


def counts(text: str) -> Counter[str]:
    """Kept words and how often they stand in ``text``."""
    wanted = {fold(word) for word in KEPT}
    return Counter(word for word in fold(text).split() if word in wanted)


@given(st.lists(st.one_of(st.sampled_from(sorted(KEPT)), st.sampled_from(COMMANDS)), max_size=50))
def test_no_side_negation_or_drug_is_lost_or_created_by_commands(pieces: list[str]) -> None:
    said = [p for n, p in enumerate(pieces) if n == 0 or pieces[n - 1] != p]
    words = [Word(piece) for piece in " ".join(said).split()]
    done = write(words)
    if any(f.code == "loop.collapsed" for f in done.findings):
        assert set(counts(done.text)) == set(counts(" ".join(said)))
    else:
        assert counts(done.text) == counts(" ".join(said))


SAID = sorted(
    word_set(
        "pardon non euh droite gauche bisoprolol cinq dix milligrammes le trente juin , . épaule genou je reprends"
        " rectification monsieur madame positif négatif pas fièvre T A sur"
    )
)


@given(st.lists(st.sampled_from(SAID), max_size=40))
def test_what_a_repair_replaced_is_in_a_finding(pieces: list[str]) -> None:
    words = [Word(piece) for piece in pieces]
    done = write(words)
    told = " ".join(f.message for f in done.findings)
    for word in ("droite", "gauche", "bisoprolol"):
        if word in pieces and word not in fold(done.text).split():
            assert word in fold(told).split()


@given(st.lists(st.one_of(st.sampled_from(SAID), st.sampled_from(COMMANDS)), max_size=50))
def test_spans_lie_inside_and_are_never_empty(pieces: list[str]) -> None:
    words = [Word(piece) for piece in " ".join(pieces).split()]
    done = write(words)
    for token in done.tokens:
        assert 0 <= token.span.first < token.span.last <= len(words)
    for finding in done.findings:
        assert finding.span is None or finding.span.last <= len(words)
    for aside in done.asides:
        assert aside.span.last <= len(words)


@given(st.lists(st.sampled_from(COMMANDS), max_size=40))
def test_marks_are_never_doubled(pieces: list[str]) -> None:
    done = write([Word(piece) for piece in " ".join(pieces).split()])
    marks = frozenset(",;:.?!…")
    for first, second in zip(done.tokens, done.tokens[1:], strict=False):
        if first.kind is Kind.PUNCT and second.kind is Kind.PUNCT:
            assert not (first.text in marks and second.text in marks)


WRITTEN = (
    "TA 130/80 mmHg.",
    "Pas de fièvre, pas de toux.",
    "IRM lombaire : hernie L5-S1 gauche.",
    "Motif : suivi d'une BPCO.\nPas d'allergie.",
    "Bisoprolol 5 mg le matin (depuis 2019).",
    "Il dit « je suis fatigué ».",
    "HbA1c 7,2 % et NT-proBNP 640 ng/L.",
    "FEVG à 38 % aujourd'hui (32 en octobre).",
)


@given(st.lists(st.sampled_from(WRITTEN), min_size=1, max_size=6))
def test_written_text_stays_as_it_is(lines: list[str]) -> None:
    chosen = [p for n, p in enumerate(lines) if p not in lines[:n]]
    from dictation.transcript import transcript_of_text

    once = write(transcript_of_text("\n".join(chosen)).words).text
    again = write(transcript_of_text(once).words).text
    assert again == once
