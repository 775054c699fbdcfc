"""``calame transcribe``: a recording, or sound on stdin as it arrives, to a transcript."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.hearing import hear
from app.output import tell, write_json
from app.wiring import choice
from dictation.codec import transcript_to_json


def run(args: argparse.Namespace) -> int:
    """Text on stdout, JSON where asked, doubts on stderr."""
    from voice.files import FileSource, PcmSource

    stdin = args.audio == "-"
    source = PcmSource(sys.stdin.buffer) if stdin else FileSource(args.audio)
    name = "stdin" if stdin else Path(args.audio).stem
    transcript, findings = hear(source, choice(speech=args.speech_model), transcript_id=name, live=stdin)
    for finding in findings:
        tell(f"[{finding.code}] {finding.message}")
    if args.json:
        write_json(args.json, transcript_to_json(transcript))
    if args.json != "-":
        print(transcript.text)
    return 0
