"""Boxes and keypoints by centre points: Zhou et al. 2019, "Objects as Points", arXiv:1904.07850."""

import numpy as np

from attune_training import metrics, pictures

#: Pixels of the input for one cell of the maps.
STRIDE = 4
#: Peaks of a picture that count, and the overlap that a hit needs.
MOST_PEAKS, OVERLAP = 50, 0.5
#: Peaks below this are no detections in `accuracy` and per class.
CONFIDENT = 0.3


class Detection:
    """Outputs on a map of a quarter of the side, NHWC: heatmap [C], size [2] and offset [2] in cells, keypoints [2K] from the centre in cells."""

    input_name, layout, dtype = "image", "NHWC", "uint8"

    def __init__(self, plan: dict, dataset):
        self.numbers, self.labels = plan["numbers"], dataset.labels
        self.side = self.numbers["imageSize"]
        self.preprocessing = pictures.preprocessing(self.side, self.numbers["resize"])
        self.keypoints = sorted({name for item in dataset.items for box in item.get("boxes", []) for name in box["keypoints"]})

    def shape(self, plan: dict) -> dict:
        return {"imageSize": self.side, "classes": len(self.labels), "keypoints": len(self.keypoints)}

    def example(self, dataset, item: dict, rng: np.random.Generator | None) -> tuple[np.ndarray, dict]:
        """uint8 [S, S, 3] and the maps [S/4, S/4, …]; with an rng, light and contrast change, but no geometry: arrows have a direction."""
        image = pictures.upright(dataset.path(item))
        scale, shift = pictures.placement(image.size, self.preprocessing)
        pixels = np.asarray(pictures.fit(image, self.preprocessing), np.uint8)
        if rng is not None:
            jitter = self.numbers["augmentation"]["jitter"]
            gain, lift = rng.uniform(1 - jitter, 1 + jitter), rng.uniform(-jitter, jitter) * 64
            pixels = np.clip(pixels * gain + lift, 0, 255).astype(np.uint8)
        return pixels, self._maps(item.get("boxes", []), scale / STRIDE, shift / STRIDE)

    def loss(self, ops, outputs: dict, targets: dict):
        """Focal loss of the heatmap (α 2, β 4) + .1 · L1 of sizes + L1 of offsets + .1 · L1 of keypoints, by number of objects."""
        logits, wanted = outputs["heatmap"], targets["heatmap"]
        p = ops.sigmoid(logits)
        log_p, log_not = -ops.softplus(-logits), -ops.softplus(logits)
        peak = ops.cast(wanted > 0.999, "float32")
        focal = -(peak * ops.square(1 - p) * log_p + (1 - peak) * ops.power(1 - wanted, 4) * ops.square(p) * log_not)
        mask = targets["mask"]
        count = ops.maximum(1.0, ops.sum(mask))
        total = ops.sum(focal) / count
        for name, weight in (("size", 0.1), ("offset", 1.0), ("keypoints", 0.1)):
            if name in outputs:
                total = total + weight * ops.sum(ops.abs(outputs[name] - targets[name]) * mask) / count
        return total

    def validation_loss(self, outputs: dict, targets: dict) -> dict[str, float]:
        import keras

        loss = float(self.loss(keras.ops, outputs, targets))
        return {"validationLoss": loss, "validationMeanAveragePrecision": self._judge(outputs, targets)[0]}

    def calibrate(self, outputs: dict, targets: dict) -> dict:
        return {"method": "none", "temperature": 1.0, "ece": None}

    def evaluate(self, outputs: dict, targets: dict, temperature: float, items: list[dict], split: str, abstain_below) -> dict:
        mean, rows = self._judge(outputs, targets)
        return {
            "split": split,
            "examples": len(items),
            "groups": metrics.count_groups(items),
            "overall": {"meanAveragePrecision": mean},
            "perClass": rows,
            "perGroup": self._per_group(outputs, targets, items),
        }

    def _per_group(self, outputs: dict, targets: dict, items: list[dict]) -> list[dict]:
        """One row for each value of each attribute; `accuracy` is the mean average precision on its pictures, None without boxes."""
        rows = []
        for name, value, of in metrics.attribute_values(items):
            mean, per_class = self._judge(*({key: maps[of] for key, maps in part.items()} for part in (outputs, targets)))
            has_boxes = any(row["examples"] for row in per_class)
            rows.append({"attribute": name, "value": value, "examples": int(of.sum()), "accuracy": mean if has_boxes else None})
        return rows

    def _maps(self, boxes: list[dict], scale: np.ndarray, shift: np.ndarray) -> dict[str, np.ndarray]:
        """Points go to p·scale + shift in cells. A box whose centre is cropped away is none."""
        side = self.side // STRIDE
        rows, columns = np.mgrid[:side, :side]
        maps = {
            "heatmap": np.zeros((side, side, len(self.labels)), np.float32),
            "size": np.zeros((side, side, 2), np.float32),
            "offset": np.zeros((side, side, 2), np.float32),
            "mask": np.zeros((side, side, 1), np.float32),
        }
        if self.keypoints:
            maps["keypoints"] = np.zeros((side, side, 2 * len(self.keypoints)), np.float32)
        for box in boxes:
            size = np.array([box["width"], box["height"]]) * scale
            centre = np.array([box["x"], box["y"]]) * scale + shift + size / 2
            if (centre < 0).any() or (centre >= side).any():
                continue
            column, row = centre.astype(int)
            spread = max(0.7, float(size.min()) / 6)
            bump = np.exp(-((columns - column) ** 2 + (rows - row) ** 2) / (2 * spread**2)).astype(np.float32)
            heat = maps["heatmap"][..., self.labels.index(box["label"])]
            np.maximum(heat, bump, out=heat)
            maps["mask"][row, column] = 1
            maps["size"][row, column] = size
            maps["offset"][row, column] = centre - (column, row)
            for i, name in enumerate(self.keypoints):
                if name in box["keypoints"]:
                    maps["keypoints"][row, column, 2 * i : 2 * i + 2] = np.array(box["keypoints"][name]) * scale + shift - (column, row)
        return maps

    def _judge(self, outputs: dict, targets: dict) -> tuple[float, list[dict]]:
        """(mean average precision at an overlap of ½, per class at CONFIDENT), against the boxes that the target maps hold."""
        heat = 1 / (1 + np.exp(-outputs["heatmap"].astype(np.float64)))
        precisions, rows = [], []
        for label, name in enumerate(self.labels):
            found, count = [], 0
            for image in range(len(heat)):
                true = _boxes(np.argwhere(targets["heatmap"][image, ..., label] > 0.999), targets, image)
                count += len(true)
                cells = _peaks(heat[image, ..., label])
                scores = heat[image][cells[:, 0], cells[:, 1], label]
                found += zip(scores, _hits(_boxes(cells, outputs, image), true))
            found.sort(key=lambda pair: -pair[0])
            hits = np.array([hit for _, hit in found], bool)
            if count:
                precisions.append(average_precision(hits, count))
            sure = np.array([hit for score, hit in found if score >= CONFIDENT], bool)
            right = int(sure.sum())
            rows.append(
                {
                    "label": name,
                    "examples": count,
                    "precision": right / len(sure) if len(sure) else None,
                    "recall": right / count if count else None,
                    "f1": 2 * right / (len(sure) + count) if len(sure) + count else None,
                }
            )
        return float(np.mean(precisions)) if precisions else 0.0, rows


def average_precision(hits: np.ndarray, count: int) -> float:
    """Area under precision over recall with precision made falling (Everingham et al. 2010); hits by falling score."""
    caught = np.cumsum(hits)
    precision = caught / np.arange(1, len(hits) + 1)
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    return float((falling * hits).sum() / count)


def _peaks(heat: np.ndarray) -> np.ndarray:
    """Cells [M, 2] that are the largest among their neighbours, the highest first."""
    padded = np.pad(heat, 1, constant_values=-1)
    around = np.max([padded[i : i + heat.shape[0], j : j + heat.shape[1]] for i in range(3) for j in range(3)], axis=0)
    cells = np.argwhere(heat >= around)
    return cells[np.argsort(-heat[cells[:, 0], cells[:, 1]], kind="stable")][:MOST_PEAKS]


def _boxes(cells: np.ndarray, maps: dict, image: int) -> np.ndarray:
    """left, top, right, bottom in cells [M, 4]."""
    row, column = cells[:, 0], cells[:, 1]
    size = maps["size"][image, row, column]
    centre = np.stack([column, row], 1) + maps["offset"][image, row, column]
    return np.concatenate([centre - size / 2, centre + size / 2], 1)


def _hits(given: np.ndarray, true: np.ndarray) -> list[bool]:
    """Whether each box, best first, overlaps one that no better box has taken."""
    free, hits = list(range(len(true))), []
    for box in given:
        overlaps = [overlap(box, true[i]) for i in free]
        best = int(np.argmax(overlaps)) if overlaps else -1
        hit = best >= 0 and overlaps[best] >= OVERLAP
        if hit:
            free.pop(best)
        hits.append(hit)
    return hits


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    inner = np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod()
    union = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - inner
    return float(inner / union) if union > 0 else 0.0
