"""Each measurement as tables, with the mistakes it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.card.figures import milliseconds, number, percent, seconds
from app.strings import table
from templates.page import Block, Bullets, Table, Text

#: mistakes quoted on the page for each measurement
SHOWN = 8
Data = list[dict[str, Any]]


def data_of(entry: Mapping[str, Any]) -> Data:
    found = entry.get("result", {}).get("data", [])
    return found if isinstance(found, list) else []


def of(data: Data, bench: str, option: str | None = None) -> Iterator[Any]:
    for one in data:
        if one.get("bench") == bench and (option is None or option in one.get("options", ())):
            yield one["data"]


def voices(data: Data) -> Iterator[Block]:
    words = table("card")
    for result in of(data, "bench.voices"):
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


def recognition(data: Data) -> Iterator[Block]:
    words = table("card")
    rows = tuple(
        (
            f"{words['engines'].get(r['engine'], r['engine'])}, {words['sounds'].get(r['sound'], r['sound'])}",
            *_shares(r),
            str(r["invented"]),
        )
        for listed in of(data, "bench.stt")
        for r in listed
        if r["voice"] == "all"
    )
    if rows:
        yield Table(("moteur et son", "mots faux", "médicaments", "doses", "négations", "médicaments inventés"), rows)


def drafting(data: Data) -> Iterator[Block]:
    results = list(of(data, "bench.goldens"))
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


def sections(data: Data) -> Iterator[Block]:
    methods = table("card")["methods"]
    for rows in of(data, "bench.draft", "sections"):
        yield Table(
            ("méthode", "phrases", "bien placées"),
            tuple((methods.get(m, m), f"{right}/{total}", percent(100 * right / total)) for m, _, right, total in rows),
        )


def speed(data: Data) -> Iterator[Block]:
    methods = table("card")["methods"]
    for rows in of(data, "bench.draft", "speed"):
        yield Table(
            ("façon", "minutes dictées", "mots", "attente médiane", "95 fois sur 100"),
            tuple(
                (methods.get(name, name), number(minutes), str(said), seconds(median), seconds(p95))
                for name, minutes, said, _, median, p95 in rows
            ),
        )


def written(data: Data) -> Iterator[Block]:
    for result in of(data, "bench.write"):
        lines = result["lines"]
        rows = tuple(
            (name, f"{r['exact']}/{lines}", percent(100 * r["exact"] / lines))
            for name, r in result.items()
            if isinstance(r, dict) and "exact" in r
        )
        yield Table(("système", "phrases exactes", "part"), rows)


def latency(data: Data) -> Iterator[Block]:
    names = table("card")["delays"]
    for result in of(data, "bench.latency"):
        yield Table(
            ("délai", "médiane", "9 fois sur 10", "95 fois sur 100", "au pire"),
            tuple(
                (names.get(r["measure"], r["measure"]), *(seconds(r[k]) for k in ("p50", "p90", "p95", "max")))
                for r in result["rows"]
            ),
        )


def kept(data: Data) -> Iterator[Block]:
    words = table("card")["kept"]
    for r in of(data, "bench.records_crash"):
        lost = (("kills", str(r["kills"])), ("audio", seconds(r["lost_audio_s"])), ("texts", str(r["lost_texts"])),
                ("twice", str(r["jobs_twice"])), ("clear", str(r["clear_text"])),
                ("backups", str(r["broken_backups"])))  # fmt: skip
        yield Table((words["crash"], words["count"]), tuple((words[key], value) for key, value in lost))
    for r in of(data, "bench.records"):
        yield Table(
            (words["scale"].format(total=r["records"]), "médiane", "95 fois sur 100"),
            tuple((name, milliseconds(a), milliseconds(b)) for name, a, b in r["times_ms"]),
        )
        hands = r["hands"]
        yield Text(words["hands"].format(**hands))


def anonymised(data: Data) -> Iterator[Block]:
    kinds = {"name": "noms", "contact": "coordonnées", "place": "lieux"}
    for result in of(data, "bench.anonymise"):
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
