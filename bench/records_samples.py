"""Made-up dictations for the benches and the tests of ``records``: no model is needed to fill a store."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from dictation.consultation import Consultation, Patient, Recipient
from dictation.draft import Document, Draft, DraftEngine, DraftSection, FieldValue, Origin
from dictation.evidence import Polarity, Statement
from dictation.review import Decision, Review, SignedDraft, Verdict, sign
from dictation.transcript import EngineInfo, Span, Transcript, Word
from dictation.values import Vital
from records.ports import Cost, Ports

ENGINE = EngineInfo("essai", "essai-base", "1")
WORDS = "je revois ce patient pour une gonalgie droite tension quatorze huit poursuite du paracétamol"
#: far too cheap for anything but a test
CHEAP = Cost(1, 64, 1)


@dataclass
class Clock:
    """A clock that moves when told; ``now`` and ``seconds`` can be moved apart to play a jump."""

    now: dt.datetime = dt.datetime(2026, 3, 12, 9, 0, tzinfo=dt.UTC)
    seconds: float = 1000.0
    #: what each reading adds, so that two acts never share a moment
    tick: dt.timedelta = field(default=dt.timedelta(milliseconds=1))

    def read(self) -> dt.datetime:
        """Wall clock."""
        self.now += self.tick
        return self.now

    def steady(self) -> float:
        """Monotonic clock."""
        return self.seconds

    def advance(self, **parts: float) -> None:
        """Both clocks move on."""
        step = dt.timedelta(**parts)
        self.now += step
        self.seconds += step.total_seconds()

    def ports(self) -> Ports:
        """Ports on this clock, with cheap passwords."""
        return Ports(clock=self.read, monotonic=self.steady, key_cost=CHEAP, login_cost=CHEAP)


def consultation(last_name: str = "Quévauvillers", first_name: str = "Zoé") -> Consultation:
    """A fictional patient and a recipient."""
    patient = Patient(last_name, first_name, "F", dt.date(1961, 5, 4))
    return Consultation(date=dt.date(2026, 3, 12), patient=patient, recipient=Recipient("Dr Essai"))


def transcript(text: str = WORDS, *, id: str = "t1", engine: EngineInfo = ENGINE) -> Transcript:
    """A transcript of ``text``, half a second a word."""
    words = tuple(Word(w, i / 2, i / 2 + 0.4, 0.9) for i, w in enumerate(text.split()))
    return Transcript(id, words, engine, duration_s=len(words) / 2)


def draft(
    heard: Transcript | None = None,
    *,
    note: str | None = None,
    engine: DraftEngine = DraftEngine(None, "1"),
    form_id: str = "compte_rendu_consultation",
) -> Draft:
    """A draft with one section that holds every word, and one blood pressure to confirm."""
    heard = heard or transcript()
    whole = Span(0, len(heard.words))
    return Draft(
        transcript=heard,
        form_id=form_id,
        form_revision=1,
        engine=engine,
        statements=(Statement("S1", heard.text, whole, Polarity.AFFIRMED),),
        sections=(DraftSection("histoire", "Histoire", heard.text, (whole,), Origin.DICTATED, ("S1",)),),
        fields=(
            FieldValue(
                "constantes.1",
                "constantes",
                "vital",
                Vital("TA", None, "mmHg", Decimal(148), Decimal(86)),
                (Span(0, 1),),
                0.9,
            ),
        ),
        findings=(),
        secretary_note=note,
    )


def decision(by: str, value: str, at: dt.datetime, field_id: str = "section:histoire") -> Decision:
    """An edit of a section."""
    return Decision(field_id, Verdict.EDITED, value, by, at)


def confirmed(review: Review, by: str, at: dt.datetime) -> Review:
    """The review with its critical field confirmed."""
    return review.decide(Decision("constantes.1", Verdict.CONFIRMED, None, by, at))


def signed(review: Review, by: str, at: dt.datetime) -> SignedDraft:
    """The review, signed."""
    return sign(review, by=by, at=at)


def document(review: Review) -> Document:
    """What a renderer would make of it."""
    content = review.text("histoire").encode()
    return Document(review.draft.form_id, content, "text/plain", hashlib.sha256(content).hexdigest())
