"""The manifest of a package, but for its golden cases and files: what was trained, on what, and how well it does."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Trained:
    """How training went: epochs that were run and the best of them (from 1), what it ran on, and versions by framework."""

    epochs: int
    best_epoch: int
    kind: str
    devices: int
    compiler: str
    bfloat16: bool
    per_second: float | None
    versions: dict[str, str]


def manifest_of(plan: dict, task, card: dict, metrics: dict, calibration: dict, exported: dict, shape: list[int], trained: Trained) -> dict:
    """`card` is that of the dataset, `exported` what exported.json says, `shape` that of one input, without the batch."""
    weights = plan["weights"]
    return {
        "schemaVersion": 1,
        "id": str(uuid.uuid5(uuid.UUID(plan["run"]["id"]), f"{card['sha256']}/{trained.epochs}")),
        "name": plan["run"]["name"],
        "task": plan["task"],
        "labels": task.labels,
        "format": "onnx",
        "entry": "model.onnx",
        "opset": exported["opset"],
        "input": {"name": task.input_name, "dtype": task.dtype, "layout": task.layout, "shape": [None, *shape], "preprocessing": task.preprocessing},
        "outputs": exported["outputs"],
        "metrics": metrics,
        "calibration": calibration,
        "abstainBelow": plan["abstainBelow"],
        "dataset": card,
        "training": {
            "run": plan["run"]["id"],
            "engine": plan["engine"],
            "backbone": plan["backbone"],
            "seed": plan["numbers"]["seed"],
            "epochs": trained.epochs,
            "config": {
                **plan["numbers"],
                "bestEpoch": trained.best_epoch,
                "bfloat16": trained.bfloat16,
                "compiler": trained.compiler,
                "parity": exported["deviation"],
            },
        },
        "hardware": {"kind": trained.kind, "count": trained.devices, "imagesPerSecond": trained.per_second},
        "frameworks": exported["versions"] | trained.versions,
        "baseWeights": None if weights == "none" else _base(weights),
    }


def flat(overall: dict) -> dict[str, float]:
    """`overall` of the metrics as numbers by name: {"aucGain": {"lower": x}} is {"aucGainLower": x}."""
    numbers = {}
    for name, value in overall.items():
        parts = {f"{name}{key[0].upper()}{key[1:]}": part for key, part in value.items()} if isinstance(value, dict) else {name: value}
        numbers |= {key: part for key, part in parts.items() if part is not None}
    return numbers


def _base(weights: dict) -> dict:
    return {"architecture": weights["architecture"], "source": weights["url"], "sha256": weights["sha256"], "licence": weights["licence"]}
