"""Speech or not, frame by frame: webrtcvad as the always-on gate, Silero behind it, both in a cascade.

Measured alone, webrtcvad misses nothing and never ends an utterance in babble or key clicks; Silero
decides well in noise and costs thirty times more. The cascade asks Silero only where webrtcvad hears
something. Detectors keep state between frames and are not thread-safe.
"""

from __future__ import annotations

import importlib.util
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

from dictation.errors import EngineError
from dictation.sound import BYTES_PER_S, RATE_HZ, AudioFrame
from voice.levels import FLOOR_DB, decibels, loudness

#: Silero decides on windows of 512 samples with 64 samples of context
SILERO_WINDOW = 512
SILERO_CONTEXT = 64
#: probability at which Silero calls it speech, and below which speech ends
SPEECH_AT, SPEECH_UNTIL = 0.5, 0.35


class WebrtcDetector:
    """webrtcvad (GMM on six bands): 0.12 ms per second of sound. Frames of 10, 20 or 30 ms."""

    def __init__(self, mode: int = 2) -> None:
        import webrtcvad

        self._vad: Any = webrtcvad.Vad(mode)

    def is_speech(self, frame: AudioFrame) -> bool:
        """The decision on this frame alone; a frame of another length than 10, 20 or 30 ms counts as speech."""
        samples = len(frame.pcm) // 2
        if samples * 1000 not in (10 * RATE_HZ, 20 * RATE_HZ, 30 * RATE_HZ):
            return True
        return bool(self._vad.is_speech(frame.pcm, RATE_HZ))

    def probability(self, frame: AudioFrame) -> float:
        """0.0 or 1.0."""
        return float(self.is_speech(frame))


class SileroModel:
    """The Silero network shipped inside faster-whisper, run window by window with its state kept."""

    def __init__(self) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(_silero_file()), providers=["CPUExecutionProvider"], sess_options=options
        )
        self.reset()

    def reset(self) -> None:
        """Forgets what was heard."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(SILERO_CONTEXT, np.float32)

    def probabilities(self, samples: np.ndarray) -> np.ndarray:
        """One probability per whole window of 512 samples; ``samples`` float32 in -1..1, shape ``(n * 512,)``."""
        windows = samples.reshape(-1, SILERO_WINDOW)
        if not len(windows):
            return np.zeros(0, np.float32)
        context = np.vstack([self._context, windows[:-1, -SILERO_CONTEXT:]])
        self._context = windows[-1, -SILERO_CONTEXT:].copy()
        out, self._h, self._c = self._session.run(
            None, {"input": np.hstack([context, windows]), "h": self._h, "c": self._c}
        )
        return np.asarray(out, np.float32).ravel()


def _silero_file() -> Path:
    spec = importlib.util.find_spec("faster_whisper")  # found, not imported: its engine stays out of here
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(folder, "assets").glob("silero_vad*.onnx")):
            return file
    raise EngineError(
        "detector.missing", "Le détecteur de parole Silero manque\u00a0: réinstallez le paquet faster-whisper."
    )


def to_float(pcm: bytes) -> np.ndarray:
    """s16le -> float32 in -1..1; a trailing odd byte is ignored."""
    return np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / 32768.0


class SileroDetector:
    """Silero with hysteresis: speech starts at 0.5 and ends under 0.35."""

    def __init__(self, start_at: float = SPEECH_AT, stop_under: float = SPEECH_UNTIL) -> None:
        self._model = SileroModel()
        self._start_at, self._stop_under = start_at, stop_under
        self._rest = np.zeros(0, np.float32)
        #: the last probability
        self.last = 0.0
        self._speaking = False

    def reset(self) -> None:
        """Starts afresh."""
        self._model.reset()
        self._rest = np.zeros(0, np.float32)
        self.last, self._speaking = 0.0, False

    def probability(self, frame: AudioFrame) -> float:
        """Probability of the last whole 32 ms window."""
        samples = np.concatenate([self._rest, to_float(frame.pcm)])
        whole = len(samples) // SILERO_WINDOW * SILERO_WINDOW
        self._rest = samples[whole:]
        if whole:
            self.last = float(self._model.probabilities(samples[:whole]).max())
        return self.last

    def is_speech(self, frame: AudioFrame) -> bool:
        """The smoothed decision."""
        p = self.probability(frame)
        self._speaking = p >= (self._stop_under if self._speaking else self._start_at)
        return self._speaking


class Foreground:
    """Whether sound is as loud as the one who dictates, when others talk behind.

    Silero takes babble for the speech it is. The microphone is near one mouth: its level lies well above the
    room's. Both are followed (the loudest and the quietest of the last seconds), and a frame belongs to the
    foreground when it lies above ``SHARE`` of the way between them; only where the room comes within
    ``NEAR_DB`` of the voice: in a quiet room everything Silero hears counts.
    """

    NEAR_DB = 16.0

    #: of the way from the room's level to the voice's, in decibels
    SHARE = 0.4
    #: seconds of sound over which a frame's level is taken, and the room's and the voice's are followed
    OVER_S, FOLLOW_S = 0.1, 8.0

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()
        self._history: deque[tuple[float, float]] = deque()
        self._due_s = 0.0
        self._threshold_db = FLOOR_DB

    def push(self, frame: AudioFrame) -> bool:
        """True when ``frame`` may be the one who dictates."""
        now = frame.start_s
        self._recent.append((now, loudness(frame.pcm)))
        while now - self._recent[0][0] > self.OVER_S:
            self._recent.popleft()
        level = decibels(sum(power for _, power in self._recent) / len(self._recent))
        if now >= self._due_s or now < self._due_s - 1:
            self._due_s = now + 0.1
            self._history.append((now, level))
            while now - self._history[0][0] > self.FOLLOW_S:
                self._history.popleft()
            levels = sorted(db for _, db in self._history)
            room, voice = levels[len(levels) // 10], levels[-1 - len(levels) // 10]
            gap = voice - room
            self._threshold_db = room + self.SHARE * gap if gap < self.NEAR_DB else FLOOR_DB
        return level >= self._threshold_db


class CascadeDetector:
    """webrtcvad opens the gate, Silero decides behind it, and only the foreground counts.

    While the gate is shut Silero sleeps; when it opens, Silero first hears the last ``warm_up_s`` so that
    its state is that of a listener who was there all along.
    """

    def __init__(self, *, hold_s: float = 0.6, warm_up_s: float = 0.5, mode: int = 2) -> None:
        self._gate = WebrtcDetector(mode)
        self._silero = SileroDetector()
        self._foreground = Foreground()
        self._hold_s, self._warm_up_s = hold_s, warm_up_s
        self._recent: deque[AudioFrame] = deque()
        self._recent_s = 0.0
        self._open_until_s = -1.0
        #: share of sound that Silero had to hear, for the bench
        self.heard_s = self.seen_s = 0.0

    def probability(self, frame: AudioFrame) -> float:
        """0.0 while the gate is shut, else Silero's."""
        return self._step(frame)[0]

    def is_speech(self, frame: AudioFrame) -> bool:
        """Silero's decision behind the gate."""
        return self._step(frame)[1]

    def _step(self, frame: AudioFrame) -> tuple[float, bool]:
        length_s = len(frame.pcm) / BYTES_PER_S
        self.seen_s += length_s
        near = self._foreground.push(frame)
        was_open = frame.start_s < self._open_until_s
        if self._gate.is_speech(frame):
            self._open_until_s = frame.start_s + length_s + self._hold_s
        if frame.start_s >= self._open_until_s:
            self._remember(frame, length_s)
            return 0.0, False
        if not was_open:
            self._silero.reset()
            for earlier in self._recent:
                self._silero.is_speech(earlier)
                self.heard_s += len(earlier.pcm) / BYTES_PER_S
            self._recent.clear()
            self._recent_s = 0.0
        self.heard_s += length_s
        speech = self._silero.is_speech(frame) and near
        return self._silero.last, speech

    def _remember(self, frame: AudioFrame, length_s: float) -> None:
        self._recent.append(frame)
        self._recent_s += length_s
        while self._recent_s > self._warm_up_s:
            self._recent_s -= len(self._recent.popleft().pcm) / BYTES_PER_S


def speech_mask(pcm: bytes, *, model: SileroModel | None = None) -> np.ndarray:
    """Silero's probability per 32 ms of ``pcm`` heard on its own, shape ``(ceil(n / 512),)``."""
    samples = to_float(pcm)
    samples = np.pad(samples, (0, -len(samples) % SILERO_WINDOW))
    model = model or SileroModel()
    model.reset()
    return model.probabilities(samples)
