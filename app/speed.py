"""How fast the models are on this machine, and which is the largest that keeps up.

Installed models are measured on the shipped sample, two passes included, once per machine, model and revision; the
others are estimated from the measured one by the work they are (``work`` of the catalogue) and said as estimates.
Drafting models are measured in seconds of reading per dictated sentence, as they are fed while the doctor speaks.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from app import models, paths
from app.models import Model
from dictation.errors import InputError

#: share of real time that recognition may take and still leave room for drafting and the screen
KEEPS_UP = 0.5
#: seconds a doctor takes for a sentence: nine words at 150 a minute
SENTENCE_S = 3.6
#: seconds of the sample that are heard: several utterances, a quarter of a minute of work at most
SAMPLE_S = 30
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "consultation.flac"
SCHEMA = "calame-vitesse/1"


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one model here."""

    name: str
    #: speech: seconds of work per second of sound; drafting: per dictated sentence
    factor: float
    measured: bool
    #: the slowest that keeps up
    limit: float = KEEPS_UP

    @property
    def keeps_up(self) -> bool:
        """Fast enough to be dictated to."""
        return self.factor <= self.limit


def speeds() -> tuple[Speed, ...]:
    """Measured before on this machine, and estimates for the rest; empty when nothing was measured. Decodes nothing."""
    return estimated(_known(), [m for m in models.catalogue() if m.task == "speech"])


def measure(name: str, hear: Callable[[str, bytes], None] | None = None) -> Speed:
    """Decodes the sample with ``name`` and keeps the figure. Takes about half a minute with the default model.

    ``hear`` (model, s16le sound) is the recogniser of this installation by default. Raises
    :class:`~dictation.errors.ModelError` when the model is not installed and
    :class:`~dictation.errors.InputError` ``sample.missing`` when the sample is not.
    """
    sound = _sample()
    hear = hear or _recogniser(name)
    hear(name, sound[: 5 * 32_000])  # the first decode also fills caches
    started = time.perf_counter()
    hear(name, sound)
    speed = Speed(name, (time.perf_counter() - started) / (len(sound) / 32_000), True)
    _keep(speed)
    return speed


def estimated(measured: dict[str, float], catalogue: Iterable[Model]) -> tuple[Speed, ...]:
    """Speeds of ``catalogue``, in its order; those not in ``measured`` from the one nearest in work."""
    listed = [m for m in catalogue if m.work]
    base = [m for m in listed if m.name in measured]
    if not base:
        return ()
    out = []
    for model in listed:
        if model.name in measured:
            out.append(Speed(model.name, measured[model.name], True))
            continue
        near = min(base, key=lambda m: abs(m.work - model.work))
        out.append(Speed(model.name, measured[near.name] * model.work / near.work, False))
    return tuple(out)


def advised(found: Iterable[Speed]) -> Speed | None:
    """The largest model that keeps up, the slowest of those fast enough; ``None`` when none is."""
    return max((s for s in found if s.keeps_up), key=lambda s: s.factor, default=None)


def machine() -> str:
    """Tells this machine from another: processor, cores and system, hashed."""
    try:
        info = Path("/proc/cpuinfo").read_text("utf-8")
        processor = next((line for line in info.splitlines() if line.startswith("model name")), "")
    except OSError:
        processor = platform.processor()
    parts = (processor, str(os.cpu_count()), platform.system(), platform.machine())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def drafting() -> dict[str, float]:
    """Seconds the language models take for a sentence on this machine, as measured by the application."""
    try:
        data = json.loads(_drafting_file().read_text("utf-8"))
        return {k.partition("/")[2]: float(v) for k, v in data.items() if k.startswith(f"{machine()}/")}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def drafting_speeds() -> tuple[Speed, ...]:
    """As :func:`speeds`, of the drafting models of the catalogue and of measured files outside it."""
    known = drafting()
    listed = estimated(known, [m for m in models.catalogue() if m.task == "drafting"])
    others = [Speed(name, factor, True) for name, factor in known.items() if name not in {s.name for s in listed}]
    return tuple(replace(s, limit=KEEPS_UP * SENTENCE_S) for s in (*listed, *others))


def measure_drafting(name: str) -> Speed:
    """Loads the drafting model ``name`` (or GGUF file) and feeds it the sample sentence by sentence. Keeps the figure.

    Raises :class:`~dictation.errors.ModelError` when it is not installed, :class:`~dictation.errors.InputError`
    ``sample.missing`` when the sample is not.
    """
    from app import wiring

    statements = wiring.sample_statements()
    if not statements:
        raise InputError("sample.missing", "La dictée d'exemple (samples/) n'est pas là\u00a0: rien à mesurer ici.")
    helper = wiring.assistant(name)
    helper.begin()
    started = time.perf_counter()
    for count in range(1, len(statements) + 1):
        helper.feed(statements[:count])
    factor = (time.perf_counter() - started) / len(statements)
    helper.begin()
    keep_drafting(name, factor)
    return Speed(name, factor, True, KEEPS_UP * SENTENCE_S)


def keep_drafting(name: str, factor: float) -> None:
    """Keeps what was measured of a language model."""
    from app.output import write_text

    found = {f"{machine()}/{k}": v for k, v in (drafting() | {name: factor}).items()}
    write_text(_drafting_file(), json.dumps(found, indent=1))


def _drafting_file() -> Path:
    return paths.cache_dir() / "vitesse-redaction.json"


def _recogniser(name: str) -> Callable[[str, bytes], None]:
    from app import wiring
    from voice import listen
    from voice.files import PcmSource

    ears = wiring.recogniser(name)

    def hear(_: str, sound: bytes) -> None:
        listen(PcmSource(io.BytesIO(sound)), ears)

    return hear


def _sample() -> bytes:
    from voice.files import FileSource

    if not SAMPLE.is_file():
        raise InputError("sample.missing", "La dictée d'exemple (samples/) n'est pas là\u00a0: rien à mesurer ici.")
    return b"".join(frame.pcm for frame in FileSource(SAMPLE).frames())[: SAMPLE_S * 32_000]


def _file() -> Path:
    return paths.cache_dir() / "vitesse.json"


def _key(model: Model) -> str:
    return f"{machine()}/{model.name}/{model.revision}"


def _known() -> dict[str, float]:
    try:
        data = json.loads(_file().read_text("utf-8"))
        factors = data["factors"] if data["schema"] == SCHEMA else {}
        return {m.name: float(factors[_key(m)]) for m in models.catalogue() if _key(m) in factors}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _keep(speed: Speed) -> None:
    from app.output import write_text

    found = {_key(models.find(name)): factor for name, factor in (_known() | {speed.name: speed.factor}).items()}
    write_text(_file(), json.dumps({"schema": SCHEMA, "factors": found}, indent=1))
