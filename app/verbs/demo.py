"""``calame demo``: the main job on the shipped sample, step by step, into ``./out``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from app.documents import drafted, report
from app.hearing import hear
from app.inputs import read_consultation
from app.output import tell, write_bytes, write_json, write_text
from app.wiring import choice, forms_catalogue, hints_of
from dictation.codec import draft_to_json, transcript_to_json
from dictation.errors import InputError

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
FORM = "compte_rendu_consultation"


def run(args: argparse.Namespace) -> int:
    """Recording → transcript → draft with evidence → document, with the real engines."""
    from templates import render
    from templates.sheet import sheet
    from templates.text import document_text
    from voice.files import FileSource

    audio = SAMPLES / "consultation.flac"
    if not audio.exists():
        raise InputError("sample.missing", "La dictée d'exemple (samples/) n'est pas là\u00a0: lancez depuis le dépôt.")
    out, wanted, form = Path("out"), choice(), forms_catalogue().get(FORM)
    consultation = read_consultation(str(SAMPLES / "patient.json"))
    start = time.perf_counter()

    def step(text: str) -> None:
        tell(f"\n[{time.perf_counter() - start:5.1f} s] {text}")

    step(f"1/4 Écoute de samples/{audio.name} (voix de synthèse) avec {wanted.speech}")
    transcript, heard = hear(FileSource(audio), wanted, transcript_id="exemple", hints=hints_of(consultation))
    write_json(str(out / "transcription.json"), transcript_to_json(transcript))
    tell(f"  {len(transcript.words)} mots, {transcript.duration_s:.0f}\u00a0s de parole")
    tell("  « " + transcript.text[:220] + "… »")

    step("2/4 Rédaction")
    draft = drafted(transcript, form, consultation, wanted, heard)
    write_json(str(out / "brouillon.json"), draft_to_json(draft))

    step("3/4 Chaque valeur et les mots dont elle vient")
    for field in draft.fields:
        said = " […] ".join(transcript.quote(s) for s in field.evidence)
        from templates.values import shown

        tell(f"  {field.key:24} {shown(field.value):44} ← « {said} »")
    report(draft)
    if draft.secretary_note:
        tell(f"  Pour la secrétaire (jamais imprimé)\u00a0: {draft.secretary_note}")

    step("4/4 Document")
    write_bytes(out / "compte_rendu.docx", render(draft, form, consultation).content)
    text = document_text(sheet(draft, form, consultation))
    write_text(out / "compte_rendu.txt", text)
    print(text)
    tell("Écrit dans ./out\u00a0: transcription.json, brouillon.json, compte_rendu.docx, compte_rendu.txt")
    return 0
