"""Weights to begin with: pinned, fetched from where they are mirrored, checked, and never replaced by chance."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import HERE, in_process, manifest_of, needs, verified
from protocol_server import Platform

from attune_training.checkpoint import load_arrays
from attune_training.cli import main, shapes_plan
from attune_training.contract import ContractError
from attune_training.weights import Registry, WeightsError, fetch_weights

CONTENT = b"tiny checkpoint"
WEIGHTS = {"architecture": "resnet50", "url": "https://weights.invalid/r.safetensors", "sha256": hashlib.sha256(CONTENT).hexdigest(), "licence": "MIT"}


@pytest.fixture
def mirror(monkeypatch):
    """A server on loopback that stands for the origin of weights; its `files` are given out."""
    server = Platform(files={"/mirror/r.safetensors": CONTENT})
    monkeypatch.setenv("ATTUNE_WEIGHTS_ORIGIN", f"{server.url}/mirror")
    yield server
    server.close()


@pytest.mark.quick
def test_weights_come_from_the_configured_origin_and_are_checked(mirror, tmp_path):
    assert fetch_weights(WEIGHTS, "resnet50", "torch", tmp_path).read_bytes() == CONTENT
    asked = len(mirror.requests)
    fetch_weights(WEIGHTS, "resnet50", "torch", tmp_path)
    assert len(mirror.requests) == asked == 1  # kept
    assert fetch_weights("none", "resnet50", "torch", tmp_path) is None


@pytest.mark.quick
@pytest.mark.parametrize(
    ("change", "backbone", "message"),
    [
        ({"sha256": "0" * 64}, "resnet50", f"have the SHA-256 {WEIGHTS['sha256']}, not 0000"),
        ({"url": "https://weights.invalid/r.pth"}, "resnet50", "pickles run code"),
        ({"url": "https://weights.invalid/r.h5"}, "resnet50", "begins with .safetensors, not with .h5"),
        ({"url": "https://weights.invalid/gone.safetensors"}, "resnet50", "cannot be fetched.*404"),
        ({}, "mobilenet-v2", "the plan grows mobilenet-v2"),
    ],
)
def test_weights_that_must_not_be_used(mirror, tmp_path, change, backbone, message):
    with pytest.raises(WeightsError, match=message):
        fetch_weights(WEIGHTS | change, backbone, "torch", tmp_path)
    assert not [file for file in tmp_path.iterdir() if file.suffix != ".part"]


@pytest.mark.quick
def test_registry_pins_what_was_fetched_and_finds_it_by_backbone_and_engine(mirror, tmp_path):
    mirror.files |= {"/mirror/m.h5": b"keras", "/mirror/new.h5": b"newer"}
    registry = Registry(tmp_path / "weights.json")
    assert registry.pin("resnet50", WEIGHTS["url"], "MIT", tmp_path / "cache") == WEIGHTS
    registry.pin("mobilenet-v2", "https://weights.invalid/m.h5", "Apache-2.0", tmp_path / "cache")
    assert registry.find("resnet50", "torch") == WEIGHTS
    assert registry.find("centre-mobilenet-v2", "keras")["sha256"] == hashlib.sha256(b"keras").hexdigest()
    with pytest.raises(WeightsError, match="has no resnet50 as .weights.h5 or .h5.*--weights none"):
        registry.find("resnet50", "keras")
    registry.pin("mobilenet-v2", "https://weights.invalid/new.h5", "Apache-2.0", tmp_path / "cache")
    assert [entry["url"] for entry in registry.entries()] == [WEIGHTS["url"], "https://weights.invalid/new.h5"]
    asked = len(mirror.requests)
    assert fetch_weights(WEIGHTS, "resnet50", "torch", tmp_path / "cache").read_bytes() == CONTENT and len(mirror.requests) == asked


@pytest.mark.quick
def test_registry_that_somebody_wrote_by_hand_is_checked(tmp_path):
    (tmp_path / "weights.json").write_text(json.dumps([{**WEIGHTS, "sha256": "unknown"}]))
    with pytest.raises(ContractError, match="weights: sha256"):
        Registry(tmp_path / "weights.json").entries()


@pytest.mark.quick
def test_registry_on_the_command_line(mirror, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ATTUNE_WEIGHTS_REGISTRY", str(tmp_path / "weights.json"))
    pin = ["weights", "--pin", "resnet50", "--url", WEIGHTS["url"], "--cache", str(tmp_path)]
    assert main(pin) == 1 and "needs --url and --licence" in capsys.readouterr().err
    assert main([*pin, "--licence", "MIT"]) == 0 and main(["weights"]) == 0
    assert json.loads(capsys.readouterr().out.split("]\n")[1] + "]") == [WEIGHTS]


ENGINES = [
    pytest.param("keras-jax", ["jax", "keras"], "tiny.weights.h5", {}, id="keras-jax"),
    pytest.param("torch-xla", ["torch_xla", "torchvision"], "tiny.safetensors", {"PJRT_DEVICE": "CPU"}, id="torch-xla"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "modules", "file", "environment"), ENGINES)
def test_run_begins_with_weights_of_the_registry_and_says_so(mirror, shapes, tmp_path, engine, modules, file, environment):
    needs(*modules, "onnx", "onnxruntime", "torch")
    arguments = {"archive": shapes[0], "sha256": shapes[1], "folder": tmp_path, "file": file, "engine": engine}
    in_process("import engines_in_process as e\nanswer = e.published(arguments)", arguments, JAX_PLATFORMS="cpu", **environment)
    url = f"https://weights.invalid/{file}"
    mirror.files[f"/mirror/{file}"] = (tmp_path / file).read_bytes()
    # Steps so small that the trained network still has the weights that it began with.
    plan = shapes_plan(shapes[1], shapes[0].stat().st_size, engine, epochs=1, headEpochs=1, batchSize=24, learningRate=1e-9)
    (tmp_path / "plan.json").write_text(json.dumps(plan))

    def command(*words):
        environ = {**os.environ, "PYTHONPATH": str(HERE.parent), "ATTUNE_WEIGHTS_REGISTRY": str(tmp_path / "weights.json"), "JAX_PLATFORMS": "cpu"}
        return subprocess.run([sys.executable, "-m", "attune_training", *words], env=environ | environment, capture_output=True, text=True, timeout=900)

    train = ["train", "--plan", tmp_path / "plan.json", "--dataset", shapes[0], "--weights", "registry"]
    unknown = command(*train, "--out", tmp_path / "unknown")
    assert unknown.returncode == 1 and "has no tiny-convnet" in unknown.stderr and not (tmp_path / "unknown/package.zip").exists()

    assert command("weights", "--pin", "tiny-convnet", "--url", url, "--licence", "CC0-1.0", "--cache", tmp_path / "pinned").returncode == 0
    run = command(*train, "--out", tmp_path / "run")
    assert run.returncode == 0, run.stderr[-3000:]
    (entry,) = Registry(tmp_path / "weights.json").entries()
    manifest = manifest_of(tmp_path / "run/package.zip")
    assert manifest["baseWeights"] == {"architecture": "tiny-convnet", "source": url, "sha256": entry["sha256"], "licence": "CC0-1.0"}
    phases = [json.loads(line)["phase"] for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()]
    assert phases[:3] == ["preparing", "head", "all"]
    given, trained = (load_arrays(path)[0] for path in (tmp_path / "published.npz", tmp_path / "run/export/weights.npz"))
    kernels = [name for name, value in given.items() if value.ndim == 4]
    assert len(kernels) == 4 and all(np.abs(given[name] - trained[name]).max() < 1e-5 for name in kernels)
    assert verified(tmp_path / "run/package.zip")["golden"]["tensor"] <= 1e-4

    mirror.files[f"/mirror/{file}"] = b"something else"
    swapped = command(*train, "--out", tmp_path / "swapped")
    assert swapped.returncode == 1 and "have the SHA-256" in swapped.stderr and not (tmp_path / "swapped/package.zip").exists()
    assert json.loads((tmp_path / "swapped/metrics.jsonl").read_text().splitlines()[-1])["phase"] == "failed"
