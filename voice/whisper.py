"""Whisper through faster-whisper's engine, one utterance at a time.

The only module that imports faster-whisper. It works through the model's own ``encode``, ``generate``
and ``align``: ``transcribe`` pads everything to 30 s, and cropping the encoder's window to the utterance
plus three seconds costs 2.7 times less.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dictation.errors import ModelError
from dictation.sound import RATE_HZ, Utterance
from dictation.transcript import EngineInfo, Word
from voice import guard
from voice.detect import SileroModel, speech_mask, to_float
from voice.prompt import default_style, prompt_tokens
from voice.seams import Hints, Hypothesis, RecogniserSession, SecondPass
from voice.session import Session

log = logging.getLogger(__name__)

#: silence after the utterance inside the encoder's window; with less the decoder misbehaves (measured)
PADDING_S = 3.0
WINDOW_S = 30.0
LONGEST_S = 28.0
BEAM = 5
TOKENS_PER_S, TOKENS_MIN, TOKENS_MAX = 9.0, 24, 200
#: decodes that run side by side on the processor, sharing its threads. Measured on two cores: one search takes
#: 0.28 s on one thread and 0.63 s on two (they wait for each other at every token), two at once take 0.31 s
WORKERS = 2


def load(
    folder: Path,
    *,
    threads: int = 2,
    device: str = "auto",
    compute: str = "auto",
    second_pass: SecondPass | None = None,
    beam: int = BEAM,
) -> WhisperRecogniser:
    """Loads the CTranslate2 model in ``folder`` (about 1 s for base).

    ``device`` is "auto", "cpu" or "cuda"; ``compute`` is "auto" or a CTranslate2 type. Automatic choice is
    float16 (else int8) on a CUDA device that can, int8 on the processor; a CUDA device that fails to load
    falls back to the processor with a warning in the log.
    Raises :class:`~dictation.errors.ModelError`: ``model.missing``, ``model.incomplete``, ``model.corrupt``.
    """
    folder = Path(folder)
    _check(folder)
    import faster_whisper

    attempts = _attempts(device, compute)
    for place, kind in attempts:
        try:
            model = faster_whisper.WhisperModel(
                str(folder),
                device=place,
                compute_type=kind,
                cpu_threads=max(1, threads // WORKERS),
                num_workers=WORKERS if place == "cpu" and threads >= WORKERS else 1,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            if (place, kind) != attempts[-1]:
                log.warning("engine fallback from %s/%s: %s", place, kind, type(error).__name__)
                continue
            raise _corrupt(folder) from error
        except Exception as error:  # tokenizers raises bare Exception on a broken tokenizer.json
            raise _corrupt(folder) from error
        return WhisperRecogniser(model, _info(folder, place, kind), second_pass=second_pass, beam=beam)
    raise AssertionError("unreachable")


def _check(folder: Path) -> None:
    if not folder.is_dir():
        raise ModelError(
            "model.missing",
            f"Le modèle de reconnaissance «\u00a0{folder.name}\u00a0» n'est pas installé\u00a0: "
            f"calame models pull {folder.name}.",
        )
    for name in ("model.bin", "config.json", "tokenizer.json"):
        file = folder / name
        if not file.is_file() or file.stat().st_size == 0:
            raise ModelError(
                "model.incomplete",
                f"Le modèle «\u00a0{folder.name}\u00a0» est incomplet ({name} manque)\u00a0: "
                f"calame models pull {folder.name}.",
            )


def _corrupt(folder: Path) -> ModelError:
    return ModelError(
        "model.corrupt",
        f"Le modèle «\u00a0{folder.name}\u00a0» est abîmé\u00a0: "
        f"calame models verify, puis calame models pull {folder.name}.",
    )


def _attempts(device: str, compute: str) -> tuple[tuple[str, str], ...]:
    import ctranslate2

    out: list[tuple[str, str]] = []
    kinds: tuple[str, ...]
    if device in ("auto", "cuda") and ctranslate2.get_cuda_device_count() > 0:
        able = ctranslate2.get_supported_compute_types("cuda")
        kinds = ("float16", "int8_float16", "int8", "float32") if compute == "auto" else (compute,)
        out += [("cuda", kind) for kind in kinds if kind in able]
    elif device == "cuda":
        log.warning("no CUDA device: the processor is used")
    able = ctranslate2.get_supported_compute_types("cpu")
    kinds = ("int8", "float32") if compute == "auto" or compute not in able else (compute,)
    out += [("cpu", kind) for kind in kinds if kind in able]
    return tuple(out)


def _info(folder: Path, device: str, compute: str) -> EngineInfo:
    digest = hashlib.sha256()
    for name in ("config.json", "model.bin"):
        with (folder / name).open("rb") as file:
            digest.update(file.read(1 << 20))
            digest.update(str((folder / name).stat().st_size).encode())
    return EngineInfo("faster-whisper", folder.name, f"{digest.hexdigest()[:12]}-{device}-{compute}")


class WhisperRecogniser:
    """A loaded Whisper. Also a :class:`~voice.seams.Decoder`. Thread-safe; ``WORKERS`` calls run side by side."""

    def __init__(self, model: Any, info: EngineInfo, *, second_pass: SecondPass | None = None, beam: int = BEAM):
        from faster_whisper.tokenizer import Tokenizer

        self._model = model
        self._info = info
        self._second_pass = second_pass
        self._beam = beam
        self._tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language="fr")
        self._lock = threading.Lock()  # of the next two
        self._silero = SileroModel()
        #: what the encoder made of the last utterances, newest last
        self._cached: deque[tuple[Utterance, Any, int]] = deque(maxlen=WORKERS + 1)
        self._suppress = self._suppressed()
        self.style: str | None = default_style()

    @property
    def info(self) -> EngineInfo:
        """Name, folder of the model, revision with device and compute type."""
        return self._info

    def open(self, hints: Hints) -> RecogniserSession:
        """A new dictation."""
        return Session(self, hints, second_pass=self._second_pass)

    # --- Decoder ----------------------------------------------------------------------------

    def decode(
        self,
        utterance: Utterance,
        terms: Sequence[str] = (),
        previous: str = "",
        *,
        style: str | None = None,
        beam: int | None = None,
    ) -> Hypothesis:
        """Hears ``utterance`` (at most 28 s; the rest is not heard) after ``previous``, biased by ``terms``."""
        encoded, frames = self._encode(utterance)
        prompt = self._prompt(terms, previous, style or self.style)
        tokens, avg_logprob, no_speech, ratio = self._generate(encoded, prompt, utterance, beam or self._beam)
        words = self._align(encoded, frames, tokens, utterance)
        return Hypothesis(guard.with_thousands(words), avg_logprob, no_speech, ratio)

    def score(self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = "") -> float:
        """Mean log-probability per token of ``text``; -inf for an empty text. ``previous`` is not used."""
        probabilities = self._probabilities(utterance, self._tokenizer.encode(" " + text.strip()), terms)
        return float(np.mean(np.log(np.maximum(probabilities, 1e-10)))) if len(probabilities) else -math.inf

    def token_scores(
        self, utterance: Utterance, text: str, terms: Sequence[str] = (), previous: str = ""
    ) -> tuple[tuple[str, float], ...]:
        """Each word of ``text`` with the sum of its tokens' log-probabilities. ``previous`` is not used."""
        tokens = self._tokenizer.encode(" " + text.strip())
        logs = np.log(np.maximum(self._probabilities(utterance, tokens, terms), 1e-10))
        words, groups = self._tokenizer.split_to_word_tokens(tokens)
        out: list[tuple[str, float]] = []
        at = 0
        for word, group in zip(words, groups, strict=True):
            score = float(logs[at : at + len(group)].sum())
            at += len(group)
            if out and not word.startswith(" "):  # « d » « 'une », « mars » « , »: one word between spaces
                out[-1] = (out[-1][0] + word, out[-1][1] + score)
            else:
                out.append((word.strip(), score))
        return tuple(out)

    def speech_mask(self, utterance: Utterance) -> np.ndarray:
        """Silero's probability per 32 ms."""
        with self._lock:
            return speech_mask(utterance.pcm, model=self._silero)

    # --- engine -----------------------------------------------------------------------------

    def _encode(self, utterance: Utterance) -> tuple[Any, int]:
        with self._lock:
            for known, encoded, frames in self._cached:
                if known is utterance:
                    return encoded, frames
        samples = to_float(utterance.pcm)[: int(LONGEST_S * RATE_HZ)]
        hop = self._model.feature_extractor.hop_length
        frames = max(1, len(samples) // hop)
        window = min(int(WINDOW_S * RATE_HZ), len(samples) + int(PADDING_S * RATE_HZ))
        window += -window % (8 * hop)  # whole steps of the encoder
        padded = np.zeros(min(window, int(WINDOW_S * RATE_HZ)), np.float32)
        padded[: len(samples)] = samples
        features = self._model.feature_extractor(padded, padding=0)
        encoded = self._model.encode(features)
        with self._lock:
            self._cached.append((utterance, encoded, frames))
        return encoded, frames

    def _prompt(self, terms: Sequence[str], previous: str, style: str | None) -> list[int]:
        t = self._tokenizer
        before = prompt_tokens(t.encode, style=style, terms=terms, previous=previous)
        return ([t.sot_prev, *before] if before else []) + list(t.sot_sequence)

    def _generate(
        self, encoded: Any, prompt: list[int], utterance: Utterance, beam: int
    ) -> tuple[list[int], float, float, float]:
        length_s = utterance.end_s - utterance.start_s
        room = min(TOKENS_MAX, TOKENS_MIN + int(TOKENS_PER_S * length_s))
        tried: list[tuple[list[int], float, float, float]] = []
        # a text that loops is searched once more, without anything before it; nothing is sampled: the same sound
        # always gives the same words
        for start in (prompt, list(self._tokenizer.sot_sequence)):
            result = self._model.model.generate(
                encoded,
                [start],
                beam_size=beam,
                patience=1.0,
                max_length=min(448, len(start) + room),
                return_scores=True,
                return_no_speech_prob=True,
                suppress_blank=True,
                suppress_tokens=self._suppress,
                max_initial_timestamp_index=50,
            )[0]
            tokens = list(result.sequences_ids[0])
            avg = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
            ratio = guard.compression(self._tokenizer.decode(tokens).strip())
            tried.append((tokens, avg, float(result.no_speech_prob), ratio))
            if ratio <= guard.LOOP_COMPRESSION or guard.is_silence(avg, tried[-1][2]):
                return tried[-1]
        return min(tried, key=lambda t: t[3])

    def _align(self, encoded: Any, frames: int, tokens: list[int], utterance: Utterance) -> tuple[Word, ...]:
        text = [t for t in tokens if t < self._tokenizer.eot]
        if not text:
            return ()
        found = self._model.find_alignment(self._tokenizer, [text], encoded, frames)
        out: list[Word] = []
        limit = utterance.end_s
        for item in found[0] if found else ():
            written = str(item["word"])
            start = min(limit, utterance.start_s + float(item["start"]))
            end = min(limit, max(start, utterance.start_s + float(item["end"])))
            confidence = float(min(1.0, max(0.0, item["probability"])))
            if not written.strip():
                continue
            if out and not any(c.isalnum() or c in "%°µ" for c in written):  # punctuation belongs to its word
                last = out[-1]
                out[-1] = Word(last.text + written.strip(), last.start_s, last.end_s, last.confidence)
            elif out and not written.startswith(" "):
                last = out[-1]
                out[-1] = Word(last.text + written, last.start_s, end, min(last.confidence, confidence))
            else:
                out.append(Word(written.strip(), start, end, confidence))
        return tuple(out)

    def _probabilities(self, utterance: Utterance, tokens: list[int], terms: Sequence[str]) -> np.ndarray:
        if not tokens:
            return np.zeros(0)
        encoded, frames = self._encode(utterance)
        # neither style nor last text: they are three quarters of the work here and rival texts share them (decision 231)
        result = self._model.model.align(encoded, self._prompt(terms, "", None), [tokens], frames)[0]
        return np.asarray(result.text_token_probs, dtype=float)[: len(tokens)]

    def _suppressed(self) -> list[int]:
        t = self._tokenizer
        extra = [t.transcribe, t.translate, t.sot, t.sot_prev, t.sot_lm, t.no_speech]
        return sorted({*t.non_speech_tokens, *(x for x in extra if x is not None)})
