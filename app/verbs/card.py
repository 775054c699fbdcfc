"""``calame card``: the transparency page and model card of this installation, as text, JSON and Word."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from app.card import card_json, card_of_this_machine, page
from app.output import write_bytes, write_json
from templates.page import page_docx, page_text


def run(args: argparse.Namespace) -> int:
    """Always 0: what was not measured is said on the page."""
    card = card_of_this_machine(dt.date.today())
    made = page(card)
    if args.json != "-":
        print(page_text(made), end="")
    if args.json:
        write_json(args.json, card_json(card))
    if args.docx:
        write_bytes(Path(args.docx), page_docx(made))
    return 0
