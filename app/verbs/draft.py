"""``calame draft``: a transcript, or text of the words as spoken, to a draft."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.documents import deliver, drafted, report
from app.inputs import read_consultation, read_transcript
from app.wiring import choice, forms_catalogue


def run(args: argparse.Namespace) -> int:
    """Everything is read and checked before anything is written."""
    form = forms_catalogue().get(args.form)
    consultation = read_consultation(args.patient)
    transcript = read_transcript(Path(args.file))
    draft = drafted(transcript, form, consultation, choice(drafting=args.drafting_model, no_model=args.no_model))
    deliver(draft, form, consultation, args)
    report(draft)
    return 0
