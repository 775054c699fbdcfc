"""Tiny GGUF models with random weights: same file format, other vocabularies. They answer nonsense on purpose."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np

_U32, _F32, _BOOL, _TEXT, _LIST, _I32 = 4, 6, 7, 8, 9, 5
_WIDTH, _HEADS, _ALIGN = 32, 2, 32
#: kinds of tokens, as llama.cpp numbers them
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6


def _text(value: str) -> bytes:
    raw = value.encode("utf-8")
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Any, kind: int) -> bytes:
    match kind:
        case 8:
            return _text(value)
        case 9:
            inner, items = value
            return struct.pack("<IQ", inner, len(items)) + b"".join(_value(item, inner) for item in items)
        case 7:
            return struct.pack("<?", value)
        case 6:
            return struct.pack("<f", value)
        case 5:
            return struct.pack("<i", value)
        case _:
            return struct.pack("<I", value)


def sentencepiece(words: list[str]) -> dict[str, tuple[Any, int]]:
    """As Llama 2, Mistral 7B, Phi-3 and Gemma have it: « ▁ » for a space, a space put before every text, bytes for
    what has no piece."""
    pieces = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{n:02X}>" for n in range(256)),
        "▁",
        *"abcdefghijklmnopqrstuvwxyzéè'.,→",
    ]
    pieces += dict.fromkeys(f"▁{w}"[:end] for w in words for end in range(2, len(w) + 2))  # merges go letter by letter
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_NORMAL] * (len(pieces) - 259)]
    scores = [0.0] * 259 + [float(len(p)) for p in pieces[259:]]
    return {
        "tokenizer.ggml.model": ("llama", _TEXT),
        "tokenizer.ggml.tokens": ((_TEXT, pieces), _LIST),
        "tokenizer.ggml.scores": ((_F32, scores), _LIST),
        "tokenizer.ggml.token_type": ((_I32, kinds), _LIST),
        "tokenizer.ggml.add_space_prefix": (True, _BOOL),
        "tokenizer.ggml.add_bos_token": (True, _BOOL),
        "tokenizer.ggml.unknown_token_id": (0, _U32),
        "tokenizer.ggml.bos_token_id": (1, _U32),
        "tokenizer.ggml.eos_token_id": (2, _U32),
    }


def byte_pairs(words: list[str]) -> dict[str, tuple[Any, int]]:
    """As Llama 3, Qwen and GPT-2 have it: bytes as letters, merges, control marks that a text could spell."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {b: chr(b) for b in plain} | {b: chr(256 + n) for n, b in enumerate(sorted({*range(256)} - {*plain}))}
    pieces, merges = [letters[b] for b in range(256)], []
    for word in words:
        seen = "".join(letters[b] for b in f" {word}".encode())
        for end in range(2, len(seen) + 1):
            if seen[:end] not in pieces:
                pieces.append(seen[:end])
                merges.append(f"{seen[: end - 1]} {seen[end - 1]}")
    pieces += ["<|fin|>", "<|im_end|>"]
    kinds = [_NORMAL] * (len(pieces) - 2) + [_CONTROL] * 2
    return {
        "tokenizer.ggml.model": ("gpt2", _TEXT),
        "tokenizer.ggml.pre": ("llama-bpe", _TEXT),
        "tokenizer.ggml.tokens": ((_TEXT, pieces), _LIST),
        "tokenizer.ggml.merges": ((_TEXT, merges), _LIST),
        "tokenizer.ggml.token_type": ((_I32, kinds), _LIST),
        "tokenizer.ggml.add_bos_token": (False, _BOOL),
        "tokenizer.ggml.bos_token_id": (len(pieces) - 2, _U32),
        "tokenizer.ggml.eos_token_id": (len(pieces) - 2, _U32),
    }


def write_model(path: Path, vocabulary: dict[str, tuple[Any, int]], *, seed: int) -> Path:
    """One layer of the llama architecture, weights drawn with ``seed``."""
    count = len(vocabulary["tokenizer.ggml.tokens"][0][1])
    rng = np.random.default_rng(seed)
    square = (_WIDTH, _WIDTH)
    shapes = {
        "token_embd.weight": (count, _WIDTH), "output.weight": (count, _WIDTH), "output_norm.weight": (_WIDTH,),
        "blk.0.attn_norm.weight": (_WIDTH,), "blk.0.ffn_norm.weight": (_WIDTH,),
        **{f"blk.0.{n}.weight": square for n in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")},
    }  # fmt: skip
    tensors = {
        name: np.ones(shape, np.float32) if len(shape) == 1 else rng.normal(0, 0.5, shape).astype(np.float32)
        for name, shape in shapes.items()
    }
    settings: dict[str, tuple[Any, int]] = {
        "general.architecture": ("llama", _TEXT),
        "general.name": ("tiny", _TEXT),
        "llama.context_length": (2048, _U32),
        "llama.embedding_length": (_WIDTH, _U32),
        "llama.block_count": (1, _U32),
        "llama.feed_forward_length": (_WIDTH, _U32),
        "llama.attention.head_count": (_HEADS, _U32),
        "llama.attention.head_count_kv": (_HEADS, _U32),
        "llama.attention.layer_norm_rms_epsilon": (1e-5, _F32),
        "llama.rope.dimension_count": (_WIDTH // _HEADS, _U32),
        "llama.vocab_size": (count, _U32),
        **vocabulary,
    }
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(settings))
    head += b"".join(
        _text(key) + struct.pack("<I", kind) + _value(value, kind) for key, (value, kind) in settings.items()
    )
    offset = 0
    for name, tensor in tensors.items():
        sizes = tensor.shape[::-1]
        head += _text(name) + struct.pack("<I", len(sizes)) + b"".join(struct.pack("<Q", n) for n in sizes)
        head += struct.pack("<IQ", 0, offset)
        offset += -(-tensor.nbytes // _ALIGN) * _ALIGN
    body = b"".join(t.tobytes().ljust(-(-t.nbytes // _ALIGN) * _ALIGN, b"\0") for t in tensors.values())
    path.write_bytes(head.ljust(-(-len(head) // _ALIGN) * _ALIGN, b"\0") + body)
    return path
