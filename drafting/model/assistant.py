"""What a language model may do for a draft: four small jobs, each allowed by the self-test.

It labels statements, points at statements, copies words out of them and proposes wordings. It never
sets a number: what it copies is a span, what it rewords is checked elsewhere against the dictation.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dictation.draft import DraftEngine
from dictation.errors import CalameError, EngineError
from dictation.evidence import Statement
from dictation.form import ROLES, Form
from drafting.language_model import LanguageModel
from drafting.model.copying import END, Copy, Source, copy_grammar, locate, source, without
from drafting.model.prompts import JOBS, beginning, label_words, plain, quoted
from drafting.model.warmth import warm_up

#: letters still to be read by a job after the last word; beyond, rules alone decide what is left (some two
#: seconds of the default model). A count, not a clock: the same words fed the same way give the same draft
LATE = 400
#: letters of the statements among which the model may point: longer dictations leave their blanks to the doctor
WIDEST = 9_000
_LINE = r"[^\n\r\t«»]"
_NONE = "aucun"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What the self-test allows; empty means the model is not used at all."""

    #: among "label", "choose", "extract", "reword"
    jobs: tuple[str, ...] = ()
    #: right answers and questions per job, same order as ``drafting.model.prompts.JOBS``
    results: tuple[tuple[str, int, int], ...] = ()

    def __contains__(self, job: str) -> bool:
        return job in self.jobs


@dataclass(slots=True)
class _Heard:
    """One statement already labelled."""

    text: str
    word: str
    scores: tuple[float, ...]


class Assistant:
    """One model, one dictation at a time; not thread-safe. Every job answers nothing when not allowed."""

    def __init__(
        self,
        model: LanguageModel,
        abilities: Abilities,
        *,
        warm: Path | None = None,
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        """``warm`` is a folder where the state after the fixed prompts is kept between starts.

        ``hurry`` is asked before each call: once it answers true, what was prepared while the doctor spoke is
        used and at most :data:`LATE` letters more are read, so that the draft is ready in seconds whatever the length.
        """
        self.model = model
        self.abilities = abilities
        self.failure: EngineError | None = None
        self._hurry = hurry
        self._heard: list[_Heard] = []
        self._wordings: dict[str, str | None] = {}
        #: statements the model has before it to point at
        self._lines = ""
        if warm is not None:
            warm_up(model, [job for job in JOBS if job in abilities], warm)

    @property
    def engine(self) -> DraftEngine:
        """Model, revision and the jobs it is allowed, as kept in the draft."""
        return DraftEngine(self.model.name, self.model.revision, self.abilities.jobs)

    def begin(self) -> None:
        """A new dictation: nothing of the last one is kept."""
        self._heard.clear()
        self._wordings.clear()
        self._lines = ""
        self.failure = None

    def feed(self, statements: Sequence[Statement]) -> None:
        """All statements finished so far, in order, while the doctor still speaks: reads, labels and rewords the new ones.

        Statements that changed since are done again; leave out the last one while it may still grow. Returns
        between two calls of the model once in a hurry.
        """
        if "label" in self.abilities:
            self._label([s.text for s in statements], 0)
        if "choose" in self.abilities and "extract" in self.abilities and not self._hurry():
            self._ahead(statements)
        for statement in statements:
            if self._hurry():
                return
            self.reword(statement)

    def opinions(
        self, statements: Sequence[Statement], form: Form | None = None
    ) -> Mapping[str, Mapping[str, float]] | None:
        """Statement id -> role -> log-probability, or ``None``; statements already fed cost nothing.

        The same for every form: roles are what sentences are about, forms say where they go. Statements
        beyond what the model can read are left out and :attr:`failure` says so; in a hurry, so are those that
        would take too long.
        """
        if "label" not in self.abilities:
            return None
        self._label([s.text for s in statements], LATE)
        return {s.id: dict(zip(ROLES, h.scores, strict=True)) for s, h in zip(statements, self._heard, strict=False)}

    def _label(self, texts: Sequence[str], late: int) -> None:
        """Labels what is new; ``late`` letters at most once in a hurry."""
        same = 0
        while same < min(len(texts), len(self._heard)) and self._heard[same].text == texts[same]:
            same += 1
        del self._heard[same:]
        labels = tuple(dict.fromkeys(label_words()))
        written = beginning("label") + "".join(f"{quoted(h.text)}\n→ {h.word}\n" for h in self._heard)
        for text in texts[same:]:
            late -= len(text)
            if late < 0 and self._hurry():
                return
            prompt = f"{written}{quoted(text)}\n→"
            try:
                given = self.model.choose(prompt, [f" {word}" for word in labels])
            except EngineError as error:
                self.failure = error
                return
            word = labels[max(range(len(given)), key=given.__getitem__)]
            scores = tuple(given[labels.index(own)] for own in label_words())
            self._heard.append(_Heard(text, word, scores))
            written = f"{prompt} {word}\n"

    def _ahead(self, statements: Sequence[Statement]) -> None:
        lines = _lines(statements)
        if len(lines) > WIDEST or lines == self._lines:
            return
        try:
            self.model.feed(f"{beginning('choose')}Phrases :\n{lines}")
            self._lines = lines
        except EngineError as error:
            self.failure = error

    def choose(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[str, ...]:
        """Ids of up to ``most`` statements that answer ``question``, in order of dictation; ``()`` for none, and for
        statements too long to be read (see :data:`WIDEST` and :data:`LATE`).
        """
        if "choose" not in self.abilities or not statements or most < 1:
            return ()
        lines = _lines(statements)
        late = len(lines) - _common(lines, self._lines)
        if len(lines) > WIDEST or (late > LATE and self._hurry()):
            return ()
        ids = " | ".join(f'"{s.id}"' for s in statements)
        more = '(", " id)?' * (most - 1)
        grammar = f'root ::= " " ("{_NONE}" | id {more}) {END}\nid ::= {ids}'
        prompt = f"{beginning('choose')}Phrases :\n{lines}Question : {plain(question)}\nRéponse :"
        named = set(re.findall(r"\w+", self._complete(prompt, grammar, 8 + 8 * most) or ""))
        return tuple(s.id for s in statements if s.id in named)

    def extract(self, statements: Sequence[Statement], question: str, *, most: int = 1) -> tuple[Copy, ...]:
        """Up to ``most`` runs of words that answer ``question``, each copied from one statement, never twice."""
        if "extract" not in self.abilities:
            return ()
        sources: tuple[Source, ...] = tuple(source(s.id, s.text) for s in statements if s.text.strip())
        text = quoted(" ".join(s.text for s in statements))
        prompt = f"{beginning('extract')}Texte : {text}\nQuestion : {plain(question)}\nRéponse :"
        out: list[Copy] = []
        while sources and len(out) < most:
            longest = max(len(one.words) for one in sources)
            answer = self._complete(prompt, copy_grammar(sources), 8 + 6 * longest)
            found = locate(answer or "", sources)
            if found is None:
                break
            out.append(found)
            sources = without(sources, found)
            prompt = f"{prompt} {found.text}\nAutre réponse :"
        return tuple(out)

    def reword(self, statement: Statement) -> str | None:
        """A written wording of one statement, unchecked; ``None`` when there is none or it changes nothing."""
        if "reword" not in self.abilities or not statement.text.strip():
            return None
        if statement.text not in self._wordings:
            if self._hurry():
                return None
            prompt = f"{beginning('reword')}Dictée : {quoted(statement.text)}\nÉcrit :"
            answer = self._complete(prompt, f'root ::= " " {_LINE}+ {END}', 24 + len(statement.text) // 2)
            wording = (answer or "").strip()
            self._wordings[statement.text] = wording if wording and wording != plain(statement.text) else None
        return self._wordings[statement.text]

    def _complete(self, prompt: str, grammar: str, most: int) -> str | None:
        try:
            answer = self.model.complete(prompt, grammar=grammar, max_tokens=most)
        except CalameError as error:
            if isinstance(error, EngineError):
                self.failure = error
            return None
        return answer.text.strip() if answer.finish == "stop" else None


def _lines(statements: Sequence[Statement]) -> str:
    return "".join(f"{s.id} {quoted(s.text)}\n" for s in statements)


def _common(a: str, b: str) -> int:
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
