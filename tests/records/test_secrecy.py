"""No clear text on the disk, ever; nothing findable once purged, even with the key."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

import records
from bench import records_samples as samples
from dictation.errors import CalameError
from records import Place, Retention, State

PAGE, RESERVED = 4096, 80
WORDS = ("gonalgie", "paracétamol", "scanner", "coxarthrose", "confraternellement")
NAMES = ("Quévauvillers", "QUÉVAUVILLERS", "quevauvillers", "Zoé", "1961-05-04")
SOUND = bytes(range(7, 107)) * 640


def needles():
    texts = [t.encode(e) for t in (*WORDS, *NAMES) for e in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")]
    # JSON may escape accents
    texts += [t.encode("unicode_escape") for t in (*WORDS, *NAMES)]
    # four bytes or fewer turn up by chance in megabytes of encrypted bytes; RIFF is always followed by WAVEfmt
    headers = [b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22", b"WAVEfmt ", SOUND[:64]]
    return [*(t for t in texts if len(t) > 4), *headers]


def scan(*tops: Path):
    """What of the dictation is found in any byte of any file below."""
    hits = []
    for top in tops:
        for path in top.rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                hits += [(path.name, n) for n in needles() if n in data]
    return hits


def decrypted(folder: Path, key: bytes) -> bytes:
    """Every page of the database and of its log, free pages and all, as someone with the key could read them."""
    out = bytearray()
    database = (folder / "calame.db").read_bytes()
    pages = [database[i : i + PAGE] for i in range(0, len(database), PAGE)]
    log = folder / "calame.db-wal"
    frames = log.read_bytes()[32:] if log.exists() else b""
    pages += [frames[i + 24 : i + 24 + PAGE] for i in range(0, len(frames), 24 + PAGE)]
    for number, page in enumerate(pages):
        if len(page) < PAGE:
            continue
        start = 16 if page[:16] == database[:16] else 0
        iv, body = page[PAGE - RESERVED : PAGE - RESERVED + 16], page[start : PAGE - RESERVED]
        decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        out += decryptor.update(body) + decryptor.finalize()
        assert number or b"gonalgie" not in page
    return bytes(out)


@pytest.fixture
def temp(tmp_path, monkeypatch):
    """A temporary folder of our own, to be searched."""
    folder = tmp_path / "temp"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def full_cycle(house):
    """Everything that touches words, names and sound, up to the export; looks at the disk at each step."""
    store = house.store
    made = house.start(consultation=samples.consultation())
    sound = store.audio.record(made.id, by=house.doctor)
    yield
    sound.write(SOUND)
    yield
    sound.stop()
    yield
    heard = samples.transcript(samples.WORDS + " scanner coxarthrose")
    store.jobs.done(store.jobs.claim(), heard)
    yield
    store.jobs.done(store.jobs.claim(), samples.draft(heard, note="prendre rendez-vous au scanner"))
    made = house.get(made)
    query = store.dictations.ask(
        made.id, "coxarthrose droite ?", by=house.secretary, version=made.version, place=Place("section:histoire")
    )
    made = store.dictations.answer(query.id, "oui, coxarthrose", by=house.doctor)
    yield
    review = store.dictations.review(made.id, by=house.doctor)
    review = samples.confirmed(review, house.doctor.account_id, house.clock.read())
    edited = review.decide(samples.decision(house.doctor.account_id, "gonalgie, scanner", house.clock.read()))
    now = store.dictations.save_review(made.id, edited, by=house.doctor, version=made.version)
    with pytest.raises(records.EditConflict) as conflict:
        store.dictations.save_review(made.id, review, by=house.secretary, version=made.version)
    made = store.dictations.settle_conflict(made.id, conflict.value.kept, by=house.doctor, version=now.version)
    yield
    store.corrections.add("gonalgie", "gonalgies", by=house.doctor)
    store.settings.set("formules", ["bien confraternellement"], by=house.doctor)
    list(store.worklist.list(records.WorklistFilter(patient="quevau"), by=house.secretary))
    store.backup(house.folder.parent / "copie.calame", by=house.doctor)
    yield
    made = house.sign(made)
    yield
    store.worklist.tick(store.worklist.tasks(by=house.secretary)[0].id, by=house.secretary)
    store.dictations.mark_exported(made.id, by=house.doctor, version=made.version)
    yield


def test_nothing_is_readable_at_any_step_and_nothing_is_left_at_the_end(house, temp, tmp_path):
    for _ in full_cycle(house):
        assert scan(tmp_path) == []
    key = house.store._secret.database
    # the proof that the search works: before the purge, with the key, it is all there
    assert b"fLaC" not in decrypted(house.folder, key), "sound goes at the export"
    clear = decrypted(house.folder, key)
    assert b"gonalgie" in clear
    report = house.store.retention.purge()
    assert report.dictations == 1
    house.store.corrections.erase(by=house.doctor)
    house.store.settings.delete("formules", by=house.doctor)
    house.store._db.checkpoint()
    assert not (house.folder / "calame.db-wal").stat().st_size
    clear = decrypted(house.folder, key)
    assert b"CREATE TABLE" in clear
    assert [n for n in needles() if n in clear] == []
    assert scan(tmp_path) == []
    assert house.store.verify().ok


def test_the_search_would_find_sound_and_words(house):
    made = house.start()
    sound = house.store.audio.record(made.id, by=house.doctor)
    sound.write(SOUND)
    house.store._db.checkpoint()
    clear = decrypted(house.folder, house.store._secret.database)
    assert SOUND[:64] in clear
    assert "Quévauvillers".encode() in clear or b"Qu\\u00e9vauvillers" in clear
    sound.stop()
    house.store._db.checkpoint()
    clear = decrypted(house.folder, house.store._secret.database)
    assert b"fLaC" in clear
    assert SOUND[:64] not in clear, "the PCM that FLAC replaced is overwritten"


def test_plain_sqlite_sees_nothing(house):
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(house.folder / "calame.db") as connection:
        connection.execute("SELECT * FROM sqlite_master").fetchall()
    assert not (house.folder / "calame.db").read_bytes().startswith(b"SQLite format")
    assert oct(house.folder.stat().st_mode & 0o777) == "0o700"
    for name in ("calame.db", "key.json", "journal.anchor"):
        assert (house.folder / name).stat().st_mode & 0o077 == 0, name


def test_errors_and_reprs_tell_no_secret(house, monkeypatch):
    assert house.store._secret.database.hex() not in repr(house.store._secret)
    assert "database" not in repr(house.store._secret)
    made = house.to_review()
    with house.store._db.raw() as raw:
        raw.execute("DROP TABLE corrections")
    with pytest.raises(CalameError) as error:
        house.store.corrections.add("gonalgie", "gonalgies", by=house.doctor)
    chain, seen = error.value, ""
    while chain is not None:
        seen += f"{chain!r} {chain}"
        chain = None if chain.__suppress_context__ else chain.__context__
    assert "gonalgie" not in seen
    assert made.id not in seen


def test_a_crash_writes_no_memory_to_the_disk(tmp_path):
    """A process that opened a store and dies of SIGSEGV leaves no core file."""
    script = (
        "import os, resource, signal, sys\n"
        "import records\n"
        "from bench import records_samples as samples\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
        "store, _ = records.create(sys.argv[1], passphrase='une phrase secrète', ports=samples.Clock().ports())\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], flush=True)\n"
        "os.kill(os.getpid(), signal.SIGSEGV)\n"
    )
    here = Path(records.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "s")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -11, done.stderr
    assert int(done.stdout) <= 1
    assert [p.name for p in tmp_path.iterdir()] == ["s"]
    assert not list(tmp_path.rglob("core*"))


def test_what_the_signature_lets_go_goes_after_a_day(house):
    made = house.signed()
    house.clock.advance(hours=25)
    report = house.store.retention.purge()
    assert (report.stripped, report.dictations, report.transcripts, report.drafts) == (1, 0, 1, 1)
    key = house.store._secret.database
    document = b"je revois ce patient"
    clear = decrypted(house.folder, key)
    # the signed document alone is left
    assert clear.count(document) == 1
    house.doctor = house.store.accounts.login("medecin", house.password)
    made = house.get(made)
    assert (made.state, made.has_audio, made.has_draft) == (State.SIGNED, False, False)
    made = house.store.dictations.mark_exported(made.id, by=house.doctor, version=made.version)
    house.store.retention.purge()
    assert document not in decrypted(house.folder, key)
    assert house.store.retention.policy() == Retention()
