"""The model package: a zip as the manifest's schema says, the same bytes for the same run."""

import hashlib
import json
import zipfile
from pathlib import Path

import numpy as np

from attune_training.card import model_card
from attune_training.contract import checked
from attune_training.examples import Case
from attune_training.export import TOLERANCE

#: For `probs` from the picture. Node makes the same pixels; another version of a decoder may be some levels of 255 off.
IMAGE_TOLERANCE = 0.05
EPOCH = (2026, 1, 1, 0, 0, 0)


def write_package(target: Path, manifest: dict, work: Path, golden: list[Case], metrics_file: Path) -> dict:
    """Writes the zip and gives its manifest, which is checked against the schema.

    `work` holds model.onnx, inputs.npy and outputs.npz of export.py; `golden[i]` is the case of input i.
    """
    inputs = np.load(work / "inputs.npy", allow_pickle=False)
    with np.load(work / "outputs.npz", allow_pickle=False) as stored:
        outputs = {name: stored[name] for name in stored.files}
    suffix = "u8" if inputs.dtype == np.uint8 else "f32"
    files = {"model.onnx": (work / "model.onnx").read_bytes(), "metrics.jsonl": metrics_file.read_bytes()}
    cases = []
    for index, case in enumerate(golden):
        name = f"golden/{index}"
        image = f"{name}{case.path.suffix.lower()}" if case.path else None
        if image:
            files[image] = case.path.read_bytes()
        files[f"{name}.{suffix}"] = inputs[index].astype(inputs.dtype.newbyteorder("<")).tobytes()
        files[f"{name}.json"] = json.dumps({key: [float(x) for x in value[index].ravel()] for key, value in outputs.items()}).encode()
        cases.append({"image": image, "input": f"{name}.{suffix}", "outputs": f"{name}.json", "label": case.label})
    manifest = {**manifest, "golden": {"tolerance": TOLERANCE, "imageTolerance": IMAGE_TOLERANCE, "cases": cases}}
    files["MODEL_CARD.md"] = model_card(manifest).encode()
    manifest["files"] = [{"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in sorted(files.items())]
    checked("model-manifest", manifest)
    _zip(target, {"manifest.json": json.dumps(manifest, indent=2).encode(), **files})
    return manifest


def _zip(target: Path, files: dict[str, bytes]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".part")
    with zipfile.ZipFile(beside, "w") as zipped:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            zipped.writestr(entry, data)
    beside.replace(target)
