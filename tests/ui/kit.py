"""A practice for tests: real encrypted store, real documents, scripted engines, no microphone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import records
from app.engine_seam import EngineSpec
from app.office import Device, Office, Parts
from app.paper import Paper
from dictation.codec import draft_to_json
from dictation.lexicon import Lexicon, Term
from dictation.review import Decision, Verdict
from dictation.review import sign as seal
from dictation.sound import BYTES_PER_S
from dictation.transcript import Transcript, Word
from drafting import compose
from records.ports import Cost, Ports
from templates.catalogue import FORMS, load

PASSPHRASE = "phrase secrete du cabinet"
PASSWORD = "un mot de passe assez long"
FORM = "compte_rendu_consultation"
WORD_S = 0.3
#: as spoken; nobody is real
SPOKEN = (
    "compte rendu de consultation motif deux points toux depuis huit jours point à la ligne "
    "antécédents deux points hypertension artérielle point à la ligne "
    "allergies deux points pas d'allergie connue point à la ligne "
    "traitement deux points bisoprolol cinq milligrammes le matin point à la ligne "
    "examen clinique deux points tension artérielle cent trente-huit sur soixante-dix-neuf fréquence cardiaque "
    "quatre-vingt-douze douleur de l'épaule droite pas de fièvre point à la ligne "
    "conduite à tenir deux points amoxicilline un gramme trois fois par jour pendant sept jours "
    "contrôle le douze mars deux mille vingt-six point"
)
LEXICON = Lexicon((Term("bisoprolol", "substance", "C07AB07"), Term("amoxicilline", "substance", "J01CA04")))
CHEAP = Cost(1, 1024, 1)


class NoMicrophones:
    """A machine without any; ``left`` once it was let go."""

    left = False

    def devices(self) -> Sequence[Device]:
        return ()

    def open(self, name: str | None) -> Any:
        raise AssertionError("no microphone here")

    def stand_by(self, name: str | None) -> None: ...

    def let_go(self) -> None:
        self.left = True


def transcript(words: str = SPOKEN) -> Transcript:
    """The words as the script says them."""
    said = tuple(
        Word(w, n * WORD_S, (n + 0.9) * WORD_S, 0.35 if n % 17 == 11 else 0.93) for n, w in enumerate(words.split())
    )
    return Transcript("t", said, duration_s=len(said) * WORD_S)


def forms() -> Any:
    return load(FORMS)


def draft_file(folder: Path, words: str = SPOKEN, form_id: str = FORM) -> Path:
    """What the rules make of the words, as the scripted engines give it back."""
    draft = compose(transcript(words), forms().get(form_id), lexicon=LEXICON)
    path = folder / "draft.json"
    path.write_text(json.dumps(draft_to_json(draft), ensure_ascii=False), "utf-8")
    return path


def parts(folder: Path, *, words: str = SPOKEN, factory: str = "scripted", **options: str) -> Parts:
    """Everything an office is made of."""
    folder.mkdir(parents=True, exist_ok=True)
    given = {"words": words, "word_s": str(WORD_S), "draft_file": str(draft_file(folder, words))} | options
    catalogue = forms()
    order = {FORM: 0}
    return Parts(
        folder=folder / "store",
        engines=EngineSpec(f"app.engine_fakes:{factory}", given),
        forms=sorted(catalogue.forms, key=lambda f: order.get(f.id, 1)),
        renderer=Paper(),
        microphones=NoMicrophones(),
        ports=Ports(key_cost=CHEAP, login_cost=CHEAP),
        spoken_kind=lambda text: next((f.id for f in catalogue.spoken(text)), None),
    )


def office(folder: Path, **options: Any) -> Office:
    """A practice with a doctor « jmartin » and a secretary « anais », engines not started."""
    made = Office(parts(folder, **options))
    made.set_up(name="Dr Jeanne Martin", login="jmartin", password=PASSWORD, passphrase=PASSPHRASE)
    chief = made.store.accounts.login("jmartin", PASSWORD)
    made.store.accounts.create("anais", PASSWORD, [records.Role.SECRETARY], name="Anaïs Roux", by=chief)
    made.store.accounts.logout(chief)
    return made


def drafted(
    office: Office,
    by: records.Actor,
    *,
    words: str = SPOKEN,
    seconds: float = 2.0,
    otherwise: Mapping[str, str] | None = None,
) -> str:
    """A dictation of ``words`` with its recording, transcript and draft, made without the engines; its id.
    Texts of ``otherwise`` stand in its sections instead of what the rules write."""
    store = office.store
    made = store.dictations.create(by=by, form_id=FORM)
    recording = store.audio.record(made.id, by=by)
    recording.write(bytes(int(seconds * BYTES_PER_S) // 2 * 2))
    office.own(made.id, lambda job, report: None)  # leave it to the test, not to the clerk
    recording.stop()
    said = transcript(words)
    current = store.dictations.get(made.id, by=by)
    current = store.dictations.save_transcript(made.id, said, by=by, version=current.version)
    draft = compose(said, forms().get(FORM), lexicon=LEXICON)
    texts = otherwise or {}
    sections = tuple(replace(s, text=texts.get(s.key, s.text)) for s in draft.sections)
    draft = replace(draft, sections=sections)
    store.dictations.save_draft(made.id, draft, by=by, version=current.version)
    office.disown(made.id)
    office.changed()
    return made.id


def sign(office: Office, by: Any, dictation_id: str) -> None:
    """Every critical value confirmed, then the doctor's signature, with the Word file only."""
    store, at = office.store.dictations, office.parts.ports.clock()
    review, form = store.review(dictation_id, by=by), forms().get(FORM)
    assert review is not None
    for blocker in review.blockers():
        review = review.decide(Decision(blocker.field_id, Verdict.CONFIRMED, None, by.account_id, at))
    known = store.save_review(dictation_id, review, by=by, version=store.get(dictation_id, by=by).version)
    signed = seal(review, by=by.account_id, at=at)
    documents = office.parts.renderer.signed(signed, form, known.consultation, by.name)[:1]
    store.sign(dictation_id, signed, documents, by=by, version=known.version)


def silence(words: str = SPOKEN) -> bytes:
    """As much sound as the script needs to say everything."""
    return bytes(int((len(words.split()) + 1) * WORD_S * BYTES_PER_S) // 2 * 2)


def until(true: Callable[[], Any], what: str = "it", *, seconds: float = 30) -> Any:
    """Waits for something that must come."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        value = true()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} never came")
