"""Brings a store to the present schema, after a backup."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from dictation.errors import StorageError
from records.database import Database
from records.migrations import HEAD


def revision(database: Database) -> str | None:
    """Revision of the schema in the file, ``None`` for an empty one."""
    with database.read() as session:
        return _revision(session)


def _revision(session: Session) -> str | None:
    connection = session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(database: Database, *, to: str = HEAD, backup: Callable[[str], None] | None = None) -> str | None:
    """Upgrades when needed; returns the revision it came from, ``None`` when there was nothing to do.

    ``backup(revision)`` runs before the first change of a store that holds something. All steps are one
    transaction: a crash leaves the old schema. Raises :class:`StorageError` ``store.newer`` for a store of a later
    version, ``store.migration`` when a step fails.
    """
    before = revision(database)
    if before == to:
        return None
    if before is not None and before > to:
        raise StorageError(
            "store.newer", "Ces données viennent d'une version plus récente de Calame. Mettez Calame à jour."
        )
    if before is not None and backup is not None:
        backup(before)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    try:
        with database.write() as session:
            # another process may have been faster while this one waited for the lock
            if _revision(session) == to:
                return None
            config.attributes["connection"] = session.connection()
            command.upgrade(config, to)
    except SQLAlchemyError as error:
        raise StorageError(
            "store.migration",
            f"La mise à jour des données a échoué ({type(error).__name__}) ; elles restent dans leur état d'avant.",
        ) from None
    return before or ""
