"""What Calame offers and never imposes: a word to learn, a « texte type », a colleague."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.habits import Suggestion
from app.learning import Lesson


@ft.observable
@dataclass(eq=False)
class OffersVM:
    """One of each at a time, alone so that nothing else is drawn."""

    lesson: Lesson | None = None
    suggestions: tuple[Suggestion, ...] = ()
    favourites: tuple[str, ...] = ()
