"""The transparency page and model card of this installation, made from what was measured on it.

Every figure comes from ``mesures.json`` (``calame bench``); where nothing was measured the page says so, and how to
measure. Asked for by the European regulation on artificial intelligence, art. 50, and by anybody who is to trust it
(``docs/conformite.md``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app import models, paths, transparency, wiring
from app.strings import table
from templates.french import short_date
from templates.page import Block, Bullets, Heading, Page, Table, Text

if TYPE_CHECKING:
    from drafting.model import Abilities

SCHEMA = "calame-fiche/1"
#: mistakes quoted on the page for each measurement
SHOWN = 8
_NBSP = "\u00a0"


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
    blocks: list[Block] = [Text(head), Heading(words["sections"]["models"]), *_models(card)]
    blocks += [Heading(words["sections"]["selftest"]), *_abilities(card)]
    for section, bench, blocks_of in (
        ("voices", "voices", _voices),
        ("stt", "stt", _recognition),
        ("draft", "draft", _drafting),
        ("sections", "draft", _sections),
        ("speed", "draft", _speed),
        ("write", "write", _written),
        ("latency", "latency", _latency),
        ("anonymise", "anonymise", _anonymised),
    ):
        entry = card.measures.get(bench, {})
        found = list(blocks_of(_data(entry)))
        blocks.append(Heading(words["sections"][section]))
        if found:
            blocks += [*_measured(card, bench, entry), *found]
        else:
            blocks.append(Text(words["unmeasured"].format(bench=bench)))
    blocks += [Heading(words["sections"]["limits"]), Bullets(tuple(words["limits"]["lines"]))]
    return Page(words["title"], card.day, tuple(_french(b) for b in blocks))


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


def _data(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = entry.get("result", {}).get("data", [])
    return found if isinstance(found, list) else []


def _of(data: list[dict[str, Any]], bench: str, option: str | None = None) -> Iterator[Any]:
    for one in data:
        if one.get("bench") == bench and (option is None or option in one.get("options", ())):
            yield one["data"]


def _voices(data: list[dict[str, Any]]) -> Iterator[Block]:
    words = table("card")
    for result in _of(data, "bench.voices"):
        header = ("voix", "mots", "mots faux", "médicaments", "doses", "négations")
        yield Table(header, tuple((r["voice"], str(r["words"]), *_shares(r)) for r in result["voices"]))
        groups = tuple(
            (f"{words['directions'][r['direction']]} : {r['group']}", str(r["words"]), *_shares(r))
            for r in result["groups"]
        )
        yield Table(("groupe", *header[1:]), groups)
        yield Text(words["worst_voice"].format(voice=result["worst_voice"]))
        yield Bullets(
            tuple(
                words["worst_group"].format(direction=words["directions"][d], group=g)
                for d, g in result["worst_groups"].items()
            )
        )
        missed = [m for m in result.get("misses", ()) if m["kind"] in ("drug", "dose", "neg")]
        yield from _mistakes(
            [
                f"{m['voice']} : {words['kinds'][m['kind']]} « {m['term']} », entendu « {m['heard'] or 'rien'} »"
                for m in missed
            ],
            shown="misses" in result,
        )


def _shares(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(percent(row[c]) for c in ("wer", "drug", "dose", "neg"))


def _recognition(data: list[dict[str, Any]]) -> Iterator[Block]:
    words = table("card")
    rows = tuple(
        (
            f"{words['engines'].get(r['engine'], r['engine'])}, {words['sounds'].get(r['sound'], r['sound'])}",
            *_shares(r),
            str(r["invented"]),
        )
        for listed in _of(data, "bench.stt")
        for r in listed
        if r["voice"] == "all"
    )
    if rows:
        yield Table(("moteur et son", "mots faux", "médicaments", "doses", "négations", "médicaments inventés"), rows)


def _drafting(data: list[dict[str, Any]]) -> Iterator[Block]:
    results = list(_of(data, "bench.goldens"))
    if not results:
        return
    sets = table("card")["sets"]
    yield Table(
        ("dictées", "éléments", "pièges", "phrases ajoutées", "éléments omis"),
        tuple(
            (
                f"{sets.get(r['set'], r['set'])} ({r['dictations']}), {r['model'] or 'règles seules'}",
                f"{r['found']}/{r['facts']}",
                f"{len(r['fired'])}/{r['traps']}",
                percent(r["invented_percent"]),
                percent(r["omitted_percent"]),
            )
            for r in results
        ),
    )
    quoted = [r["examples"] for r in results if "examples" in r]
    named = (("missing", "manque"), ("fired", "piège"), ("invented", "ajouté"), ("omitted", "omis"))
    lines = [f"{label} : {line}" for examples in quoted for key, label in named for line in examples[key]]
    yield from _mistakes(list(dict.fromkeys(lines)), shown=bool(quoted))


def _sections(data: list[dict[str, Any]]) -> Iterator[Block]:
    methods = table("card")["methods"]
    for rows in _of(data, "bench.draft", "sections"):
        yield Table(
            ("méthode", "phrases", "bien placées"),
            tuple((methods.get(m, m), f"{right}/{total}", percent(100 * right / total)) for m, _, right, total in rows),
        )


def _speed(data: list[dict[str, Any]]) -> Iterator[Block]:
    methods = table("card")["methods"]
    for rows in _of(data, "bench.draft", "speed"):
        yield Table(
            ("façon", "minutes dictées", "mots", "attente médiane", "95 fois sur 100"),
            tuple(
                (methods.get(name, name), number(minutes), str(said), seconds(median), seconds(p95))
                for name, minutes, said, _, median, p95 in rows
            ),
        )


def _written(data: list[dict[str, Any]]) -> Iterator[Block]:
    for result in _of(data, "bench.write"):
        lines = result["lines"]
        rows = tuple(
            (name, f"{r['exact']}/{lines}", percent(100 * r["exact"] / lines))
            for name, r in result.items()
            if isinstance(r, dict) and "exact" in r
        )
        yield Table(("système", "phrases exactes", "part"), rows)


def _latency(data: list[dict[str, Any]]) -> Iterator[Block]:
    names = table("card")["delays"]
    for result in _of(data, "bench.latency"):
        yield Table(
            ("délai", "médiane", "9 fois sur 10", "95 fois sur 100", "au pire"),
            tuple(
                (names.get(r["measure"], r["measure"]), *(seconds(r[k]) for k in ("p50", "p90", "p95", "max")))
                for r in result["rows"]
            ),
        )


def _anonymised(data: list[dict[str, Any]]) -> Iterator[Block]:
    kinds = {"name": "noms", "contact": "coordonnées", "place": "lieux"}
    for result in _of(data, "bench.anonymise"):
        rows = [(kinds.get(k, k), percent(v)) for k, v in result["recall_percent"].items()]
        rows.append(("texte clinique laissé intact", percent(result["kept_percent"])))
        yield Table((f"{result['letters']} lettres inventées", "part"), tuple(rows))


def _mistakes(lines: list[str], *, shown: bool) -> Iterator[Block]:
    words = table("card")
    if not shown:
        return
    if not lines:
        yield Text(words["no_mistake"])
        return
    yield Text(words["mistakes"])
    # spread over the whole list, so that not only the first voice or dictation is quoted
    step = max(1, len(lines) // SHOWN)
    quoted = lines[::step][:SHOWN]
    more = [words["more"].format(count=len(lines) - len(quoted))] if len(lines) > len(quoted) else []
    yield Bullets((*quoted, *more))


# -- figures in French ----------------------------------------------------------------------------------


def number(value: float) -> str:
    """« 12,5 »."""
    return f"{value:g}".replace(".", ",")


def percent(value: float | None) -> str:
    """« 12,5 % », « – » when there is nothing to count."""
    return "–" if value is None else f"{number(round(value, 1))}{_NBSP}%"


def seconds(value: float) -> str:
    """« 1,25 s »."""
    return f"{number(round(value, 2))}{_NBSP}s"


def _french(block: Block) -> Block:
    """No-break spaces before « : ; ? ! % » and inside quotes."""
    match block:
        case Heading(text):
            return Heading(_tied(text))
        case Text(text):
            return Text(_tied(text))
        case Bullets(items):
            return Bullets(tuple(map(_tied, items)))
        case Table(header, rows):
            return Table(tuple(map(_tied, header)), tuple(tuple(map(_tied, row)) for row in rows))


def _tied(text: str) -> str:
    for sign in (":", ";", "?", "!", "%", "»"):
        text = text.replace(f" {sign}", f"{_NBSP}{sign}")
    return text.replace("« ", f"«{_NBSP}")
