"""Written sentences and what is read in them; an empty list means: nothing may be read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from dictation.evidence import Modality
from dictation.values import Allergy, DateValue, Drug, Lab, Vital
from drafting.readers import Context, read_all
from tests.drafting.readers.read import NAMES, TODAY, passage, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TA 112/68 mmHg, FC 64/min.", ["TA 112/68 mmHg", "FC 64 /min"]),
        ("La tension est à 152/88 mmHg au bras droit.", ["TA 152/88 mmHg bras droit"]),
        ("Tension 13/8.", ["TA 130/80 mmHg"]),
        (
            "TA 170/70 mmHg au bras droit et 160/80 mmHg au bras gauche.",
            ["TA 170/70 mmHg bras droit", "TA 160/80 mmHg bras gauche"],
        ),
        ("Saturation à 93 % en air ambiant.", ["SpO2 93 % en air ambiant"]),
        ("SpO2 89 % sous 2 L/min d'O2.", ["SpO2 89 % sous 2 L/min d'O2"]),
        ("Température 38,7.", ["T 38.7 °C"]),
        ("Elle pèse 78 kg pour 1 m 60.", ["poids 78 kg", "taille 1.60 m"]),
        ("Poids 6,850 kg.", ["poids 6.850 kg"]),
        ("Il a perdu 3 kg depuis janvier, 79 kg ce jour.", ["poids 79 kg"]),
        ("Douleurs cotées à 6 sur 10.", ["EVA 6 /10"]),
        ("Pouls régulier à 68.", ["FC 68 /min"]),
        (
            "Tension couchée 138/78 mmHg, tension debout 112/64 mmHg.",
            ["TA 138/78 mmHg couchée", "TA 112/64 mmHg debout"],
        ),
        ("Amoxicilline en 3 prises par jour.", []),
        ("Perte de poids de 5 kg souhaitée.", []),
        ("Consultation si prise de plus de 2 kg en 48 heures.", []),
        ("Température 3,8.", []),
        ("La tension est normale.", []),
        ("Pouls pédieux présents.", []),
        ("TA 12/16.", []),
    ],
)
def test_vitals(text: str, expected: list[str]) -> None:
    assert [_vital(r.value) for r in read(text, "constantes")] == expected


def _vital(value: object) -> str:
    assert isinstance(value, Vital)
    amount = f"{value.sys}/{value.dia}" if value.sys is not None else str(value.value)
    return " ".join(str(p) for p in (value.code, amount, value.unit, value.site, value.condition) if p)


@pytest.mark.parametrize(
    ("text", "name", "value", "unit", "operator", "date"),
    [
        ("Kaliémie 4,6 mmol/L.", "Kaliémie", "4.6", "mmol/L", None, None),
        ("CRP < 5 mg/L.", "CRP", "5", "mg/L", "<", None),
        ("Leucocytes à 14 500.", "Leucocytes", "14500", None, None, None),
        ("Le bilan du 20 mai retrouve une créatinine à 72 µmol/L.", "créatinine", "72", "µmol/L", None, "20 mai"),
        ("La FEVG est à 38 %.", "FEVG", "38", "%", None, None),
        ("Hémoglobine glyquée à 8,4 %.", "Hémoglobine glyquée", "8.4", "%", None, None),
    ],
)
def test_labs(text: str, name: str, value: str, unit: str | None, operator: str | None, date: str | None) -> None:
    (found,) = read(text, "biologie")
    assert found.value == Lab(name, Decimal(value), unit, operator, date)


@pytest.mark.parametrize(
    "text",
    [
        "Contrôler kaliémie et créatinine à 8 jours et à 1 mois.",
        "Hémoglobine glyquée de contrôle dans 3 mois.",
        "Je prescris une TSH et une CRP.",
        "L'objectif de LDL est 0,7 g/L.",
        "Le PR est normal selon lui.",
    ][:4],
)
def test_what_is_asked_for_is_no_result(text: str) -> None:
    assert read(text, "biologie") == []


@pytest.mark.parametrize(
    ("text", "role", "expected"),
    [
        ("Il prend du bisoprolol 5 mg le matin.", None, ["bisoprolol|5 mg|le matin|ongoing"]),
        ("J'augmente le bisoprolol de 5 à 7,5 mg le matin.", None, ["bisoprolol|7,5 mg|le matin|changed|5 mg"]),
        (
            "Je remplace la spironolactone, à cause de la gynécomastie, par de l'éplérénone 25 mg par jour.",
            None,
            ["spironolactone|stopped", "éplérénone|25 mg|par jour|started"],
        ),
        ("Remplacement d'Ultibro par Trelegy une inhalation par jour.", None, ["Ultibro|stopped", "Trelegy|une inhalation par jour|started"]),
        ("L'ibuprofène a été arrêté.", None, ["ibuprofène|stopped"]),
        ("Arrêt du ramipril.", None, ["ramipril|stopped"]),
        ("Le reste est inchangé : Entresto 49/51 mg matin et soir.", None, ["Entresto|49/51 mg|matin et soir|ongoing"]),
        ("J'introduis du furosémide 40 mg le matin et de l'apixaban 5 mg matin et soir.", None,
         ["furosémide|40 mg|le matin|started", "apixaban|5 mg|matin et soir|started"]),
        ("Amoxicilline 1 g 3 fois par jour pendant 6 jours.", "conduite", ["Amoxicilline|1 g|3 fois par jour|pendant 6 jours|started"]),
        ("Elle n'a pas voulu de la metformine.", None, ["metformine|refused"]),
        ("Ventoline 2 bouffées à la demande, maximum 8 par jour.", None, ["Ventoline|2 bouffées à la demande, maximum 8 par jour|ongoing"]),
        ("On augmente la Lantus à 28 unités.", None, ["Lantus|28 unités|changed"]),
        ("Le bisoprolol est introduit ce jour.", None, ["bisoprolol|started"]),
        ("Méthotrexate 15 mg par semaine le vendredi.", None, ["Méthotrexate|15 mg|par semaine le vendredi|ongoing"]),
        ("Je débute du Zorbalex 10 mg le soir.", None, ["Zorbalex|10 mg|le soir|started"]),
        ("Paracétamol 1 g si fièvre > 38,5 °C.", "conduite", ["Paracétamol|1 g|si fièvre > 38,5 °C|started"]),
        ("Metformine sitagliptox 50 mg le soir.", None, ["Metformine sitagliptox|50 mg|le soir|ongoing"]),
        ("Brixazane (apixaban) 5 mg matin et soir.", None, ["Brixazane|5 mg|matin et soir|ongoing"]),
        ("Pas d'aspirine.", None, []),
        ("Elle est allergique à la pénicilline.", None, []),
        ("Éviter l'ibuprofène.", None, []),
        ("Carence en fer.", None, []),
        ("Albuminurie 30 mg/L.", None, []),
        ("Il oublie souvent la metformine.", None, []),
    ],
)  # fmt: skip
def test_drugs(text: str, role: str | None, expected: list[str]) -> None:
    assert [_drug(r.value) for r in read(text, "traitements", role)] == expected


def _drug(value: object) -> str:
    assert isinstance(value, Drug)
    parts = (value.name, value.dose, value.schedule, value.duration, value.status.value, value.previous_dose)
    return "|".join(p for p in parts if p)


def test_a_relatives_treatment_is_nobodys() -> None:
    made = passage("Sa mère prend du bisoprolol 5 mg.", modality=Modality.FAMILY)
    assert [r for r in read_all([made], Context(NAMES, TODAY)) if r.type == "drug"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Elle est allergique à la pénicilline avec un œdème de Quincke.",
            [Allergy("pénicilline", "un œdème de Quincke")],
        ),
        ("Allergie à la pénicilline type œdème de Quincke.", [Allergy("pénicilline", "œdème de Quincke")]),
        ("Allergie aux sulfamides.", [Allergy("sulfamides")]),
        ("Allergique à l'iode et aux acariens.", [Allergy("iode"), Allergy("acariens")]),
        ("Pas d'allergie au latex.", [Allergy("latex", None, True)]),
        ("Pas d'allergie connue.", [Allergy("allergie connue", None, True)]),
        ("Il n'est pas allergique à la codéine.", [Allergy("codéine", None, True)]),
        ("Rhinite saisonnière.", []),
    ],
)
def test_allergies(text: str, expected: list[Allergy]) -> None:
    assert [r.value for r in read(text, "allergies")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Né le 8 décembre 1958.", [("1958-12-08", "naissance")]),
        ("Je le revois le lundi 13 juillet à 9 h 40.", [("2026-07-13T09:40", "rdv")]),
        ("Le scanner du 4 août montrait un nodule.", [("2026-08-04", "examen")]),
        ("Vaccin contre la grippe fait le 12 octobre.", [("2026-10-12", "vaccin")]),
        ("Dernières règles le 2 juin.", [("2026-06-02", "ddr")]),
        ("Arrêt du 09/06 au 16/06 inclus.", [("2026-06-09", "debut"), ("2026-06-16", "fin")]),
        ("Arrêt du 9 au 16 juin inclus.", [("2026-06-09", "debut"), ("2026-06-16", "fin")]),
        ("Accident survenu le 14 mai 2026.", [("2026-05-14", "fait")]),
        ("Le 31 février.", []),
        ("Acuité 10/10.", []),
    ],
)
def test_dates(text: str, expected: list[tuple[str, str]]) -> None:
    found = [r.value for r in read(text, "dates")]
    assert [(v.iso, v.role) for v in found if isinstance(v, DateValue)] == expected


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("Stade II de la NYHA.", "scores", ["Stade II de la NYHA"]),
        ("BPCO GOLD 2, groupe E.", "scores", ["GOLD 2, groupe E"]),
        ("G2P1, tabac 15 paquets-années.", "scores", ["G2P1", "15 paquets-années"]),
        ("DAS28 3,6.", "scores", ["DAS28 3,6"]),
        ("Sa mère a eu un cancer du sein à 47 ans.", "antecedents_familiaux", ["Sa mère a eu un cancer du sein à 47 ans"]),
        ("Elle vit avec sa fille.", "antecedents_familiaux", []),
        ("Je le revois dans 3 mois.", "suivi", ["Je le revois dans 3 mois"]),
        ("À voir en urgence.", "urgence", ["en urgence"]),
        ("Douleur du genou droit, genou gauche normal.", "cotes", ["Douleur du genou droit", "genou gauche"]),
        ("Il marche droit devant.", "cotes", []),
        ("Courrier au docteur Kervella.", "destinataire", ["Dr Kervella"]),
        ("Lettre au professeur Caillaud, chirurgien pédiatrique.", "destinataire", ["Pr Caillaud, chirurgien pédiatrique"]),
        ("Vu avec le docteur Morin hier.", "destinataire", []),
        ("Monsieur Yves Le Goff, né le 8 décembre 1958.", "patient.nom", ["Yves Le Goff"]),
    ],
)  # fmt: skip
def test_words_worth_a_field(text: str, key: str, expected: list[str]) -> None:
    assert [r.value for r in read(text, key)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sulfamides, avec une éruption.", [Allergy("Sulfamides", "une éruption")]),
        ("Aucune connue.", [Allergy("Aucune connue", None, True)]),
        ("Non.", [Allergy("Non", None, True)]),
        ("Pénicilline, latex.", [Allergy("Pénicilline"), Allergy("latex")]),
    ],
)
def test_what_follows_the_title_allergies(text: str, expected: list[Allergy]) -> None:
    made = passage(text)
    titled = replace(made, statement=replace(made.statement, heading="Allergies"))
    found = [r.value for r in read_all([titled], Context(NAMES, TODAY)) if r.key == "allergies"]
    assert found == expected


def test_spans_point_at_the_words_read() -> None:
    (found,) = read("Il prend du bisoprolol 5 mg le matin.", "traitements")
    assert [(s.first, s.last) for s in found.spans] == [(3, 4), (4, 6), (6, 8)]


def test_a_general_denial_under_its_title_names_no_substance() -> None:
    from dictation.transcript import transcript_of_text
    from drafting import compose
    from templates.catalogue import bundled
    from tests.golden.dictated import lexicon

    text = (
        "allergies deux points pas d'allergie connue point à la ligne examen clinique deux points "
        "fréquence cardiaque quatre-vingt-douze douleur de l'épaule droite point"
    )
    draft = compose(transcript_of_text(text), bundled().get("compte_rendu_consultation"), lexicon=lexicon())
    values = {f.key: f.value for f in draft.fields}
    assert getattr(values["allergies"], "substance", None) == "allergie connue"
    assert values["cotes"] == "douleur de l'épaule droite"
