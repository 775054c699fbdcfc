"""The ``calame`` command. The contract is ``docs/cli.md``; heavy imports wait inside the commands."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from app.strings import say, table
from dictation.errors import CalameError, UsageError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError("usage", say("usage", detail=message))


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    text = table("cli")["help"]
    top = _Parser(prog="calame", description=text["calame"])
    verbs = top.add_subparsers(dest="verb", metavar="commande", parser_class=_Parser)

    def verb(name: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = verbs.add_parser(name, help=text[name], description=text[name])
        return made

    def outputs(p: argparse.ArgumentParser) -> None:
        p.add_argument("--form", required=True, metavar="ID", help=text["form"])
        p.add_argument("--patient", metavar="FILE", help=text["patient"])
        p.add_argument("--json", metavar="F", help=text["json"])
        p.add_argument("--docx", metavar="F", help=text["docx"])
        p.add_argument("--txt", metavar="F", help=text["txt"])
        p.add_argument("--pdf", metavar="F", help=text["pdf"])
        p.add_argument("--fhir", metavar="F", help=text["fhir"])
        p.add_argument("--letterhead", metavar="F", help=text["letterhead"])
        p.add_argument("--no-model", action="store_true", help=text["no_model"])
        p.add_argument("--drafting-model", metavar="M", help=text["drafting_model"])

    verb("demo")
    p = verb("run")
    p.add_argument("audio", help=text["audio"])
    p.add_argument("--speech-model", metavar="M", help=text["speech_model"])
    outputs(p)
    p = verb("transcribe")
    p.add_argument("audio", help=text["audio"])
    p.add_argument("--json", metavar="F", help=text["json"])
    p.add_argument("--speech-model", metavar="M", help=text["speech_model"])
    p = verb("write")
    p.add_argument("file", nargs="?", default="-", help=text["file"])
    p = verb("draft")
    p.add_argument("file", help=text["text_file"])
    outputs(p)
    p = verb("dictate")
    p.add_argument("--device", metavar="NAME", help=text["device"])
    p.add_argument("--speech-model", metavar="M", help=text["speech_model"])
    outputs(p)
    p = verb("forms")
    what = p.add_subparsers(dest="what", metavar="action", parser_class=_Parser)
    what.add_parser("show").add_argument("id")
    what.add_parser("check").add_argument("file")
    p = verb("models")
    what = p.add_subparsers(dest="what", metavar="action", parser_class=_Parser)
    what.add_parser("list")
    q = what.add_parser("pull")
    q.add_argument("name", nargs="?")
    q.add_argument("--default", action="store_true", help=text["default"])
    what.add_parser("verify").add_argument("name", nargs="?")
    what.add_parser("measure").add_argument("name", nargs="?")
    p = verb("app")
    p.add_argument("--port", type=int, default=8550, metavar="N", help=text["port"])
    p.add_argument("--no-browser", action="store_true", help=text["no_browser"])
    p = verb("vocabulary")
    what = p.add_subparsers(dest="what", metavar="action", parser_class=_Parser)
    what.add_parser("list")
    what.add_parser("add").add_argument("term")
    what.add_parser("import").add_argument("file")
    what.add_parser("suggest").add_argument("word")
    p = verb("anonymise")
    p.add_argument("file", help=text["file"])
    p.add_argument("--patient", metavar="FILE", help=text["patient"])
    p.add_argument("--txt", metavar="F", help=text["txt"])
    p = verb("export")
    p.add_argument("id", nargs="?", metavar="DICTATION", help=text["signed"])
    for name in ("docx", "pdf", "fhir", "cda", "txt", "copy"):
        p.add_argument(f"--{name}", metavar="F", help=text[name])
    p = verb("audit")
    p.add_argument("--json", metavar="F", help=text["json"])
    p.add_argument("--docx", metavar="F", help=text["docx"])
    for name in ("card", "quality"):
        p = verb(name)
        p.add_argument("--json", metavar="F", help=text["json"])
        p.add_argument("--docx", metavar="F", help=text["docx"])
    p = verb("bench")
    p.add_argument("what", nargs="?", default="all", metavar="stt|voices|write|draft|latency|all")
    p.add_argument("--quick", action="store_true", help=text["quick"])
    p.add_argument("--set", metavar="DIR", help=text["set"])
    p.add_argument("--json", metavar="F", help=text["json"])
    p = verb("store")
    what = p.add_subparsers(dest="what", metavar="action", parser_class=_Parser, required=True)
    for name in ("backup", "restore"):
        what.add_parser(name).add_argument("file")
    for name in ("purge", "verify"):
        what.add_parser(name)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status of the contract and never raises."""
    try:
        top = parser()
        args = top.parse_args(argv)
        if args.verb is None:
            top.print_help()
            return 0
        command = importlib.import_module(f"app.verbs.{args.verb}")
        return int(command.run(args) or 0)
    except CalameError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print(f"[interrupted] {say('interrupted')}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:  # the kind only: a message could quote dictated text
        print(f"[internal] {say('unexpected', kind=type(error).__name__)}", file=sys.stderr)
        import os

        if os.environ.get("CALAME_DEBUG"):
            raise
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
