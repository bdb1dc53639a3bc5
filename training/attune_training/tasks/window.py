"""Levels of states from ten seconds of features: independent ordinal heads, as pupils are engaged and bored at once."""

import numpy as np

from attune_training import metrics

#: Samples of a window (10 s at 4 Hz), and features of each.
STEPS, FEATURES = 40, 76
LEVELS = 4
#: From this level on a state counts as there.
PRESENT = 2


class Window:
    """Labels are the names of the states; `states` of an item gives levels 0…3, null where nobody judged."""

    input_name, layout, dtype, preprocessing = "window", "NTF", "float32", None

    def __init__(self, plan: dict, dataset):
        self.numbers, self.labels = plan["numbers"], dataset.labels

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
        """Means over states; per class: "the state is there" (level ≥ 2)."""
        levels, logits = targets["levels"], outputs["logits"] / temperature
        probs = level_probs(logits)
        given, judged = probs.argmax(-1), levels >= 0
        rows, kappas, areas = [], [], []
        for i, name in enumerate(self.labels):
            at = judged[:, i]
            there, said = levels[at, i] >= PRESENT, given[at, i] >= PRESENT
            table = metrics.confusion_of(there.astype(int), said.astype(int), 2)
            rows.append({**metrics.per_class(table, ["", name])[1]})
            kappas.append(metrics.kappa(metrics.confusion_of(levels[at, i], given[at, i], LEVELS), quadratic=True))
            areas.append(metrics.auc(probs[at, i, PRESENT:].sum(-1), there))
        known = [area for area in areas if area is not None]
        f1 = [row["f1"] for row in rows if row["f1"] is not None]
        right = ((given == levels) & judged).sum(1) / np.maximum(1, judged.sum(1))
        overall = {"accuracy": float((given == levels)[judged].mean()), "kappa": float(np.mean(kappas)), "ece": self._ece(logits, levels)}
        if f1:
            overall["macroF1"] = float(np.mean(f1))
        if known:
            overall["auc"] = float(np.mean(known))
        if abstain_below is not None:
            overall["abstained"] = float((probs.max(-1)[judged] < abstain_below).mean())
        return {
            "split": split,
            "examples": len(items),
            "groups": metrics.count_groups(items),
            "overall": overall,
            "perClass": rows,
            "perGroup": metrics.per_group(items, right),
        }

    def _ece(self, logits: np.ndarray, levels: np.ndarray) -> float:
        judged = levels >= 0
        return metrics.expected_calibration_error(level_probs(logits)[judged], levels[judged])

    @staticmethod
    def _cross_entropy(logits: np.ndarray, levels: np.ndarray) -> float:
        above = levels[..., None] > np.arange(LEVELS - 1)
        losses = np.logaddexp(0, np.where(above, -logits, logits))
        return float(losses[levels >= 0].mean())


def level_probs(logits: np.ndarray) -> np.ndarray:
    """Cumulative logits [N, states, 3], falling → probabilities of the levels [N, states, 4]."""
    above = 1 / (1 + np.exp(-logits.astype(np.float64)))
    ends = np.concatenate([np.ones_like(above[..., :1]), above, np.zeros_like(above[..., :1])], -1)
    return ends[..., :-1] - ends[..., 1:]
