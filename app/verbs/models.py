"""``calame models``: list, pull, verify, measure."""

from __future__ import annotations

import argparse
import sys
import time

from app import models, paths, pull, speed
from app.output import tell
from dictation.errors import CalameError, UsageError

_TASKS = {"speech": "reconnaissance", "drafting": "rédaction", "embeddings": "rubriques", "lexicon": "lexique"}


def run(args: argparse.Namespace) -> int:
    """Dispatches on the action; ``list`` when none is given."""
    if args.what == "pull":
        return _pull(args)
    if args.what == "verify":
        return _verify(args.name)
    if args.what == "measure":
        return _measure(args.name)
    return _list()


def _size(count: int) -> str:
    if not count:
        return "–"
    return f"{count / 1e6:,.0f}\u00a0Mo".replace(",", "\u202f")


def _list() -> int:
    rows = [("nom", "tâche", "taille", "mémoire", "licence", "état")]
    for m in models.catalogue():
        state = "installé" if models.installed(m) else ("à installer" if m.default else "sur demande")
        rows.append((m.name, _TASKS[m.task], _size(m.bytes), _size(m.ram_mb * 10**6), m.licence, state))
    widths = [max(len(r[i]) for r in rows) for i in range(6)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    _tell_speed()
    print(f"\nDossier\u00a0: {paths.models_dir()}")
    for m in models.catalogue():
        for f in m.files:
            print(f"  {m.name}/{f.path}  sha256 {f.sha256}")
    return 0


def _tell_speed() -> None:
    heard, drafted = speed.speeds(), speed.drafting_speeds()
    if not heard and not drafted:
        print("\nVitesse sur ce poste\u00a0: pas encore mesurée (calame models measure, deux minutes).")
        return
    if heard:
        print("\nReconnaissance sur ce poste (secondes de calcul par seconde de parole, vocabulaire compris)\u00a0:")
        _tell(
            heard,
            "Aucun modèle ne suit la parole sur ce poste\u00a0: les fichiers déposés seront transcrits plus tard.",
        )
    if drafted:
        print("\nRédaction sur ce poste (secondes de lecture par phrase dictée)\u00a0:")
        _tell(
            drafted, "Aucun modèle ne suit la parole sur ce poste\u00a0: rédigez avec les règles seules (--no-model)."
        )


def _tell(found: tuple[speed.Speed, ...], none: str) -> None:
    for one in found:
        figure = f"{one.factor:.2f}".replace(".", ",")
        source = "mesurée" if one.measured else "estimée d'après le travail de calcul"
        verdict = "suit la parole" if one.keeps_up else "trop lente pour dicter"
        print(f"  {one.name.ljust(36)} {figure.rjust(6)}  {source}, {verdict}")
    best = speed.advised(found)
    print(f"Conseil\u00a0: {best.name}, le plus grand qui suive." if best else none)


def _measure(name: str | None) -> int:
    """Every installed speech and drafting model, or the one named: of the catalogue, or a GGUF file."""
    if name and name.endswith(".gguf"):
        tell(f"Mesure de {name} sur la dictée d'exemple…")
        speed.measure_drafting(name)
        _tell_speed()
        return 0
    chosen = [models.find(name)] if name else [m for m in models.catalogue() if m.work and models.installed(m)]
    for model in chosen:
        if not model.work:
            raise UsageError("usage", f"{model.name} n'a pas de vitesse à mesurer.")
        tell(f"Mesure de {model.name} sur la dictée d'exemple…")
        (speed.measure_drafting if model.task == "drafting" else speed.measure)(model.name)
    _tell_speed()
    return 0


class _Bar:
    """At most five lines a second on a terminal, one every five seconds elsewhere."""

    def __init__(self) -> None:
        self.last = 0.0
        self.title = ""

    def __call__(self, title: str, done: int, total: int) -> None:
        now, terminal = time.monotonic(), sys.stderr.isatty()
        if title == self.title and now - self.last < (0.2 if terminal else 5) and done < total:
            return
        if title == self.title and done >= total and not terminal:
            return
        self.title, self.last = title, now
        percent = 100 * done // max(total, 1)
        print(
            f"  {title} {percent:3d}\u00a0%",
            end="\r" if terminal and done < total else "\n",
            file=sys.stderr,
            flush=True,
        )


def _pull(args: argparse.Namespace) -> int:
    if not args.default and not args.name:
        raise UsageError(
            "usage", "Quel modèle\u00a0? calame models pull NOM, ou --default. La liste\u00a0: calame models list."
        )
    wanted = list(models.defaults()) if args.default else [models.find(args.name)]
    for model in wanted:
        if args.default and models.installed(model):
            models.locate(model.name)
            continue
        tell(f"Modèle {model.name}\u00a0: {model.title}, {_size(model.bytes)}, licence {model.licence}")
        pull.pull(model, _Bar())
    tell("Modèles présents et vérifiés\u00a0: " + ", ".join(m.name for m in wanted))
    return 0


def _verify(name: str | None) -> int:
    chosen = [models.find(name)] if name else [m for m in models.catalogue() if m.default or models.installed(m)]
    worst: CalameError | None = None
    for m in chosen:
        try:
            models.verify(m.name)
            print(f"{m.name}\u00a0: conforme")
        except CalameError as error:
            tell(str(error))
            worst = error
    if worst:
        return worst.exit_status
    return 0
