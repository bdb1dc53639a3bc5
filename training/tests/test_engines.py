"""Each engine on several devices equals itself on one, goes on exactly where it stopped, and learns."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from conftest import HERE, in_process, manifest_of, needs, verified

from attune_training.cli import shapes_plan
from attune_training.shapes import write_shapes

pytestmark = pytest.mark.slow
CODE = "import engines_in_process as e\nanswer = e.{}(arguments)"
EIGHT = {"XLA_FLAGS": "--xla_force_host_platform_device_count=8", "JAX_PLATFORMS": "cpu"}
ENGINES = [
    pytest.param("keras-jax", ["jax", "keras"], {"JAX_PLATFORMS": "cpu"}, id="keras-jax"),
    pytest.param("keras-tf", ["tensorflow", "keras"], {}, id="keras-tf"),
    pytest.param("torch-xla", ["torch_xla", "torchvision"], {"PJRT_DEVICE": "CPU", "CPU_NUM_DEVICES": "4"}, id="torch-xla"),
]


def arguments_of(shapes, tmp_path, engine, **more):
    return {"archive": shapes[0], "sha256": shapes[1], "folder": tmp_path, "start": tmp_path / "start.npz", "engine": engine, **more}


@pytest.mark.parametrize(
    ("engine", "modules", "one", "many", "count"),
    [
        pytest.param("keras-jax", ["jax", "keras"], {"JAX_PLATFORMS": "cpu"}, EIGHT, 8, id="keras-jax"),
        pytest.param("keras-tf", ["tensorflow", "keras"], {}, {"ATTUNE_LOGICAL_DEVICES": "4"}, 4, id="keras-tf"),
    ],
)
def test_many_devices_equal_one(shapes, tmp_path, engine, modules, one, many, count):
    needs(*modules)
    arguments = arguments_of(shapes, tmp_path, engine)
    single, spread = (in_process(CODE.format("three_steps"), arguments, **environment) for environment in (one, many))
    assert (single["devices"], spread["devices"]) == (1, count)
    assert spread["losses"] == pytest.approx(single["losses"], abs=1e-4)
    assert np.abs(np.array(spread["logits"]) - single["logits"]).max() < 2e-3


def test_torch_on_four_xla_devices_equals_plain_torch(shapes, tmp_path):
    needs("torch_xla", "torchvision")
    arguments = arguments_of(shapes, tmp_path, "torch-xla")
    plain = in_process(CODE.format("three_steps"), {**arguments, "plain": True})
    spread = in_process(CODE.format("three_steps"), arguments, PJRT_DEVICE="CPU", CPU_NUM_DEVICES="4")
    assert (plain["devices"], spread["devices"]) == (1, 4)
    assert spread["losses"] == pytest.approx(plain["losses"], abs=1e-4)
    assert np.abs(np.array(spread["logits"]) - plain["logits"]).max() < 2e-3


@pytest.mark.parametrize(("engine", "modules", "environment"), ENGINES)
def test_resumed_run_equals_uninterrupted_one_bit_for_bit(shapes, tmp_path, engine, modules, environment):
    needs(*modules)
    answer = in_process(CODE.format("resumed"), arguments_of(shapes, tmp_path, engine), **environment)
    assert answer["arrays"] > 20 and answer["different"] == []


@pytest.mark.parametrize(
    ("engine", "modules", "backbone", "file"),
    [
        pytest.param("keras-jax", ["jax", "keras"], "tiny-convnet", "backbone.weights.h5", id="keras"),
        pytest.param("keras-jax", ["jax", "keras"], "mobilenet-v2", "backbone.h5", id="keras-applications"),
        pytest.param("torch-xla", ["torch", "torchvision"], "tiny-convnet", "backbone.safetensors", id="torch"),
    ],
)
def test_backbone_begins_with_published_weights(shapes, tmp_path, engine, modules, backbone, file):
    needs(*modules)
    arguments = arguments_of(shapes, tmp_path, engine, backbone=backbone, file=file, plain=True)
    answer = in_process(CODE.format("pretrained"), arguments, JAX_PLATFORMS="cpu")
    assert answer["sameBefore"] < answer["same"] and answer["all"] - answer["same"] <= 2  # kernel and bias of the head


@pytest.mark.parametrize(("engine", "modules", "environment"), ENGINES)
def test_engine_learns_shapes_and_makes_a_package_that_node_reproduces(tmp_path, engine, modules, environment):
    needs(*modules, "onnx", "onnxruntime", "torch")
    archive = tmp_path / "shapes.zip"
    sha256 = write_shapes(archive, per_label=200)
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(shapes_plan(sha256, archive.stat().st_size, engine)))
    run = subprocess.run(
        [sys.executable, "-m", "attune_training", "train", "--plan", plan, "--dataset", archive, "--out", tmp_path / "run"],
        env={**os.environ, "PYTHONPATH": str(HERE.parent), **environment},
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    lines = [json.loads(line) for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()]
    assert max(line["metrics"].get("validationAccuracy", 0) for line in lines) >= 0.95
    golden = verified(tmp_path / "run/package.zip")["golden"]
    assert golden["tensor"] <= 1e-4 and golden["picture"] <= 1e-4
    assert manifest_of(tmp_path / "run/package.zip")["metrics"]["overall"]["accuracy"] >= 0.9
