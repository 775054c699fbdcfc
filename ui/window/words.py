"""The words and their sound: highlight, play, correct, learn."""

from __future__ import annotations

from contextlib import suppress

from app import commands as c
from dictation.transcript import Span
from ui.window.sync import Synced

#: what a fresh window shows of the sound before and after a word that is clicked
BEFORE_S, AFTER_S = 0.15, 0.35


class Words(Synced):
    """The transcript's side of a document."""

    def highlight(self, spans: tuple[Span, ...]) -> None:
        """Marks words and brings them into view."""
        self.transcript.highlight(spans)
        if self.transcript.anchor is not None:
            self.page.run_task(self._scroll_to_word, self.transcript.anchor)

    async def _scroll_to_word(self, n: int) -> None:
        block = self.transcript.block_of(n)
        pane = self.ref("transcript").current
        if block is not None and pane is not None:
            with suppress(Exception):  # the pane may be hidden
                await pane.scroll_to(scroll_key=f"block-{block}", duration=200)

    def word(self, n: int) -> None:
        """A word was clicked: the sound from there, and the word ready to be corrected."""
        words = self.transcript.words
        if not 0 <= n < len(words):
            return
        self.transcript.chosen = n
        self.play_from(words[n].start_s)

    def play_from(self, seconds: float, until: float | None = None) -> None:
        """The recording from there."""
        if self.list.selected is None or not self.transcript.has_sound:
            return
        self.channel.order(
            "play",
            src=f"/son/{self.list.selected}.wav",
            at=max(0.0, seconds - BEFORE_S),
            until=until,
            rate=self.transcript.rate,
        )

    def play_spans(self, spans: tuple[Span, ...]) -> None:
        """The sound of some words."""
        words = self.transcript.words
        if spans and spans[-1].last <= len(words):
            self.play_from(words[spans[0].first].start_s, words[spans[-1].last - 1].end_s + AFTER_S)

    def play_pause(self) -> None:
        """F7."""
        if self.transcript.playing:
            self.channel.order("pause")
            return
        anchor = self.transcript.anchor
        start = self.transcript.words[anchor].start_s if anchor is not None else self.transcript.at_s
        self.play_from(start)

    def skip(self, seconds: float) -> None:
        """A little back or forward."""
        self.play_from(max(0.0, self.transcript.at_s + seconds))

    def set_rate(self, rate: float) -> None:
        """0.75 to 2 times."""
        self.transcript.rate = rate
        self.channel.order("rate", rate=rate)

    def correct_word(self, n: int, wanted: str) -> None:
        """The transcript heard wrong."""
        self.shell.dialog = None
        self.desk.do(c.CorrectWord(n, wanted))
