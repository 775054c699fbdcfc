"""How the store behaves with ten thousand records, and with eight processes on the same documents.

python -m bench.records [--records N] [--waiting N] [--processes N] [--edits N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.queues import Queue
from pathlib import Path

import records
from bench import records_samples as samples
from records import Actor, EditConflict, Priority, Role, State, Store, WorklistFilter
from records.ports import Ports, utc_now

PASSPHRASE = "phrase secrète des essais"
PASSWORD = "mot de passe"


def ports() -> Ports:
    """The real clock, cheap passwords."""
    return Ports(key_cost=samples.CHEAP, login_cost=samples.CHEAP)


def new_store(folder: Path) -> tuple[Store, Actor]:
    """A store with one doctor, signed in."""
    store, _ = records.create(folder, passphrase=PASSPHRASE, ports=ports())
    store.accounts.create("medecin", PASSWORD, [Role.DOCTOR], name="Médecin")
    return store, store.accounts.login("medecin", PASSWORD)


def to_review(store: Store, me: Actor, *, name: str = "Essai", priority: Priority = Priority.NORMAL) -> str:
    """A dictation with a second of sound, a transcript and a draft."""
    made = store.dictations.create(by=me, consultation=samples.consultation(name), priority=priority)
    sound = store.audio.record(made.id, by=me)
    sound.write(b"\1\0" * 16_000)
    sound.stop()
    made = store.dictations.get(made.id, by=me)
    heard = samples.transcript()
    made = store.dictations.save_transcript(made.id, heard, by=me, version=made.version)
    return store.dictations.save_draft(made.id, samples.draft(heard), by=me, version=made.version).id


def sign_and_export(store: Store, me: Actor, dictation_id: str) -> None:
    """Puts a dictation out of the worklist."""
    made = store.dictations.get(dictation_id, by=me)
    review = store.dictations.review(dictation_id, by=me)
    assert review is not None
    review = samples.confirmed(review, me.account_id, utc_now())
    made = store.dictations.save_review(dictation_id, review, by=me, version=made.version)
    seal = samples.signed(review, me.account_id, utc_now())
    made = store.dictations.sign(dictation_id, seal, [samples.document(review)], by=me, version=made.version)
    store.dictations.mark_exported(dictation_id, by=me, version=made.version)


def fill(store: Store, me: Actor, total: int, waiting: int) -> list[str]:
    """``total`` records of which ``waiting`` are on the worklist; returns those.

    One of each sort goes through the verbs, the others are copies of its rows: ten thousand times the verbs
    would measure the disk's patience.
    """
    from sqlalchemy import text

    model = to_review(store, me)
    gone = to_review(store, me)
    sign_and_export(store, me, gone)
    ids = [model]
    with store._db.write() as session:
        for number in range(total - 2):
            source = model if number < waiting - 1 else gone
            new = f"copie{number:06d}"
            fields = "version, author_id, form_id, updated_at, state_since, state, consultation, opposed, reviewer"
            signature = "signed_at, signed_by, signature_id, exported_at"
            session.execute(
                text(
                    f"INSERT INTO dictations (id, created_at, priority, patient, patient_search, {fields}, {signature})"
                    f" SELECT :new, datetime(created_at, :back), :priority, :patient, lower(:patient), {fields},"
                    f" {signature} FROM dictations WHERE id = :source"
                ),
                {
                    "new": new,
                    "source": source,
                    "back": f"-{number} minutes",
                    "priority": number % 3,
                    "patient": f"PATIENT{number % 997} Essai",
                },
            )
            for table, columns in (
                ("audio", "first_sample, samples, codec, data"),
                ("contents", "kind, version, conflict, body, by, at"),
                ("documents", "signature_id, form_id, media_type, sha256, content"),
            ):
                key = "" if table == "audio" else "id, "
                value = "" if table == "audio" else ":new || id, "
                session.execute(
                    text(
                        f"INSERT INTO {table} ({key}dictation_id, {columns})"
                        f" SELECT {value}:new, {columns} FROM {table} WHERE dictation_id = :source"
                    ),
                    {"new": new, "source": source},
                )
            if source == model:
                ids.append(new)
    return ids


def median_ms(call: Callable[[int], object], times: int = 30) -> tuple[float, float]:
    """Median and 95th percentile of ``times`` calls, in milliseconds."""
    taken = []
    for number in range(times):
        start = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken), sorted(taken)[int(times * 0.95)]


def scale(total: int = 10_000, waiting: int = 500) -> list[tuple[str, float, float]]:
    """Median and 95th percentile of what a person waits for, in milliseconds."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "calame"
        store, me = new_store(folder)
        with store:
            ids = fill(store, me, total, waiting)
            page = WorklistFilter(limit=50)
            urgent = WorklistFilter(at_least=Priority.URGENT, states=frozenset({State.TO_REVIEW}))
            history = WorklistFilter(states=frozenset(State), patient="patient42")
            edited = ids[7]

            def save(number: int) -> None:
                made = store.dictations.get(edited, by=me)
                review = store.dictations.review(edited, by=me)
                assert review is not None
                review = review.decide(samples.decision(me.account_id, f"texte {number}", utc_now()))
                store.dictations.save_review(edited, review, by=me, version=made.version)

            fresh = store.dictations.create(by=me)
            store.audio.record(fresh.id, by=me)
            calls: dict[str, Callable[[int], object]] = {
                f"liste de travail entière ({waiting} lignes)": lambda n: store.worklist.list(by=me),
                "liste de travail, 50 premières lignes": lambda n: store.worklist.list(page, by=me),
                "relectures urgentes": lambda n: store.worklist.list(urgent, by=me),
                f"recherche d'un patient parmi {total}": lambda n: store.worklist.list(history, by=me),
                "compteurs": lambda n: store.worklist.counts(by=me),
                "dossier suivant": lambda n: store.worklist.next(by=me),
                "ouvrir une dictée et sa relecture": lambda n: (
                    store.dictations.get(ids[n], by=me),
                    store.dictations.review(ids[n], by=me),
                ),
                "réécouter une seconde": lambda n: store.audio.pcm(ids[n], by=me, start_s=0, end_s=1),
                "garder une relecture": save,
                "garder une seconde de son": lambda n: store.audio.append(fresh.id, b"\1\0" * 16_000),
            }
            rows = [(name, *median_ms(call)) for name, call in calls.items()]
            rows.append(("sauvegarder", *median_ms(lambda n: store.backup(Path(top) / "c.calame", by=me), 3)))
            rows.append(("vérifier le journal", *median_ms(lambda n: store.verify(), 3)))
        rows.append(("ouvrir le dossier chiffré", *median_ms(lambda n: _reopen(folder), 5)))
        return rows


def _reopen(folder: Path) -> None:
    records.open(folder, passphrase=PASSPHRASE, ports=ports()).close()


# --- many hands ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hands:
    """What became of the edits of many processes."""

    edits: int
    #: saved at the first try, or again after reading the other's version
    saved: int
    #: refused with the other's version shown, and kept beside
    conflicts: int
    #: edits that are neither in the text nor among the kept versions
    lost: int
    #: conflicts reported that were not kept, or kept that were not reported
    unreported: int
    seconds: float


def _edit(folder: Path, ids: list[str], hand: int, edits: int, out: Queue[tuple[int, int, list[str]]]) -> None:
    saved = conflicts = 0
    kept: list[str] = []
    with records.open(folder, passphrase=PASSPHRASE, ports=ports()) as store:
        me = store.accounts.login("medecin", PASSWORD)
        for number in range(edits):
            target = ids[(hand + number) % len(ids)]
            made = store.dictations.get(target, by=me)
            review = store.dictations.review(target, by=me)
            assert review is not None
            mine = samples.decision(me.account_id, f"{hand}.{number}", utc_now())
            try:
                store.dictations.save_review(target, review.decide(mine), by=me, version=made.version)
                saved += 1
            except EditConflict as conflict:
                conflicts += 1
                kept.append(conflict.kept or "")
    out.put((saved, conflicts, kept))


def hands(folder: Path, processes: int = 8, edits: int = 500, shared: int = 4) -> Hands:
    """``processes`` x ``edits`` edits on ``shared`` documents of a new store in ``folder``."""
    store, me = new_store(folder)
    with store:
        ids = [to_review(store, me) for _ in range(shared)]
    fork = multiprocessing.get_context("fork")
    out: Queue[tuple[int, int, list[str]]] = fork.Queue()
    start = time.perf_counter()
    people = [fork.Process(target=_edit, args=(folder, ids, hand, edits, out)) for hand in range(processes)]
    for person in people:
        person.start()
    results = [out.get(timeout=1800) for _ in people]
    for person in people:
        person.join()
    seconds = time.perf_counter() - start
    reported = {kept for result in results for kept in result[2]}
    found: set[str | None] = set()
    beside: set[str] = set()
    with records.open(folder, passphrase=PASSPHRASE, ports=ports()) as store:
        me = store.accounts.login("medecin", PASSWORD)
        for target in ids:
            review = store.dictations.review(target, by=me)
            assert review is not None
            found |= {d.value for d in review.decisions}
            for conflict in store.dictations.conflicts(target, by=me):
                beside.add(conflict.id)
                found |= {d.value for d in conflict.review.decisions}
        if not store.verify().ok:
            raise RuntimeError("the store does not verify")
    wanted = {f"{hand}.{number}" for hand in range(processes) for number in range(edits)}
    return Hands(
        edits=processes * edits,
        saved=sum(r[0] for r in results),
        conflicts=sum(r[1] for r in results),
        lost=len(wanted - found),
        unreported=len(reported ^ beside),
        seconds=seconds,
    )


def main(argv: list[str] | None = None) -> int:
    """Prints both tables; 1 when an edit was lost or a conflict was not told."""
    parser = argparse.ArgumentParser(prog="bench.records", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--waiting", type=int, default=500, help="on the worklist")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--edits", type=int, default=500, help="by each process")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    print(
        f"| {options.records} dossiers, {options.waiting} en attente | médiane, ms | 95 fois sur 100, ms |\n|---|---|---|"
    )
    rows = scale(options.records, options.waiting)
    for name, median, p95 in rows:
        print(f"| {name} | {median:.1f} | {p95:.1f} |")
    with tempfile.TemporaryDirectory() as top:
        done = hands(Path(top) / "calame", options.processes, options.edits)
    print("\n| processus × modifications, sur 4 documents | gardées | conflits signalés | perdues | non signalés |")
    print("|---|---|---|---|---|")
    shown = f"{options.processes} × {options.edits}"
    print(f"| {shown} | {done.saved} | {done.conflicts} | {done.lost} | {done.unreported} |")
    if options.json:
        data = {
            "records": options.records,
            "waiting": options.waiting,
            "times_ms": [[name, round(median, 2), round(p95, 2)] for name, median, p95 in rows],
            "hands": {"processes": options.processes, **asdict(done)},
        }
        options.json.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    return int(bool(done.lost or done.unreported))


if __name__ == "__main__":
    raise SystemExit(main())
