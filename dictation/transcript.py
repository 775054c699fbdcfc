"""What was heard: words with times and confidences, and spans over them.

Evidence anywhere in Calame is a :class:`Span` of **word indices in the raw transcript**, never a
character offset in cleaned text: cleaning moves characters exactly where the risk is highest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of word indices: ``first`` included, ``last`` excluded; never empty."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.last:
            raise ValueError(f"span must satisfy 0 <= first < last, got {self.first}, {self.last}")

    def __len__(self) -> int:
        return self.last - self.first

    def covers(self, index: int) -> bool:
        """True when word ``index`` lies inside."""
        return self.first <= index < self.last

    def overlaps(self, other: Span) -> bool:
        """True when both share at least one word."""
        return self.first < other.last and other.first < self.last

    def contains(self, other: Span) -> bool:
        """True when ``other`` lies wholly inside."""
        return self.first <= other.first and other.last <= self.last

    def join(self, other: Span) -> Span:
        """Smallest span that contains both."""
        return Span(min(self.first, other.first), max(self.last, other.last))


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard, in spoken form."""

    text: str
    #: seconds from the start of the recording
    start_s: float = 0.0
    #: seconds from the start of the recording, never before ``start_s``
    end_s: float = 0.0
    #: 0..1; 1.0 when the text was typed and not heard
    confidence: float = 1.0
    #: what the first pass heard when the vocabulary replaced it, else ``None``
    heard: str | None = None


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine produced something, exactly enough to reproduce it."""

    name: str
    model: str
    revision: str


TYPED = EngineInfo(name="texte", model="aucun", revision="1")


@dataclass(frozen=True, slots=True)
class Transcript:
    """An immutable transcript. Correcting it makes a new one."""

    id: str
    words: tuple[Word, ...]
    engine: EngineInfo = TYPED
    language: str = "fr"
    #: length of the recording in seconds; 0 when typed
    duration_s: float = 0.0

    @property
    def text(self) -> str:
        """The words joined by single spaces; ``""`` when nothing was heard."""
        return " ".join(word.text for word in self.words)

    def quote(self, span: Span) -> str:
        """Words under ``span``; raises ``IndexError`` when it leaves the transcript."""
        if span.last > len(self.words):
            raise IndexError(f"span {span} leaves a transcript of {len(self.words)} words")
        return " ".join(word.text for word in self.words[span.first : span.last])

    def confidence(self, spans: Iterable[Span]) -> float:
        """Lowest confidence under ``spans``; 1.0 when there is none."""
        values = [w.confidence for s in spans for w in self.words[s.first : s.last]]
        return min(values, default=1.0)


def transcript_of_text(text: str, *, id: str = "texte") -> Transcript:
    """Transcript of typed or pasted words as spoken: split on white space, line ends kept as « à la ligne ».

    A blank line becomes « nouveau paragraphe ». Times are 0, confidence is 1.
    """
    words: list[Word] = []
    for block_number, block in enumerate(part for part in text.replace("\r\n", "\n").split("\n\n")):
        pieces = [line.split() for line in block.split("\n")]
        if block_number and words and any(pieces):
            words += [Word("nouveau"), Word("paragraphe")]
        for line_number, line in enumerate(piece for piece in pieces if piece):
            if line_number:
                words += [Word("à"), Word("la"), Word("ligne")]
            words += [Word(piece) for piece in line]
    return Transcript(id=id, words=tuple(words))
