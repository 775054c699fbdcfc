"""The screen, measured in a real browser on this machine: first paint, a key to the screen, the meter, memory.

    python -m bench.ui [--json FILE] [--keys 30] [--opens 5] [--words 500 5000]

Needs a checkout (the made-up practice of ``tests/ui/kit.py``, scripted engines), Playwright and a Chromium.
Times are milliseconds, median and 95th percentile; memory is proportional set size (PSS) in MiB; the meter's
cost is processor time as a share of one core over ten seconds of dictation with the browser's microphone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ECHO = "n => new Promise(done => { const look = () => { const a = document.activeElement; "
_ECHO += "if (a && a.value && a.value.length >= n) requestAnimationFrame(() => requestAnimationFrame(done)); "
_ECHO += "else requestAnimationFrame(look); }; look(); })"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    unit: str
    median: float
    p95: float
    n: int


def row(what: str, unit: str, values: Sequence[float]) -> Row:
    """Median and 95th percentile of ``values``; raises ``ValueError`` when there is none."""
    if not values:
        raise ValueError(what)
    ranked = sorted(values)
    return Row(
        what, unit, statistics.median(ranked), ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))], len(ranked)
    )


# -- the system's own figures ---------------------------------------------------------------------------


def family(root: int) -> set[int]:
    """``root`` and every process below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            below.setdefault(parent, []).append(int(entry.name))
    found, waiting = {root}, [root]
    while waiting:
        for child in below.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def pss_mib(pids: Iterable[int]) -> float:
    """Memory of some processes, what they share counted once."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return total / 1024


def cpu_s(pids: Iterable[int]) -> float:
    """Processor seconds used so far by some processes."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _named(pids: Iterable[int], name: str) -> set[int]:
    out = set()
    for pid in pids:
        try:
            if name in Path(f"/proc/{pid}/cmdline").read_text():
                out.add(pid)
        except OSError:
            continue
    return out


# -- the measures ---------------------------------------------------------------------------------------


def first_paint(browser: Any, url: str, times: int) -> list[Row]:
    """From the address to the drawn worklist: a browser that has never seen Calame, and one that has."""
    from tests.e2e.screen import Screen

    cold: list[float] = []
    warm: list[float] = []
    for _ in range(times):
        screen = Screen(browser, url)
        page = screen.page
        page.goto(url + "/connexion")
        page.fill("#login", "jmartin")
        page.fill("#password", _password())
        for kept in (cold, warm):
            start = time.perf_counter()
            if kept is cold:
                page.click("button")
            else:
                page.reload()
            page.locator("flt-semantics-placeholder").wait_for(state="attached")
            kept.append((time.perf_counter() - start) * 1000)
        screen.context.close()
    return [row("première image, premier chargement", "ms", cold), row("première image, rechargement", "ms", warm)]


def _password() -> str:
    from tests.ui import kit

    return kit.PASSWORD


def keys(browser: Any, words: int, count: int) -> tuple[list[Row], float, float]:
    """A key in the first section of a dictation of ``words`` words; also memory of server and browser."""
    from tests.e2e.screen import Screen
    from tests.ui import kit
    from ui.server import Server, free_port

    spoken = _long(kit.SPOKEN, words)
    with tempfile.TemporaryDirectory() as folder:
        office = kit.office(Path(folder), words=spoken)
        server = Server(office, free_port())
        thread = server.start()
        try:
            by = office.store.accounts.login("jmartin", kit.PASSWORD)
            one = office.store.dictations.create(by=by, form_id=kit.FORM)
            recording = office.store.audio.record(one.id, by=by)
            recording.write(kit.silence(spoken))
            recording.stop()
            kit.until(lambda: office.store.dictations.review(one.id, by=by), "the draft", seconds=240)
            review = office.store.dictations.review(one.id, by=by)
            assert review is not None
            section = review.draft.sections[0]  # the one on the screen when a document opens
            screen = Screen(browser, server.url)
            screen.sign_in("jmartin")
            start = time.perf_counter()
            screen.part(f"line-{one.id}").click()
            screen.part("document").wait_for()
            opened = (time.perf_counter() - start) * 1000
            box = screen.box(section.key)
            box.click()
            screen.press("Control+End")
            page = screen.page
            page.wait_for_timeout(500)
            echo: list[float] = []
            kept: list[float] = []
            desk = next(d for d in office._desks.values() if d.dictation is not None)
            for n in range(count):
                long = int(page.evaluate("document.activeElement.value.length"))
                start = time.perf_counter()
                page.keyboard.press("e")
                page.evaluate(_ECHO, long + 1)
                echo.append((time.perf_counter() - start) * 1000)
                wanted = n + 1
                while desk.session.state.review.text(section.key).count("e") < section.text.count("e") + wanted:
                    if time.perf_counter() - start > 5:
                        break
                    time.sleep(0.002)
                kept.append((time.perf_counter() - start) * 1000)
            mine = family(os.getpid())
            chromium_pids = _named(mine, "chrom")
            memory = pss_mib({os.getpid()}), pss_mib(chromium_pids)
            screen.context.close()
        finally:
            server.stop(thread)
    label = f"{words} mots"
    return (
        [
            row(f"ouverture du document, {label}", "ms", [opened]),
            row(f"touche à l'écran, {label}", "ms", echo),
            row(f"touche gardée par le serveur, {label}", "ms", kept),
        ],
        *memory,
    )


def _long(spoken: str, words: int) -> str:
    said = spoken.split()
    return " ".join((said * (words // len(said) + 1))[:words])


def meter(browser: Any, url: str, seconds: float = 10.0) -> list[Row]:
    """What ten seconds of dictation cost beside recognition, level meter and live text included."""
    from tests.e2e.screen import Screen

    screen = Screen(browser, url)
    screen.sign_in("jmartin")
    screen.press("F2")
    screen.says("compte", "live-text")
    groups: tuple[tuple[str, Callable[[], set[int]]], ...] = (
        ("serveur", lambda: {os.getpid()}),
        ("navigateur", lambda: _named(family(os.getpid()), "chrom")),
    )
    before = [(cpu_s(pids()), pids) for _, pids in groups]
    screen.page.wait_for_timeout(seconds * 1000)
    rows = [
        row(f"dictée en cours, processeur du {name}", "% d'un cœur", [100 * (cpu_s(pids()) - was) / seconds])
        for (name, _), (was, pids) in zip(groups, before, strict=True)
    ]
    screen.press("Escape")
    screen.part("dialog").wait_for()
    screen.context.close()
    return rows


def main(argv: Sequence[str] | None = None) -> None:
    """Prints the table; with ``--json``, writes it too."""
    parser = argparse.ArgumentParser(prog="python -m bench.ui", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keys", type=int, default=30)
    parser.add_argument("--opens", type=int, default=5)
    parser.add_argument("--words", type=int, nargs="*", default=[500, 5000])
    args = parser.parse_args(argv)
    try:
        from tests.e2e.screen import chromium
        from tests.ui import kit
        from ui.server import Server, free_port
    except ImportError as error:
        print(f"bench ui: il faut le dépôt entier et Playwright ({error.name}).")
        return

    rows: list[Row] = []
    with chromium() as browser:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(kit.office(Path(folder)), free_port())
            thread = server.start()
            try:
                rows += first_paint(browser, server.url, args.opens)
                rows += meter(browser, server.url)
            finally:
                server.stop(thread)
        for words in args.words:
            measured, own, other = keys(browser, words, args.keys)
            rows += measured
            rows += [row(f"mémoire du serveur, {words} mots", "Mio", [own])]
            rows += [row(f"mémoire du navigateur, {words} mots", "Mio", [other])]
    print(f"{'mesure':52} {'médiane':>9} {'p95':>9}  {'unité':12} n")
    for one in rows:
        print(f"{one.what:52} {one.median:9.1f} {one.p95:9.1f}  {one.unit:12} {one.n}")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in rows], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
