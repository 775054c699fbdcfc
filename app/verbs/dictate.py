"""``calame dictate``: the microphone until Ctrl+C or « fin de dictée »."""

from __future__ import annotations

import argparse

from app.documents import deliver, drafted, report
from app.hearing import hear
from app.inputs import read_consultation
from app.output import tell
from app.strings import say
from app.wiring import choice, forms_catalogue, hints_of


def run(args: argparse.Namespace) -> int:
    """Live partial text on stderr; what was said before a device trouble is drafted all the same."""
    from voice.microphone import MicrophoneSource

    form = forms_catalogue().get(args.form)
    consultation = read_consultation(args.patient)
    wanted = choice(speech=args.speech_model, drafting=args.drafting_model, no_model=args.no_model)
    source = MicrophoneSource(args.device)
    tell(say("speak"))
    transcript, heard = hear(
        source, wanted, transcript_id="dictee", hints=hints_of(consultation), live=True, until_end_command=True
    )
    draft = drafted(transcript, form, consultation, wanted, heard)
    deliver(draft, form, consultation, args)
    report(draft)
    return 0
