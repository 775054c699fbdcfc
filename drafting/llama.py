"""llama.cpp behind the seam of :mod:`drafting.language_model`.

Reading order: :class:`_Tape` is what the engine has already read on one of its sequences;
:class:`LlamaModel` finds the tape that shares the longest beginning with a prompt and reads only the
rest, so a prompt fed while the doctor speaks answers at once. Any GGUF path works. Nothing is ever
truncated. No error of the library crosses this file.
"""

from __future__ import annotations

import ctypes
import hashlib
import itertools
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dictation.errors import EngineError, InputError, ModelError
from drafting.language_model import Completion

Logits = npt.NDArray[np.float32]
#: how many of the likeliest tokens are shown to a grammar before the whole vocabulary is
LIKELIEST = 64
#: prompts kept read at the same time: labels, choices, copies, wordings
TAPES = 4
_BATCH = 512
_TEMPERATURE = 0.7
_quiet: list[Any] = []


@dataclass(slots=True)
class _Tape:
    """One sequence of the engine and the tokens it has read."""

    number: int
    tokens: list[int] = field(default_factory=list)
    used: int = 0


@dataclass(frozen=True, slots=True)
class Speed:
    """llama.cpp's own counters since :meth:`LlamaModel.reset_speed`."""

    prompt_tokens: int
    prompt_ms: float
    generated_tokens: int
    generated_ms: float


class LlamaModel:
    """A GGUF model on the processor. Greedy, hence deterministic; not thread-safe (one owner thread).

    ``cancelled`` is asked often while the engine computes; when it answers true the call in progress
    raises ``EngineError("model.cancelled")`` and the model stays usable.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str | None = None,
        revision: str | None = None,
        threads: int = 2,
        context_tokens: int = 8192,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        """Loads ``path`` (seconds). ``revision`` saves hashing the file when the caller knows its SHA-256.

        Raises :class:`~dictation.errors.ModelError` when the file is missing or no model.
        """
        if not path.is_file():
            raise ModelError("model.missing", f"Modèle introuvable : {path.name}. Lancez « calame models pull ».")
        # its threads wait for one another at every step: by sleeping, not by spinning, or a recogniser at work on the
        # same cores slows it twentyfold (measured: 0.4 against 6.7 tokens a second on two busy cores)
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import llama_cpp
        except (ImportError, OSError, RuntimeError) as error:
            raise EngineError("model.engine", "Le moteur llama.cpp ne se charge pas : réinstallez Calame.") from error
        self._c: Any = llama_cpp
        if not _quiet:  # the library keeps the pointer: it must outlive every model
            _quiet.append(llama_cpp.llama_log_callback(lambda *_: None))
        llama_cpp.llama_log_set(_quiet[0], ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        settings = llama_cpp.llama_model_default_params()
        settings.n_gpu_layers = 0
        self._model = llama_cpp.llama_model_load_from_file(str(path).encode(), settings)
        if not self._model:
            raise ModelError(
                "model.broken", f"{path.name} n'est pas un modèle GGUF lisible : téléchargez-le à nouveau."
            )
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._size = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self._cancelled = cancelled
        self._context = self._open(min(context_tokens, int(llama_cpp.llama_model_n_ctx_train(self._model))), threads)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._room = int(llama_cpp.llama_n_ctx(self._context))
        self._tapes = [_Tape(number) for number in range(TAPES)]
        self._clock = 0
        self.name = name or path.stem
        self.revision = (revision or _sha256(path))[:12]

    def _open(self, tokens: int, threads: int) -> Any:
        settings = self._c.llama_context_default_params()
        settings.n_ctx, settings.n_batch, settings.n_ubatch = tokens, _BATCH, _BATCH
        settings.n_seq_max, settings.kv_unified, settings.swa_full = TAPES, True, True
        settings.n_threads = settings.n_threads_batch = threads
        settings.no_perf = False
        self._abort = self._c.ggml_abort_callback(lambda _: bool(self._cancelled and self._cancelled()))
        settings.abort_callback = self._abort
        context = self._c.llama_init_from_model(self._model, settings)
        if not context:
            raise EngineError(
                "model.memory",
                "Mémoire insuffisante pour ce modèle : fermez des applications ou prenez-en un plus petit.",
            )
        return context

    def close(self) -> None:
        """Frees the memory; the object is unusable afterwards."""
        if self._context:
            self._c.llama_free(self._context)
            self._c.llama_model_free(self._model)
            self._context = None

    def count(self, text: str) -> int:
        """Tokens of ``text``."""
        return len(self._tokens(text))

    @property
    def context_tokens(self) -> int:
        """How many tokens a prompt and its answer may take together."""
        return self._room

    def speed(self) -> Speed:
        """Counters of llama.cpp since the last :meth:`reset_speed`."""
        data = self._c.llama_perf_context(self._context)
        return Speed(int(data.n_p_eval), float(data.t_p_eval_ms), int(data.n_eval), float(data.t_eval_ms))

    def reset_speed(self) -> None:
        """Sets the counters to zero."""
        self._c.llama_perf_context_reset(self._context)

    def complete(
        self,
        prompt: str,
        *,
        schema: Mapping[str, Any] | None = None,
        grammar: str | None = None,
        seed: int = 0,
        max_tokens: int = 256,
    ) -> Completion:
        """See :class:`~drafting.language_model.LanguageModel`. ``seed`` 0 is greedy, others sample."""
        tokens = self._tokens(prompt)
        self._check_room(len(tokens) + max_tokens)
        sampler = self._grammar(schema, grammar)
        chance = np.random.default_rng(seed) if seed else None
        tape = self._read(tokens)
        answer: list[int] = []
        finish = "length"
        try:
            while len(answer) < max_tokens:
                token = self._pick(self._logits(), sampler, chance)
                if token is None or self._c.llama_vocab_is_eog(self._vocab, token):
                    finish = "stop"
                    break
                if sampler:
                    self._c.llama_sampler_accept(sampler, token)
                answer.append(token)
                self._extend(tape, [token])
        finally:
            if sampler:
                self._c.llama_sampler_free(sampler)
        return Completion(self._text(answer), finish, len(tokens), len(answer))

    def choose(self, prompt: str, choices: Sequence[str]) -> tuple[float, ...]:
        """See :class:`~drafting.language_model.LanguageModel`; choices with distinct first tokens cost nothing more."""
        if not choices:
            return ()
        tokens = self._tokens(prompt)
        if not all(choices):
            raise InputError("model.choices", "Un choix proposé au modèle est vide.")
        ways = [self._going_on(prompt, choice) for choice in choices]
        self._check_room(len(tokens) + max(map(len, ways)))
        tape = self._read(tokens)
        first = _log_shares(self._logits())
        heads = [way[0] for way in ways]
        if len(set(heads)) == len(heads) and all(len(w) == 1 or heads.count(w[0]) == 1 for w in ways):
            return tuple(float(first[head]) for head in heads)
        out = []
        for way in ways:
            score, shares = float(first[way[0]]), first
            for before, token in itertools.pairwise(way):
                self._extend(tape, [before])
                shares = _log_shares(self._logits())
                score += float(shares[token])
            self._cut(tape, len(tokens))
            out.append(score)
        return tuple(out)

    def feed(self, prompt: str) -> None:
        """Reads ``prompt`` ahead: a later prompt that begins with it only pays for the rest."""
        tokens = self._tokens(prompt)
        self._check_room(len(tokens))
        self._read(tokens)

    def warm(self, prefix: str, file: Path) -> bool:
        """Reads a fixed ``prefix``, from ``file`` when it holds that prefix for this model; true when it did.

        Otherwise reads it and writes ``file`` (and ``file`` + ".json", its key). Only fixed prompts
        are written, never dictated text. A file that cannot be written is no error.
        """
        tokens = self._tokens(prefix)
        self._check_room(len(tokens))
        key = hashlib.sha256(json.dumps([self.revision, self._room, self._c.__version__, tokens]).encode()).hexdigest()
        note = file.with_name(file.name + ".json")
        tape = self._best(tokens)
        try:
            known = json.loads(note.read_text("utf-8")).get("key") == key
        except (OSError, ValueError, AttributeError):
            known = False
        if known and self._restore(tape, tokens, file):
            return True
        self._read(tokens, tape)
        try:
            note.unlink(missing_ok=True)
            values = (ctypes.c_int32 * len(tokens))(*tokens)
            fresh = file.with_name(file.name + ".new")
            if self._c.llama_state_seq_save_file(self._context, str(fresh).encode(), tape.number, values, len(tokens)):
                fresh.replace(file)
                note.write_text(json.dumps({"key": key}), "utf-8")
        except OSError:
            pass
        return False

    def _restore(self, tape: _Tape, tokens: list[int], file: Path) -> bool:
        self._cut(tape, 0)
        space = (ctypes.c_int32 * (len(tokens) + 8))()
        count = ctypes.c_size_t(0)
        done = self._c.llama_state_seq_load_file(
            self._context, str(file).encode(), tape.number, space, len(space), ctypes.byref(count)
        )
        if not done or list(space[: count.value]) != tokens:
            self._cut(tape, 0)
            return False
        tape.tokens = tokens
        return True

    def _tokens(self, text: str, *, start: bool = True) -> list[int]:
        """``start`` puts what the model wants at the beginning. Control marks in a text (« <|im_end|> ») stay text."""
        raw = text.encode("utf-8")
        space = (ctypes.c_int32 * (len(raw) + 16))()
        count = self._c.llama_tokenize(self._vocab, raw, len(raw), space, len(space), start, False)
        if count < 0:
            raise EngineError("model.tokens", "Le modèle ne lit pas ce texte : essayez un autre modèle.")
        return list(space[:count])

    def _going_on(self, prompt: str, choice: str) -> list[int]:
        """Tokens of ``choice`` right after the last line of ``prompt``: alone, many vocabularies put a space before it."""
        line = prompt.rsplit("\n", 1)[-1] or "\n"
        before, after = self._tokens(line, start=False), self._tokens(line + choice, start=False)
        return after[len(before) :] if after[: len(before)] == before else self._tokens(choice, start=False)

    def _text(self, tokens: Sequence[int]) -> str:
        out = b""
        space = ctypes.create_string_buffer(256)
        for token in tokens:
            length = self._c.llama_token_to_piece(self._vocab, token, space, len(space), 0, False)
            out += space.raw[: max(0, length)]
        return out.decode("utf-8", "replace")

    def _check_room(self, tokens: int) -> None:
        if tokens > self._room:
            raise EngineError(
                "model.too_long",
                f"Cette dictée dépasse ce que le modèle peut lire ({tokens} unités sur {self._room}) : "
                "elle est rédigée avec les règles seules.",
            )

    def _best(self, tokens: Sequence[int]) -> _Tape:
        """The tape that shares most with ``tokens`` and loses least."""

        def gain(tape: _Tape) -> tuple[float, int]:
            same = _shared(tape.tokens, tokens)
            return same - 0.5 * (len(tape.tokens) - same), -tape.used

        return max(self._tapes, key=gain)

    def _read(self, tokens: list[int], tape: _Tape | None = None) -> _Tape:
        """A tape that has read exactly ``tokens``, the logits after the last one at hand."""
        tape = tape or self._best(tokens)
        self._clock += 1
        tape.used = self._clock
        same = min(_shared(tape.tokens, tokens), len(tokens) - 1)
        self._cut(tape, max(same, 0))
        for other in sorted(self._tapes, key=lambda t: t.used):
            if sum(len(t.tokens) for t in self._tapes) + len(tokens) - same <= self._room:
                break
            if other is not tape:
                self._cut(other, 0)
        self._extend(tape, tokens[max(same, 0) :])
        return tape

    def _cut(self, tape: _Tape, length: int) -> None:
        if length < len(tape.tokens) or not length:
            if not self._c.llama_memory_seq_rm(self._memory, tape.number, length, -1):
                self._c.llama_memory_seq_rm(self._memory, tape.number, 0, -1)
                length = 0
            del tape.tokens[length:]

    def _extend(self, tape: _Tape, tokens: Sequence[int]) -> None:
        for start in range(0, len(tokens), _BATCH):
            part = tokens[start : start + _BATCH]
            batch = self._c.llama_batch_init(len(part), 0, 1)
            try:
                batch.n_tokens = len(part)
                for place, token in enumerate(part):
                    batch.token[place], batch.pos[place] = token, len(tape.tokens) + place
                    batch.n_seq_id[place], batch.seq_id[place][0] = 1, tape.number
                    batch.logits[place] = place == len(part) - 1
                status = self._c.llama_decode(self._context, batch)
            finally:
                self._c.llama_batch_free(batch)
            if status:
                self._c.llama_memory_seq_rm(self._memory, tape.number, len(tape.tokens), -1)
                if status == 2:
                    raise EngineError("model.cancelled", "La rédaction par le modèle a été interrompue.")
                raise EngineError(
                    "model.failed", "Le modèle s'est arrêté : la dictée est rédigée avec les règles seules."
                )
            tape.tokens.extend(part)

    def _logits(self) -> Logits:
        pointer = self._c.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._size,)).copy()

    def _grammar(self, schema: Mapping[str, Any] | None, grammar: str | None) -> Any:
        if schema is None and grammar is None:
            return None
        if grammar is None:
            from llama_cpp.llama_grammar import json_schema_to_gbnf

            grammar = str(json_schema_to_gbnf(json.dumps(schema)))
        sampler = self._c.llama_sampler_init_grammar(self._vocab, grammar.encode("utf-8"), b"root")
        if not sampler:
            raise InputError("model.grammar", "La grammaire donnée au modèle est invalide.")
        return sampler

    def _pick(self, logits: Logits, sampler: Any, chance: np.random.Generator | None) -> int | None:
        """The next token, ``None`` when the grammar admits none."""
        top = np.argpartition(logits, -LIKELIEST)[-LIKELIEST:]
        for candidates in (top, np.arange(self._size)) if sampler else (top,):
            scores = logits[candidates]
            if sampler:
                scores = self._admitted(candidates, scores, sampler)
            if np.isfinite(scores).any():
                if chance is not None:
                    shares = np.exp((scores - scores.max()) / _TEMPERATURE)
                    return int(candidates[chance.choice(len(scores), p=shares / shares.sum())])
                best = scores.max()
                return int(candidates[scores == best].min())
        return None

    def _admitted(self, candidates: npt.NDArray[Any], scores: Logits, sampler: Any) -> Logits:
        row = np.zeros(len(candidates), dtype=[("id", np.int32), ("logit", np.float32), ("p", np.float32)])
        row["id"], row["logit"] = candidates, scores
        data = row.ctypes.data_as(ctypes.POINTER(self._c.llama_token_data))
        array = self._c.llama_token_data_array(data=data, size=len(row), selected=-1, sorted=False)
        self._c.llama_sampler_apply(sampler, ctypes.byref(array))
        out: Logits = row["logit"].copy()
        return out


def _shared(known: Sequence[int], wanted: Sequence[int]) -> int:
    count = 0
    for ours, theirs in zip(known, wanted, strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def _log_shares(logits: Logits) -> npt.NDArray[np.float64]:
    values = logits.astype(np.float64)
    values -= values.max()
    out: npt.NDArray[np.float64] = values - np.log(np.exp(values).sum())
    return out


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
