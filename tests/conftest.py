"""Shared by all tests: the practice's data never touches the real home, French everywhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("calame", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("calame")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has its own data folder; models and caches are the machine's."""
    monkeypatch.setenv("CALAME_DATA", str(tmp_path / "donnees"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """``../shared``; tests that need it skip when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("shared/ absent")
    return SHARED


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Environment for subprocesses that run ``calame``."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: one Chromium serves them all, and its event loop stays until the end."""
    items.sort(key=lambda item: "e2e" in item.path.parts)
