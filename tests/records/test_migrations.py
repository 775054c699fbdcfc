"""A store written by the previous schema opens, with a backup made first."""

from __future__ import annotations

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import records
from dictation.errors import StorageError
from records import SYSTEM, migrate, schema
from records.migrations import HEAD


def revisions():
    script = ScriptDirectory(str(records.Path(migrate.__file__).parent / "migrations"))
    assert script.get_current_head() == HEAD
    return [r.revision for r in reversed(list(script.walk_revisions()))]


def to_previous(house):
    """Takes the store back to the previous schema, the way its version wrote it."""
    with house.store._db.raw() as raw:
        raw.execute("DROP TABLE patient_choices")
        raw.execute("ALTER TABLE accounts DROP COLUMN totp_last_step")
        raw.execute("ALTER TABLE tasks DROP COLUMN patient")
        raw.execute("UPDATE alembic_version SET version_num = ?", (revisions()[-2],))
    house.store.close()


def test_the_migrations_make_the_models(house):
    with house.store._db.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, schema.Base.metadata) == []


def test_the_previous_schema_is_exactly_what_the_first_migrations_make(house, tmp_path):
    """The store that the next test opens is the real one of before, column by column."""
    from records.database import Database

    to_previous(house)
    old = Database(house.folder / "calame.db", house.store._secret.database)
    fresh = Database(tmp_path / "neuf.db", house.store._secret.database)
    migrate.migrate(fresh, to=revisions()[-2])

    def shape(database):
        with database.raw() as raw:
            tables = [r[0] for r in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {t: sorted(r[1:3] for r in raw.execute(f"PRAGMA table_info({t})")) for t in tables}

    assert shape(old) == shape(fresh)
    old.close()
    fresh.close()


def test_a_store_of_before_opens_after_a_backup(house):
    made = house.signed(note="rappeler la patiente")
    sound = house.recorded()
    to_previous(house)
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as store:
        assert store.dictations.get(made.id, by=SYSTEM) == made
        me = store.accounts.login("secretaire", house.password)
        (task,) = store.worklist.tasks(by=me)
        assert task.patient == "QUÉVAUVILLERS Zoé"
        assert store.audio.pcm(sound.id, by=SYSTEM)
        assert store.verify().ok
        assert store.journal.entries()[-2].action == "store.migrated"
    (copy,) = (house.folder / "sauvegardes").iterdir()
    store, report = records.restore(
        copy, house.folder.parent / "ailleurs", recovery_code=house.code, ports=house.clock.ports()
    )
    with store:
        assert report.ok
        assert store.dictations.get(made.id, by=SYSTEM) == made


def test_a_migration_that_fails_changes_nothing(house, monkeypatch):
    made = house.signed()
    to_previous(house)
    from alembic import op

    def fails(*args, **kwargs):
        from sqlalchemy.exc import SQLAlchemyError

        raise SQLAlchemyError("panne")

    with monkeypatch.context() as patch:
        patch.setattr(op, "execute", fails)
        with pytest.raises(StorageError) as error:
            records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
    assert error.value.code == "store.migration"
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as store:
        assert store.dictations.get(made.id, by=SYSTEM) == made
        assert store.verify().ok


def test_a_later_store_is_left_alone(house):
    with house.store._db.raw() as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError) as error:
        records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports())
    assert error.value.code == "store.newer"


def _open(folder, passphrase, ports_of, barrier, results):
    barrier.wait()
    try:
        with records.open(folder, passphrase=passphrase, ports=ports_of()) as store:
            results.put(store.verify().ok)
    except StorageError as error:
        results.put(error.code)


def test_several_windows_migrate_once(house):
    house.signed()
    to_previous(house)
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(4), fork.Queue()
    arguments = (house.folder, house.passphrase, house.clock.ports, barrier, results)
    people = [fork.Process(target=_open, args=arguments) for _ in range(4)]
    for p in people:
        p.start()
    assert [results.get(timeout=60) for _ in people] == [True] * 4
    for p in people:
        p.join()
    with records.open(house.folder, passphrase=house.passphrase, ports=house.clock.ports()) as store:
        assert [e.action for e in store.journal.entries()].count("store.migrated") == 1
    assert len(list((house.folder / "sauvegardes").iterdir())) == 1
