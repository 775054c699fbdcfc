"""Letters with invented identities, for measuring the anonymiser: what must go is known exactly.

Names come from lists of their own (not those of the anonymiser), with the hard cases: names that are
words (Petit, Roy, Rose), particles, hyphens, capitals, Breton, Arabic, African, Asian, Slavic names.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

LAST = (
    "Petit Roy Rose Blanc Legrand Bon Marchand Boulanger Berger Chevalier Fontaine Rivière Pierre Olive "
    "Martin Laurent Sage Fort Poisson Renard Loup Carré Noël Dimanche Avril Jourdan Le-Goff Kerbrat Le- "
    "Bihan Guivarc'h Quéméner Nguyen Tran Pham Diallo Traoré Coulibaly N'Diaye Benali Bouzid El-Khoury "
    "Haddad Cohen Lévy Kowalski Nowak Wozniak Petrović Da-Silva Ferreira Garcia Fernández Rossi De-Luca "
    "Müller Schmitt Van-den-Berg O'Brien McCarthy D'Artois De-la-Tour Du-Pré Saint-Martin Roussel-Ndiaye "
    "Lefèvre-Dumas Etcheverry Ibarra Yilmaz Öztürk Zhang Wang Rakotomalala Hoarau Payet Célestine Lozère "
    "Tissot Grandjean Maigret Vasseur Delattre Vandamme Caron Lesage"
).split()  # fmt: skip
FIRST = [
    "Jean",
    "Marie",
    "Yves",
    "Camille",
    "Rose",
    "Pierre",
    "Olive",
    "Claude",
    "Violette",
    "Clémence",
    "Victoire",
    "France",
    "Aurore",
    "Mai",
    "Ange",
    "Prudence",
    "Kévin",
    "Aïssatou",
    "Mamadou",
    "Linh",
    "Thanh",
    "Youssef",
    "Nour",
    "Ludmila",
    "Zbigniew",
    "Giulia",
    "Iker",
    "Maëlys",
    "Ewen",
    "Tiphaine",
    "Gwendal",
    "Enora",
    "Fatoumata",
    "Ousmane",
    "Mei",
    "Jun",
    "Sven",
    "Ingrid",
    "Paulo",
    "Inês",
    "Noa",
    "Eden",
    "Anne-Laure",
    "Jean-Baptiste",
    "Marie-Thérèse",
    "Léopold",
]
TOWNS = [
    "Plougastel",
    "Villeneuve",
    "Roubaix",
    "Sainte-Anne",
    "Montélimar",
    "Bourg-en-Bresse",
    "Aubenas",
    "Fougères",
    "Guéret",
    "Tulle",
    "Mende",
]
STREETS = ("rue des Lilas", "avenue du Général-Leclerc", "place de l'Église", "chemin du Moulin", "impasse Jean Jaurès",
           "boulevard Victor Hugo", "allée des Tilleuls", "quai de la Loire")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """Text and what must not survive in it."""

    text: str
    names: tuple[str, ...]
    contacts: tuple[str, ...]
    places: tuple[str, ...]
    #: words that must survive
    clinical: tuple[str, ...]


def _name(r: random.Random) -> tuple[str, str]:
    last = r.choice(LAST).replace("-", " ") if r.random() < 0.5 else r.choice(LAST)
    if last.startswith(("Le ", "De ", "Da ", "Du ", "El ", "Van ", "Saint ")) or "-" in last:
        pass
    return r.choice(FIRST), last


def _phone(r: random.Random) -> str:
    digits = f"0{r.randint(1, 7)}" + "".join(f"{r.randint(0, 99):02d}" for _ in range(4))
    pairs = [digits[i : i + 2] for i in range(0, 10, 2)]
    return (
        r.choice((" ", ".", "-", "")).join(pairs)
        if r.random() < 0.8
        else "+33 " + pairs[0][1] + " " + " ".join(pairs[1:])
    )


def letter(number: int) -> Letter:
    """The letter of that number, always the same."""
    r = random.Random(number)
    first, last = _name(r)
    doctor_first, doctor = _name(r)
    friend_first, friend = _name(r)
    town, other_town = r.sample(TOWNS, 2)
    street = f"{r.randint(1, 199)}{r.choice(('', ' bis', ''))} {r.choice(STREETS)}"
    postal = f"{r.randint(1000, 95999):05d} {town}"
    phone, phone2 = _phone(r), _phone(r)
    email = f"{first}.{last}@exemple.fr".replace(" ", "").replace("'", "").lower()
    title = r.choice(("M.", "Mme", "Monsieur", "Madame", "monsieur", "madame"))
    shown = last.upper() if r.random() < 0.4 else last
    person = f"{first} {shown}" if r.random() < 0.6 else f"{shown} {first}" if r.random() < 0.3 else shown
    alone = person == shown
    lines = [
        f"Dr {doctor_first} {doctor}",
        f"{street}, {postal}",
        f"Tél. {phone} – {email}",
        "",
        f"{town}, le {r.randint(1, 28)} mars 2026",
        "",
        r.choice(
            (
                f"Cher confrère, merci de m'avoir adressé {title} {person}, {r.randint(20, 99)} ans.",
                f"Je vois ce jour en consultation {title} {person} pour une dyspnée d'effort.",
                f"Courrier au docteur {friend} au sujet de {title} {person}, né le 12/03/1951.",
            )
        ),
        "Antécédents : maladie de Parkinson, hypertension artérielle. Signe de Babinski absent. Petit épanchement.",
        f"{title} {shown} habite {other_town} et travaille chez {friend}.",
        "Traitement par Kardégic 75 mg, bisoprolol 5 mg. TA 130/80 mmHg, FC 72/min, HbA1c 7,2 %.",
        r.choice(
            (
                f"Sa fille {friend_first} est joignable au {phone2}.",
                f"Personne de confiance : {friend_first} {friend}, {phone2}.",
            )
        ),
        f"Échographie faite par le Dr {friend} à l'hôpital de {other_town}.",
        r.choice((f"{shown} va mieux.", "Il va mieux. Rose des vents, grand axe, pierre vésiculaire de 4 mm.")),
        f"Bien confraternellement, {doctor_first} {doctor}",
    ]
    text = "\n".join(lines)
    used = [last, shown, doctor, doctor_first, friend] + ([] if alone else [first])
    if friend_first in text:
        used.append(friend_first)
    names = tuple(dict.fromkeys(n for n in used if n in text))
    clinical = ("Parkinson", "Babinski", "Kardégic", "bisoprolol", "TA 130/80", "HbA1c", "Petit épanchement", "FC 72")
    contacts = tuple(c for c in (phone, phone2, email, street) if c in text)
    return Letter(text, names, contacts, (town, other_town), clinical)
