"""The card in a few sentences: what the tables say to somebody who reads no table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.card.figures import number, percent, seconds
from app.card.measured import data_of, of
from app.strings import table

#: the way of drafting that the application uses, best first
_WAYS = ("rules + vectors + model, fed", "rules + vectors, fed", "rules")


def brief(measures: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence per measurement that is there; the worst group is always named."""
    words = table("card")["brief"]
    out: list[str] = []
    for bench, sentences in (
        ("stt", _heard),
        ("voices", _worst),
        ("draft", _drafted),
        ("draft", _waited),
        ("records", _kept),
        ("anonymise", _copied),
    ):
        try:
            out += sentences(words, data_of(measures.get(bench, {})))
        except (KeyError, TypeError, ValueError, IndexError):
            continue
    return tuple(out) or (words["nothing"],)


def _heard(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    rows = [r for listed in of(data, "bench.stt") for r in listed if r["voice"] == "all" and r["sound"] == "clean"]
    order = ("vocabulary", "calame", "plain")
    rows = sorted((r for r in rows if r["engine"] in order), key=lambda r: order.index(r["engine"]))
    for r in rows[:1]:
        yield words["heard"].format(wer=percent(r["wer"]), drug=percent(r["drug"]), dose=percent(r["dose"]))


def _worst(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    directions = table("card")["directions"]
    for result in of(data, "bench.voices"):
        wer = {r["voice"]: r["wer"] for r in result["voices"]}
        best = min(wer, key=lambda v: (wer[v], v))
        worst = result["worst_voice"]
        yield words["voices"].format(worst=worst, high=percent(wer[worst]), best=best, low=percent(wer[best]))
        for direction, group in result["worst_groups"].items():
            groups = sorted((r for r in result["groups"] if r["direction"] == direction), key=lambda r: -r["wer"])
            told = ", ".join(f"{r['group']} {percent(r['wer'])}" for r in groups)
            yield words["groups"].format(direction=directions[direction], told=told, worst=group)


def _drafted(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    results = list(of(data, "bench.goldens"))
    for own in ("golden", "dictations"):
        listed = [r for r in results if r["set"] == own]
        #: with the language model where it was measured: that is what runs
        for r in sorted(listed, key=lambda r: r["model"] is None)[:1]:
            yield words["drafted"].format(
                set=table("card")["sets"].get(own, own),
                found=r["found"], facts=r["facts"], fired=len(r["fired"]), traps=r["traps"],
                invented=percent(r["invented_percent"]), omitted=percent(r["omitted_percent"]),
            )  # fmt: skip


def _waited(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    for rows in of(data, "bench.draft", "speed"):
        for way in _WAYS:
            told = [
                words["wait"].format(minutes=number(minutes), median=seconds(median))
                for name, minutes, _, _, median, _ in rows
                if name == way
            ]
            if told:
                yield words["waited"].format(told=", ".join(told))
                break


def _kept(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    for r in of(data, "bench.records_crash"):
        yield words["kept"].format(kills=r["kills"], texts=r["lost_texts"], audio=seconds(r["lost_audio_s"]))


def _copied(words: Mapping[str, str], data: list[dict[str, Any]]) -> Iterator[str]:
    for r in of(data, "bench.anonymise"):
        recall = r["recall_percent"]
        yield words["copied"].format(
            letters=r["letters"], names=percent(recall.get("name")), contacts=percent(recall.get("contact"))
        )
