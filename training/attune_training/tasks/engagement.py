"""What the gate of engagement asks of windows: states there or not, by student. Levels are 0…3; −1 is not judged; numpy only.

N windows, S states. A state is there from level PRESENT on. Intervals are of the bootstrap by clusters: students are drawn with
replacement, with all their windows (Field & Welsh 2007), so that a student with many windows does not count as many students.
"""

from dataclasses import dataclass

import numpy as np

from attune_training import metrics

#: From this level on a state counts as there.
PRESENT = 2
#: Draws of students, and the percentile that is the lower end of a 95 % interval.
DRAWS, LOWER = 1000, 2.5
#: The one state of which more is good: to say that another one is there is an alarm.
GOOD = "engagement"


@dataclass(frozen=True)
class Draws:
    """counts [DRAWS, students]: how often each student is in each draw. of [N]: the student of each window."""

    counts: np.ndarray
    of: np.ndarray

    def at(self, mask: np.ndarray) -> "Draws":
        """The same draws for some of the windows."""
        return Draws(self.counts, self.of[mask])


def draws_of(subjects: list[str], seed: int) -> Draws:
    """The same for the same seed and subjects [N]."""
    names, of = np.unique(subjects, return_inverse=True)
    return Draws(np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), size=DRAWS), of)


def weighted_auc(scores: np.ndarray, there: np.ndarray, draws: Draws) -> np.ndarray:
    """AUC = Σ_u P_u·(Q_<u + Q_u/2) / (ΣP·ΣQ) over values u of the score, P and Q the weights with and without the state.

    scores [N], there [N] → [DRAWS]; NaN in draws that lack one of both. It is the Mann-Whitney statistic with weights.
    """
    values, of = np.unique(scores, return_inverse=True)
    areas = np.full(len(draws.counts), np.nan)
    for i, counts in enumerate(draws.counts):
        weights = counts[draws.of]
        positive = np.bincount(of, weights * there, len(values))
        negative = np.bincount(of, weights * ~there, len(values))
        pairs = positive.sum() * negative.sum()
        if pairs > 0:
            areas[i] = (positive * (np.cumsum(negative) - negative / 2)).sum() / pairs
    return areas


def lower_bound(values: np.ndarray) -> float | None:
    """The 2.5th percentile of what draws gave; None where none gave anything."""
    known = values[np.isfinite(values)]
    return float(np.percentile(known, LOWER)) if len(known) else None


def two_sided_f1(there: np.ndarray, said: np.ndarray) -> float:
    """Macro F1 of one state: the mean of the F1 of "there" and that of "not there", of those that occur or are said."""
    rows = metrics.per_class(metrics.confusion_of(there.astype(int), said.astype(int), 2), ["not there", "there"])
    return float(np.mean([row["f1"] for row in rows if row["f1"] is not None]))


def selective(there: np.ndarray, said: np.ndarray, speaks: np.ndarray) -> dict | None:
    """{coverage, precision} over judged pairs of window and state, all [M]; None where it never says that a state is there.

    coverage = share in which it speaks; precision = share that is right of its "there" where it speaks.
    """
    spoken = said & speaks
    return {"coverage": float(speaks.mean()), "precision": float(there[spoken].mean())} if spoken.any() else None


def per_group(items: list[dict], names: list[str], levels: np.ndarray, said: np.ndarray, speaks: np.ndarray) -> list[dict]:
    """One row for each value of each attribute. levels, said and speaks are [N, S].

    accuracy: balanced, (sensitivity + specificity)/2, the mean over states that have both. falseAlarms: share said to be there of
    what is not, over all states but engagement. abstained: share in which it says nothing. groups: students.
    """
    judged, there = levels >= 0, levels >= PRESENT
    alarms = [i for i, name in enumerate(names) if name != GOOD]
    rows = []
    for name, value, of in metrics.attribute_values(items):
        inside = judged & of[:, None]
        balanced = [_balanced(there[inside[:, i], i], said[inside[:, i], i]) for i in range(len(names))]
        known = [accuracy for accuracy in balanced if accuracy is not None]
        row = {
            "attribute": name,
            "value": value,
            "examples": int(of.sum()),
            "groups": metrics.count_groups([item for item, is_in in zip(items, of) if is_in]),
            "accuracy": float(np.mean(known)) if known else None,
        }
        absent = inside & ~there
        if absent[:, alarms].any():
            row["falseAlarms"] = float((said & speaks)[:, alarms][absent[:, alarms]].mean())
        if inside.any():
            row["abstained"] = float(1 - speaks[inside].mean())
        rows.append(row)
    return rows


def _balanced(there: np.ndarray, said: np.ndarray) -> float | None:
    if there.all() or not there.any():
        return None
    return float((said[there].mean() + (~said[~there]).mean()) / 2)


class Baseline:
    """Behaviour and content alone, which a camera has to beat: for each state a logistic regression on `context` of the items.

    Numbers are standardised by the training split; one that is missing counts as the mean. Weights minimise
    Σ log(1 + exp(−y·(b + w·x))) + |w|²/2 by Newton's method (ridge logistic regression, le Cessie & van Houwelingen 1992).
    """

    STEPS = 30

    def __init__(self, items: list[dict], names: list[str]):
        """From the items of the training split, with `states` (levels) and `context` (numbers by name)."""
        self.names = sorted({name for item in items for name in item.get("context") or {}})
        table = self._table(items)
        self._mean = np.array([np.nanmean(column) for column in table.T])
        self._deviation = np.array([np.nanstd(column) or 1.0 for column in table.T])
        inputs = self._inputs(table)
        levels = np.array([[-1 if (item.get("states") or {}).get(name) is None else item["states"][name] for name in names] for item in items])
        self._weights = [self._fit(inputs[levels[:, i] >= 0], levels[levels[:, i] >= 0, i] >= PRESENT) for i in range(len(names))]

    @classmethod
    def of(cls, items: list[dict], names: list[str]) -> "Baseline | None":
        """None where the items say nothing of behaviour and content: then nothing can be said to be gained over it."""
        return cls(items, names) if any(item.get("context") for item in items) else None

    def scores(self, items: list[dict]) -> np.ndarray:
        """Log odds that each state is there, [N, S]."""
        return self._inputs(self._table(items)) @ np.stack(self._weights, axis=1)

    def _table(self, items: list[dict]) -> np.ndarray:
        return np.array([[(item.get("context") or {}).get(name, np.nan) for name in self.names] for item in items], float)

    def _inputs(self, table: np.ndarray) -> np.ndarray:
        """[N, 1 + numbers], the first column all ones."""
        scaled = np.nan_to_num((table - self._mean) / self._deviation)
        return np.concatenate([np.ones((len(table), 1)), scaled], axis=1)

    def _fit(self, inputs: np.ndarray, there: np.ndarray) -> np.ndarray:
        weights, penalty = np.zeros(inputs.shape[1]), np.eye(inputs.shape[1])
        penalty[0, 0] = 1e-6
        for _ in range(self.STEPS):
            chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
            slope = inputs.T @ (chance - there) + penalty @ weights
            weights = weights - np.linalg.solve((inputs.T * (chance * (1 - chance))) @ inputs + penalty, slope)
        return weights
