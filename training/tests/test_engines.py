"""Several devices equal one (torch-xla: plain PyTorch on one), a resumed run equals an uninterrupted one, and every engine learns."""

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
def test_many_devices_equal_one(shapes, tmp_path, record_property, engine, modules, one, many, count):
    needs(*modules)
    arguments = arguments_of(shapes, tmp_path, engine)
    single, spread = (in_process(CODE.format("three_steps"), arguments, **environment) for environment in (one, many))
    assert (single["devices"], spread["devices"]) == (1, count)
    agree(single, spread, record_property)


def test_torch_on_four_xla_devices_equals_plain_torch(shapes, tmp_path, record_property):
    needs("torch_xla", "torchvision")
    arguments = arguments_of(shapes, tmp_path, "torch-xla")
    plain = in_process(CODE.format("three_steps"), {**arguments, "plain": True})
    spread = in_process(CODE.format("three_steps"), arguments, PJRT_DEVICE="CPU", CPU_NUM_DEVICES="4")
    assert (plain["devices"], spread["devices"]) == (1, 4)
    agree(plain, spread, record_property)


def agree(one: dict, many: dict, record_property) -> None:
    """Three steps came to the same losses and logits; how far apart they are goes into the report."""
    apart = {name: float(np.abs(np.array(many[name]) - one[name]).max()) for name in ("losses", "logits")}
    for name, value in apart.items():
        record_property(name, value)
    assert len(many["losses"]) == len(one["losses"]) == 3
    assert apart["losses"] <= 1e-4 and apart["logits"] < 2e-3


@pytest.mark.parametrize(("engine", "modules", "environment"), ENGINES)
def test_engine_trains_after_its_devices_were_asked_for(shapes, tmp_path, engine, modules, environment):
    """As in the notebook, where the fourth cell says what was found."""
    needs(*modules)
    code = "from attune_training.devices import find_devices\nfound = find_devices(arguments['engine'])\n" + CODE.format("three_steps")
    more = "\nanswer = [found.count, found.kind, found.is_tpu, answer['devices'], answer['losses'][-1]]"
    several = {"keras-jax": EIGHT, "keras-tf": {"ATTUNE_LOGICAL_DEVICES": "4"}, "torch-xla": {}}[engine]
    count, kind, is_tpu, devices, loss = in_process(code + more, arguments_of(shapes, tmp_path, engine), **environment | several)
    assert count == devices > 1 and kind == "CPU" and not is_tpu and np.isfinite(loss)


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
def test_mixed_precision_resumes_bit_for_bit(shapes, tmp_path, engine, modules, environment):
    needs(*modules)
    answer = in_process(CODE.format("resumed"), arguments_of(shapes, tmp_path, engine), ATTUNE_BFLOAT16="1", **environment)
    assert answer["bfloat16"] and answer["arrays"] > 20 and answer["different"] == []


@pytest.mark.parametrize(("engine", "modules", "environment"), ENGINES)
def test_mixed_precision_learns_shapes_and_exports(tmp_path, record_property, engine, modules, environment):
    needs(*modules, "onnx", "onnxruntime", "torch")
    manifest = learnt(tmp_path, record_property, engine, {**environment, "ATTUNE_BFLOAT16": "1"}, per_label=100, least=0.8)
    assert manifest["training"]["config"]["bfloat16"] is True


@pytest.mark.parametrize(("engine", "modules", "environment"), ENGINES)
def test_engine_learns_shapes_and_makes_a_package_that_node_reproduces(tmp_path, record_property, engine, modules, environment):
    needs(*modules, "onnx", "onnxruntime", "torch")
    manifest = learnt(tmp_path, record_property, engine, environment)
    assert manifest["metrics"]["overall"]["accuracy"] >= 0.9 and manifest["training"]["config"]["bfloat16"] is False


def learnt(tmp_path, record_property, engine, environment, per_label=200, least=0.95) -> dict:
    """The manifest of a network that learnt shapes, `least` of them (of five labels), and that Node reproduces."""
    archive = tmp_path / "shapes.zip"
    sha256 = write_shapes(archive, per_label=per_label)
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
    best = max(line["metrics"].get("validationAccuracy", 0) for line in lines)
    golden = verified(tmp_path / "run/package.zip")["golden"]
    for name, value in {"validationAccuracy": best, **golden}.items():
        record_property(name, value)
    assert best >= least
    assert golden["tensor"] <= 1e-4 and golden["picture"] <= 1e-4
    return manifest_of(tmp_path / "run/package.zip")
