"""Where Calame keeps things on this machine. Each place can be moved by an environment variable."""

from __future__ import annotations

import os
from pathlib import Path


def models_dir() -> Path:
    """Weights: ``CALAME_MODELS``, else the user's data folder."""
    return Path(os.environ.get("CALAME_MODELS") or _data() / "models")


def data_dir() -> Path:
    """Encrypted store, practice forms, vocabulary: ``CALAME_DATA``, else the user's data folder."""
    return Path(os.environ.get("CALAME_DATA") or _data() / "cabinet")


def cache_dir() -> Path:
    """Things that can be made again (built wheels, warm model state): ``CALAME_CACHE``."""
    import platformdirs

    return Path(os.environ.get("CALAME_CACHE") or platformdirs.user_cache_dir("calame", appauthor=False))


def _data() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("calame", appauthor=False))
