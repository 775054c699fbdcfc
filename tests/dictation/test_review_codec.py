"""Reviews and decisions to JSON and back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import records_samples as samples
from dictation import codec
from dictation.errors import InputError
from dictation.review import Decision, Review, Verdict

decisions = st.builds(
    Decision,
    field_id=st.text(min_size=1, max_size=20),
    verdict=st.sampled_from(Verdict),
    value=st.none() | st.text(max_size=60),
    by=st.text(max_size=20),
    at=st.datetimes(timezones=st.just(dt.UTC)),
)


@given(decisions)
def test_a_decision_comes_back(decision):
    assert codec.decision_from_json(json.loads(json.dumps(codec.decision_to_json(decision)))) == decision


@given(st.lists(decisions, max_size=4))
def test_a_review_comes_back(made):
    review = Review(samples.draft(note="note"), tuple(made))
    assert codec.review_from_json(json.loads(json.dumps(codec.review_to_json(review)))) == review


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"schema": "calame-review/9"},
        {"schema": "calame-review/1", "draft": {}, "decisions": []},
        codec.review_to_json(Review(samples.draft())) | {"decisions": [{"field": "x"}]},
        codec.review_to_json(Review(samples.draft())) | {"decisions": [{"field": "x", "verdict": "?"}]},
    ],
)
def test_a_wrong_shape_is_refused(wrong):
    with pytest.raises(InputError) as error:
        codec.review_from_json(wrong)
    assert error.value.code == "json.shape"
