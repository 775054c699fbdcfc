"""``calame quality``: what people change in the drafts, by kind of document, month and author."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from app import quality, wiring
from app.output import write_bytes, write_json
from app.quality_page import page
from app.unlock import open_store
from templates.page import page_docx, page_text


def run(args: argparse.Namespace) -> int:
    """0 when the store could be opened, whether or not anything was signed."""
    store = open_store()
    try:
        made = quality.report(quality.history(store, by=None))
        names = {a.id: a.name for a in store.accounts.list()}
    finally:
        store.close()
    titles = {f.id: f.title for f in wiring.forms_catalogue().forms}
    printed = page(
        made, dt.date.today(), kind=lambda x: titles.get(x, x), author=lambda x: names.get(x, "compte supprimé")
    )
    if args.json != "-":
        print(page_text(printed), end="")
    if args.json:
        write_json(args.json, quality.report_json(made, lambda x: names.get(x, x)))
    if args.docx:
        write_bytes(Path(args.docx), page_docx(printed))
    return 0
