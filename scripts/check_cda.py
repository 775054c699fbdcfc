#!/usr/bin/env python3
"""Validates a CDA of every kind of document against HL7's own schema, which this repository does not carry.

    .venv/bin/python scripts/check_cda.py FOLDER

``FOLDER`` holds HL7's « CDA R2 normative » schema (github.com/HL7/CDA-core-2.0, ``schema/normative``). With much known
of the patient and the doctor, with nothing known, with and without a qualified identity. Ends with 1 when one is refused.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.exports import oid_of  # noqa: E402
from dictation.consultation import Author, Consultation, Patient  # noqa: E402
from dictation.draft import Draft, DraftEngine  # noqa: E402
from dictation.review import Review, sign  # noqa: E402
from dictation.transcript import Transcript  # noqa: E402
from templates.catalogue import bundled  # noqa: E402
from templates.cda import document  # noqa: E402

DAY = dt.date(2026, 3, 1)
AUTHOR = Author(
    "Dr Anne Exemple", "Cardiologie", "10001234567", "1 rue A\n00000 Ville", "00 00 00 00 00", "a@b.example"
)
CASES = {
    "rien de connu": Consultation(),
    "provisoire": Consultation(DAY, AUTHOR, Patient("Essai", "Paul", "M", dt.date(1960, 2, 1), "M.")),
    "qualifiée": Consultation(
        DAY, AUTHOR, Patient("Essai", "Anne", "F", dt.date(1969, 5, 1), "Mme", "qualifiée", "269054958815780")
    ),
}


def main() -> int:
    """Prints one line for each refusal, then the count."""
    schema = etree.XMLSchema(etree.parse(str(next(Path(sys.argv[1]).rglob("CDA.xsd")))))
    refused = 0
    for form in bundled().forms:
        draft = Draft(Transcript("t", ()), form.id, 1, DraftEngine(None, "1"), (), (), (), ())
        signed = sign(Review(draft), by="Dr Anne Exemple", at=dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC))
        for name, who in CASES.items():
            made = etree.fromstring(document(signed, form, who, b"%PDF-1.7", practice_oid=oid_of("compte")))
            if not schema.validate(made):
                refused += 1
                print(f"{form.id}, {name}: {schema.error_log.last_error}")
    print(f"{refused} refusé(s) sur {len(bundled().forms) * len(CASES)}")
    return int(refused > 0)


if __name__ == "__main__":
    raise SystemExit(main())
