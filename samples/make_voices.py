#!/usr/bin/env python3
"""Makes ``voices/NAME_VOICE.flac``: each voice of ``voices/voices.toml`` reads each ``voices/NAME.txt``.

    KOKORO=folder .venv/bin/python samples/make_voices.py [VOICE …]

The folder is the one of ``make_sample.py`` with every voice pack named in ``voices.toml``. Samples keep their
11 highest bits: the error, 66 dB under full scale, is below any room, and the files are half as big.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib

import av
import numpy as np
import onnxruntime
import soxr
from make_sample import HERE, IN_HZ, KOKORO, OUT_HZ, PAUSE_S, speak

VOICES = HERE / "voices"
KEPT = ~0x1F


def pack(name: str) -> np.ndarray:
    """A voice pack, shape (lengths, 256)."""
    return np.fromfile(KOKORO / f"{name}.bin", dtype="<f4").reshape(-1, 256)


def main(only: list[str]) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    model = str(KOKORO / "kokoro_int8.onnx")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    vocabulary = json.loads((KOKORO / "vocab.json").read_text())["vocab"]
    for voice in tomllib.loads((VOICES / "voices.toml").read_text("utf-8"))["voice"]:
        if only and voice["name"] not in only:
            continue
        style = sum(pack(name) * weight for name, weight in voice["packs"].items()).astype(np.float32)
        silence = np.zeros(int(PAUSE_S / voice["speed"] * IN_HZ), np.float32)
        for text in sorted(VOICES.glob("*.txt")):
            pieces = [silence]
            for sentence in re.split(r"(?<=[.\n])\s+", text.read_text("utf-8").strip()):
                pieces += [speak(session, vocabulary, style, sentence, voice["speed"]), silence]
            sound = soxr.resample(np.concatenate(pieces), IN_HZ, OUT_HZ)
            pcm = (np.clip(sound * 0.7 / np.abs(sound).max(), -1, 1) * 32767).astype(np.int16) & KEPT
            target = VOICES / f"{text.stem}_{voice['name']}.flac"
            with av.open(str(target), "w") as container:
                stream = container.add_stream("flac", rate=OUT_HZ, layout="mono", options={"compression_level": "12"})
                frame = av.AudioFrame.from_ndarray(pcm.astype(np.int16).reshape(1, -1), format="s16", layout="mono")
                frame.sample_rate = OUT_HZ
                for packet in (*stream.encode(frame), *stream.encode(None)):
                    container.mux(packet)
            print(f"{target.name} {len(pcm) / OUT_HZ:.1f} s, {target.stat().st_size // 1000} ko")


if __name__ == "__main__":
    main(sys.argv[1:])
