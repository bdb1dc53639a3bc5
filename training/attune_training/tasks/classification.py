"""One label for a picture."""

import numpy as np

from attune_training import metrics, pictures
from attune_training.augment import augment


class Classification:
    input_name, layout, dtype = "image", "NHWC", "uint8"

    def __init__(self, plan: dict, dataset):
        self.numbers, self.labels = plan["numbers"], dataset.labels
        self.preprocessing = pictures.preprocessing(self.numbers["imageSize"], self.numbers["resize"])
        self._index = {label: i for i, label in enumerate(self.labels)}

    def shape(self, plan: dict) -> dict:
        return {"imageSize": plan["numbers"]["imageSize"], "classes": len(self.labels)}

    def example(self, dataset, item: dict, rng: np.random.Generator | None) -> tuple[np.ndarray, dict]:
        """uint8 [H, W, 3] and its label. Resized before it is augmented: a sixth of the time for a phone's photo."""
        image = pictures.fit(pictures.upright(dataset.path(item)), self.preprocessing)
        if rng is not None:
            image = augment(image, self.numbers["augmentation"], rng)
        return np.asarray(image, np.uint8), {"label": np.int32(self._index[item["label"]])}

    def loss(self, ops, outputs: dict, targets: dict):
        """Cross-entropy in nats against (1 − s)·one-hot + s/K (Szegedy et al. 2016)."""
        classes, smoothing = len(self.labels), self.numbers["labelSmoothing"]
        wanted = ops.one_hot(targets["label"], classes) * (1 - smoothing) + smoothing / classes
        return -ops.mean(ops.sum(wanted * ops.log_softmax(outputs["logits"]), axis=-1))

    def validation_loss(self, outputs: dict, targets: dict) -> dict[str, float]:
        logits, labels = outputs["logits"], targets["label"]
        return {"validationLoss": metrics.cross_entropy(logits, labels), "validationAccuracy": float((logits.argmax(1) == labels).mean())}

    def calibrate(self, outputs: dict, targets: dict) -> dict:
        """`calibration` of the manifest, from validation."""
        temperature = metrics.fit_temperature(outputs["logits"], targets["label"])
        ece = metrics.expected_calibration_error(metrics.softmax(outputs["logits"], temperature), targets["label"])
        return {"method": "temperature", "temperature": temperature, "ece": ece}

    def evaluate(self, outputs: dict, targets: dict, temperature: float, items: list[dict], split: str, abstain_below) -> dict:
        return metrics.classification(outputs["logits"], targets["label"], temperature, self.labels, items, split, abstain_below)
