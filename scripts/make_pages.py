#!/usr/bin/env python3
"""Makes the reference pages of every kind of document from the goldens' drafts: look at them, then commit.

    .venv/bin/python scripts/make_pages.py

``tests/templates/pages/FORM.json`` keeps the draft (``FORM`` or the name of a further case), ``FORM-N.png`` each page in grey, 420 px wide.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import wiring  # noqa: E402
from bench.facts import load  # noqa: E402
from dictation.codec import consultation_from_json, draft_to_json  # noqa: E402
from dictation.transcript import transcript_of_text  # noqa: E402
from tests.templates.paper import PAGES, pages_of  # noqa: E402

AUTHOR = {
    "nom": "Dr Camille Exemple", "specialite": "Médecine générale", "rpps": "10001234567",
    "adresse": "1 place de la Mairie\n00000 Villefictive", "telephone": "00 00 00 00 00", "lieu": "Villefictive",
}  # fmt: skip
RECIPIENT = {
    "destinataire": {"nom": "Dr Dominique Fictif", "specialite": "Cardiologie", "adresse": "2 rue Haute\n00000 Villefictive"}
}  # fmt: skip
ZONES = (
    "Ordonnance pour madame Odile Ferrand. Zone ALD : metformine mille milligrammes, "
    "un comprimé matin et soir pendant trois mois. Atorvastatine vingt milligrammes, un comprimé le soir pendant trois mois. "
    "Hors ALD : paracétamol un gramme, un comprimé si douleur, maximum trois par jour, pendant dix jours."
)


def main() -> None:
    for old in (*PAGES.glob("*.png"), *PAGES.glob("*.json")):
        old.unlink()
    golds = load(ROOT / "tests" / "golden" / "dictations")
    done: set[str] = set()
    for gold in golds:
        if gold.form_id not in done:
            done.add(gold.form_id)
            make(gold.form_id, gold.form_id, gold.text, gold.context)
    letters = [g for g in golds if g.form_id in ("courrier_adressage", "compte_rendu_consultation")]
    make("lettre_longue", "courrier_adressage", "\n".join(g.text for g in letters), RECIPIENT | letters[0].context)
    make("bizone", "ordonnance", ZONES, {})


def make(name: str, form_id: str, text: str, known: dict[str, Any]) -> None:
    """One draft and its pages."""
    context = {**known, "auteur": AUTHOR}
    form = wiring.forms_catalogue().get(form_id)
    draft = wiring.compose(transcript_of_text(text), form, consultation_from_json(context))
    data = {"form": form_id, "context": context, "draft": draft_to_json(draft)}
    (PAGES / f"{name}.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    for number, page in enumerate(pages_of(data, form), 1):
        (PAGES / f"{name}-{number}.png").write_bytes(page)
    print(name, flush=True)


if __name__ == "__main__":
    main()
