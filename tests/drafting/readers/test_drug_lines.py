"""Why a drug is given, what takes its place, whose it is, and doses that no tablet holds."""

from __future__ import annotations

import pytest

from dictation.lexicon import Lexicon, Term
from dictation.values import Drug
from drafting.readers import Context, read_all
from drafting.strengths import findings
from tests.drafting.readers.read import passage, read


def drugs(text: str) -> list[Drug]:
    """Drug lines of one sentence."""
    return [r.value for r in read(text, "traitements") if isinstance(r.value, Drug)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arrêt du ramipril en raison d'une toux sèche.", ["ramipril:toux sèche"]),
        ("Metformine 850 mg matin et soir pour son diabète.", ["Metformine:diabète"]),
        ("Furosémide diminué à 20 mg devant l'hypotension.", ["Furosémide:hypotension"]),
        ("Devant les œdèmes j'arrête l'amlodipine.", ["amlodipine:œdèmes"]),
        ("Spironolactone arrêtée à cause de l'hyperkaliémie, bisoprolol inchangé.", ["Spironolactone:hyperkaliémie", "bisoprolol:None"]),
        ("Amoxicilline 1 g trois fois par jour pour 6 jours.", ["Amoxicilline:None"]),
        ("Doliprane 1 g pour la nuit.", ["Doliprane:None"]),
    ],
)  # fmt: skip
def test_reasons(text: str, expected: list[str]) -> None:
    assert [f"{d.name}:{d.reason}" for d in drugs(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arrêt du Previscan, relais par apixaban 5 mg.", ["Previscan:stopped", "apixaban:started"]),
        ("On passe du ramipril à l'amlodipine 5 mg.", ["ramipril:stopped", "amlodipine:started"]),
        ("Le ramipril a été remplacé par le bisoprolol.", ["ramipril:stopped", "bisoprolol:started"]),
        ("Je mets du paracétamol à la place de l'ibuprofène.", ["paracétamol:started", "ibuprofène:stopped"]),
        ("Switch de la codéine vers la morphine.", ["codéine:stopped", "morphine:started"]),
        ("On passe le bisoprolol à 5 mg.", ["bisoprolol:changed"]),
        ("Je monte l'atorvastatine à 40 mg.", ["atorvastatine:changed"]),
        ("Je lui ai proposé la metformine, il n'en veut pas.", ["metformine:refused"]),
    ],
)
def test_what_takes_the_place_of_what(text: str, expected: list[str]) -> None:
    assert [f"{d.name}:{d.status.value}" for d in drugs(text)] == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("La maman est traitée par amlodipine 5 mg depuis mars.", 0),
        ("Sa femme a 80 ans, elle est elle-même sous apixaban.", 0),
        ("Sa fille prend de l'ibuprofène pour des migraines.", 0),
        ("Sa fille rapporte qu'il prend de l'ibuprofène.", 1),
        ("Sa mère lui donne du paracétamol 500 mg.", 1),
        ("Il est traité par amlodipine 5 mg.", 1),
    ],
)
def test_a_relatives_own_treatment_is_not_the_patients(text: str, count: int) -> None:
    assert len(drugs(text)) == count


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Essaidol 5000 mg le matin.", True),
        ("Essaidol 10 mg le matin.", False),
        ("Essaidol 20 mg le matin.", False),
        ("Essaidol 0,1 mg le matin.", True),
        ("Essaidol 5 g le matin.", True),
        ("Autrenol 5000 mg le matin.", False),
    ],
)
def test_a_dose_far_from_every_marketed_strength_is_asked_about(text: str, asked: bool) -> None:
    names = Lexicon([Term("Essaidol", "drug", None, ("5 mg", "10 mg")), Term("Autrenol", "drug")])
    found = list(findings(read_all([passage(text)], Context(names)), names))
    assert bool(found) is asked
    assert all("Réécoutez" in f.message for f in found)


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("Pas d'arrêt du Kardégic.", "conduite", ["Kardégic:ongoing"]),
        ("Je n'ai pas mis de codéine.", "conduite", []),
        ("J'avais évoqué la metformine, elle refuse pour l'instant.", "conduite", ["metformine:refused"]),
        ("Je lui ai proposé l'apixaban, il préfère attendre l'avis du cardiologue.", "conduite", []),
        ("Épisode en 2019 traité par amoxicilline pendant 8 jours.", "antecedents", []),
        ("Infection traitée par amoxicilline depuis hier.", "histoire", ["amoxicilline:ongoing"]),
    ],
)
def test_what_is_denied_declined_or_over(text: str, role: str, expected: list[str]) -> None:
    found = [r.value for r in read(text, "traitements", role) if isinstance(r.value, Drug)]
    assert [f"{d.name}:{d.status.value}" for d in found] == expected


def test_a_schedule_is_not_taken_from_the_next_clause() -> None:
    assert [d.schedule for d in drugs("Depuis le bisoprolol il se lève trois fois par nuit.")] == [None]
