"""The journal gives away whoever touches it."""

from __future__ import annotations

import json
import shutil
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import records
from dictation.errors import InputError
from records import Anchor
from records.database import connect

ENTRIES = 12
COLUMNS = ("at", "actor", "action", "subject", "details", "previous", "mac")


@pytest.fixture
def chain(house):
    """A journal of some length, a copy of its rows to put back, and its raw connection."""
    while house.store.journal.head().seq < ENTRIES:
        house.store.journal.append(records.SYSTEM, "essai", "sujet", count=house.store.journal.head().seq)
    with closing(connect(house.store._db.path, house.store._db._key)) as raw:
        rows = raw.execute(f"SELECT seq, {', '.join(COLUMNS)} FROM journal ORDER BY seq").fetchall()
        head = raw.execute("SELECT seq, mac, seal FROM journal_head").fetchone()

        def reset():
            raw.execute("DELETE FROM journal")
            raw.executemany(f"INSERT INTO journal (seq, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * 8)})", rows)
            raw.execute("UPDATE journal_head SET seq = ?, mac = ?, seal = ?", head)

        yield house.store.journal, raw, reset, house


def found(journal):
    report = journal.verify()
    assert report.ok == (not report.problems)
    return {(p.kind, p.seq) for p in report.problems}


numbers = st.integers(1, ENTRIES)
tampering = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_an_honest_journal_verifies(chain):
    journal, _, _, house = chain
    house.exported()
    assert found(journal) == set()


@tampering
@given(number=numbers, column=st.sampled_from(COLUMNS), place=st.integers(0, 200), letter=st.sampled_from("0z é"))
def test_a_flipped_character_is_found_and_named(chain, number, column, place, letter):
    journal, raw, reset, _ = chain
    reset()
    value = raw.execute(f"SELECT {column} FROM journal WHERE seq = ?", (number,)).fetchone()[0] or ""
    place %= len(value) + 1
    changed = value[:place] + letter + value[place + 1 :]
    if changed == value:
        return
    raw.execute(f"UPDATE journal SET {column} = ? WHERE seq = ?", (changed, number))
    assert ("changed", number) in found(journal)


@tampering
@given(gone=st.sets(st.integers(1, ENTRIES - 1), min_size=1, max_size=4))
def test_dropped_entries_are_found_and_named(chain, gone):
    journal, raw, reset, _ = chain
    reset()
    for number in gone:
        raw.execute("DELETE FROM journal WHERE seq = ?", (number,))
    assert {("removed", n) for n in gone} <= found(journal)


@tampering
@given(pair=st.lists(numbers, min_size=2, max_size=2, unique=True))
def test_swapped_entries_are_found_and_named(chain, pair):
    journal, raw, reset, _ = chain
    reset()
    a, b = pair
    for before, after in ((a, -1), (b, a), (-1, b)):
        raw.execute("UPDATE journal SET seq = ? WHERE seq = ?", (after, before))
    problems = found(journal)
    assert {("reordered", a), ("reordered", b)} <= problems


@tampering
@given(left=st.integers(0, ENTRIES - 1), with_head=st.booleans())
def test_a_cut_end_is_found_and_named(chain, left, with_head):
    """Even when the head row is put back to what it honestly was at that length."""
    journal, raw, reset, _ = chain
    reset()
    raw.execute("DELETE FROM journal WHERE seq > ?", (left,))
    if with_head:
        mac = raw.execute("SELECT mac FROM journal WHERE seq = ?", (left,)).fetchone()
        mac = mac[0] if mac else "0" * 64
        raw.execute("UPDATE journal_head SET seq = ?, mac = ?, seal = ?", (left, mac, journal._seal(left, mac)))
    problems = found(journal)
    assert {("truncated", n) for n in range(left + 1, ENTRIES + 1)} <= problems


@tampering
@given(count=st.integers(1, 3), copy=numbers)
def test_added_entries_are_found_and_named(chain, count, copy):
    journal, raw, reset, _ = chain
    reset()
    last = journal.head().seq
    for n in range(count):
        raw.execute(
            "INSERT INTO journal SELECT ?, at, actor, action, subject, details, previous, mac "
            "FROM journal WHERE seq = ?",
            (last + n + 1, copy),
        )
    assert {("added", last + n + 1) for n in range(count)} <= found(journal)


def test_the_head_and_the_anchor_are_sealed(chain):
    journal, raw, reset, house = chain
    raw.execute("UPDATE journal_head SET seal = ?", ("0" * 64,))
    assert ("head", None) in found(journal)
    raw.execute("DELETE FROM journal_head")
    assert ("head", None) in found(journal)
    raw.execute("INSERT INTO journal_head (id, seq, mac, seal) VALUES (1, 0, '', '')")
    reset()
    anchor = house.folder / "journal.anchor"
    honest = anchor.read_text()
    anchor.write_text(honest.replace('"seq": ', '"seq": 1'))
    assert ("anchor", None) in found(journal)
    anchor.unlink()
    assert ("anchor", None) in found(journal)
    anchor.write_text(honest)
    assert found(journal) == set()


def test_an_older_database_put_back_is_found(house):
    house.store.close()
    old = shutil.copy(house.folder / "calame.db", house.folder.parent / "ancienne.db")
    ports = house.clock.ports()
    with records.open(house.folder, passphrase=house.passphrase, ports=ports) as store:
        for _ in range(3):
            store.journal.append(records.SYSTEM, "essai")
        last = store.journal.head()
    shutil.copy(old, house.folder / "calame.db")
    with records.open(house.folder, passphrase=house.passphrase, ports=ports) as store:
        report = store.verify()
        assert {p.kind for p in report.problems} == {"truncated"}
        assert report.problems[-1].seq == last.seq


def test_an_anchor_kept_elsewhere_proves_a_rewritten_history(house):
    anchor = house.store.journal.head()
    assert house.store.journal.verify(anchors=(anchor,)).ok
    assert not house.store.journal.verify(anchors=(Anchor(anchor.seq, "f" * 64),)).ok
    assert not house.store.journal.verify(anchors=(Anchor(anchor.seq + 5, "f" * 64),)).ok


def test_a_second_signature_of_one_document_is_found(house):
    made = house.exported()
    signature = next(
        e.details["signature"] for e in house.store.journal.entries(subject=made.id) if e.action == "dictation.signed"
    )
    assert found(house.store.journal) == set()
    house.store.journal.append(records.SYSTEM, "dictation.exported", made.id, signature="jamais")
    assert {p.kind for p in house.store.journal.verify().problems} == {"signature"}
    house.store.journal.append(house.doctor, "dictation.signed", made.id, signature=signature)
    house.store.journal.append(house.doctor, "dictation.exported", made.id, signature=signature)
    assert len(house.store.journal.verify().problems) == 2


@given(
    key=st.sampled_from(["text", "patient", "heard", "value", "model"]),
    value=st.text(alphabet="éàç«»\n!?;", min_size=8, max_size=40),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_content_is_refused(house, key, value):
    before = house.store.journal.head()
    with pytest.raises(InputError) as error:
        house.store.journal.append(house.doctor, "essai", **{key: value})
    assert error.value.code == "journal.content"
    assert value not in str(error.value)
    assert house.store.journal.head() == before


def test_a_full_cycle_leaves_no_content_in_the_journal(house):
    made = house.exported(note="prendre rendez-vous au scanner")
    house.store.settings.set("formule", {"texte": "bien confraternellement"}, by=house.doctor)
    house.store.corrections.add("gonalgie", "gonalgies", by=house.doctor)
    house.store.retention.purge()
    told = json.dumps([[e.action, e.subject, e.details] for e in house.store.journal.entries()], ensure_ascii=False)
    for word in ("gonalgie", "scanner", "Quévauvillers", "QUÉVAUVILLERS", "Zoé", "confraternellement", "148/86"):
        assert word not in told
    signed = next(e for e in house.store.journal.entries(subject=made.id) if e.action == "dictation.signed")
    assert signed.details["engine"] == "essai-base"
    assert signed.details["model"] == "rules"
    assert signed.details["decisions"] == 1
