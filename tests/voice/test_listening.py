"""The path of sound, on scripted parts."""

from __future__ import annotations

import io
import itertools
import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from dictation.errors import EngineError
from dictation.evidence import Finding, Severity
from dictation.sound import AudioFrame, Utterance
from dictation.transcript import Span, Transcript, Word
from voice import listen
from voice.fakes import Line, LoudnessDetector, ScriptedRecogniser, ScriptedSource, silence, spoken
from voice.files import PcmSource
from voice.seams import Decoder, Hints, Hypothesis, Level, Partial, Revision, SecondPass

LINES = ["Patient de 72 ans, virgule,", "pas de douleur thoracique, point.", "Je le revois dans trois mois, point."]
SOUND = spoken([(0.8, False), (2.0, True), (0.9, False), (2.4, True), (1.0, False), (1.5, True), (0.7, False)])


def heard(source: object, recogniser: ScriptedRecogniser | None = None, **how: object) -> Transcript:
    return listen(source, recogniser or ScriptedRecogniser(LINES), detector=LoudnessDetector(), **how)  # type: ignore[arg-type]


def test_what_is_said_is_heard_with_exact_times() -> None:
    transcript = heard(ScriptedSource(SOUND))
    assert transcript.text == " ".join(LINES)
    assert transcript.duration_s == pytest.approx(len(SOUND) / 32000, abs=0.02)
    starts = {w.text: w.start_s for w in transcript.words}
    assert starts["Patient"] == pytest.approx(0.8, abs=0.05)
    assert starts["pas"] == pytest.approx(3.7, abs=0.05)
    assert starts["Je"] == pytest.approx(7.1, abs=0.05)
    assert all(a.end_s <= b.start_s + 1e-6 for a, b in zip(transcript.words, transcript.words[1:], strict=False))


@pytest.mark.parametrize("chunk_bytes", [224, 640, 3200, 32_000, len(SOUND)])
def test_chunks_change_nothing(chunk_bytes: int) -> None:
    assert heard(ScriptedSource(SOUND, chunk_bytes=chunk_bytes)).words == heard(ScriptedSource(SOUND)).words


class Slow(io.RawIOBase):
    """Standard input at about twenty times real time."""

    def __init__(self, pcm: bytes) -> None:
        self._pcm = io.BytesIO(pcm)

    def read(self, size: int = -1) -> bytes:
        time.sleep(0.002)
        return self._pcm.read(1280)


def test_arriving_slowly_changes_nothing_and_shows_partial_text() -> None:
    partials: list[Partial] = []
    transcript = heard(PcmSource(Slow(SOUND)), on_partial=partials.append)  # type: ignore[arg-type]
    assert transcript.words == heard(ScriptedSource(SOUND)).words
    assert partials


def test_silence_makes_an_empty_transcript() -> None:
    transcript = heard(ScriptedSource(silence(10)))
    assert transcript.words == ()
    assert transcript.duration_s == 10.0


def test_levels_progress_and_words_arrive() -> None:
    levels: list[Level] = []
    progress: list[tuple[float, float | None]] = []
    words: list[tuple[Word, ...]] = []
    transcript = heard(
        ScriptedSource(SOUND),
        on_level=levels.append,
        on_progress=lambda done, total: progress.append((done, total)),
        on_words=words.append,
    )
    assert len(levels) == pytest.approx(len(SOUND) / 3200, abs=2)
    assert min(level.rms_db for level in levels) == -96.0
    assert max(level.rms_db for level in levels) > -20
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert progress[-1][0] == pytest.approx(transcript.duration_s)
    assert tuple(w for group in words for w in group) == transcript.words


def test_cancelling_keeps_what_is_done() -> None:
    done: list[tuple[Word, ...]] = []

    class Steady:
        """Waits for the decoder so that the test does not depend on who is faster."""

        def frames(self) -> Iterator[AudioFrame]:
            for frame in ScriptedSource(SOUND).frames():
                deadline = time.monotonic() + 5
                while frame.start_s > 3.5 and not done and time.monotonic() < deadline:
                    time.sleep(0.001)
                yield frame

    transcript = heard(Steady(), on_words=done.append, cancelled=lambda: bool(done))
    assert transcript.text.startswith(LINES[0])
    assert LINES[2] not in transcript.text


def test_a_microphone_that_goes_keeps_everything_said_before() -> None:
    findings: list[Finding] = []
    transcript = heard(ScriptedSource(SOUND, fail_at_s=5.0), on_findings=findings.extend)
    assert transcript.text == " ".join(LINES[:2])
    assert [f.code for f in findings] == ["device.gone"]


def test_a_source_that_never_gives_anything_raises() -> None:
    with pytest.raises(EngineError) as caught:
        heard(ScriptedSource(SOUND, fail_at_s=0.0))
    assert caught.value.code == "device.gone"


def test_a_gap_in_the_clock_keeps_later_times_exact() -> None:
    class Gap:
        def frames(self) -> Iterator[AudioFrame]:
            yield from ScriptedSource(SOUND, fail_at_s=None).frames()
            yield from ScriptedSource(SOUND, start_s=100.0).frames()

    transcript = heard(Gap(), ScriptedRecogniser([*LINES, "encore", "une", "fois"]))
    assert {w.text: w.start_s for w in transcript.words}["encore"] == pytest.approx(100.8, abs=0.05)


def test_a_recogniser_that_fails_says_so() -> None:
    class Broken(ScriptedRecogniser):
        def decode(self, *args: object, **kwargs: object) -> Hypothesis:
            raise EngineError("engine.died", "Le moteur s'est arrêté.")

    before = set(threading.enumerate())
    with pytest.raises(EngineError) as caught:
        heard(ScriptedSource(SOUND), Broken(LINES))
    assert caught.value.code == "engine.died"
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive(), thread.name


def test_memory_stays_bounded_on_half_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    import voice.listening as listening

    most = 0
    forget = listening._Ears._forget

    def watch(self: listening._Ears) -> None:
        nonlocal most
        forget(self)
        most = max(most, len(self._sound))

    monkeypatch.setattr(listening._Ears, "_forget", watch)
    minute = spoken([(0.5, False), (20.0, True), (1.0, False), (30.0, True), (8.5, False)])

    class HalfHour:
        def frames(self) -> Iterator[AudioFrame]:
            for n in range(30):
                yield from ScriptedSource(minute, start_s=n * 60.0).frames()

    transcript = heard(HalfHour(), ScriptedRecogniser([]))
    assert transcript.duration_s == pytest.approx(1800.0)
    assert most < 20 * 32_000


# --- the session --------------------------------------------------------------------------------


def utterance(n: int) -> Utterance:
    pcm = spoken([(0.3, False), (1.5, True), (0.3, False)])
    return Utterance(pcm, n * 10.0, n * 10.0 + len(pcm) / 32000)


def test_the_last_text_is_given_unless_it_was_heard_badly() -> None:
    recogniser = ScriptedRecogniser(["bien entendu", Line("bouillie", avg_logprob=-1.5), "ensuite"])
    session = recogniser.open(Hints(terms=("Kardégic",)))
    for n in range(3):
        session.accept(utterance(n))
    assert recogniser.prompts[0] == (("Kardégic",), "")
    assert recogniser.prompts[1][1] == "bien entendu"
    assert recogniser.prompts[-1][1] == ""


def test_an_utterance_the_model_calls_silence_gives_no_word() -> None:
    session = ScriptedRecogniser([Line("Sous-titrage", avg_logprob=-1.0, no_speech=0.9)]).open(Hints())
    assert session.accept(utterance(0)) == ()


def test_stable_partial_text_never_changes() -> None:
    class Growing(ScriptedRecogniser):
        texts = iter(
            ["le patient", "le patient va", "le patron va bien", "le patient va bien", "le patient va bien merci"]
        )

        def decode(self, utterance: Utterance, *args: object, **kwargs: object) -> Hypothesis:
            words = [Word(t, utterance.start_s + 0.4, utterance.start_s + 0.8) for t in next(self.texts).split()]
            return Hypothesis(tuple(words), -0.2, 0.0, 1.0)

    session = Growing([]).open(Hints())
    pcm = spoken([(0.3, False), (3.0, True)])
    partials = [session.partial(Utterance(pcm[: 32000 + n * 3200], 0.0, 1.0 + n / 10)) for n in range(5)]
    assert [p.stable for p in partials] == ["", "le patient", "le patient", "le patient", "le patient va bien"]
    for before, after in itertools.pairwise(partials):
        assert after.stable.startswith(before.stable)


def test_hearing_ahead_makes_the_final_text_instant_and_changes_nothing() -> None:
    plain, ahead = ScriptedRecogniser(LINES), ScriptedRecogniser(LINES)
    one, two = plain.open(Hints()), ahead.open(Hints())
    two.prepare(utterance(0))
    assert two.accept(utterance(0)) == one.accept(utterance(0))
    assert len(ahead.prompts) == 1
    shorter = Utterance(utterance(1).pcm[:40_000], utterance(1).start_s, utterance(1).start_s + 1.25)
    two.prepare(shorter)  # the doctor went on: what was heard ahead is not used
    assert two.accept(utterance(1)) == one.accept(utterance(1))
    assert two.finish() == one.finish()


def test_a_sentence_the_decoder_skipped_is_heard_by_itself() -> None:
    class Skips(ScriptedRecogniser):
        def decode(self, utterance: Utterance, *args: object, **how: object) -> Hypothesis:
            text = "bonjour" if utterance.start_s < 0.5 else "encore bonjour"
            start = utterance.start_s + 0.3
            words = [Word(t, start + n * 0.5, start + n * 0.5 + 0.4) for n, t in enumerate(text.split())]
            return Hypothesis(tuple(words), -0.3, 0.0, 1.0)

    session = Skips([]).open(Hints())
    pcm = spoken([(0.3, False), (4.0, True), (0.3, False)])
    words = session.accept(Utterance(pcm, 0.0, len(pcm) / 32_000))
    assert [w.text for w in words] == ["bonjour", "encore", "bonjour"]
    assert [w.start_s for w in words] == sorted(w.start_s for w in words)


def test_what_is_heard_ahead_is_given_up_once_the_doctor_goes_on() -> None:
    recogniser = ScriptedRecogniser(LINES)
    session = recogniser.open(Hints())
    session.prepare(utterance(0), lambda: False)
    assert recogniser.prompts == []
    assert " ".join(w.text for w in session.accept(utterance(0))) == LINES[0]


def test_what_was_heard_ahead_serves_though_the_next_utterance_begins_at_once() -> None:
    """A slow decoder, and speech again a tenth of a second after a soft cut."""

    class Slowly(ScriptedRecogniser):
        asked = 0

        def speech_mask(self, utterance: Utterance) -> np.ndarray:
            Slowly.asked += 1
            time.sleep(0.1)
            return super().speech_mask(utterance)

    class InTime:
        live = True

        def frames(self) -> Iterator[AudioFrame]:
            for frame in ScriptedSource(spoken([(0.5, False), (6.5, True), (0.3, False), (1.0, True)])).frames():
                time.sleep(0.004)
                yield frame

    recogniser = Slowly(["un", "deux"])
    assert heard(InTime(), recogniser).text == "un deux"
    assert Slowly.asked == 4  # each utterance once by the session, once by the decode


def test_a_live_source_is_heard_ahead_in_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    from voice.session import Session

    calls: list[str] = []
    for name in ("prepare", "accept"):
        real = getattr(Session, name)
        monkeypatch.setattr(
            Session, name, lambda self, *a, name=name, real=real: (calls.append(name), real(self, *a))[1]
        )
    recogniser = ScriptedRecogniser(LINES)
    transcript = heard(PcmSource(Slow(SOUND)), recogniser)  # type: ignore[arg-type]
    assert transcript.words == heard(ScriptedSource(SOUND)).words
    assert calls[:2] == ["prepare", "accept"]
    assert len(recogniser.prompts) == 3


def test_findings_of_the_second_pass_count_words_of_the_dictation() -> None:
    class Doubtful:
        def prompt_terms(self, previous: str) -> tuple[str, ...]:
            return ("bisoprolol",)

        def with_names(self, names: Sequence[str]) -> SecondPass:
            return self

        def revise(self, utterance: Utterance, first: Hypothesis, decoder: Decoder, previous: str) -> Revision:
            finding = Finding("drug.doubt", Severity.CHECK, "À vérifier.", Span(1, 2))
            return Revision(first.words, (finding,))

    recogniser = ScriptedRecogniser(["un deux trois", "quatre cinq"], second_pass=Doubtful())
    session = recogniser.open(Hints())
    session.accept(utterance(0))
    session.accept(utterance(1))
    assert [f.span for f in session.findings] == [Span(1, 2), Span(4, 5)]
    assert recogniser.prompts[0][0] == ("bisoprolol",)


def test_level_meter_sees_clipping() -> None:
    from voice.levels import LevelMeter

    loud = np.full(1600, 32767, "<i2").tobytes()
    level = LevelMeter().push(loud)
    assert level is not None
    assert level.clipped
    assert level.peak_db == pytest.approx(0.0, abs=0.01)
