"""llama.cpp driven directly through its C interface, as its own bench does: the peer of :class:`LlamaModel`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any


def raw_rates(path: Path, read: int, written: int, *, threads: int = 2) -> tuple[float, float]:
    """Tokens a second: ``read`` tokens in one batch, then ``written`` tokens one by one (best of two), nothing around."""
    import llama_cpp as c

    settings = c.llama_model_default_params()
    settings.n_gpu_layers = 0
    model = c.llama_model_load_from_file(str(path).encode(), settings)
    shape = c.llama_context_default_params()
    shape.n_ctx, shape.n_batch, shape.n_ubatch = read + written + 8, 512, 512
    shape.n_threads = shape.n_threads_batch = threads
    context = c.llama_init_from_model(model, shape)
    memory = c.llama_get_memory(context)
    size = c.llama_vocab_n_tokens(c.llama_model_get_vocab(model))
    fast_read = fast_written = 0.0
    try:
        for _ in range(2):
            c.llama_memory_clear(memory, True)
            started = time.perf_counter()
            _decode(c, context, [100 + n % (size - 200) for n in range(read)], 0)
            fast_read = max(fast_read, read / (time.perf_counter() - started))
            started = time.perf_counter()
            for n in range(written):
                _decode(c, context, [200 + n], read + n)
            fast_written = max(fast_written, written / (time.perf_counter() - started))
    finally:
        c.llama_free(context)
        c.llama_model_free(model)
    return fast_read, fast_written


def _decode(c: Any, context: Any, tokens: list[int], start: int) -> None:
    batch = c.llama_batch_init(len(tokens), 0, 1)
    batch.n_tokens = len(tokens)
    for place, token in enumerate(tokens):
        batch.token[place], batch.pos[place] = token, start + place
        batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
        batch.logits[place] = place == len(tokens) - 1
    status = c.llama_decode(context, batch)
    c.llama_batch_free(batch)
    if status:
        raise RuntimeError(f"llama_decode: {status}")
