"""``calame run``: a recording to a BROUILLON document."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.documents import deliver, drafted, report
from app.hearing import hear
from app.inputs import read_consultation
from app.output import tell
from app.strings import say
from app.wiring import choice, forms_catalogue, hints_of


def run(args: argparse.Namespace) -> int:
    """Form and patient are checked before the sound is heard."""
    from voice.files import FileSource

    form = forms_catalogue().get(args.form)
    consultation = read_consultation(args.patient)
    wanted = choice(speech=args.speech_model, drafting=args.drafting_model, no_model=args.no_model)
    source = FileSource(args.audio)
    transcript, heard = hear(source, wanted, transcript_id=Path(args.audio).stem, hints=hints_of(consultation))
    tell(say("drafting"))
    draft = drafted(transcript, form, consultation, wanted, heard)
    deliver(draft, form, consultation, args)
    report(draft)
    return 0
