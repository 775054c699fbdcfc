"""A dictated title rules its paragraph; orders about the text and other persons stay out of the patient's sections."""

from __future__ import annotations

from dictation.draft import Draft
from dictation.lexicon import Lexicon
from dictation.transcript import transcript_of_text
from drafting import compose
from templates.catalogue import bundled


def drafted(words: str, form: str) -> Draft:
    return compose(transcript_of_text(words), bundled().get(form), lexicon=Lexicon())


def sections(words: str, form: str) -> dict[str, str]:
    return {s.key: s.text.replace("\u00a0", " ") for s in drafted(words, form).sections}


def test_sentences_stay_under_a_title_only_this_document_has() -> None:
    made = sections(
        "Certificat MDPH.\n\nTraitement : baclofène 10 mg.\n\nRetentissement : marcher C, toilette B. Faire le ménage D. "
        "Pour le reste je ne cote pas.",
        "certificat_mdph",
    )
    assert "Faire le ménage D" in made["retentissement"]
    assert "je ne cote pas" in made["retentissement"]


def test_an_effect_of_a_drug_is_no_treatment() -> None:
    made = sections(
        "Volet de synthèse.\n\nAllergies : aucune connue. Toux sous ramipril en 2019.\nTraitements : losartan 50 mg.",
        "volet_synthese_medicale",
    )
    assert "Toux sous ramipril" in made["allergies"]
    assert "Toux" not in made["traitements"]


def test_the_father_s_wheelchair_is_not_the_patient_s() -> None:
    made = sections(
        "Certificat MDPH.\n\nPathologie : sclérose en plaques. Sa mère est en fauteuil roulant depuis un accident. "
        "\n\nRetentissement : marche avec une canne.",
        "certificat_mdph",
    )
    assert "fauteuil" not in made["retentissement"]


def test_what_an_order_withholds_is_in_a_finding() -> None:
    draft = drafted(
        "Compte rendu de consultation. Le patient tousse depuis trois jours. Sa femme veut divorcer, ne l'écrivez pas. "
        "Auscultation libre.",
        "compte_rendu_consultation",
    )
    assert not any("divorcer" in s.text for s in draft.sections)
    assert [f for f in draft.findings if f.code == "text.withheld" and "divorcer" in f.message and f.span]


def test_a_comorbidity_is_no_act() -> None:
    made = sections(
        "Accord préalable.\n\nActe envisagé, une sleeve par cœlioscopie.\n\nComorbidités, apnées du sommeil, appareillé depuis mai.",
        "accord_prealable",
    )
    assert "apnées" in made["motif"]


def test_an_accident_said_to_have_nothing_to_do_with_it_is_no_nature() -> None:
    draft = drafted(
        "Arrêt de travail pour lumbago. Sans rapport avec un accident causé par un tiers. Arrêt jusqu'au 4 mai.",
        "arret_travail",
    )
    assert not [f for f in draft.fields if f.key.endswith("nature") and "tiers" in str(f.value)]
