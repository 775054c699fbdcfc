"""From a transcript to a draft a doctor signs after reading it once (one verb: :func:`compose`).

Reading order: words are written (``spoken_french``), cut into statements, placed in the sections of
the form (``sections``), read into typed values (``readers``, ``blanks``), laid out (``assembly``) and
looked over (``findings``, ``checks``). Every sentence of the result is the doctor's own in written
form; a model may propose a section or another wording, checks decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Protocol

from dictation.consultation import Consultation
from dictation.draft import Draft, DraftEngine
from dictation.evidence import Finding, Statement
from dictation.form import Form
from dictation.lexicon import Lexicon
from dictation.transcript import Transcript
from dictation.values import DateValue
from drafting import asking, strengths
from drafting import findings as look
from drafting.assembly import Phrases, is_title, sections_of
from drafting.blanks import fill
from drafting.checks import Case, verify
from drafting.checks.unclaimed import omissions
from drafting.fields import fields_of, merged
from drafting.kinds import own_passages, owns_all, proposals
from drafting.model.copying import Copy
from drafting.passage import Passage, passages_of
from drafting.placing import answering, by_content, drug_lines, place, printed, where_said
from drafting.readers import Context, read_all
from drafting.readers.dates import read as read_dates
from drafting.sections import Placement, Sectioner
from drafting.spoken_french import write
from drafting.statements import split

#: raised with every change that may alter a draft
REVISION = "1"


class Places(Protocol):
    """Anything that puts statements in sections."""

    def place(
        self,
        statements: Sequence[Statement],
        form: Form,
        *,
        opinions: Mapping[str, Mapping[str, float]] | None = None,
    ) -> tuple[Placement, ...]:
        """One placement per statement, in order."""
        ...


class Assistant(Protocol):
    """What a language model that passed its self-test may propose; checks dispose."""

    @property
    def engine(self) -> DraftEngine:
        """Model, revision and the tasks it is allowed to do."""
        ...

    def opinions(self, statements: Sequence[Statement], form: Form) -> Mapping[str, Mapping[str, float]] | None:
        """Log-probability of each role for each statement id, or ``None``."""
        ...

    def choose(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[str, ...]:
        """Ids of up to ``most`` statements that answer a question, ``()`` for none."""
        ...

    def extract(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[Copy, ...]:
        """Up to ``most`` runs of words copied from one of the statements."""
        ...

    def reword(self, statement: Statement) -> str | None:
        """The statement in written clinical French, or ``None`` to keep the dictated words."""
        ...


def compose(
    transcript: Transcript,
    form: Form,
    consultation: Consultation = Consultation(),
    *,
    lexicon: Lexicon,
    sectioner: Places | None = None,
    assistant: Assistant | None = None,
    phrases: Phrases | None = None,
) -> Draft:
    """A draft of ``form`` out of ``transcript``.

    Pure and deterministic for the same engines; never raises on odd words: an empty transcript makes
    a draft of gaps. ``lexicon`` names drugs; ``sectioner`` defaults to rules without sentence vectors;
    ``assistant`` weighs in on sections and may reword sentences, each rewording checked; ``phrases``
    are the practice's opening and closing.
    """
    written = write(transcript.words, today=consultation.date, lexicon=lexicon)
    statements = split(written, transcript.words)
    opinions = assistant.opinions(statements, form) if assistant else None
    placements = (sectioner or Sectioner()).place(statements, form, opinions=opinions)
    passages = place(passages_of(statements, written.tokens), placements, form)
    today = consultation.date or _dictated_day(passages)
    context = Context(lexicon, today)
    everything = read_all(passages, context)
    whole = owns_all(form, passages)
    own = passages if whole else own_passages(form, passages, everything)
    own = drug_lines(own, everything, form)
    kept = printed(by_content(own, everything, form), passages, form)
    own_ids = {p.id for p in own}
    readings = tuple(
        r for r in everything if r.statement_id in own_ids or r.key.startswith(("patient.", "destinataire"))
    )
    blanks = fill(form, kept, today)
    asked = asking.ask(form, statements, kept, blanks, assistant, lexicon, today) if assistant else ()
    blanks = (*blanks, *asked)
    kept = answering(kept, blanks, form)
    placed: tuple[Finding, ...] = ()
    if assistant:
        kept, placed = asking.place(form, kept, blanks, assistant)
    sections = sections_of(form, kept, blanks, _wording(kept, assistant, lexicon), phrases, readings)
    texts = {s.key: s.text for s in sections}
    excluded = tuple(p for p in passages if p.id not in own_ids and not is_title(p))
    found: list[Finding] = [
        *(f for f in written.findings if f.code != "date.age"),
        *look.identity(readings, consultation),
        *look.forbidden(form, texts),
        *look.third_parties(readings, form),
        *look.laterality(readings, own),
        *look.drugs(own, lexicon),
        *look.reread(merged(readings), lexicon, form),
        *strengths.findings(readings, lexicon),
        *look.dates(own, readings, today),
        *look.low_confidence(readings, transcript),
        *look.gaps(form, blanks, texts),
        *asking.findings(asked),
        *placed,
        *look.private(passages),
        *look.unplaced(kept, excluded),
        *omissions(transcript, written, statements, lexicon),
    ]
    notes = [a.text for a in written.asides if a.kind == "secretary"]
    return Draft(
        transcript=transcript,
        form_id=form.id,
        form_revision=form.revision,
        engine=assistant.engine if assistant else DraftEngine(None, REVISION),
        statements=statements,
        sections=sections,
        fields=fields_of(where_said(readings, kept, form), blanks, transcript, consultation),
        findings=look.ranked(found),
        secretary_note="\n".join(notes) or None,
        proposals=proposals(form, passages, everything),
    )


def _wording(kept: Sequence[Passage], assistant: Assistant | None, lexicon: Lexicon) -> dict[str, str]:
    """Rewordings that no check objects to, by statement id."""
    out: dict[str, str] = {}
    for passage in kept if assistant else ():
        proposal = assistant.reword(passage.statement) if assistant else None
        if proposal and proposal.strip() and not verify(Case(proposal, (passage.statement.text,), lexicon)):
            out[passage.id] = proposal.strip()
    return out


def _dictated_day(passages: Sequence[Passage]) -> dt.date | None:
    """Day of the consultation when only the voice gave it (« consultation du 20 octobre 2026 »)."""
    for passage in passages[:3]:
        for found in read_dates(passage, Context(Lexicon())):
            value = found.value
            if isinstance(value, DateValue) and value.role == "consultation" and len(value.iso) >= 10:
                return dt.date.fromisoformat(value.iso[:10])
    return None
