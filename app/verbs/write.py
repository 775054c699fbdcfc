"""``calame write``: spoken French to written French, one line in, one line out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.inputs import read_text
from app.wiring import lexicon
from dictation.errors import ModelError


def run(args: argparse.Namespace) -> int:
    """Line by line, as it comes; a line break inside a line is shown as « ⏎ »."""
    from drafting.spoken_french import write_line

    try:
        names = lexicon()
    except ModelError:
        names = None
    lines = sys.stdin if args.file == "-" else read_text(Path(args.file)).splitlines()
    for line in lines:
        written = write_line(line.rstrip("\n"), lexicon=names)
        print(written.replace("\n\n", " ⏎⏎ ").replace("\n", " ⏎ ").strip(), flush=True)
    return 0
