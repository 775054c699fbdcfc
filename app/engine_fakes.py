"""Scripted engines behind the same seam as the real ones: for tests, the screen's tour and its measures.

They say so (the recogniser is called « script »). What is « heard » is the script, at the pace of the sound
given: one word per ``word_s`` seconds of sound, so that a silent recording of the right length says it all.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.commands import Added, HeardPartial, HeardWords
from app.engine_seam import (
    DecodeRequest,
    DraftRequest,
    ListenRequest,
    Measured,
    MeasureRequest,
    Progress,
    Ready,
    Tell,
)
from dictation.codec import draft_from_json
from dictation.draft import Draft, DraftEngine, DraftSection
from dictation.sound import BYTES_PER_S
from dictation.transcript import EngineInfo, Span, Transcript, Word

SCRIPT = EngineInfo("script", "script", "1")


class ScriptedEngines:
    """Options: ``words`` (the text), ``added`` (what is said into a section later), ``word_s``, ``draft_file`` (draft JSON given for its form, its
    transcript replaced), ``slow_s`` (time a draft takes), ``die_after`` (words after which the process
    exits once; a file of that name marks that it did)."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._words = options.get("words", "").split()
        self._added = options.get("added", "pas de fièvre point").split()
        self._word_s = float(options.get("word_s", "0.3"))
        self._slow_s = float(options.get("slow_s", "0"))
        self._draft: dict[str, Any] | None = None
        if "draft_file" in options:
            self._draft = json.loads(Path(options["draft_file"]).read_text("utf-8"))

    def warm(self, tell: Tell) -> Ready:
        """Nothing to load."""
        tell(Progress(1.0, "loading"))
        return Ready("script", None)

    def listen(
        self, request: ListenRequest, sound: Iterator[bytes], tell: Tell, cancelled: Callable[[], bool]
    ) -> Transcript:
        """One word of the script per ``word_s`` of sound; five words make an utterance."""
        script = self._added if request.addition else self._words
        begun_s = request.earlier[0].start_s if request.earlier else request.offset_s
        start_s = begun_s if request.addition else 0.0
        heard_s, said = request.offset_s, len(request.earlier)
        first, open_words = said, list[Word]()
        all_words: list[Word] = []
        for pcm in sound:
            heard_s += len(pcm) / BYTES_PER_S
            while said < len(script) and start_s + (said + 1) * self._word_s <= heard_s + 1e-3:
                open_words.append(self._word(said, script, start_s))
                said += 1
                tell(HeardPartial(" ".join(w.text for w in open_words[:-2]), " ".join(w.text for w in open_words[-2:])))
                if said - first >= 5:
                    tell(HeardWords(tuple(open_words)))
                    all_words += open_words
                    open_words, first = [], said
            if cancelled():
                break
        if open_words:
            tell(HeardWords(tuple(open_words)))
            all_words += open_words
        return Transcript(request.transcript_id, tuple(all_words), SCRIPT, duration_s=heard_s)

    def _word(self, n: int, script: list[str], start_s: float) -> Word:
        at = start_s + n * self._word_s
        return Word(script[n], at, at + 0.9 * self._word_s, 0.35 if n % 17 == 11 else 0.93)

    def extend(self, request: DraftRequest, tell: Tell) -> Added:
        """Real rules on the words of the addition; nothing is looked over again."""
        return Added(_said(replace(request.transcript, words=request.transcript.words[request.beyond :]), request))

    def draft(self, request: DraftRequest, tell: Tell, *, quick: bool) -> Draft:
        """The draft of the file where its words are there, else everything in one section."""
        if not quick and self._slow_s:
            for part in range(10):
                tell(Progress(part / 10, "drafting"))
                time.sleep(self._slow_s / 10)
        if request.additions:
            from app.composing import whole
            from templates.catalogue import FORMS, load

            form = load(FORMS).get(request.form_id)
            return whole(
                request, form, lambda heard, _, main: self._compose(heard, request) if main else _said(heard, request)
            )
        return self._compose(request.transcript, request)

    def _compose(self, transcript: Transcript, request: DraftRequest) -> Draft:
        if self._draft is not None and self._draft["form"]["id"] == request.form_id:
            return self._scripted(transcript)
        words = transcript.words
        sections = (DraftSection("corps", "Texte dicté", transcript.text, (Span(0, len(words)),)),) if words else ()
        return Draft(transcript, request.form_id, 1, DraftEngine(None, "script"), (), sections, (), ())

    def _scripted(self, transcript: Transcript) -> Draft:
        """As far as the words go: what rests on words not yet said stays a gap."""
        assert self._draft is not None
        last = len(transcript.words)
        data = json.loads(json.dumps(self._draft))

        def there(evidence: list[list[int]]) -> bool:
            return all(b <= last for _, b in evidence)

        for section in data["sections"]:
            if not there(section["evidence"]):
                section |= {"text": "", "evidence": []}
        data["fields"] = [f for f in data["fields"] if there(f["evidence"])]
        data["findings"] = [f for f in data["findings"] if not f.get("span") or there([f["span"]])]
        data["statements"] = [s for s in data["statements"] if s["last_word"] <= last]
        draft = draft_from_json(data)
        return Draft(
            transcript, draft.form_id, draft.form_revision, draft.engine, draft.statements, draft.sections,
            draft.fields, draft.findings, draft.secretary_note, draft.proposals,
        )  # fmt: skip

    def measure(self, request: MeasureRequest, tell: Tell, cancelled: Callable[[], bool]) -> Measured:
        """A script has no speed: ten steps of a tenth of a second."""
        for step in range(10):
            tell(Progress(step / 10, "measuring"))
            time.sleep(0.1)
            if cancelled():
                return Measured(request.name, None)
        return Measured(request.name, 0.25)

    def decode(self, request: DecodeRequest) -> Iterator[bytes]:
        """The bytes are taken for raw sound."""
        content = request.content[44:] if request.content[:4] == b"RIFF" else request.content
        for at in range(0, len(content), BYTES_PER_S):
            yield content[at : at + BYTES_PER_S]


def _said(transcript: Transcript, request: DraftRequest) -> Draft:
    from dictation.lexicon import Lexicon
    from drafting.spoken_french import write
    from drafting.statements import split

    statements = split(write(transcript.words, lexicon=Lexicon()), transcript.words)
    return Draft(transcript, request.form_id, 1, DraftEngine(None, "script"), statements, (), (), ())


def scripted(options: Mapping[str, str]) -> ScriptedEngines:
    """Factory: ``EngineSpec("app.engine_fakes:scripted", {...})``."""
    return ScriptedEngines(options)


class Mortal(ScriptedEngines):
    """Dies once, brutally, after some words: what a native crash looks like."""

    def __init__(self, options: Mapping[str, str]) -> None:
        super().__init__(options)
        self._after, self._mark = int(options["die_after"]), Path(options["die_mark"])

    def _word(self, n: int, script: list[str], start_s: float) -> Word:
        if n >= self._after and not self._mark.exists():
            self._mark.touch()
            os.abort()
        return super()._word(n, script, start_s)


def mortal(options: Mapping[str, str]) -> Mortal:
    """Factory of :class:`Mortal`."""
    return Mortal(options)
