"""Every golden dictation yields its facts and fires no trap; nothing in it is invented or lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.facts import Gold, load, plain, score
from bench.trace import Report, trace
from dictation.codec import draft_from_json, draft_to_json
from templates.catalogue import bundled
from tests.golden.dictated import goldens, of_gold

EVERY = goldens()


def of_name(gold: Gold) -> str:
    return gold.name


def test_goldens_cover_every_kind_of_document() -> None:
    assert len(EVERY) >= 25
    assert {g.form_id for g in EVERY} == {f.id for f in bundled()}


@pytest.mark.parametrize("gold", EVERY, ids=of_name)
def test_the_example_of_each_trap_fires_it(gold: Gold) -> None:
    for trap in gold.traps:
        assert re.search(trap.pattern, plain(trap.example), re.IGNORECASE), trap.id


@pytest.mark.parametrize("gold", EVERY, ids=of_name)
def test_no_trap_fires(gold: Gold) -> None:
    assert [t.id for t in score(gold, of_gold(gold)[1]).fired] == []


def test_facts_are_found() -> None:
    scores = [score(g, of_gold(g)[1]) for g in EVERY]
    found, facts = sum(s.found for s in scores), sum(s.facts for s in scores)
    missing = {s.name: s.missing for s in scores if s.missing}
    assert found / facts >= 0.97, missing


def test_dev_set_dictations_give_their_facts_and_fire_no_trap(shared: Path) -> None:
    scores = [score(g, of_gold(g)[1]) for g in load(shared / "dev_set" / "dictations")]
    assert [t.id for s in scores for t in s.fired] == []
    assert sum(s.found for s in scores) / sum(s.facts for s in scores) >= 0.97


def test_an_independent_tracer_finds_nothing_invented_and_next_to_nothing_lost() -> None:
    total = Report()
    for gold in EVERY:
        draft, document = of_gold(gold)
        total.add(trace(draft_to_json(draft), document))
    assert total.invented == []
    assert total.omitted_percent <= 1.0, total.omitted


@pytest.mark.parametrize("gold", EVERY, ids=of_name)
def test_a_draft_keeps_its_invariants(gold: Gold) -> None:
    draft, _ = of_gold(gold)
    assert draft == of_gold(gold)[0], "the same words give the same draft"
    assert draft_from_json(draft_to_json(draft)) == draft
    assert len({f.id for f in draft.fields}) == len(draft.fields)
    placed = [i for s in draft.sections for i in s.statement_ids]
    assert len(placed) == len(set(placed)), "a statement stands in one section only"
    for field in draft.fields:
        assert field.evidence
        assert all(span.last <= len(draft.transcript.words) for span in field.evidence)
