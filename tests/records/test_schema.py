"""The models serve another database than SQLite, and the nouns of ``records`` know nothing of either."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

import records
from records.schema import Base, UtcDateTime

HERE = Path(records.__file__).parent


def test_every_table_is_valid_for_postgresql():
    for table in Base.metadata.sorted_tables:
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for index in table.indexes:
            assert len(index.name) <= 63
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_only_the_engine_room_speaks_sqlite():
    """PRAGMA, VACUUM and the driver stay in four modules; another database replaces those."""
    engine_room = {"database.py", "rotation.py", "backup.py", "store.py"}
    for path in HERE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.name not in engine_room:
            assert "PRAGMA" not in text, path.name
            assert "sqlcipher3" not in {
                (n.module or "").split(".")[0] for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)
            }, path.name


def test_values_know_no_database():
    tree = ast.parse((HERE / "values.py").read_text(encoding="utf-8"))
    roots = {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert roots <= {"__future__", "dataclasses", "enum", "dictation"}


def test_a_date_without_its_zone_is_refused():
    column, dialect = UtcDateTime(), postgresql.dialect()
    with pytest.raises(ValueError):
        column.process_bind_param(dt.datetime(2026, 1, 1), dialect)
    paris = dt.timezone(dt.timedelta(hours=1))
    kept = column.process_bind_param(dt.datetime(2026, 1, 1, 0, 30, tzinfo=paris), dialect)
    assert column.process_result_value(kept, dialect) == dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
