"""Windows and detection learn a generated set and make packages; every backbone family is the same in Node."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import in_process, manifest_of, needs, verified
from PIL import Image

from attune_training import metrics, networks, pictures
from attune_training.examples import Case
from attune_training.package import write_package
from attune_training.shapes import write_boxes, write_windows
from attune_training.tasks.classification import Classification
from attune_training.tasks.detection import Detection, average_precision, overlap

TRAIN = """
from pathlib import Path
from attune_training.cli import shapes_plan
from attune_training.plan import check_plan
from attune_training.run import run
archive = Path(arguments["archive"])
plan = shapes_plan(arguments["sha256"], archive.stat().st_size, "keras-jax", **arguments["numbers"])
plan |= {"task": arguments["task"], "backbone": arguments["backbone"]}
package = run(check_plan(plan), Path(arguments["folder"]), str(archive))
answer = {"package": str(package)}
"""

@pytest.mark.quick
def test_average_precision_of_a_known_list():
    # Right, wrong, right of two objects: precision 1 up to recall ½, then ⅔.
    assert average_precision(np.array([True, False, True]), 2) == pytest.approx((1 + 2 / 3) / 2)
    assert overlap(np.array([0, 0, 2, 2]), np.array([1, 0, 3, 2])) == pytest.approx(1 / 3)


def smoothed(logits, labels, smoothing):
    """The loss of the task in numpy."""
    ops = SimpleNamespace(
        one_hot=lambda at, classes: np.eye(classes)[at],
        mean=np.mean,
        sum=np.sum,
        log_softmax=lambda x: np.log(metrics.softmax(x)),
    )
    numbers = {"imageSize": 32, "resize": "squash", "labelSmoothing": smoothing}
    task = Classification({"numbers": numbers}, SimpleNamespace(labels=["a", "b", "c", "d"]))
    return task.loss(ops, {"logits": logits}, {"label": labels})


LOGITS, LABELS = np.random.default_rng(3).normal(size=(6, 4)), np.array([0, 1, 2, 3, 0, 1])


@pytest.mark.quick
def test_smoothed_loss_is_as_its_formula_says():
    log_p = np.log(metrics.softmax(LOGITS))
    own, all_of_them = -log_p[np.arange(6), LABELS].mean(), -log_p.sum(axis=1).mean()
    assert smoothed(LOGITS, LABELS, 0) == pytest.approx(own) == pytest.approx(metrics.cross_entropy(LOGITS, LABELS))
    assert smoothed(LOGITS, LABELS, 0.1) == pytest.approx(0.9 * own + 0.1 / 4 * all_of_them)
    # To be sure costs: with four labels the least loss is the entropy of (.925, .025, .025, .025).
    sure, least = np.eye(4)[LABELS] * 20, np.log(np.array([0.925, 0.025, 0.025, 0.025]))
    assert smoothed(least[None].repeat(6, 0), np.zeros(6, int), 0.1) == pytest.approx(-(np.exp(least) * least).sum())
    assert smoothed(sure, LABELS, 0.1) > 1 > 1e-6 > smoothed(sure, LABELS, 0)


@pytest.mark.slow
def test_smoothed_loss_is_the_same_in_torch():
    needs("torch")
    code = "import torch\nx, y = torch.tensor(arguments['logits']), torch.tensor(arguments['labels'])\n"
    code += "answer = float(torch.nn.functional.cross_entropy(x, y, label_smoothing=0.1))"
    assert in_process(code, {"logits": LOGITS.tolist(), "labels": LABELS.tolist()}) == pytest.approx(smoothed(LOGITS, LABELS, 0.1), abs=1e-6)


@pytest.mark.quick
def test_boxes_go_where_their_picture_is_padded_and_vanish_where_it_is_cropped(tmp_path):
    Image.new("RGB", (128, 64)).save(tmp_path / "a.png")
    boxes = [{"label": "a", "x": x, "y": 24, "width": 16, "height": 16, "keypoints": {"top": [x + 8, 24]}} for x in (0, 80)]
    item = {"path": "a.png", "boxes": boxes}
    dataset = SimpleNamespace(labels=["a"], items=[item], path=lambda item: tmp_path / item["path"])

    def centres(resize):
        numbers = {"imageSize": 64, "resize": resize}
        _, maps = Detection({"numbers": numbers}, dataset).example(dataset, item, None)
        cells = np.argwhere(maps["mask"][..., 0])
        assert [maps["keypoints"][row, column].tolist() for row, column in cells] == [
            [maps["offset"][row, column, 0], maps["offset"][row, column, 1] - maps["size"][row, column, 1] / 2] for row, column in cells
        ]
        return [(maps["offset"][row, column] + (column, row)).tolist() for row, column in cells]

    # In cells of four pixels: by half and down by 16 pixels; unscaled and 32 pixels to the left, without the first.
    assert centres("pad") == [[1, 8], [11, 8]]
    assert centres("crop") == [[14, 8]]
    assert centres("squash") == [[1, 8], [11, 8]]


@pytest.mark.slow
def test_window_heads_learn_each_state(tmp_path):
    needs("jax", "keras", "onnx", "onnxruntime", "torch")
    manifest = trained(tmp_path, write_windows, "engagement-window", "temporal-convolution", {"epochs": 12, "learningRate": 0.03})
    assert manifest["metrics"]["overall"]["kappa"] > 0.8 and manifest["metrics"]["overall"]["auc"] > 0.9
    overall = manifest["metrics"]["overall"]
    assert overall["aucGain"]["lower"] > 0.1 and overall["macroF1"] > overall["majorityF1"] + 0.15 and overall["selective"]["precision"] > 0.8
    assert {(row["attribute"], row["value"], row["groups"]) for row in manifest["metrics"]["perGroup"]} == {("camera", "front", 6), ("camera", "side", 6)}
    assert [output["shape"] for output in manifest["outputs"]] == [[None, 5, 3], [None, 5, 4], [None, 64]]


@pytest.mark.slow
def test_detector_finds_boxes(tmp_path):
    needs("jax", "keras", "onnx", "onnxruntime", "torch")
    numbers = {"imageSize": 64, "batchSize": 12, "epochs": 25, "learningRate": 0.06}
    manifest = trained(tmp_path, write_boxes, "object-detection", "centre-tiny", numbers)
    assert manifest["metrics"]["overall"]["meanAveragePrecision"] > 0.5
    assert {output["name"]: output["shape"] for output in manifest["outputs"]} == {
        "heatmap": [None, 16, 16, 2],
        "size": [None, 16, 16, 2],
        "offset": [None, 16, 16, 2],
        "keypoints": [None, 16, 16, 2],
    }


def trained(tmp_path, write, task, backbone, numbers) -> dict:
    """The manifest of a package that was trained on a generated set and is reproduced by Node."""
    archive = tmp_path / "set.zip"
    arguments = {"archive": archive, "sha256": write(archive), "folder": tmp_path / "run", "task": task, "backbone": backbone, "numbers": numbers}
    package = in_process(TRAIN, arguments, JAX_PLATFORMS="cpu")["package"]
    assert verified(package)["golden"]["tensor"] <= 1e-4
    return manifest_of(package)


CODE = "import engines_in_process as e\nanswer = e.exported(arguments)"
SHAPES = {
    "image-classification": {"imageSize": 64, "classes": 3},
    "object-detection": {"imageSize": 64, "classes": 3, "keypoints": 1},
    "engagement-window": {"steps": 40, "features": 76, "states": 3},
}
SIDES = {"vit-b16": 224}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "backbone"),
    [("keras", name) for names in networks.KERAS.values() for name in names] + [("torch", name) for name in networks.TORCH["image-classification"]],
)
def test_every_backbone_is_the_same_in_node(tmp_path, record_property, family, backbone):
    needs("jax", "keras", "onnx", "onnxruntime", "torch", "torchvision")
    task = next((task for task, names in networks.KERAS.items() if backbone in names), "image-classification")  # resnet18
    network = {"family": family, "task": task, "backbone": backbone, **SHAPES[task]}
    if backbone in SIDES:
        network["imageSize"] = SIDES[backbone]
    exported = in_process(CODE, {"folder": tmp_path, "network": network}, JAX_PLATFORMS="cpu")
    (tmp_path / "metrics.jsonl").write_text("")
    target = tmp_path / "package.zip"
    write_package(target, a_manifest(network, exported), tmp_path, [Case(inputs) for inputs in np.load(tmp_path / "inputs.npy")], tmp_path / "metrics.jsonl")
    in_node = verified(target)["golden"]["tensor"]
    record_property("fromTraining", exported["fromTraining"])
    record_property("inNode", in_node)
    allowed = 1e-4 * min(1, exported["largest"])  # random weights may give outputs near zero
    assert exported["fromTraining"] <= allowed and in_node <= allowed


def a_manifest(network: dict, exported: dict) -> dict:
    """The rest of a manifest of random weights."""
    card = {"description": "none", "examples": 0, "perLabel": {}, "splitBy": "image", "isSynthetic": True, "consentBasis": "generated", "licence": "CC0-1.0"}
    name, layout = ("window", "NTF") if network["task"] == "engagement-window" else ("image", "NHWC")
    shape = [network["steps"], network["features"]] if name == "window" else [network["imageSize"], network["imageSize"], 3]
    preprocessing = None if name == "window" else pictures.preprocessing(network["imageSize"], "squash")
    return {
        "schemaVersion": 1,
        "id": "11111111-1111-4111-8111-111111111111",
        "name": network["backbone"],
        "task": network["task"],
        "labels": ["a", "b", "c"],
        "format": "onnx",
        "entry": "model.onnx",
        "opset": exported["opset"],
        "input": {"name": name, "dtype": "float32" if name == "window" else "uint8", "layout": layout, "shape": [None, *shape], "preprocessing": preprocessing},
        "outputs": exported["outputs"],
        "metrics": {"split": "test", "examples": 0, "groups": 0, "overall": {}, "perClass": [], "perGroup": []},
        "calibration": {"method": "temperature", "temperature": 1.5, "ece": None},
        "abstainBelow": None,
        "dataset": {**card, "sha256": "0" * 64, "split": {"training": 0, "validation": 0, "test": 0}},
        "training": {"run": None, "engine": "keras-jax", "backbone": network["backbone"], "seed": 1, "epochs": 0, "config": {}},
        "hardware": {"kind": "CPU", "count": 1, "imagesPerSecond": None},
        "frameworks": {},
        "baseWeights": None,
    }
