"""``calame app``: the application on 127.0.0.1."""

from __future__ import annotations

import argparse
import importlib

from app.office import Office
from app.output import tell
from app.wiring import choice, parts


def run(args: argparse.Namespace) -> int:
    """Serves until Ctrl+C. ``ui`` is loaded by name: imports go one way, from the screens to here."""
    server = importlib.import_module("ui.server")
    server.run(Office(parts(choice())), port=args.port, browser=not args.no_browser, tell=tell)
    return 0
