"""Calame's own look: cool paper, blue-black ink, one accent, a highlighter for evidence.

Colours are given to Flet as a Material colour scheme so that light and dark switch in the browser without
a new rendering. Every pair of text and ground below has a contrast of at least 4.5:1 (``tests/ui/test_theme.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft


@dataclass(frozen=True, slots=True)
class Palette:
    """Ground, ink, accent and signals of one theme."""

    desk: str
    pane: str
    paper: str
    raised: str
    ink: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_soft: str
    on_accent_soft: str
    marker: str
    on_marker: str
    check: str
    check_soft: str
    alarm: str
    alarm_soft: str
    done: str
    done_soft: str


LIGHT = Palette(
    desk="#E6EBEC",
    pane="#F4F6F6",
    paper="#FFFFFF",
    raised="#E9EEEF",
    ink="#16222B",
    muted="#4B5B66",
    line="#D3DBDD",
    edge="#7B8A92",
    accent="#134B70",
    on_accent="#FFFFFF",
    accent_soft="#D9E8F1",
    on_accent_soft="#0E3C5B",
    marker="#FFE9A3",
    on_marker="#2B2200",
    check="#7A4300",
    check_soft="#FFF0D6",
    alarm="#9C1F26",
    alarm_soft="#FBE4E3",
    done="#17603E",
    done_soft="#DDF0E5",
)
DARK = Palette(
    desk="#0D1317",
    pane="#141C21",
    paper="#1A242A",
    raised="#222E35",
    ink="#E4EAED",
    muted="#A2B0B8",
    line="#2B3840",
    edge="#6C7C86",
    accent="#86C5EA",
    on_accent="#05202E",
    accent_soft="#1C3B4E",
    on_accent_soft="#CBE6F6",
    marker="#5A4A0B",
    on_marker="#FFEFBF",
    check="#F0B866",
    check_soft="#37290F",
    alarm="#FF9F99",
    alarm_soft="#43191B",
    done="#83D3A7",
    done_soft="#143325",
)


class Ink:
    """Names of the scheme's places, as components use them."""

    DESK = ft.Colors.SURFACE_DIM
    PANE = ft.Colors.SURFACE
    PAPER = ft.Colors.SURFACE_CONTAINER_LOWEST
    RAISED = ft.Colors.SURFACE_CONTAINER_HIGH
    TEXT = ft.Colors.ON_SURFACE
    MUTED = ft.Colors.ON_SURFACE_VARIANT
    LINE = ft.Colors.OUTLINE_VARIANT
    EDGE = ft.Colors.OUTLINE
    ACCENT = ft.Colors.PRIMARY
    ON_ACCENT = ft.Colors.ON_PRIMARY
    ACCENT_SOFT = ft.Colors.PRIMARY_CONTAINER
    ON_ACCENT_SOFT = ft.Colors.ON_PRIMARY_CONTAINER
    MARKER = ft.Colors.SECONDARY_CONTAINER
    ON_MARKER = ft.Colors.ON_SECONDARY_CONTAINER
    CHECK = ft.Colors.TERTIARY
    CHECK_SOFT = ft.Colors.TERTIARY_CONTAINER
    ALARM = ft.Colors.ERROR
    ALARM_SOFT = ft.Colors.ERROR_CONTAINER
    DONE = ft.Colors.SECONDARY
    DONE_SOFT = ft.Colors.SURFACE_CONTAINER


def scheme(p: Palette) -> ft.ColorScheme:
    """The palette in Material's places."""
    return ft.ColorScheme(
        primary=p.accent,
        on_primary=p.on_accent,
        primary_container=p.accent_soft,
        on_primary_container=p.on_accent_soft,
        secondary=p.done,
        on_secondary=p.paper,
        secondary_container=p.marker,
        on_secondary_container=p.on_marker,
        tertiary=p.check,
        on_tertiary=p.paper,
        tertiary_container=p.check_soft,
        on_tertiary_container=p.check,
        error=p.alarm,
        on_error=p.paper,
        error_container=p.alarm_soft,
        on_error_container=p.alarm,
        surface=p.pane,
        surface_dim=p.desk,
        surface_bright=p.paper,
        surface_container_lowest=p.paper,
        surface_container_low=p.pane,
        surface_container=p.done_soft,
        surface_container_high=p.raised,
        surface_container_highest=p.raised,
        on_surface=p.ink,
        on_surface_variant=p.muted,
        outline=p.edge,
        outline_variant=p.line,
        shadow="#000000",
        scrim="#0A1216",
        inverse_surface=p.ink,
        on_inverse_surface=p.paper,
        inverse_primary=p.accent_soft,
        surface_tint=p.pane,
    )


FONTS = {
    "Inter": "/fonts/Inter-Regular.otf",
    "Inter Medium": "/fonts/Inter-Medium.otf",
    "Inter SemiBold": "/fonts/Inter-SemiBold.otf",
    "Serif": "/fonts/SourceSerifPro-Regular.ttf",
    "Serif Italic": "/fonts/SourceSerifPro-It.ttf",
    "Serif SemiBold": "/fonts/SourceSerifPro-Semibold.ttf",
    "DejaVu": "/fonts/DejaVuSans.ttf",
}
FALLBACK = ["DejaVu"]
RADIUS = 6


def face(p: Palette, scale: float = 1.0) -> ft.Theme:
    """Flet theme of a palette; ``scale`` multiplies every text size (the font-size setting)."""

    def style(size: float, family: str = "Inter", spacing: float = 0) -> ft.TextStyle:
        return ft.TextStyle(
            size=size * scale, font_family=family, font_family_fallback=FALLBACK, letter_spacing=spacing, height=1.35
        )

    corner = ft.RoundedRectangleBorder(radius=RADIUS)
    padding = ft.Padding.symmetric(horizontal=14, vertical=10)
    label = style(13, "Inter Medium", 0)
    return ft.Theme(
        font_family="Inter",
        color_scheme=scheme(p),
        visual_density=ft.VisualDensity.COMPACT,
        scaffold_bgcolor=p.desk,
        canvas_color=p.pane,
        focus_color=p.accent_soft,
        hover_color=ft.Colors.with_opacity(0.06, p.accent),
        splash_color=ft.Colors.TRANSPARENT,
        highlight_color=ft.Colors.TRANSPARENT,
        text_theme=ft.TextTheme(
            body_small=style(12),
            body_medium=style(13),
            body_large=style(15),
            label_large=label,
            label_medium=style(12, "Inter Medium"),
            label_small=style(11, "Inter Medium"),
            title_large=style(20, "Inter SemiBold", -0.2),
            title_medium=style(15, "Inter SemiBold"),
            title_small=style(13, "Inter SemiBold"),
        ),
        filled_button_theme=ft.FilledButtonTheme(
            style=ft.ButtonStyle(shape=corner, padding=padding, text_style=label, elevation=0)
        ),
        outlined_button_theme=ft.OutlinedButtonTheme(
            style=ft.ButtonStyle(
                shape=corner, padding=padding, text_style=label, side=ft.BorderSide(1, p.edge), color=p.ink
            )
        ),
        text_button_theme=ft.TextButtonTheme(
            style=ft.ButtonStyle(shape=corner, padding=ft.Padding.symmetric(horizontal=8, vertical=8), text_style=label)
        ),
        icon_button_theme=ft.IconButtonTheme(style=ft.ButtonStyle(visual_density=ft.VisualDensity.COMPACT)),
        dialog_theme=ft.DialogTheme(bgcolor=p.paper, shape=ft.RoundedRectangleBorder(radius=10), elevation=12),
        tooltip_theme=ft.TooltipTheme(
            text_style=ft.TextStyle(size=12 * scale, color=p.paper, font_family="Inter"),
            decoration=ft.BoxDecoration(bgcolor=p.ink, border_radius=4),
        ),
        popup_menu_theme=ft.PopupMenuTheme(color=p.paper, shape=corner),
        scrollbar_theme=ft.ScrollbarTheme(thickness=6, radius=3, thumb_color=ft.Colors.with_opacity(0.4, p.muted)),
        divider_color=p.line,
    )
