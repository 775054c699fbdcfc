#!/usr/bin/env python3
"""Makes the reference pages of every kind of document from the goldens' drafts: look at them, then commit.

    .venv/bin/python scripts/make_pages.py

``tests/templates/pages/FORM.json`` keeps the draft, ``FORM-N.png`` each page in grey, 420 px wide.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

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


def main() -> None:
    for old in (*PAGES.glob("*.png"), *PAGES.glob("*.json")):
        old.unlink()
    done: set[str] = set()
    for gold in load(ROOT / "tests" / "golden" / "dictations"):
        if gold.form_id in done:
            continue
        done.add(gold.form_id)
        context = {**gold.context, "auteur": AUTHOR}
        form = wiring.forms_catalogue().get(gold.form_id)
        draft = wiring.compose(transcript_of_text(gold.text), form, consultation_from_json(context))
        data = {"context": context, "draft": draft_to_json(draft)}
        (PAGES / f"{form.id}.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
        for number, page in enumerate(pages_of(data, form), 1):
            (PAGES / f"{form.id}-{number}.png").write_bytes(page)
        print(form.id, flush=True)


if __name__ == "__main__":
    main()
