"""Weights → ONNX, in a process of its own on the CPU: `python -m attune_training.export FOLDER`.

Reads export.json (network, temperature, outputs) and weights.npz of FOLDER, and golden input tensors from inputs.npy.
Writes model.onnx, outputs.npz (what the framework gives for the inputs, float32) and exported.json (parity, versions).
The graph takes pictures as uint8 [N, H, W, 3]; normalisation and the calibrated softmax are inside.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

OPSET = 17
TOLERANCE = 1e-4


def export(folder: Path) -> dict:
    """Runs this module apart from the engine's framework; gives what exported.json says."""
    environment = {**os.environ, "KERAS_BACKEND": "torch", "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-m", "attune_training.export", str(folder)], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"The export failed:\n{done.stderr[-2000:]}")
    return json.loads((folder / "exported.json").read_text())


def _main(folder: Path) -> None:
    import onnx
    import onnxruntime
    import torch

    wanted = json.loads((folder / "export.json").read_text())
    network = wanted["network"]
    inputs = np.load(folder / "inputs.npy", allow_pickle=False)
    with np.load(folder / "weights.npz", allow_pickle=False) as stored:
        weights = {name[2:]: stored[name] for name in stored.files if name.startswith("a/")}
    make = _torch_network if network["family"] == "torch" else _keras_network
    model, normalise, versions = make(network, weights)
    graph = _graph(model, normalise, network, wanted["temperature"])

    with torch.no_grad():
        example = torch.from_numpy(inputs[:1])
        names = list(graph(example))
        name = "window" if network["task"] == "engagement-window" else "image"
        file = folder / "model.onnx"
        torch.onnx.export(_as_tuple(graph, names), (example,), str(file), dynamo=False, opset_version=OPSET, input_names=[name], output_names=names,
                          dynamic_axes={axis: {0: "batch"} for axis in [name, *names]})  # fmt: skip
        expected = {name: value.numpy() for name, value in graph(torch.from_numpy(inputs)).items()}
    onnx.checker.check_model(str(file))
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    given = dict(zip(names, session.run(names, {name: inputs})))
    deviation = max(float(np.abs(given[key] - expected[key]).max()) for key in names)
    if not deviation <= TOLERANCE:
        raise RuntimeError(f"ONNX Runtime deviates by {deviation:.2g} from the framework; {TOLERANCE} is allowed.")
    np.savez(folder / "outputs.npz", **expected)
    versions |= {"torch": torch.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}
    shapes = [{"name": key, "dtype": "float32", "shape": [None, *expected[key].shape[1:]]} for key in names]
    answer = {"deviation": deviation, "outputs": shapes, "versions": versions, "opset": OPSET}
    (folder / "exported.json").write_text(json.dumps(answer))


def _keras_network(network: dict, weights: dict):
    import keras

    from attune_training.engines import keras_models

    keras.config.set_image_data_format("channels_first")
    model = keras_models.build(network)
    if len(model.variables) != len(weights):
        raise RuntimeError("The weights are of another network.")
    keras_models.assign(model, [weights[name] for name in sorted(weights)])
    model.trainable = False
    return model, keras_models.normalise, {"keras": keras.__version__}


def _torch_network(network: dict, weights: dict):
    import torch
    import torchvision

    from attune_training.engines import torch_models

    torch.backends.mha.set_fastpath_enabled(False)  # one fused operator for inference, which ONNX does not have
    model = torch_models.build(network)
    model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return model, torch_models.normalise, {"torchvision": torchvision.__version__}


def _graph(model, normalise, network: dict, temperature: float):
    """The network from raw input to what the manifest promises: a softmax with temperature, or its like, at the end."""
    import torch

    class Graph(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, x):
            outputs = self.model(normalise(x, network))
            if network["task"] == "object-detection":
                return {**outputs, "heatmap": torch.sigmoid(outputs["heatmap"])}
            logits = outputs["logits"]
            if network["task"] == "engagement-window":
                above = torch.sigmoid(logits / temperature)
                ends = torch.cat([torch.ones_like(above[..., :1]), above, torch.zeros_like(above[..., :1])], -1)
                probs = ends[..., :-1] - ends[..., 1:]
            else:
                probs = torch.softmax(logits / temperature, -1)
            return {"logits": logits, "probs": probs, "embedding": outputs["embedding"]}

    return Graph().eval().requires_grad_(False)


def _as_tuple(graph, names: list[str]):
    """The exporter wants outputs in an order."""
    import torch

    class AsTuple(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.graph = graph

        def forward(self, x):
            outputs = self.graph(x)
            return tuple(outputs[name] for name in names)

    return AsTuple().eval()


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
