"""Noises and sounds made from a seed, for benches and tests: pink noise, key clicks, babble, breath, music."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[Any]

RATE = 16_000


def _float(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2").astype(np.float64) / 32768


def _pcm(samples: Samples) -> bytes:
    return bytes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def pink(n: int, seed: int = 1) -> Samples:
    """Pink noise (1/f power), RMS 1, shape ``(n,)``."""
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft(rng.standard_normal(n))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / (np.sqrt(np.mean(noise**2)) + 1e-12))


def clicks(n: int, per_s: float = 5.0, seed: int = 2) -> Samples:
    """Keyboard: short decaying bursts at random instants, peak about 0.3."""
    rng = np.random.default_rng(seed)
    out = np.zeros(n)
    at = 0
    while True:
        at += int(rng.exponential(RATE / per_s)) + 600
        if at + 800 >= n:
            return out
        burst = rng.standard_normal(800) * np.exp(-np.arange(800) / rng.uniform(60, 200))
        out[at : at + 800] += burst * rng.uniform(0.05, 0.15)


def babble(speech: Samples, voices: int = 6, seed: int = 3) -> Samples:
    """Several voices at once, made of shifted and reversed-order stretches of ``speech``, RMS 1."""
    rng = np.random.default_rng(seed)
    out = np.zeros(len(speech))
    for _ in range(voices):
        out += np.roll(speech, int(rng.integers(len(speech)))) * rng.uniform(0.7, 1.0)
    return np.asarray(out / (np.sqrt(np.mean(out**2)) + 1e-12))


def breath(n: int, seed: int = 4) -> Samples:
    """Breathing: band noise that swells each 4 s, RMS about 0.02."""
    noise = pink(n, seed) - np.roll(pink(n, seed), 2)
    swell = np.maximum(0, np.sin(2 * np.pi * np.arange(n) / (4 * RATE))) ** 2
    return np.asarray(noise * swell * 0.05)


def music(n: int, seed: int = 5) -> Samples:
    """Hold music: chords of decaying harmonics, two a second, RMS about 0.1."""
    rng = np.random.default_rng(seed)
    out = np.zeros(n)
    step = RATE // 2
    t = np.arange(step * 2) / RATE
    for at in range(0, n - step * 2, step):
        root = 220 * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 11]) / 12)
        for ratio in (1, 1.26, 1.5, 2):
            for harmonic in (1, 2, 3):
                out[at : at + step * 2] += (
                    np.sin(2 * np.pi * root * ratio * harmonic * t) * np.exp(-2 * t) / harmonic**2
                )
    return out * 0.04


def keyboard(n: int, seed: int = 6) -> Samples:
    """Typing over a quiet room."""
    return clicks(n, 6, seed) + pink(n, seed) * 0.002


def behind(pcm: bytes, noise: bytes, db: float) -> bytes:
    """``pcm`` with ``noise`` (both s16le 16 kHz) repeated under it, ``db`` dB quieter than the speech."""
    speech, under = _float(pcm), np.resize(_float(noise), len(pcm) // 2)
    return _pcm(speech + under * (_loud_rms(speech) / (_loud_rms(under) + 1e-9)) * 10 ** (-db / 20))


def _loud_rms(samples: Samples) -> float:
    loud = samples[np.abs(samples) > 0.01]
    return float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.05


def noisy(pcm: bytes, kind: str) -> bytes:
    """``pcm`` (s16le 16 kHz) with noise: clean, pinkNN and babbleNN at NN dB, clicks, phone (300-3400 Hz)."""
    if kind == "clean":
        return pcm
    speech = _float(pcm)
    rms = _loud_rms(speech)
    if kind.startswith("pink"):
        return _pcm(speech + pink(len(speech)) * rms * 10 ** (-float(kind[4:] or 20) / 20))
    if kind.startswith("babble"):
        return _pcm(speech + babble(speech) * rms * 10 ** (-float(kind[6:] or 10) / 20))
    if kind == "clicks":
        return _pcm(speech + clicks(len(speech)))
    if kind == "phone":
        spectrum = np.fft.rfft(speech)
        hz = np.fft.rfftfreq(len(speech), 1 / RATE)
        spectrum[(hz < 300) | (hz > 3400)] = 0
        return _pcm(np.fft.irfft(spectrum, len(speech)))
    raise ValueError(f"unknown noise {kind!r}")
