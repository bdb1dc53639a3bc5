"""What a model is measured by; numpy only."""

import numpy as np

#: Bins of the calibration error at most, and examples in one at least.
BINS, LEAST_IN_BIN = 15, 20


def softmax(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """float [N, K] → probabilities [N, K]."""
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    powers = np.exp(scaled)
    return powers / powers.sum(axis=-1, keepdims=True)


def cross_entropy(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0) -> float:
    """Mean −log p of the true label, in nats."""
    chosen = softmax(logits, temperature)[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """T in [.05, 20] that minimises the cross-entropy on validation (Guo et al. 2017), by golden section over log T."""
    low, high = np.log(0.05), np.log(20.0)
    ratio = (5**0.5 - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if cross_entropy(logits, labels, np.exp(left)) <= cross_entropy(logits, labels, np.exp(right)):
            high = right
        else:
            low = left
    return round(float(np.exp((low + high) / 2)), 4)


def expected_calibration_error(probs: np.ndarray, labels: np.ndarray, bins: int | None = None) -> float:
    """Σ n_b/N · |accuracy_b − confidence_b| over bins of equal mass by confidence (Nixon et al. 2019).

    With less than 20 examples in a bin, what chance makes of it would count as error: then there are fewer.
    """
    bins = bins or max(1, min(BINS, len(labels) // LEAST_IN_BIN))
    confidence = probs.max(axis=1)
    right = probs.argmax(axis=1) == labels
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(right[part].mean() - confidence[part].mean()) for part in parts) / len(labels))


def confusion_of(labels: np.ndarray, given: np.ndarray, classes: int) -> np.ndarray:
    """Counts [classes, classes]; rows are true, columns given."""
    return np.bincount(labels * classes + given, minlength=classes**2).reshape(classes, classes)


def kappa(confusion: np.ndarray, quadratic: bool = False) -> float:
    """Cohen's κ = 1 − Σ w·observed / Σ w·expected; w is (i−j)² where labels have an order."""
    size = len(confusion)
    rows, columns = np.indices((size, size))
    weights = (rows - columns) ** 2 if quadratic else (rows != columns)
    expected = np.outer(confusion.sum(axis=1), confusion.sum(axis=0)) / max(1, confusion.sum())
    disagreement = (weights * expected).sum()
    return float(1 - (weights * confusion).sum() / disagreement) if disagreement else 0.0


def per_class(confusion: np.ndarray, names: list[str]) -> list[dict]:
    """Precision, recall and F1 by label; null where there is nothing to divide by."""
    rows = []
    for index, name in enumerate(names):
        hit, true, given = confusion[index, index], confusion[index].sum(), confusion[:, index].sum()
        rows.append(
            {
                "label": name,
                "examples": int(true),
                "precision": float(hit / given) if given else None,
                "recall": float(hit / true) if true else None,
                "f1": float(2 * hit / (true + given)) if true + given else None,
            }
        )
    return rows


def attribute_values(items: list[dict]):
    """(attribute, value, mask [N] of the items that have it) for each value of each attribute, in order."""
    for name, value in sorted({(name, value) for item in items for name, value in item["attributes"].items()}):
        yield name, value, np.array([item["attributes"].get(name) == value for item in items])


def per_group(items: list[dict], right: np.ndarray) -> list[dict]:
    """Accuracy by each value of each attribute of the items."""
    return [
        {"attribute": name, "value": value, "examples": int(of.sum()), "accuracy": float(right[of].mean())}
        for name, value, of in attribute_values(items)
    ]


def auc(scores: np.ndarray, positive: np.ndarray) -> float | None:
    """Area under the ROC curve by ranks (ties share); None without both kinds."""
    if positive.all() or not positive.any():
        return None
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def classification(logits: np.ndarray, labels: np.ndarray, temperature: float, names: list[str], items: list[dict], split: str, abstain_below: float | None) -> dict:
    """`metrics` of the manifest, of logits [N, K]."""
    probs = softmax(logits, temperature)
    given = probs.argmax(axis=1)
    confusion = confusion_of(labels, given, len(names))
    rows = per_class(confusion, names)
    present = [row["f1"] for row in rows if row["f1"] is not None]
    overall = {
        "accuracy": float((given == labels).mean()),
        "macroF1": float(np.mean(present)),
        "kappa": kappa(confusion),
        "ece": expected_calibration_error(probs, labels),
    }
    if abstain_below is not None:
        overall["abstained"] = float((probs.max(axis=1) < abstain_below).mean())
    return {
        "split": split,
        "examples": len(labels),
        "groups": count_groups(items),
        "overall": overall,
        "perClass": rows,
        "perGroup": per_group(items, given == labels),
        "confusion": confusion.tolist(),
    }


def group_of(item: dict) -> str:
    """Subject, student or source of an item; one without stands for itself."""
    return item["group"] if item["group"] is not None else item["path"]


def count_groups(items: list[dict]) -> int:
    """Distinct groups."""
    return len({group_of(item) for item in items})
