"""Where sentences end up: letters, two-zone prescriptions, relatives, leaving letters, requests."""

from __future__ import annotations

from dictation.draft import Draft
from dictation.values import Drug
from tests.golden.dictated import drafted


def sections(words: str, form_id: str) -> dict[str, str]:
    """Text of each section, plain spaces."""
    return {s.key: plain(s.text) for s in drafted(words, form_id)[0].sections if s.text}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def drugs(draft: Draft) -> dict[str, str]:
    return {f.value.name: f.key for f in draft.fields if isinstance(f.value, Drug)}


def test_a_letter_opens_on_its_salutation_and_ends_on_its_closing() -> None:
    words = (
        "Courrier au docteur Morin. Mon cher Luc, je vous adresse madame Rose Petit, 60 ans, pour des vertiges. "
        "Examen normal. Je souhaite votre avis. Bien amicalement."
    )
    draft, document = drafted(words, "courrier_adressage")
    assert draft.sections[0].key == "formule"
    assert draft.sections[0].text == "Mon cher Luc,"
    assert draft.sections[-1].key == "politesse"
    assert draft.sections[-1].text == "Bien amicalement."
    assert "Formule" not in document
    assert document.index("Mon cher Luc,") < document.index("vertiges") < document.index("Bien amicalement.")


def test_each_zone_of_a_prescription_has_its_lines_and_its_title_only_once() -> None:
    words = (
        "Ordonnance bizone. En rapport avec l'affection de longue durée : ramipril 5 mg le matin. Non substituable. "
        "Hors affection de longue durée : paracétamol 1 g si douleur. Le furosémide a été arrêté en mars. "
        "Tahor, il n'en veut plus. Sa mère voudrait du Lexomil, ça je le ferai sur une ordonnance à part."
    )
    said = sections(words, "ordonnance")
    assert said["zone_ald"] == "- Ramipril 5 mg le matin. Non substituable."
    assert said["zone_hors_ald"] == "- Paracétamol 1 g si douleur."
    assert "furosémide" in said["non_pharmaco"]
    assert "Tahor" in said["non_pharmaco"]
    assert "Lexomil" not in " ".join(said.values())


def test_a_line_that_names_its_zone_keeps_its_drug() -> None:
    said = sections("Ordonnance. Kardégic au titre de l'ALD : 1 sachet par jour.", "ordonnance")
    assert "Kardégic" in said["zone_ald"]


def test_a_childs_weight_stands_in_its_own_section() -> None:
    said = sections("Ordonnance pour Léo Blin, né le 3 mai 2022, 4 ans, poids 15 kg. Sérum physiologique en dosettes, lavage de nez 4 fois par jour.", "ordonnance")  # fmt: skip
    assert said["taille_poids"] == "Poids 15 kg."
    assert said["zone_hors_ald"].startswith("- Sérum physiologique")
    assert "non_pharmaco" not in said


def test_a_relatives_illness_and_treatment_are_family_history() -> None:
    words = (
        "Consultation de Noé, 5 mois. La maman est traitée par sertraline 50 mg depuis mars. Le grand-père est diabétique, "
        "pas d'allergie connue dans la fratrie. Examen normal. Traitement : vitamine D trois gouttes par jour."
    )
    draft, _ = drafted(words, "compte_rendu_consultation")
    said = {s.key: s.text for s in draft.sections if s.text}
    assert "sertraline" in said["antecedents_familiaux"]
    assert "grand-père" in said["antecedents_familiaux"]
    assert "sertraline" not in drugs(draft)
    assert "allergies" not in said


def test_vital_signs_have_their_section_even_under_the_title_of_the_examination() -> None:
    words = "Motif : suivi. À l'examen : poids 70 kg, tension 12/7. Pas d'œdème. Abdomen souple, tension 13/8 debout et cornée claire des deux côtés."
    said = sections(words, "compte_rendu_consultation")
    assert said["constantes"] == "Poids 70 kg, TA 120/70 mmHg."
    assert "Pas d'œdème" in said["examen"]


def test_treatments_of_the_entry_are_not_those_of_the_leaving() -> None:
    words = (
        "Lettre de liaison de sortie.\n\nTraitement à l'entrée : furosémide 40 mg le matin, zopiclone 7,5 mg le soir.\n\n"
        "Évolution dans le service : elle a reçu ceftriaxone 1 g par jour pendant 7 jours.\n\n"
        "Traitements arrêtés : zopiclone à cause des chutes. À ne pas reprendre sans avis. "
        "Introduits : cholécalciférol 100 000 UI par mois. Paracétamol 500 mg, 2 comprimés trois fois par jour."
    )
    said = sections(words, "lettre_liaison_sortie")
    assert "Traitement à l'entrée : furosémide" in said["synthese"]
    assert "ceftriaxone" in said["synthese"]
    assert said["traitements_arretes"].endswith("À ne pas reprendre sans avis.")
    assert "cholécalciférol" in said["traitements_sortie"]
    assert "Paracétamol" in said["traitements_sortie"]
    assert "furosémide" not in said["traitements_sortie"].lower()


def test_drugs_of_a_plan_are_no_current_treatment() -> None:
    words = "Traitement : bisoprolol 5 mg le matin. Conclusion : hypertension. Conduite à tenir : j'introduis l'amlodipine 5 mg le soir."
    found = drugs(drafted(words, "compte_rendu_consultation")[0])
    assert found == {"bisoprolol": "traitements", "amlodipine": "medicaments"}


def test_lines_for_the_laboratory_and_what_they_are_not() -> None:
    words = (
        "Ordonnance de biologie. Faire pratiquer : tiret calcium, phosphore, PTH. Tiret hémoglobine glyquée, bilan lipidique. "
        "Pas de dosage de la vitamine B12. Patient sous metformine 1000 mg."
    )
    said = sections(words, "prescription_biologie")
    assert "Hémoglobine glyquée, bilan lipidique." in said["examens"]
    assert "metformine" in said["contexte"]
    assert not [f for f in drafted(words, "prescription_biologie")[0].fields if f.key.endswith("libelle")]


def test_a_risk_said_anywhere_wins_over_a_denial() -> None:
    words = "Demande d'IRM du genou gauche. Pas de pacemaker. Elle porte un stérilet en cuivre. À faire dans les trois semaines."
    fields = {f.key: f.value for f in drafted(words, "demande_imagerie")[0].fields}
    assert fields["securite.pacemaker_ci_irm"] in (True, "oui")
    assert fields["examen.region"] == "genou"
    assert fields["examen.delai"] == "dans les 3 semaines"
