"""What the README claims can be reproduced, and what the pages point at exists."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import parser
from app.verbs.bench import BENCHES

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/**/*.md")])
COMMAND = re.compile(r"`?(calame bench [a-z]+|make [a-z]+)\b")
FIGURE = re.compile(r"\d")
#: lines under a table among which its command stands
NEAR = 4


def tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First and last line of each table."""
    start = None
    for n, line in enumerate([*lines, ""]):
        inside = line.lstrip().startswith("|")
        if inside and start is None:
            start = n
        elif not inside and start is not None:
            yield start, n - 1
            start = None


def section(text: str, title: str) -> list[str]:
    """Lines under « ## title » up to the next « ## » ; empty when there is none."""
    found = re.search(rf"^## {title}\b.*?$(.*?)(?=^## |\Z)", text, re.M | re.S)
    return found[1].splitlines() if found else []


def unproved(lines: list[str]) -> list[str]:
    """Tables with figures under which no command stands, and parts (« ### ») that give figures and no command."""
    out = []
    for first, last in tables(lines):
        body = lines[first : last + 1]
        after = " ".join(lines[last + 1 : last + 1 + NEAR])
        if any(FIGURE.search(line) for line in body[1:]) and not COMMAND.search(after):
            out.append(body[0])
    for part in re.split(r"^(?=### )", "\n".join(lines), flags=re.M):
        said = "\n".join(line for line in part.splitlines() if not line.lstrip().startswith(("|", "#")))
        if FIGURE.search(said) and not COMMAND.search(part):
            out.append(part.strip().splitlines()[0])
    return out


def commands(text: str) -> list[str]:
    """Every « calame … » and « make … » written as code."""
    return [m[1] for m in re.finditer(r"`((?:calame|make) [^`]+)`", text)]


def broken_links(page: Path) -> list[str]:
    """Relative links of ``page`` that lead nowhere."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    found = re.findall(r"\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"", text)
    targets = [t.partition("#")[0] for groups in found for t in groups if t]
    return [t for t in targets if t and not re.match(r"[a-z]+:", t) and not (page.parent / t).exists()]


def test_each_table_of_measurements_is_followed_by_its_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    measures = section(text, "Mesures")
    assert list(tables(measures)), "README has no table of measurements under « ## Mesures »"
    assert unproved(measures) == []


def test_the_commands_named_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    (verbs,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    for command in commands(text):
        words = command.split()
        if words[0] == "make":
            assert words[1] in targets, command
        else:
            assert words[1] in verbs.choices, command
            if words[1] == "bench" and len(words) > 2:
                assert words[2] in {*BENCHES, "all"}, command


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_the_check_sees_what_it_must_see(tmp_path: Path) -> None:
    bare = ["| voix | mots faux |", "|---|---|", "| femme | 12 % |", "", "Très bien."]
    assert unproved(bare) == ["| voix | mots faux |"]
    assert unproved([*bare[:4], "`calame bench voices`"]) == []
    assert unproved(["### Attente", "En 3 s."]) == ["### Attente"]
    assert unproved(["### Attente", "En 3 s : `calame bench latency`."]) == []
    assert section("## Mesures\na\nb\n## Suite\nc", "Mesures")[1:] == ["a", "b"]
    page = tmp_path / "page.md"
    page.write_text("[ici](page.md) [là](absent.md) [loin](https://exemple.fr) ![vue](vue.png)", "utf-8")
    assert broken_links(page) == ["absent.md", "vue.png"]
