"""What the gates of the platform read of detectors and windows: by student, by group, and against behaviour and content."""

import json
import sys

import numpy as np
import pytest
from conftest import HERE, ROOT

from attune_training import metrics
from attune_training.card import model_card
from attune_training.tasks import engagement

sys.path.insert(0, str(HERE.parent / "golden"))
import gate  # noqa: E402

pytestmark = pytest.mark.quick


def test_perfect_models_are_those_that_the_gate_is_tested_with():
    assert_same(gate.perfect_manifests(), json.loads(gate.FILE.read_text()))


def assert_same(given, expected, where="top"):
    """Numbers may differ by rounding; the hashes of files that contain such numbers by everything."""
    if where.endswith("/files"):
        assert [file["path"] for file in given] == [file["path"] for file in expected]
    elif isinstance(given, dict):
        assert given.keys() == expected.keys(), where
        for name in given:
            assert_same(given[name], expected[name], f"{where}/{name}")
    elif isinstance(given, list):
        assert len(given) == len(expected), where
        for index, pair in enumerate(zip(given, expected)):
            assert_same(*pair, f"{where}/{index}")
    else:
        assert given == (pytest.approx(expected, abs=1e-6) if isinstance(expected, float) else expected), where


def test_card_of_a_window_model_tells_what_it_gains():
    (card,) = [model_card(each) for each in gate.perfect_manifests() if each["task"] == "engagement-window"]
    assert "| aucGainLower | 0." in card and "| selectivePrecision | 1.000 |" in card


def test_detector_is_measured_by_group():
    (detector,) = [each for each in gate.perfect_manifests() if each["task"] == "object-detection"]
    assert detector["metrics"]["perGroup"] == [
        {"attribute": "glasses", "value": "no", "examples": 24, "accuracy": 1.0},
        {"attribute": "glasses", "value": "yes", "examples": 24, "accuracy": 1.0},
    ]


def test_weighted_auc_is_the_auc_of_what_was_drawn():
    rng = np.random.default_rng(0)
    scores, there = rng.integers(0, 9, 60) / 9, rng.random(60) < 0.4
    draws = engagement.Draws(rng.integers(0, 3, (2, 20)), np.arange(60) // 3)
    drawn = [metrics.auc(np.repeat(scores, row[draws.of]), np.repeat(there, row[draws.of])) for row in draws.counts]
    assert engagement.weighted_auc(scores, there, draws) == pytest.approx(drawn)
    assert np.isnan(engagement.weighted_auc(scores, np.ones(60, bool), draws)).all()
    some = rng.random(60) < 0.5
    assert (draws.at(some).of == (np.arange(60) // 3)[some]).all()


def test_students_are_drawn_whole_and_the_same_for_a_seed():
    draws = engagement.draws_of(["a", "a", "b", "c"], seed=3)
    assert (draws.counts == engagement.draws_of(["a", "a", "b", "c"], seed=3).counts).all() and draws.of.tolist() == [0, 0, 1, 2]
    assert draws.counts.shape == (engagement.DRAWS, 3) and (draws.counts.sum(axis=1) == 3).all()
    # 20 of one kind from one student tell less than 20 from as many: the interval is wider.
    scores, there = np.tile([0.1, 0.4, 0.35, 0.8], 10), np.tile([False, False, True, True], 10)
    lower = [
        engagement.lower_bound(engagement.weighted_auc(scores, there, engagement.draws_of(names, 1)))
        for names in ([str(i % 4) for i in range(40)], [str(i) for i in range(40)])
    ]
    assert lower[0] < lower[1] < 0.75


def test_what_a_window_says_is_measured_by_state_and_group():
    assert engagement.two_sided_f1(np.array([True, False, False, False]), np.zeros(4, bool)) == pytest.approx((6 / 7 + 0) / 2)
    there, said, speaks = (np.array(row, bool) for row in ([1, 0, 1, 0], [1, 1, 1, 0], [1, 1, 0, 1]))
    assert engagement.selective(there, said, speaks) == {"coverage": 0.75, "precision": 0.5}
    items = [{"path": str(i), "group": f"s{i // 2}", "attributes": {"glasses": "yes" if i < 2 else "no"}} for i in range(4)]
    levels = np.array([[3, 0], [0, 2], [2, 0], [0, -1]])
    given = np.array([[1, 1], [0, 1], [0, 0], [0, 1]], bool)
    no, yes = engagement.per_group(items, ["engagement", "boredom"], levels, given, np.array([[1, 1], [1, 1], [1, 0], [1, 1]], bool))
    assert yes == {"attribute": "glasses", "value": "yes", "examples": 2, "groups": 1, "accuracy": 0.75, "falseAlarms": 1.0, "abstained": 0.0}
    assert (no["accuracy"], no["falseAlarms"], no["abstained"]) == (0.5, 0.0, pytest.approx(1 / 3))


def test_baseline_learns_from_context_and_there_is_none_without():
    rng = np.random.default_rng(0)
    levels = rng.integers(0, 4, 400)
    items = [{"context": {"time": float(level + rng.normal()), "noise": float(rng.normal())}, "states": {"a": int(level)}} for level in levels]
    items[0]["context"] = {}  # nothing was measured: as the mean
    scores = engagement.Baseline.of(items, ["a"]).scores(items)
    assert scores.shape == (400, 1) and metrics.auc(scores[:, 0], levels >= 2) > 0.85
    assert engagement.Baseline.of([{"states": {"a": 1}}], ["a"]) is None
    one_kind = engagement.Baseline.of([{"context": {"time": 1.0}, "states": {"a": 3}}], ["a"])
    assert np.isfinite(one_kind.scores(items)).all()
