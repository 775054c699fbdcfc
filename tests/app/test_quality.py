"""Quality over time, recomputed from a history that is known."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import records
from app import quality
from app.cli import main
from app.quality_page import month, page, printed_for
from bench import records_samples as samples
from dictation.errors import InputError, RefusedError
from dictation.evidence import Finding, Severity
from dictation.review import Decision, Review, Verdict
from records import TYPED_DRAFT, Actor, Dictation, JobKind, Role, Store
from templates.page import page_text
from tests.ui import kit

PASSPHRASE = "une phrase secrète assez longue"
WORDS = samples.WORDS  # fourteen words
FINDINGS = (
    Finding("a", Severity.CHECK, "À vérifier."),
    Finding("b", Severity.CHECK, "À vérifier."),
    Finding("c", Severity.INFO, "Pour information."),
)


@dataclass
class Practice:
    """Two doctors and a secretary, and a clock."""

    store: Store
    clock: samples.Clock
    doctor: Actor
    colleague: Actor
    secretary: Actor

    def sign(
        self,
        by: Actor,
        *,
        typed: str | None = None,
        corrected: str | None = None,
        seen: int = 0,
        form_id: str = "compte_rendu_consultation",
    ) -> Dictation:
        """One dictation from the sound to the signature; ``typed`` by the secretary, ``corrected`` by the doctor."""
        d = self.store.dictations.create(by=by, form_id=form_id, consultation=samples.consultation())
        sound = self.store.audio.record(d.id, by=by)
        sound.write(b"\x01\x02" * 16_000)
        sound.stop()
        for lease in iter(self.store.jobs.claim, None):
            heard = samples.transcript(WORDS)
            made = replace(samples.draft(heard, form_id=form_id), findings=FINDINGS)
            self.store.jobs.done(lease, heard if lease.kind is JobKind.TRANSCRIBE else made)
        if typed is not None:
            self.decide(d.id, self.secretary, samples.decision(self.secretary.account_id, typed, self.clock.read()))
        if corrected is not None:
            self.decide(d.id, by, samples.decision(by.account_id, corrected, self.clock.read()))
        for n in range(seen):
            self.decide(d.id, by, Decision(f"finding:{n}", Verdict.DISMISSED, None, by.account_id, self.clock.read()))
        self.decide(d.id, by, Decision("constantes.1", Verdict.CONFIRMED, None, by.account_id, self.clock.read()))
        review = self.review(d.id, by)
        return self.store.dictations.sign(
            d.id,
            samples.signed(review, by.account_id, self.clock.read()),
            [samples.document(review)],
            by=by,
            version=self.store.dictations.get(d.id, by=by).version,
            measures=quality.at_signature(self.store, review),
        )

    def review(self, dictation_id: str, by: Actor) -> Review:
        kept = self.store.dictations.review(dictation_id, by=by)
        assert kept is not None
        return kept

    def decide(self, dictation_id: str, by: Actor, decision: Decision) -> None:
        review = self.review(dictation_id, by).decide(decision)
        version = self.store.dictations.get(dictation_id, by=by).version
        self.store.dictations.save_review(dictation_id, review, by=by, version=version)


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    monkeypatch.setenv("CALAME_DATA", str(tmp_path))
    monkeypatch.setenv("CALAME_PASSPHRASE", PASSPHRASE)
    clock = samples.Clock()
    store, _ = records.create(tmp_path / "store", passphrase=PASSPHRASE, ports=clock.ports())
    store.accounts.create("medecin", "mot de passe", [Role.DOCTOR, Role.ADMINISTRATOR], name="Dr Un")
    doctor = store.accounts.login("medecin", "mot de passe")
    store.accounts.create("confrere", "mot de passe", [Role.DOCTOR], name="Dr Deux", by=doctor)
    store.accounts.create("secretaire", "mot de passe", [Role.SECRETARY], name="Secrétaire", by=doctor)
    people = [store.accounts.login(login, "mot de passe") for login in ("confrere", "secretaire")]
    yield Practice(store, clock, doctor, *people)
    store.close()


def known(practice: Practice) -> None:
    """March: one as drafted, one where two words were changed by the secretary and one by the doctor.
    April: a letter of the colleague's, four words added."""
    practice.sign(practice.doctor, seen=2)
    typed = WORDS.replace("gonalgie droite", "douleur gauche")
    practice.sign(practice.doctor, typed=typed, corrected=typed.replace("poursuite", "arrêt"), seen=1)
    practice.clock.advance(days=30)
    people = [practice.store.accounts.login(x, "mot de passe") for x in ("medecin", "confrere", "secretaire")]
    practice.doctor, practice.colleague, practice.secretary = people
    practice.sign(practice.colleague, corrected=WORDS + " à revoir dans un", form_id="courrier_adressage")


def test_a_known_history_gives_these_figures(practice: Practice) -> None:
    known(practice)
    made = quality.report(quality.history(practice.store, by=practice.doctor))
    assert made.total is not None
    drafted = len(WORDS.split())
    assert (made.total.documents, made.total.drafted, made.total.untouched) == (3, 3 * drafted, 1)
    march, april = made.months
    assert (march.key, april.key) == ("2026-03", "2026-04")
    assert march.changed_percent == pytest.approx(100 * 3 / (2 * drafted))
    assert march.secretary_percent == pytest.approx(100 * 2 / (2 * drafted))
    assert march.doctor_percent == pytest.approx(100 * 1 / (2 * drafted))
    assert march.median_percent == pytest.approx(100 * 1.5 / drafted)
    assert (march.findings, march.findings_ignored) == (4, 1)
    assert april.changed_percent == pytest.approx(100 * 4 / drafted)
    assert (april.findings, april.findings_ignored) == (2, 2)
    assert [r.key for r in made.kinds] == ["compte_rendu_consultation", "courrier_adressage"]
    assert made.curves["courrier_adressage"] == (None, pytest.approx(100 * 4 / drafted))
    assert {r.key: r.documents for r in made.authors} == {
        practice.doctor.account_id: 2,
        practice.colleague.account_id: 1,
    }


def test_figures_outlive_the_texts_and_hold_no_word(practice: Practice) -> None:
    signed = practice.sign(practice.doctor, corrected="tout autre chose")
    before = quality.history(practice.store, by=None)
    practice.store.dictations.mark_exported(signed.id, by=practice.doctor, version=signed.version)
    assert quality.history(practice.store, by=None) == before
    entry = practice.store.journal.entries(action=quality.ACTION)[0]
    assert all(isinstance(v, int) for k, v in entry.details.items() if k not in ("form", "account"))
    assert practice.store.verify().ok


def test_a_document_signed_twice_counts_once_as_signed_last(practice: Practice) -> None:
    signed = practice.sign(practice.doctor)
    practice.decide(
        signed.id, practice.doctor, samples.decision(practice.doctor.account_id, WORDS + " fin", practice.clock.read())
    )
    review = practice.review(signed.id, practice.doctor)
    practice.store.dictations.sign(
        signed.id,
        samples.signed(review, practice.doctor.account_id, practice.clock.read()),
        [samples.document(review)],
        by=practice.doctor,
        version=practice.store.dictations.get(signed.id, by=practice.doctor).version,
        measures=quality.at_signature(practice.store, review),
    )
    (one,) = quality.history(practice.store, by=practice.doctor)
    assert one.counts["changed"] == 1


def test_a_secretary_reads_no_figures(practice: Practice) -> None:
    with pytest.raises(RefusedError):
        quality.history(practice.store, by=practice.secretary)


def test_the_journal_takes_whole_numbers_only(practice: Practice) -> None:
    with pytest.raises(InputError):
        practice.store.journal.append(practice.doctor, quality.ACTION, changed="un mot")
    with pytest.raises(InputError):
        practice.store.journal.append(practice.doctor, quality.ACTION, texte=3)


def test_a_typed_draft_is_not_the_machine_s() -> None:
    review = Review(samples.draft(engine=TYPED_DRAFT))
    assert quality.measure(review, lambda _: False) == {}


def test_rejected_fields_and_sections_are_counted() -> None:
    at = samples.Clock().now
    review = Review(samples.draft())
    review = review.decide(Decision("constantes.1", Verdict.REJECTED, None, "m", at))
    review = review.decide(Decision("section:histoire", Verdict.REJECTED, None, "m", at))
    review = review.decide(Decision("section:conclusion", Verdict.EDITED, "Deux mots", "m", at))
    counts = quality.measure(review, lambda _: False)
    assert counts["fields_rejected"] == counts["sections_rejected"] == counts["sections_edited"] == 1
    assert counts["changed"] == counts["changed_by_doctor"] == len(WORDS.split()) + 2
    assert counts["changed_by_secretary"] == counts["secretary"] == 0


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_distance_is_a_distance(a: list[str], b: list[str]) -> None:
    there, back = quality.distance(" ".join(a), " ".join(b)), quality.distance(" ".join(b), "\u00a0".join(a))
    assert there == back
    assert (there == 0) == (a == b)
    assert abs(len(a) - len(b)) <= there <= max(len(a), len(b))


def test_sparkline() -> None:
    assert quality.sparkline([0, 5, None, 10]) == "▁▅ █"
    assert quality.sparkline([0, 0]) == "▁▁"
    assert quality.sparkline([]) == ""
    assert month("2026-03") == "mars 2026"


def test_nothing_signed_is_said() -> None:
    text = page_text(page(quality.report(()), dt.date(2026, 3, 12), kind=str, author=str))
    assert "Aucun document signé" in text


def test_the_command_prints_names_and_writes_json_and_word(
    practice: Practice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known(practice)
    practice.store.close()
    assert main(["quality", "--json", str(tmp_path / "q.json"), "--docx", str(tmp_path / "q.docx")]) == 0
    out = capsys.readouterr().out
    assert "Dr Un" in out
    assert "Dr Deux" in out
    assert "Secrétaire" not in out
    assert "mars 2026" in out
    data = json.loads((tmp_path / "q.json").read_text("utf-8"))
    assert data["schema"] == "calame-qualite/1"
    assert data["total"]["documents"] == 3
    assert [r["form"] for r in data["by_kind"]] == ["compte_rendu_consultation", "courrier_adressage"]
    assert (tmp_path / "q.docx").read_bytes()[:2] == b"PK"


def test_the_page_to_print_holds_one_s_own_line_alone(tmp_path: Path) -> None:
    office = kit.office(tmp_path)
    try:
        accounts = office.store.accounts
        doctor, secretary = (accounts.login(x, kit.PASSWORD) for x in ("jmartin", "anais"))
        for author in (doctor.account_id, "un-confrere"):
            office.store.journal.append(
                doctor, quality.ACTION, f"d-{author}", form=kit.FORM, account=author, drafted=50, changed=5
            )
        made = docx.Document(io.BytesIO(printed_for(office, doctor)))
        words = [[c.text for c in row.cells] for table in made.tables for row in table.rows]
        assert any(row[:2] == ["tous les documents", "2"] for row in words)
        assert [row[1] for row in words if row[0] == "Dr Jeanne Martin"] == ["1"]
        with pytest.raises(RefusedError):
            printed_for(office, secretary)
    finally:
        office.close()
