"""The transparency page and model card of this installation, made from what was measured on it.

Every figure comes from ``mesures.json`` (``calame bench``); where nothing was measured the page says so, and how to
measure. Asked for by the European regulation on artificial intelligence, art. 50, and by anybody who is to trust it
(``docs/conformite.md``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app import models, paths, transparency, wiring
from app.card import measured
from app.card.brief import brief
from app.card.figures import french
from app.card.measured import data_of
from app.strings import table
from templates.french import short_date
from templates.page import Block, Bullets, Heading, Page, Table, Text

if TYPE_CHECKING:
    from drafting.model import Abilities

SCHEMA = "calame-fiche/1"
#: section of the page, bench it comes from, how its figures become tables
SECTIONS: tuple[tuple[str, str, Callable[[measured.Data], Iterator[Block]]], ...] = (
    ("voices", "voices", measured.voices),
    ("stt", "stt", measured.recognition),
    ("draft", "draft", measured.drafting),
    ("sections", "draft", measured.sections),
    ("speed", "draft", measured.speed),
    ("write", "write", measured.written),
    ("latency", "latency", measured.latency),
    ("records", "records", measured.kept),
    ("anonymise", "anonymise", measured.anonymised),
)


@dataclass(frozen=True, slots=True)
class Card:
    """What the page is made of."""

    day: dt.date
    circumstances: Mapping[str, Any]
    models: tuple[models.Model, ...]
    #: ``None`` when the drafting model was never loaded here
    abilities: Abilities | None
    #: as :func:`app.transparency.measures`
    measures: Mapping[str, Any]


def card_of_this_machine(day: dt.date) -> Card:
    """Reads what is installed and what was measured; loads no model."""
    from drafting.model import selftest

    revision = (models.digest(wiring.DRAFTING) or "")[:12]
    memory = paths.cache_dir() / "redaction" / "auto-test.json"
    return Card(
        day=day,
        circumstances=transparency.circumstances(),
        models=tuple(m for m in models.catalogue() if m.default or models.installed(m)),
        abilities=selftest.remembered(revision, memory),
        measures=transparency.measures(),
    )


def page(card: Card) -> Page:
    """The card in French, for people."""
    words = table("card")
    c = card.circumstances
    head = f"Calame {c['calame']}, {c['processor']}, {c['cores']} cœurs. Tout est fait sur cette machine, rien ne la quitte."
    blocks: list[Block] = [Text(head), Heading(words["sections"]["brief"]), Bullets(brief(card.measures))]
    blocks += [Heading(words["sections"]["limits"]), Bullets(tuple(words["limits"]["lines"]))]
    blocks += [Heading(words["sections"]["models"]), *_models(card)]
    blocks += [Heading(words["sections"]["selftest"]), *_abilities(card)]
    for section, bench, blocks_of in SECTIONS:
        entry = card.measures.get(bench, {})
        blocks.append(Heading(words["sections"][section]))
        try:
            found = list(blocks_of(data_of(entry)))
        except (KeyError, TypeError, ValueError):  # measured by another version
            blocks.append(Text(words["unreadable"].format(bench=bench)))
            continue
        if found:
            blocks += [*_measured(card, bench, entry), *found]
        else:
            blocks.append(Text(words["unmeasured"].format(bench=bench)))
    return Page(words["title"], card.day, tuple(french(b) for b in blocks))


def card_json(card: Card) -> dict[str, Any]:
    """The card for a machine: whole hashes, every figure, every example."""
    return {
        "schema": SCHEMA,
        "date": card.day.isoformat(),
        "installation": dict(card.circumstances),
        "models": [
            {
                "name": m.name,
                "task": m.task,
                "title": m.title,
                "licence": m.licence,
                "revision": m.revision,
                "source": m.repository or list(m.packages),
                "sha256": {f.path: f.sha256 for f in m.files},
                "installed": models.installed(m),
                "note": m.note,
            }
            for m in card.models
        ],
        "self_test": None
        if card.abilities is None
        else {
            "allowed": list(card.abilities.jobs),
            "results": [{"job": j, "right": right, "cases": total} for j, right, total in card.abilities.results],
        },
        "measures": {
            name: {
                "at": entry.get("at"),
                "own_set": bool(entry.get("own_set")),
                "with": entry.get("with"),
                "changed_since": _changed(card, entry),
                "data": entry.get("result", {}).get("data", []),
            }
            for name, entry in card.measures.items()
        },
        "limits": table("card")["limits"]["lines"],
    }


# -- what is installed --------------------------------------------------------------------------------


def _models(card: Card) -> Iterator[Block]:
    tasks = table("card")["tasks"]
    rows = tuple(
        (
            tasks.get(m.task, m.task),
            m.title,
            m.licence,
            m.revision,
            transparency.model_hash(m)[:12] or "–",
            "installé" if models.installed(m) else "absent",
        )
        for m in card.models
    )
    yield Table(("rôle", "modèle", "licence", "révision", "SHA-256 (début)", "état"), rows)
    yield Bullets(tuple(f"{m.title} : {m.note}" for m in card.models if m.note))


def _abilities(card: Card) -> Iterator[Block]:
    words = table("card")
    yield Text(words["selftest"])
    if card.abilities is None:
        yield Text(words["no_selftest"])
        return
    yield Table(
        ("tâche", "cas réussis", "confiée"),
        tuple(
            (words["jobs"].get(job, job), f"{right}/{total}", "oui" if job in card.abilities.jobs else "non")
            for job, right, total in card.abilities.results
        ),
    )


# -- what was measured --------------------------------------------------------------------------------


def _measured(card: Card, bench: str, entry: Mapping[str, Any]) -> Iterator[Block]:
    words = table("card")
    ran = entry.get("with") or {}
    yield Text(
        words["measured"].format(
            at=short_date(str(entry.get("at", "?"))),
            processor=ran.get("processor", "?"),
            cores=ran.get("cores", "?"),
            version=ran.get("calame", "?"),
            bench=bench,
        )
    )
    if entry.get("own_set"):
        yield Text(words["own_set"])
    if changed := _changed(card, entry):
        yield Text(words["stale"].format(names=", ".join(changed)))


def _changed(card: Card, entry: Mapping[str, Any]) -> list[str]:
    """Models that are not those of the measurement."""
    then, now = (entry.get("with") or {}).get("models", {}), card.circumstances["models"]
    return sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
