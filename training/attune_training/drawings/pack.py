"""Weights of a run → a model package like any other: ONNX, manifest, golden cases and card, with what it does on photos of others."""

import argparse
import hashlib
import json
import uuid
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from attune_training import pictures
from attune_training.drawings.layout import STRIDE, heat_names
from attune_training.drawings.network import DrawingNet
from attune_training.drawings.photos import HELD_OUT, Photo, is_held_out, read_photos
from attune_training.drawings.read import LEAST, arrows_of, shapes_of
from attune_training.drawings.train import state_of
from attune_training.drawings.views import moved
from attune_training.examples import Case
from attune_training.package import write_package

SIDE, OPSET = 832, 17
NAME = "Hand-drawn diagrams"
#: As libs/imaging counts: chosen on photos of writers who are held out.
THRESHOLDS = {"symbol": 0.3, "pool": 0.25, "arrow": 0.25}
GREY = (255, 255, 255)
DESCRIPTION = (
    "Photos of hand-drawn process diagrams: hdBPMN by Bernhard Schäfer, Han van der Aa, Henrik Leopold and Heiner Stuckenschmidt "
    "(https://github.com/dwslab/hdBPMN), CC BY 4.0, scaled to at most 1,000 pixels; with photos of flowcharts that a program drew. "
    "The weights are a work derived from these photos; no photo and no text of them is in this package."
)


class Shipped(nn.Module):
    """The network with its peaks: `heat` is kept where it is the most among its neighbours and above LEAST, else it is 0.

    Boxes and vectors are kept where there is any peak, and are shares of the side of the input.
    """

    def __init__(self, net: DrawingNet):
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        outputs = self.net(image)
        heat = torch.sigmoid(outputs["heat"])
        peaks = (heat >= F.max_pool2d(heat, 3, 1, 1)).float() * (heat >= LEAST).float()
        heat = heat * peaks
        anywhere = peaks.amax(1, keepdim=True)
        cells = SIDE // STRIDE
        return heat, outputs["boxes"] / cells * anywhere, outputs["vectors"] / cells * anywhere


OUTPUTS = ("heat", "boxes", "vectors")


def preprocessing() -> dict:
    return {**pictures.preprocessing(SIDE, "pad"), "padding": list(GREY)}


def export(folder: Path, target: Path, last: bool = False) -> tuple[list[str], list[str]]:
    """Writes the averaged weights, or the `last` ones, as ONNX with half-precision weights; gives labels and arrows."""
    classes = json.loads((folder / "classes.json").read_text("utf-8"))
    labels, arrows = classes["labels"], classes["arrows"]
    net = DrawingNet(labels, arrows, classes["width"])
    net.load_state_dict(state_of(folder)["net"] if last else torch.load(folder / "average.pt", weights_only=True, map_location="cpu"))
    example = torch.zeros(1, SIDE, SIDE, 3, dtype=torch.uint8)
    axes = {name: {0: "batch"} for name in ("image", *OUTPUTS)}
    whole = target.with_suffix(".whole.onnx")
    torch.onnx.export(Shipped(net).eval(), (example,), str(whole), dynamo=False, opset_version=OPSET, input_names=["image"],
                      output_names=list(OUTPUTS), dynamic_axes=axes)  # fmt: skip
    model = onnx.load(str(whole))
    whole.unlink()
    onnx.save(halved(model), str(target))
    onnx.checker.check_model(str(target))
    return labels, arrows


def halved(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph whose large weights are kept in half precision and cast as they are read: runtimes do that once."""
    graph, casts = model.graph, []
    for tensor in list(graph.initializer):
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 256:
            continue
        graph.initializer.remove(tensor)
        graph.initializer.append(onnx.numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}_half"))
        casts.append(onnx.helper.make_node("Cast", [f"{tensor.name}_half"], [tensor.name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    return model


class Detector:
    """The exported file, as the platform runs it."""

    def __init__(self, file: Path, labels: list[str], arrows: list[str], threads: int = 2):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self.labels, self.arrows = labels, arrows
        self.channel = {name: at for at, name in enumerate(heat_names(labels, arrows))}

    def run(self, image: np.ndarray) -> dict[str, np.ndarray]:
        return dict(zip(OUTPUTS, self.session.run(list(OUTPUTS), {"image": image[None]})))


def measure(detector: Detector, photos: list[Photo], thresholds: dict[str, float]) -> dict:
    """`metrics` of the manifest: precision, recall and F1 of each label at an overlap of one half, arrows by their widened boxes."""
    names = [*detector.labels, *(f"arrow:{kind}" for kind in detector.arrows)]
    counts = {name: np.zeros(3, int) for name in names}  # true, given, right
    # a notation has its own labels: those of flowcharts are no rivals on photos of process models
    asked = {label for photo in photos for label in photo.labels}
    labels = [label for label in detector.labels if label in asked]
    for photo in photos:
        image, truth = fitted(photo)
        maps = {name: value[0] for name, value in detector.run(image).items()}
        given = [*shapes_of(maps, detector.channel, labels, thresholds), *arrows_of(maps, detector.channel, detector.arrows, thresholds["arrow"])]
        wanted = [*zip(truth.labels, truth.boxes), *((f"arrow:{kind}", widened(route)) for kind, route in zip(truth.kinds, truth.routes))]
        for name in names:
            true = [box for label, box in wanted if label == name]
            found = [box for label, _, box in given if label == name]
            counts[name] += (len(true), len(found), hits(found, true))
    rows = []
    for name in names:
        true, found, right = (int(x) for x in counts[name])
        ratio = lambda of: right / of if of else None  # noqa: E731
        rows.append({"label": name, "examples": true, "precision": ratio(found), "recall": ratio(true), "f1": 2 * right / (true + found) if true + found else None})
    known = [row["f1"] for row in rows if row["examples"]]
    return {
        "split": "test",
        "examples": len(photos),
        "groups": len({photo.writer for photo in photos}),
        "overall": {"macroF1": float(np.mean(known))},
        "perClass": rows,
        "perGroup": [],
    }


def fitted(photo: Photo) -> tuple[np.ndarray, Photo]:
    """The input of the network, and the truth in its pixels."""
    how = preprocessing()
    scale, shift = pictures.placement(photo.grey.size, how)
    matrix = np.array([[scale[0], 0, shift[0]], [0, scale[1], shift[1]], [0, 0, 1]])
    pixels = np.asarray(pictures.fit(photo.grey.convert("RGB"), how), np.uint8)
    truth = moved(photo, matrix)
    boxes = photo.boxes * np.tile(scale, 2) + np.tile(shift, 2)
    return pixels, Photo(photo.name, photo.writer, photo.grey, boxes, truth.labels, truth.words, truth.kinds, truth.routes)


def widened(route: np.ndarray, least: float = 0.025 * SIDE) -> np.ndarray:
    """The box around a route, at least so wide and high: that of a straight arrow is a line."""
    low, high = route.min(0), route.max(0)
    lack = np.maximum(0, least - (high - low)) / 2
    return np.concatenate([low - lack, high + lack])


def hits(given: list[np.ndarray], true: list[np.ndarray]) -> int:
    """How many boxes, best first, overlap one that no better one has taken by one half."""
    free, right = list(true), 0
    for box in given:
        overlaps = [overlap(box, each) for each in free]
        best = int(np.argmax(overlaps)) if overlaps else -1
        if best >= 0 and overlaps[best] >= 0.5:
            free.pop(best)
            right += 1
    return right


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    inner = np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod()
    union = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - inner
    return float(inner / union) if union > 0 else 0.0


def _manifest(runs: list[Path], labels: list[str], arrows: list[str], figures: dict, sources: list[Path], counts: dict[str, int], golden: dict) -> dict:
    states = [state_of(run) for run in runs]
    epochs, minutes = sum(state["epoch"] for state in states), sum(state["spent"] for state in states) / 60
    digest = hashlib.sha256(b"".join(hashlib.sha256(source.read_bytes()).digest() for source in sources)).hexdigest()
    names = heat_names(labels, arrows)
    return {
        "schemaVersion": 1,
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"attune/drawings/{digest}/{epochs}")),
        "name": NAME,
        "task": "object-detection",
        "labels": names,
        "format": "onnx",
        "entry": "model.onnx",
        "opset": OPSET,
        "input": {"name": "image", "dtype": "uint8", "layout": "NHWC", "shape": [None, SIDE, SIDE, 3], "preprocessing": preprocessing()},
        "outputs": [{"name": name, "dtype": "float32", "shape": [None, *golden[name].shape[1:]]} for name in OUTPUTS],
        "metrics": figures,
        "calibration": {"method": "none", "temperature": 1.0, "ece": None},
        "abstainBelow": None,
        "dataset": {
            "sha256": digest,
            "description": DESCRIPTION,
            "examples": sum(counts.values()),
            "perLabel": {},
            "splitBy": "subject",
            "split": counts,
            "isSynthetic": False,
            "consentBasis": "open-licence",
            "licence": "CC-BY-4.0",
        },
        "training": {"run": None, "engine": "torch", "backbone": "drawing-pyramid", "seed": 1, "epochs": epochs, "config": {"minutes": round(minutes, 1)}},
        "hardware": {"kind": ", then ".join(dict.fromkeys(state["hardware"] for state in states)), "count": 1, "imagesPerSecond": None},
        "frameworks": {"torch": torch.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "baseWeights": None,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the folder of a run")
    parser.add_argument("--begun-with", type=Path, help="the folder of the run whose weights it began with")
    parser.add_argument("--photos", type=Path, required=True, help="what it learnt from")
    parser.add_argument("--without", action="append", default=[], help="photos that were left out")
    parser.add_argument("--test", type=Path, required=True, help="photos by other writers, for the card")
    parser.add_argument("--golden", type=Path, required=True, help="a picture that may lie in the package: one that a program drew")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--last", action="store_true", help="the last weights: a short run has no average worth having")
    for name, least in THRESHOLDS.items():
        parser.add_argument(f"--{name}", type=float, default=least, help="probability from which on one counts")
    given = parser.parse_args()
    work = given.run / "export"
    work.mkdir(exist_ok=True)
    labels, arrows = export(given.run, work / "model.onnx", given.last)
    detector = Detector(work / "model.onnx", labels, arrows)
    test = read_photos(given.test)
    figures = measure(detector, test, {name: vars(given)[name] for name in THRESHOLDS})
    case = Case(pictures.tensor(given.golden, preprocessing()), given.golden)
    np.save(work / "inputs.npy", case.input[None])
    golden = {name: value for name, value in detector.run(case.input).items()}
    np.savez(work / "outputs.npz", **golden)
    photos = read_photos(given.photos, tuple(given.without))
    held = sum(is_held_out(photo.writer, HELD_OUT) for photo in photos)
    counts = {"training": len(photos) - held, "validation": held, "test": len(test)}
    manifest = _manifest([*([given.begun_with] if given.begun_with else []), given.run], labels, arrows, figures, [given.photos, given.test], counts, golden)
    write_package(given.out, manifest, work, [case], given.run / "log.jsonl")
    rows = figures["perClass"]
    print(json.dumps({"bytes": given.out.stat().st_size, "shapes": f1_of(rows[: len(labels)]), "arrows": f1_of(rows[len(labels) :])}))


def f1_of(rows: list[dict]) -> float:
    """F1 over all examples of some rows of `perClass`."""
    right = sum((row["recall"] or 0) * row["examples"] for row in rows)
    given = sum((row["recall"] or 0) * row["examples"] / row["precision"] for row in rows if row["precision"])
    return 2 * right / max(1, sum(row["examples"] for row in rows) + given)


if __name__ == "__main__":
    main()
