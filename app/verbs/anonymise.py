"""``calame anonymise``: a copy for a study or a bug report, shown side by side before it leaves."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from app.inputs import read_consultation, read_text
from app.output import tell, write_text
from app.strings import say
from app.wiring import lexicon


def run(args: argparse.Namespace) -> int:
    """The secret that shifts the dates lives only as long as this command."""
    from templates.anonymise import anonymise, preview

    text = read_text(Path(args.file))
    who = read_consultation(args.patient)
    known = (who.patient.last_name, who.patient.first_name, who.author.name, who.recipient.name, who.author.place)
    copy = anonymise(text, secret=secrets.token_hex(16), known=[k for k in known if k], lexicon=lexicon())
    for before, after in preview(text, copy):
        if before != after:
            tell(f"- {before}\n+ {after}")
    tell(f"{len(copy.replacements)} remplacement(s). Relisez avant d'envoyer\u00a0: aucun programme ne promet tout.")
    if args.txt:
        write_text(Path(args.txt), copy.text)
        tell(say("written", name=args.txt))
    else:
        print(copy.text, end="")
    return 0
