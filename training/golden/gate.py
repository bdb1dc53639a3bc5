"""Writes the manifests of models that are always right: libs/models/src/policy/perfect-models.json, which the gates have to let pass.

Metrics come from the tasks of the package, and the manifests from what writes all of them. test_gate.py sees to it that the file is
what this makes.

    PYTHONPATH=training python training/golden/gate.py
"""

import json
import pathlib
import sys
import tempfile
from types import SimpleNamespace

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from attune_training.cli import shapes_plan  # noqa: E402
from attune_training.examples import Case  # noqa: E402
from attune_training.manifest import Trained, manifest_of  # noqa: E402
from attune_training.package import write_package  # noqa: E402
from attune_training.plan import check_plan  # noqa: E402
from attune_training.tasks import make_task  # noqa: E402
from attune_training.tasks.detection import Detection  # noqa: E402

FILE = pathlib.Path(__file__).parents[2] / "libs/models/src/policy/perfect-models.json"
STUDENTS, EACH = 24, 12


def perfect_manifests() -> list[dict]:
    """One of each task."""
    return [_manifest(*make()) for make in (_classification, _detection, _window)]


def _classification():
    items = [_item(index, label="abc"[index % 3]) for index in range(STUDENTS * EACH)]
    labels = np.array([index % 3 for index in range(len(items))])
    logits = np.where(labels[:, None] == np.arange(3), 12.0, 0.0)
    return "image-classification", "tiny-convnet", list("abc"), items, {"logits": logits}, {"label": labels}


def _detection():
    items = [_item(index, label=None) for index in range(48)]
    for index, item in enumerate(items):
        item["boxes"] = [{"label": "ab"[index % 2], "x": 8 + index % 16, "y": 12, "width": 16, "height": 20, "keypoints": {}}]
    task = Detection({"numbers": {"imageSize": 64, "resize": "squash"}}, SimpleNamespace(labels=list("ab"), items=items))
    maps = [task._maps(item["boxes"], np.full(2, 0.25), np.zeros(2)) for item in items]
    targets = {name: np.stack([each[name] for each in maps]) for name in maps[0]}
    outputs = {**targets, "heatmap": np.where(targets["heatmap"] > 0.999, 12.0, -12.0)}
    return "object-detection", "centre-tiny", list("ab"), items, outputs, targets


def _window():
    names = ["engagement", "confusion", "boredom"]
    rng = np.random.default_rng(1)
    levels = rng.integers(0, 4, (2 * STUDENTS * EACH, len(names)))
    items = []
    for index, of in enumerate(levels):
        split = "training" if index >= STUDENTS * EACH else "test"
        states = {name: int(level) for name, level in zip(names, of)}
        context = {"responseTime": round(float(rng.normal() - 0.2 * of[0]), 3)}
        items.append({**_item(index, label=None), "split": split, "states": states, "context": context})
    tested = levels[: STUDENTS * EACH]
    logits = np.where(tested[..., None] > np.arange(3), 12.0, -12.0)
    return "engagement-window", "temporal-convolution", names, items, {"logits": logits}, {"levels": tested}


def _item(index: int, label: str | None) -> dict:
    student = index // EACH
    glasses = {"glasses": "yes" if student % 2 else "no"}
    return {"path": f"test/{index}", "split": "test", "label": label, "group": f"student {student}", "attributes": glasses}


def _manifest(name: str, backbone: str, labels: list[str], items: list[dict], outputs: dict, targets: dict) -> dict:
    plan = shapes_plan("0" * 64, 1, "keras-jax")
    plan = check_plan({**plan, "run": {**plan["run"], "name": f"Always right: {name}"}, "task": name, "backbone": backbone})
    task = make_task(plan, SimpleNamespace(task=name, labels=labels, items=items))
    tested = [item for item in items if item["split"] == "test"]
    card = {
        "sha256": "0" * 64,
        "description": "Nothing: a model that is always right.",
        "examples": len(items),
        "perLabel": {},
        "splitBy": "student",
        "split": {"training": len(items) - len(tested), "validation": 0, "test": len(tested)},
        "isSynthetic": False,
        "consentBasis": "consent",
        "licence": "none",
    }
    calibration = task.calibrate(outputs, targets)
    metrics = task.evaluate(outputs, targets, calibration["temperature"], tested, "test", plan["abstainBelow"])
    exported = {"opset": 17, "outputs": [{"name": "probs", "dtype": "float32", "shape": [None, len(labels)]}], "deviation": 0.0, "versions": {}}
    trained = Trained(epochs=1, best_epoch=1, kind="CPU", devices=1, compiler="none", bfloat16=False, per_second=None, versions={})
    manifest = manifest_of(plan, task, card, metrics, calibration, exported, [1], trained)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "model.onnx").write_bytes(b"")
        (work / "metrics.jsonl").write_bytes(b"")
        np.save(work / "inputs.npy", np.zeros((1, 1), np.float32))
        np.savez(work / "outputs.npz", probs=np.zeros((1, 1), np.float32))
        return write_package(work / "package.zip", manifest, work, [Case(np.zeros(1))], work / "metrics.jsonl")


if __name__ == "__main__":
    FILE.write_text(json.dumps(perfect_manifests(), indent=2) + "\n")
