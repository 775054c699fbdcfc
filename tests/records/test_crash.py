"""``kill -9`` at random moments; ``CALAME_KILLS`` sets how many (200 and more in the bench)."""

from __future__ import annotations

import os

import pytest

from bench import records_crash


@pytest.mark.slow
def test_at_most_a_second_of_sound_is_lost_and_nothing_else(tmp_path):
    rows = records_crash.run(int(os.environ.get("CALAME_KILLS", "42")), base=tmp_path)
    print(records_crash.table(rows))
    assert all(row.kills for row in rows.values())
    assert [phase for phase, row in rows.items() if not row.clean] == [], records_crash.table(rows)
