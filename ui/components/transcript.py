"""What was said: blocks of words to click, marks that do not rely on colour, the player, the word to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from dictation.transcript import Word
from ui.parts import (
    button,
    field,
    icon_button,
    keyed,
    label,
    main_button,
    muted,
    named,
    scroll_key,
    still,
    strong,
    text,
)
from ui.state.transcript import CORRECTED, DOUBTFUL, EVIDENCE, PLAYING, Block, TranscriptVM
from ui.theme import FALLBACK, RADIUS, Ink

if TYPE_CHECKING:
    from ui.window import Window

RATES = (0.75, 1.0, 1.25, 1.5, 2.0)

_LOOKS: dict[str | None, ft.TextStyle | None] = {
    None: None,
    PLAYING: ft.TextStyle(bgcolor=Ink.ACCENT, color=Ink.ON_ACCENT),
    EVIDENCE: ft.TextStyle(bgcolor=Ink.MARKER, color=Ink.ON_MARKER, weight=ft.FontWeight.W_600),
    DOUBTFUL: ft.TextStyle(
        color=Ink.CHECK,
        decoration=ft.TextDecoration.UNDERLINE,
        decoration_style=ft.TextDecorationStyle.WAVY,
        decoration_color=Ink.CHECK,
    ),
    CORRECTED: ft.TextStyle(
        decoration=ft.TextDecoration.UNDERLINE,
        decoration_style=ft.TextDecorationStyle.DOTTED,
        decoration_color=Ink.EDGE,
    ),
}


@ft.component
def TranscriptPane(win: Window, vm: TranscriptVM) -> ft.Control:
    """Everything on the right."""
    t = win.t
    body: list[ft.Control] = [
        ft.Container(still(WordBlock, f"words-{n}", win, block, t.language), key=scroll_key(f"block-{n}"))
        for n, block in enumerate(vm.blocks)
    ] or [muted(t("transcript.empty"))]
    return named(
        "transcript",
        ft.Column(
            expand=True,
            spacing=0,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            controls=[
                _player(win, vm),
                ft.Container(
                    ft.Column(
                        body,
                        ref=win.ref("transcript"),
                        expand=True,
                        spacing=10,
                        scroll=ft.ScrollMode.AUTO,
                        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                    ),
                    expand=True,
                    padding=ft.Padding.only(left=18, right=10, top=12, bottom=8),
                ),
                _legend(win),
                *([_chosen(win, vm, vm.chosen)] if vm.chosen is not None and vm.chosen < len(vm.words) else []),
            ],
        ),
        label=t("transcript.title"),
        expand=True,
    )


def _player(win: Window, vm: TranscriptVM) -> ft.Control:
    t = win.t
    if not vm.has_sound:
        right: list[ft.Control] = [muted(t("transcript.no_sound"), size=11)]
    else:
        right = [
            icon_button(ft.Icons.REPLAY_5, t("transcript.back"), lambda: win.skip(-3.0)),
            icon_button(
                ft.Icons.PAUSE_CIRCLE_FILLED if vm.playing else ft.Icons.PLAY_CIRCLE_FILL,
                t("transcript.pause" if vm.playing else "transcript.play"),
                lambda: win.play_pause(),
                size=24,
            ),
            icon_button(ft.Icons.FORWARD_5, t("transcript.forward"), lambda: win.skip(3.0)),
            _rates(win, vm),
        ]
    return ft.Container(
        ft.Row(
            [strong(t("transcript.title")), muted(_minutes(vm.duration_s), size=11), ft.Container(expand=True), *right],
            spacing=4,
        ),
        height=46,
        padding=ft.Padding.only(left=18, right=10),
        border=ft.Border.only(bottom=ft.BorderSide(1, Ink.LINE)),
    )


def _rates(win: Window, vm: TranscriptVM) -> ft.Control:
    shown = rate_text(vm.rate)
    return ft.MergeSemantics(
        ft.PopupMenuButton(
            content=ft.Container(
                text(shown, size=12, family="Inter Medium", color=Ink.MUTED),
                padding=ft.Padding.symmetric(horizontal=8, vertical=4),
                border=ft.Border.all(1, Ink.LINE),
                border_radius=RADIUS,
            ),
            tooltip=win.t("transcript.rate"),
            items=[
                ft.PopupMenuItem(rate_text(rate), checked=rate == vm.rate, on_click=lambda e, r=rate: win.set_rate(r))
                for rate in RATES
            ],
        ),
    )


def rate_text(rate: float) -> str:
    """« 1,25× »."""
    return f"{rate:g}×".replace(".", ",")


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}" if seconds else ""


@ft.component
def WordBlock(win: Window, block: Block, language: str) -> ft.Control:
    """One block; drawn again only when its own marks move."""
    spans: list[ft.TextSpan] = []
    before: str | None = None
    for n, word in enumerate(block.words, start=block.first):
        mark = block.mark_of(n)
        follows = n + 1 < block.first + len(block.words) and block.mark_of(n + 1) == mark == EVIDENCE
        spans.append(
            ft.TextSpan(
                word.text + (" " if follows else ""),
                style=_LOOKS[mark],
                semantics_label=_read_aloud(win, word, mark, before),
                on_click=lambda e, i=n: win.word(i),
            )
        )
        if not follows:
            spans.append(ft.TextSpan(" "))
        before = mark
    return ft.Text(
        spans=spans,
        size=14.5,
        font_family="Serif",
        font_family_fallback=FALLBACK,
        color=Ink.TEXT,
        style=ft.TextStyle(height=1.6),
    )


def _read_aloud(win: Window, word: Word, mark: str | None, before: str | None) -> str | None:
    """A mark is also said, once at its first word."""
    if mark == EVIDENCE:
        return f"[{win.t('transcript.evidence')}] {word.text}" if before != EVIDENCE else word.text
    if mark == DOUBTFUL:
        return f"{word.text} ({win.t('transcript.doubtful')})"
    if mark == CORRECTED:
        return f"{word.text} ({win.t('transcript.corrected', heard=word.heard)})"
    return None


def _legend(win: Window) -> ft.Control:
    def one(mark: str, key: str) -> ft.Control:
        return ft.Text(
            spans=[ft.TextSpan(win.t(key), style=_LOOKS[mark])],
            size=11,
            font_family="Inter",
            font_family_fallback=FALLBACK,
            color=Ink.MUTED,
        )

    return ft.Container(
        ft.Row(
            [
                one(EVIDENCE, "transcript.legend_evidence"),
                one(DOUBTFUL, "transcript.legend_doubtful"),
                one(CORRECTED, "transcript.legend_corrected"),
            ],
            spacing=16,
            wrap=True,
        ),
        padding=ft.Padding.only(left=18, right=10, top=4, bottom=8),
    )


def _chosen(win: Window, vm: TranscriptVM, n: int) -> ft.Control:
    """The word that was clicked: correct it, or ask about it."""
    return keyed(ChosenWord, f"chosen-{n}-{vm.words[n].text}", win, n, vm.words[n])


@ft.component
def ChosenWord(win: Window, n: int, word: Word) -> ft.Control:
    """A small sheet under the transcript."""
    t = win.t
    written: ft.MutableRef[str] = ft.use_ref(lambda: word.text)

    def correct() -> None:
        win.transcript.chosen = None
        win.correct_word(n, written.current)

    def write(e: ft.Event[ft.TextField]) -> None:
        written.current = e.control.value

    signed = win.review.signed
    actions: list[ft.Control] = []
    if not signed:
        actions.append(main_button(t("transcript.correct"), correct, key="correct-word"))
        if win.shell.role == "secretary":
            actions.append(button(t("transcript.ask_here"), lambda: win.ask_about(n), icon=ft.Icons.HELP_OUTLINE))
    return ft.Container(
        named(
            "chosen-word",
            ft.Column(
                [
                    ft.Row(
                        [
                            label(t("transcript.chosen")),
                            *([muted(t("transcript.corrected", heard=word.heard), size=11)] if word.heard else []),
                            ft.Container(expand=True),
                            icon_button(
                                ft.Icons.CLOSE, t("close"), lambda: setattr(win.transcript, "chosen", None), size=16
                            ),
                        ],
                        spacing=8,
                    ),
                    ft.Row(
                        [
                            ft.Container(
                                field(
                                    t("transcript.correct_hint"),
                                    word.text,
                                    write,
                                    key="word-text",
                                    on_submit=lambda e: correct(),
                                    read_only=signed,
                                ),
                                expand=True,
                            ),
                            *actions,
                        ],
                        spacing=8,
                    ),
                ],
                spacing=4,
                tight=True,
            ),
        ),
        padding=ft.Padding.only(left=18, right=10, top=6, bottom=12),
        bgcolor=Ink.PAPER,
        border=ft.Border.only(top=ft.BorderSide(1, Ink.LINE)),
    )
