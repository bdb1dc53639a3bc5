"""Levels of states from ten seconds of features: independent ordinal heads, as pupils are engaged and bored at once."""

import numpy as np

from attune_training import metrics
from attune_training.tasks import engagement
from attune_training.tasks.engagement import PRESENT

#: Samples of a window (10 s at 4 Hz), and features of each.
STEPS, FEATURES = 40, 76
LEVELS = 4


class Window:
    """Labels are the names of the states; `states` of an item gives levels 0…3, null where nobody judged."""

    input_name, layout, dtype, preprocessing = "window", "NTF", "float32", None
    sides = (STEPS, FEATURES)

    def __init__(self, plan: dict, dataset):
        self.numbers, self.labels = plan["numbers"], dataset.labels
        self._baseline = engagement.Baseline.of([item for item in dataset.items if item["split"] == "training"], dataset.labels)

    def shape(self, plan: dict) -> dict:
        return {"steps": STEPS, "features": FEATURES, "states": len(self.labels)}

    def example(self, dataset, item: dict, rng: np.random.Generator | None) -> tuple[np.ndarray, dict]:
        """float32 [40, 76]; with an rng, noise of 2 % of a standard feature. Targets: level [states], −1 if not judged."""
        window = np.fromfile(dataset.path(item), "<f4").reshape(STEPS, FEATURES)
        if not np.isfinite(window).all():
            raise ValueError(f"{item['path']} has numbers that are not finite.")
        if rng is not None:
            window = window + rng.normal(0, 0.02, window.shape).astype(np.float32)
        states = item.get("states") or {}
        levels = [states.get(name) for name in self.labels]
        return window, {"levels": np.array([-1 if level is None else level for level in levels], np.int32)}

    def loss(self, ops, outputs: dict, targets: dict):
        """Mean binary cross-entropy of "level ≥ 1, 2, 3" over judged states (cumulative link, Frank & Hall 2001)."""
        levels = ops.expand_dims(targets["levels"], -1)
        logits = outputs["logits"]
        above = ops.cast(levels > ops.arange(LEVELS - 1, dtype="int32"), "float32")
        judged = ops.cast(levels >= 0, "float32")
        losses = ops.maximum(logits, 0.0) - logits * above + ops.log1p(ops.exp(-ops.abs(logits)))
        return ops.sum(losses * judged) / ops.maximum(1.0, (LEVELS - 1) * ops.sum(judged))

    def validation_loss(self, outputs: dict, targets: dict) -> dict[str, float]:
        levels, judged = targets["levels"], targets["levels"] >= 0
        given = level_probs(outputs["logits"]).argmax(-1)
        return {"validationLoss": self._cross_entropy(outputs["logits"], levels), "validationAccuracy": float((given == levels)[judged].mean())}

    def calibrate(self, outputs: dict, targets: dict) -> dict:
        """One temperature for all heads, which keeps their thresholds in order; by a grid of 81 from 1/4 to 4."""
        grid = np.exp(np.linspace(np.log(0.25), np.log(4), 81))
        best = min(grid, key=lambda t: self._cross_entropy(outputs["logits"] / t, targets["levels"]))
        return {"method": "temperature", "temperature": round(float(best), 4), "ece": self._ece(outputs["logits"] / best, targets["levels"])}

    def evaluate(self, outputs: dict, targets: dict, temperature: float, items: list[dict], split: str, abstain_below) -> dict:
        """`metrics` of the manifest. Per class: "the state is there" (level ≥ 2), its examples the windows in which it is."""
        levels, logits = targets["levels"], outputs["logits"] / temperature
        probs, judged = level_probs(logits), levels >= 0
        given, there = probs.argmax(-1), levels >= PRESENT
        said, speaks = given >= PRESENT, probs.max(-1) >= (abstain_below or 0)
        draws = engagement.draws_of([metrics.group_of(item) for item in items], self.numbers["seed"])
        scores, baseline = probs[..., PRESENT:].sum(-1), self._baseline and self._baseline.scores(items)
        rows, gains, by_draw = [], [], []
        for i, name in enumerate(self.labels):
            at = judged[:, i]
            table = metrics.confusion_of(there[at, i].astype(int), said[at, i].astype(int), 2)
            row = metrics.per_class(table, ["", name])[1]
            row["groups"] = metrics.count_groups([item for item, has in zip(items, there[:, i]) if has])
            area = metrics.auc(scores[at, i], there[at, i])
            if area is not None:
                drawn = engagement.weighted_auc(scores[at, i], there[at, i], draws.at(at))
                row |= {"auc": area} | _known("aucLower", engagement.lower_bound(drawn))
                if baseline is not None:
                    gains.append(area - metrics.auc(baseline[at, i], there[at, i]))
                    by_draw.append(drawn - engagement.weighted_auc(baseline[at, i], there[at, i], draws.at(at)))
            rows.append(row)
        overall = self._overall(levels, given, logits, rows)
        if gains and (lower := engagement.lower_bound(np.mean(by_draw, axis=0))) is not None:
            overall["aucGain"] = {"difference": float(np.mean(gains)), "lower": lower}
        if sure := engagement.selective(there[judged], said[judged], speaks[judged]):
            overall["selective"] = sure
        if abstain_below is not None:
            overall["abstained"] = float(1 - speaks[judged].mean())
        groups = engagement.per_group(items, self.labels, levels, said, speaks)
        return {"split": split, "examples": len(items), "groups": metrics.count_groups(items), "overall": overall, "perClass": rows, "perGroup": groups}

    def _overall(self, levels: np.ndarray, given: np.ndarray, logits: np.ndarray, rows: list[dict]) -> dict:
        """Means over the states that somebody judged. majorityF1 is macroF1 of saying of each state what is true more often."""
        judged, there, said = levels >= 0, levels >= PRESENT, given >= PRESENT
        columns = [(judged[:, i], i) for i in range(len(self.labels)) if judged[:, i].any()]
        kappas = [metrics.kappa(metrics.confusion_of(levels[at, i], given[at, i], LEVELS), quadratic=True) for at, i in columns]
        frequent = [np.full(at.sum(), there[at, i].mean() >= 0.5) for at, i in columns]
        overall = {
            "accuracy": float((given == levels)[judged].mean()),
            "kappa": float(np.mean(kappas)),
            "ece": self._ece(logits, levels),
            "macroF1": float(np.mean([engagement.two_sided_f1(there[at, i], said[at, i]) for at, i in columns])),
            "majorityF1": float(np.mean([engagement.two_sided_f1(there[at, i], always) for (at, i), always in zip(columns, frequent)])),
        }
        if known := [row["auc"] for row in rows if "auc" in row]:
            overall["auc"] = float(np.mean(known))
        return overall

    def _ece(self, logits: np.ndarray, levels: np.ndarray) -> float:
        judged = levels >= 0
        return metrics.expected_calibration_error(level_probs(logits)[judged], levels[judged])

    @staticmethod
    def _cross_entropy(logits: np.ndarray, levels: np.ndarray) -> float:
        above = levels[..., None] > np.arange(LEVELS - 1)
        losses = np.logaddexp(0, np.where(above, -logits, logits))
        return float(losses[levels >= 0].mean())


def _known(name: str, value) -> dict:
    return {} if value is None else {name: value}


def level_probs(logits: np.ndarray) -> np.ndarray:
    """Cumulative logits [N, states, 3], falling → probabilities of the levels [N, states, 4]."""
    above = 1 / (1 + np.exp(-logits.astype(np.float64)))
    ends = np.concatenate([np.ones_like(above[..., :1]), above, np.zeros_like(above[..., :1])], -1)
    return ends[..., :-1] - ends[..., 1:]
