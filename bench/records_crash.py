"""Kills a process that works on a store, at random moments, and looks at what is left.

    python -m bench.records_crash [--kills N] [--seed N] [--json FILE]

Each round forks a worker that does one thing over and over (recording, transcribing, drafting,
editing, signing, backing up) and tells through a pipe what it was promised. ``SIGKILL`` falls at a
random moment; the store is opened again and everything promised must be there, once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import records
import records.ports
from bench import records_samples as samples
from dictation.errors import StorageError
from records import JobKind, Lease, Role, State, Store

PASSPHRASE = "phrase secrète des essais"
PASSWORD = "mot de passe"
PHASES = ("record", "transcribe", "draft", "edit", "sign", "backup")
FRAME = b"\x01\x02" * 2_000
#: dictated words and names that must never be met on the disk
SECRETS = ("gonalgie", "paracétamol", "Quévauvillers")
ROUNDS_PER_STORE = 15


@dataclass
class Row:
    """What the kills of one phase left."""

    kills: int = 0
    lost_audio_s: float = 0.0
    lost_texts: int = 0
    resumed_jobs: int = 0
    jobs_twice: int = 0
    impossible: int = 0
    clear_text: int = 0
    broken_backups: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """True when at most a second of sound was lost, and nothing else."""
        wrong = (self.lost_texts, self.jobs_twice, self.impossible, self.clear_text, self.broken_backups)
        return self.lost_audio_s <= 1.0 and not any(wrong)


def ports() -> records.Ports:
    """The real clock, cheap passwords."""
    return records.Ports(key_cost=samples.CHEAP, login_cost=samples.CHEAP)


# --- the worker ---------------------------------------------------------------------------------


class Worker:
    """Lives in the forked process until it is killed."""

    def __init__(self, folder: Path, pipe: int, seed: int) -> None:
        self.store = records.open(folder, passphrase=PASSPHRASE, ports=ports())
        self.me = self.store.accounts.login("medecin", PASSWORD)
        self.pipe = pipe
        self.random = random.Random(seed)
        self.folder = folder

    def say(self, kind: str, **facts: Any) -> None:
        """Tells the supervisor; a line is written at once or not at all."""
        os.write(self.pipe, (json.dumps({"kind": kind, **facts}) + "\n").encode())

    def recorded(self) -> records.Dictation:
        made = self.store.dictations.create(by=self.me, consultation=samples.consultation())
        sound = self.store.audio.record(made.id, by=self.me)
        sound.write(FRAME * 9)
        sound.stop()
        return self.store.dictations.get(made.id, by=self.me)

    def lease(self, kind: JobKind) -> Lease:
        self.recorded()
        lease = self.store.jobs.claim(JobKind.TRANSCRIBE)
        assert lease is not None
        if kind is JobKind.DRAFT:
            self.store.jobs.done(lease, samples.transcript())
            lease = self.store.jobs.claim(JobKind.DRAFT)
            assert lease is not None
        return lease

    def to_review(self) -> records.Dictation:
        return self.store.jobs.done(self.lease(JobKind.DRAFT), samples.draft(note="rappeler la patiente"))

    def record(self) -> None:
        while True:
            made = self.store.dictations.create(by=self.me, consultation=samples.consultation())
            for _ in range(2):
                sound = self.store.audio.record(made.id, by=self.me)
                heard = round(self.store.audio.duration_s(made.id) * 16_000)
                for _ in range(self.random.randint(20, 60)):
                    heard += len(FRAME) // 2
                    self.say("heard", id=made.id, samples=heard)
                    sound.write(FRAME)
                    # much faster than speech, yet kills fall between frames and not only into commits
                    time.sleep(0.002)
                sound.interrupt("device")
                self.say("kept", id=made.id, samples=heard)
            self.store.audio.close(made.id, by=self.me)

    def transcribe(self) -> None:
        while True:
            lease = self.lease(JobKind.TRANSCRIBE)
            self.say("running", id=lease.dictation_id)
            time.sleep(self.random.random() / 50)
            self.store.jobs.done(lease, samples.transcript())
            self.say("transcript", id=lease.dictation_id)

    def draft(self) -> None:
        while True:
            lease = self.lease(JobKind.DRAFT)
            self.say("running", id=lease.dictation_id)
            time.sleep(self.random.random() / 50)
            self.store.jobs.done(lease, samples.draft(note="rappeler la patiente"))
            self.say("draft", id=lease.dictation_id)

    def edit(self) -> None:
        made = self.to_review()
        review = self.store.dictations.review(made.id, by=self.me)
        assert review is not None
        for number in range(100_000):
            at = records.ports.utc_now()
            review = review.decide(samples.decision(self.me.account_id, f"gonalgie {number}", at))
            made = self.store.dictations.save_review(made.id, review, by=self.me, version=made.version)
            self.say("edit", id=made.id, number=number + 1)

    def sign(self) -> None:
        while True:
            made = self.to_review()
            review = self.store.dictations.review(made.id, by=self.me)
            assert review is not None
            review = samples.confirmed(review, self.me.account_id, records.ports.utc_now())
            made = self.store.dictations.save_review(made.id, review, by=self.me, version=made.version)
            seal = samples.signed(review, self.me.account_id, records.ports.utc_now())
            self.say("signing", id=made.id)
            made = self.store.dictations.sign(
                made.id, seal, [samples.document(review)], by=self.me, version=made.version
            )
            self.say("signed", id=made.id)
            if self.random.random() < 0.5:
                self.store.dictations.mark_exported(made.id, by=self.me, version=made.version)
                self.say("exported", id=made.id)

    def backup(self) -> None:
        made = self.to_review()
        review = self.store.dictations.review(made.id, by=self.me)
        assert review is not None
        target = backup_of(self.folder)
        for number in range(100_000):
            at = records.ports.utc_now()
            review = review.decide(samples.decision(self.me.account_id, f"gonalgie {number}", at))
            made = self.store.dictations.save_review(made.id, review, by=self.me, version=made.version)
            self.say("edit", id=made.id, number=number + 1)
            self.store.backup(target, by=self.me)
            self.say("backup", seq=self.store.journal.head().seq)


def backup_of(folder: Path) -> Path:
    """Where the worker's backups go."""
    return folder.parent / "copie.calame"


# --- the supervisor -----------------------------------------------------------------------------


def run(kills: int, seed: int = 1, *, base: Path | None = None) -> dict[str, Row]:
    """Kills ``kills`` workers, in turn in each phase; returns a row per phase."""
    rng = random.Random(seed)
    rows = {phase: Row() for phase in PHASES}
    with contextlib.ExitStack() as stack:
        folder = Path()
        for number in range(kills):
            if number % ROUNDS_PER_STORE == 0:
                stack.close()
                folder = stack.enter_context(_new_store(base))
            phase = PHASES[number % len(PHASES)]
            said = _one_life(folder, phase, rng)
            _look(folder, rows[phase], said)
    return rows


@contextlib.contextmanager
def _new_store(base: Path | None) -> Iterator[Path]:
    top = Path(tempfile.mkdtemp(dir=base))
    try:
        store, _ = records.create(top / "calame", passphrase=PASSPHRASE, ports=ports())
        with store:
            store.accounts.create("medecin", PASSWORD, [Role.DOCTOR])
        yield top / "calame"
    finally:
        shutil.rmtree(top)


def _one_life(folder: Path, phase: str, rng: random.Random) -> list[dict[str, Any]]:
    """Forks a worker, kills it at a random moment; returns what it had been promised."""
    reader, writer = os.pipe()
    seed, delay = rng.randrange(1 << 30), rng.random() ** 2 * 0.5
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            worker = Worker(folder, writer, seed)
            worker.say("ready")
            getattr(worker, phase)()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(9)
    os.close(writer)
    with open(reader, "rb") as pipe:
        first = [pipe.readline()]
        if rng.random() < 0.7:
            # most kills fall on the work itself, some on its beginning
            first.append(pipe.readline())
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        lines = [*first, *pipe.readlines()]
    _, status = os.waitpid(child, 0)
    said = [json.loads(line) for line in lines if line.endswith(b"\n")]
    if not said or not os.WIFSIGNALED(status):
        raise RuntimeError(f"the worker of phase {phase} died by itself")
    return said


def _look(folder: Path, row: Row, said: list[dict[str, Any]]) -> None:
    row.kills += 1
    row.clear_text += _clear_text(folder.parent)
    last: dict[str, dict[str, Any]] = {}
    for line in said:
        last[f"{line['kind']} {line.get('id', '')}"] = line
    with records.open(folder, passphrase=PASSPHRASE, ports=ports()) as store:
        me = store.accounts.login("medecin", PASSWORD)
        problems = store.verify().problems
        row.impossible += len(problems)
        row.notes += [p.message for p in problems]
        for key, line in last.items():
            kind = key.split(" ")[0]
            if "id" in line:
                _promise(store, me, row, kind, line)
        _finish_jobs(store, row)
        row.impossible += len(store.verify().problems)
        for item in store.worklist.list(by=me):
            if item.state is State.RECORDING and item.interrupted is None and item.duration_s > 0:
                row.impossible += 1
                row.notes.append("a recording whose process is dead is not marked")
    row.broken_backups += _broken_backup(folder, any(line["kind"] == "backup" for line in said))


def _promise(store: Store, me: records.Actor, row: Row, kind: str, line: dict[str, Any]) -> None:
    made = store.dictations.get(line["id"], by=me)
    if kind in ("heard", "kept"):
        lost = line["samples"] / 16_000 - made.duration_s
        row.lost_audio_s = max(row.lost_audio_s, lost)
        pcm = store.audio.pcm(made.id, by=me)
        if pcm != (FRAME * (len(pcm) // len(FRAME) + 1))[: len(pcm)] or len(pcm) != round(made.duration_s * 32_000):
            row.lost_texts += 1
            row.notes.append("sound is not what was heard")
    elif kind == "edit":
        review = store.dictations.review(made.id, by=me)
        kept = len(review.decisions) if review else 0
        if not line["number"] <= kept <= line["number"] + 1:
            row.lost_texts += 1
            row.notes.append(f"edit {line['number']} promised, {kept} kept")
    else:
        promised = {
            "running": True,
            "signing": made.has_draft or made.state is State.EXPORTED,
            "transcript": made.has_transcript,
            "draft": made.has_draft,
            "signed": made.state in (State.SIGNED, State.EXPORTED),
            "exported": made.state is State.EXPORTED,
        }[kind]
        if not promised:
            row.lost_texts += 1
            row.notes.append(f"{kind} promised, {made.state} found")


def _finish_jobs(store: Store, row: Row) -> None:
    """What was under way resumes, each job once: nobody else can claim it, and its result is kept once."""
    leases = list(iter(store.jobs.claim, None))
    row.resumed_jobs += sum(1 for lease in leases if lease.attempt > 1)
    row.jobs_twice += len(leases) - len({lease.dictation_id for lease in leases})
    for lease in leases:
        heard = samples.transcript()
        store.jobs.done(lease, heard if lease.kind is JobKind.TRANSCRIBE else samples.draft(heard))
    for lease in iter(store.jobs.claim, None):
        store.jobs.done(lease, samples.draft())
    saved: dict[tuple[str, str | None], int] = {}
    for entry in store.journal.entries(limit=1_000_000):
        if entry.action in ("transcript.saved", "draft.saved", "dictation.signed", "dictation.exported"):
            key = (entry.action, entry.subject)
            saved[key] = saved.get(key, 0) + 1
    row.jobs_twice += sum(1 for number in saved.values() if number > 1)


def _broken_backup(folder: Path, promised: bool) -> int:
    """The backup is whole, or was never finished."""
    target = backup_of(folder)
    if not target.exists():
        return int(promised)
    elsewhere = folder.parent / "ailleurs"
    try:
        store, report = records.restore(target, elsewhere, passphrase=PASSPHRASE, ports=ports())
        store.close()
        return 0 if report.ok else 1
    except StorageError:
        return 1
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


def _clear_text(top: Path) -> int:
    needles = [s.encode(e) for s in SECRETS for e in ("utf-8", "utf-16-le", "utf-16-be")] + [FRAME[:64], b"fLaC"]
    hits = 0
    for path in top.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            hits += sum(needle in data for needle in needles)
    return hits


_STEPS = dict(zip(PHASES, ("enregistrer", "transcrire", "rédiger", "modifier", "signer", "sauvegarder"), strict=True))


def table(rows: dict[str, Row]) -> str:
    """The figures, for people."""
    head = "| étape | arrêts | son perdu | textes perdus | travaux repris | faits deux fois | états impossibles | en clair | sauvegardes abîmées |"
    out = [head, "|---" * 9 + "|"]
    for phase, r in rows.items():
        out.append(
            f"| {_STEPS[phase]} | {r.kills} | {r.lost_audio_s:.2f} s | {r.lost_texts} | {r.resumed_jobs} "
            f"| {r.jobs_twice} | {r.impossible} | {r.clear_text} | {r.broken_backups} |"
        )
        out += [f"  {phase}: {note}" for note in dict.fromkeys(r.notes)]
    return "\n".join(out)


def summed(rows: dict[str, Row]) -> dict[str, Any]:
    """All phases together; ``lost_audio_s`` is the worst of them."""
    return {
        "kills": sum(r.kills for r in rows.values()),
        "lost_audio_s": round(max((r.lost_audio_s for r in rows.values()), default=0.0), 3),
        **{
            name: sum(getattr(r, name) for r in rows.values())
            for name in ("lost_texts", "resumed_jobs", "jobs_twice", "impossible", "clear_text", "broken_backups")
        },
    }


def main(argv: list[str] | None = None) -> int:
    """Prints the table; 1 when anything but a second of sound was lost."""
    parser = argparse.ArgumentParser(prog="bench.records_crash", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    result = run(options.kills, options.seed)
    print(table(result))
    if options.json:
        options.json.write_text(json.dumps(summed(result), indent=1), encoding="utf-8")
    return int(not all(r.clean for r in result.values()))


if __name__ == "__main__":
    raise SystemExit(main())
