"""Quality over time as a page: for a terminal, and to print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.card.figures import percent
from app.quality import Report, Row, history, report, sparkline
from records import Actor
from templates.french import MONTHS
from templates.page import Block, Heading, Page, Table, Text, page_docx

if TYPE_CHECKING:
    from app.office import Office

TITLE = "Qualité des brouillons au fil du temps"
HEADER = (
    "documents",
    "mots changés",
    "médiane",
    "dont secrétaire",
    "dont médecin",
    "signés tels quels",
    "champs corrigés",
    "alertes sans réponse",
)


def printed_for(office: Office, actor: Actor) -> bytes:
    """The page as Word for a person of the practice: the practice's figures, and one's own line alone.

    Raises :class:`~dictation.errors.RefusedError` for a secretary.
    """
    made = report(history(office.store, by=actor))
    own = replace(made, authors=tuple(r for r in made.authors if r.key == actor.account_id))

    def kind(form_id: str) -> str:
        form = office.form(form_id)
        return form.title if form else form_id

    return page_docx(page(own, office.parts.ports.clock().date(), kind=kind, author=lambda _: actor.name))


def month(key: str) -> str:
    """« mars 2026 » from "2026-03"."""
    year, _, number = key.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}"


def cells(r: Row) -> tuple[str, ...]:
    """A row's figures, in the order of :data:`HEADER`."""
    return (
        str(r.documents),
        percent(r.changed_percent),
        percent(r.median_percent),
        percent(r.secretary_percent),
        percent(r.doctor_percent),
        f"{r.untouched}/{r.documents}",
        f"{r.fields_corrected}/{r.fields}",
        f"{r.findings_ignored}/{r.findings}",
    )


def page(made: Report, day: dt.date, *, kind: Callable[[str], str], author: Callable[[str], str]) -> Page:
    """``kind`` and ``author`` name a form and an account."""
    if made.total is None:
        nothing = Text(
            "Aucun document signé n'a encore été mesuré\u00a0: le compte se fait tout seul, à chaque signature."
        )
        return Page(TITLE, day, (nothing,))
    blocks: list[Block] = [
        Text(
            "Pour chaque document signé, le nombre de mots ajoutés, ôtés ou remplacés entre le brouillon, le texte de "
            "la secrétaire et le texte signé, pour cent mots du brouillon. Seuls des nombres sont gardés, sur cette "
            "machine. Ils jugent le logiciel, pas les personnes\u00a0: rien n'est compté par secrétaire."
        ),
        Table(("ensemble", *HEADER), (("tous les documents", *cells(made.total)),)),
        Heading("Par mois"),
        Text(f"Mots changés, du premier au dernier mois\u00a0: {sparkline(r.changed_percent for r in made.months)}"),
        Table(("mois", *HEADER), tuple((month(r.key), *cells(r)) for r in made.months)),
        Heading("Par document"),
        Table(
            ("document", "courbe", *HEADER),
            tuple((kind(r.key), sparkline(made.curves[r.key]), *cells(r)) for r in made.kinds),
        ),
    ]
    if made.authors:
        table = Table(("auteur", *HEADER), tuple((author(r.key), *cells(r)) for r in made.authors))
        blocks += [Heading("Par auteur"), table]
    return Page(TITLE, day, tuple(blocks))
