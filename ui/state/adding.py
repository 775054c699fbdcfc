"""Words on their way into a section, as the section shows them."""

from __future__ import annotations

from dataclasses import dataclass

import flet as ft

from app.state import Adding
from ui import preferences


@ft.observable
@dataclass(eq=False)
class AddingVM:
    """Alone, so that a partial word draws one line and not the document. ``key`` ``None``: nothing is dictated."""

    key: str | None = None
    final: str = ""
    unstable: str = ""
    #: the last words are being written
    ending: bool = False
    #: somebody else speaks at the same time
    sharing: bool = False

    def show(self, adding: Adding | None, *, sharing: bool) -> None:
        """Brings it up to the session."""
        if adding is None:
            preferences.assign(self, key=None, final="", unstable="", ending=False, sharing=False)
            return
        final = " ".join([*(w.text for w in adding.words), *([adding.stable] if adding.stable else [])])
        preferences.assign(
            self,
            key=adding.place.key,
            final=final,
            unstable=adding.unstable,
            ending=adding.ending,
            sharing=sharing,
        )
