"""``calame export``: a signed document of the encrypted store as Word, PDF, FHIR, CDA, text, or an anonymised copy."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from app import wiring
from app.copies import prepare, source
from app.exports import Exports, Way
from app.output import tell, write_bytes, write_text
from app.strings import say
from app.transparency import version
from app.unlock import open_store
from dictation.errors import CalameError, InputError
from records import SYSTEM, Store
from templates.catalogue import Catalogue

WAYS = {"docx": Way.WORD, "pdf": Way.PDF, "fhir": Way.FHIR, "cda": Way.CDA, "txt": Way.TEXT}


def run(args: argparse.Namespace) -> int:
    """Without an identifier, lists what is signed (no name is printed); with nothing asked for, prints the text."""
    forms = wiring.forms_catalogue()
    with open_store() as store:
        if args.id is None:
            return _list(store, forms)
        exports = Exports(store, {f.id: f for f in forms.forms}.get)
        asked = {way: getattr(args, name) for name, way in WAYS.items() if getattr(args, name)}
        for way, name in asked.items():
            write_bytes(Path(name), exports.make(args.id, way, by=SYSTEM).content)
            tell(say("written", name=name))
        if args.copy:
            _copy(store, forms, args.id, Path(args.copy))
        elif not asked:
            print(exports.text(args.id, by=SYSTEM), end="")
    return 0


def _list(store: Store, forms: Catalogue) -> int:
    titles = {f.id: f.title for f in forms.forms}
    signed = store.journal.entries(action="dictation.signed", limit=1_000_000)
    for dictation_id in dict.fromkeys(entry.subject for entry in signed if entry.subject):
        try:
            one = store.dictations.get(dictation_id, by=SYSTEM)
        except CalameError:  # purged since
            continue
        day = one.signed_at.strftime("%d/%m/%Y") if one.signed_at else "–"
        print(f"{one.id}  {day}  {titles.get(one.form_id or '', one.form_id or '–')}")
    return 0


def _copy(store: Store, forms: Catalogue, dictation_id: str, target: Path) -> None:
    known = store.dictations.get(dictation_id, by=SYSTEM)
    review = store.dictations.review(dictation_id, by=SYSTEM)
    if review is None:
        raise InputError("copy.empty", "Il n'y a pas de texte à copier pour cette dictée\u00a0: il est déjà effacé.")
    given = source(review, forms.get(review.draft.form_id), known.consultation, version=version())
    made = prepare(given, secret=secrets.token_hex(16), lexicon=wiring.lexicon())
    for part in made.parts:
        for stretch in part.stretches:
            if stretch.substitute is not None:
                tell(f"- {stretch.original}\n+ {stretch.substitute}")
    write_text(target, made.text)
    tell(f"{made.replaced} remplacement(s). Relisez avant d'envoyer\u00a0: aucun programme ne promet tout.")
    tell(say("written", name=target.name))
