"""From a transcript to a draft and its documents, for the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from app import wiring
from app.output import tell, write_bytes, write_json, write_text
from app.strings import say
from dictation.codec import draft_to_json
from dictation.consultation import Consultation
from dictation.draft import Draft
from dictation.errors import RefusedError
from dictation.evidence import Finding, Severity
from dictation.form import Form
from dictation.transcript import Transcript

_MARK = {Severity.BLOCKER: "!!", Severity.CHECK: "? ", Severity.INFO: "· "}


def drafted(
    transcript: Transcript,
    form: Form,
    consultation: Consultation,
    wanted: wiring.Choice,
    heard: Sequence[Finding] = (),
) -> Draft:
    """The draft; findings of the recogniser come first. Raises :class:`ModelError`."""
    if wanted.drafting:
        jobs = ", ".join(wiring.assistant(wanted.drafting).abilities.jobs)
        tell(say("model_ready", name=wanted.drafting, abilities=jobs or "aucune tâche"))
    else:
        tell(say("rules_only"))
    return wiring.compose(transcript, form, consultation, findings=heard, choice=wanted)


def report(draft: Draft) -> None:
    """Findings for people, most urgent first."""
    if not draft.findings:
        tell(say("no_findings"))
        return
    tell(say("findings", count=len(draft.findings)))
    order = (Severity.BLOCKER, Severity.CHECK, Severity.INFO)
    for finding in sorted(draft.findings, key=lambda f: order.index(f.severity)):
        tell(f"  {_MARK[finding.severity]} {finding.message}  [{finding.code}]")


def deliver(draft: Draft, form: Form, consultation: Consultation, args: argparse.Namespace) -> None:
    """Writes what was asked for; with nothing asked, the text of the document on stdout."""
    from templates import render
    from templates.sheet import sheet
    from templates.text import document_text

    if args.json:
        write_json(args.json, draft_to_json(draft))
    if args.docx or args.pdf:
        letterhead = Path(args.letterhead) if args.letterhead else None
        document = render(draft, form, consultation, letterhead=letterhead)
        if args.docx:
            write_bytes(Path(args.docx), document.content)
            tell(say("written", name=args.docx))
        if args.pdf:
            from templates.pdf import convert

            write_bytes(Path(args.pdf), convert(document.content))
            tell(say("written", name=args.pdf))
    if args.fhir:
        import datetime as dt

        from templates.fhir import bundle, record

        write_json(args.fhir, bundle(record(draft, form, consultation, dt.date.today())))
        tell(say("written", name=args.fhir))
    text = document_text(sheet(draft, form, consultation))
    if args.txt == "-" or not (args.json or args.docx or args.txt or args.pdf or args.fhir):
        print(text, end="")
    elif args.txt:
        write_text(Path(args.txt), text)
        tell(say("written", name=args.txt))


def refuse_opposed(opposed: bool) -> None:
    """A patient who objects: recording is possible, recognition and drafting are not."""
    if opposed:
        raise RefusedError(
            "patient.opposed",
            "Le patient s'oppose au traitement automatique\u00a0: l'enregistrement reste, la secrétaire tape à l'écoute.",
        )
