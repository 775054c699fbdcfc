"""A faithful rewording passes every check; each kind of distortion is caught by the check that owns it."""

from __future__ import annotations

import pytest

from dictation.lexicon import Lexicon, Term
from drafting.checks import Case, verify

NAMES = Lexicon(
    Term(n, "substance") for n in ("bisoprolol", "ramipril", "furosémide", "paracétamol", "metformine", "apixaban")
)


def problems(source: str, proposal: str) -> list[str]:
    return [p.code for p in verify(Case(proposal, (source,), NAMES))]


@pytest.mark.parametrize(
    ("source", "proposal"),
    [
        ("Il n'a pas de fièvre, il tousse depuis 3 jours.", "Tousse depuis 3 jours, pas de fièvre."),
        ("Je débute du bisoprolol 5 mg le matin.", "Bisoprolol 5 mg le matin débuté."),
        ("La tension est à 138/82 mmHg et le pouls à 76.", "Tension 138/82 mmHg, pouls 76."),
        ("Elle présente une gonalgie droite.", "Gonalgie droite."),
        ("Il est probable que ce soit une pneumopathie de la base gauche.", "Pneumopathie probable de la base gauche."),
        ("Le patient déclare avoir été frappé le 3 mai.", "Déclare avoir été frappé le 3 mai."),
    ],
)
def test_a_faithful_wording_passes(source: str, proposal: str) -> None:
    assert problems(source, proposal) == []


@pytest.mark.parametrize(
    ("code", "source", "proposal"),
    [
        ("figures", "La tension est à 138/82 mmHg.", "Tension 148/82 mmHg."),
        ("figures", "Poids 82 kg, taille 164 cm.", "Poids 164 kg, taille 82 cm."),
        ("figures", "Pouls à 104, tension à 118/70.", "Tension à 104, pouls à 118/70."),
        ("figures", "Paracétamol 1 g pendant 5 jours.", "Paracétamol 1 g."),
        ("figures", "Paracétamol 1 mg le soir.", "Paracétamol 1 g le soir."),
        ("drugs", "Il prend du bisoprolol le matin.", "Il prend du ramipril le matin."),
        (
            "drugs",
            "Bisoprolol 5 mg le matin et ramipril 10 mg le soir.",
            "Bisoprolol 10 mg le matin et ramipril 5 mg le soir.",
        ),
        ("drugs", "Arrêt du ramipril.", "Ramipril poursuivi, arrêt."),
        ("drugs", "Metformine le matin et le soir.", "Metformine le soir."),
        ("sides", "Douleur du genou droit.", "Douleur du genou gauche."),
        ("sides", "Genou droit gonflé, genou gauche normal.", "Genou gonflé à gauche, genou droit normal."),
        ("negations", "Pas de fièvre.", "Fièvre."),
        ("negations", "Fièvre sans toux.", "Toux sans fièvre."),
        ("negations", "Probable pneumopathie.", "Pneumopathie."),
        ("negations", "Pneumopathie.", "Probable pneumopathie."),
        ("dates", "Rendez-vous le 12 mai.", "Rendez-vous le 12 juin."),
        ("dates", "Opéré en 2018.", "Opéré."),
        ("names", "Vu par le docteur Marsan.", "Vu par le docteur Marsan à Bordeaux."),
        ("roles", "Je vous adresse ce patient pour avis.", "Vous m'adressez ce patient pour avis."),
        ("roles", "Elle a été hospitalisée.", "J'ai été hospitalisée."),
        ("roles", "Sa mère a eu un cancer du sein.", "A eu un cancer du sein."),
        ("quoted", "Elle dit avoir été frappée.", "A été frappée."),
        ("quoted", "Il dit : « j'ai mal partout ».", "Il dit avoir mal."),
        ("added", "Toux fébrile.", "Toux fébrile, pneumopathie."),
        ("omitted", "Toux, dyspnée, asthénie et amaigrissement.", "Toux."),
    ],
)
def test_each_distortion_is_caught(code: str, source: str, proposal: str) -> None:
    assert code in problems(source, proposal)
