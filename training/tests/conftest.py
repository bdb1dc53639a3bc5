"""Shared by the tests: a tiny shapes archive, and processes with a framework of their own."""

import importlib.util
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from attune_training.cli import shapes_plan
from attune_training.plan import check_plan
from attune_training.shapes import write_shapes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATH = os.pathsep.join([str(HERE.parent), str(HERE)])
CLI = ROOT / "dist/apps/cli/src/main.js"


@pytest.fixture(scope="session")
def shapes(tmp_path_factory):
    """(archive, SHA-256) of 3 labels × 40 pictures of 32 pixels."""
    archive = tmp_path_factory.mktemp("shapes") / "shapes.zip"
    return archive, write_shapes(archive, per_label=40, side=32, labels=("circle", "cross", "square"))


@pytest.fixture
def a_plan(shapes):
    """Makes a checked plan over the shapes."""

    def make(engine: str = "keras-jax", **numbers) -> dict:
        archive, sha256 = shapes
        settings = {"epochs": 2, "batchSize": 24, **numbers}
        return check_plan(shapes_plan(sha256, archive.stat().st_size, engine, **settings))

    return make


def needs(*modules: str):
    """Skips where a framework is not installed, and says which; imports none, as several in one process get in each other's way."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")


def verified(package) -> dict:
    """What the platform's own verifier finds: `golden` has how far ONNX Runtime in Node is from the framework's outputs."""
    if not CLI.exists():
        pytest.skip("the platform is not built (npm run build)")
    done = subprocess.run(["node", CLI, "model", "verify", "--json", package], capture_output=True, text=True, timeout=300)
    outcome = json.loads(done.stdout)
    assert done.returncode == 0 and outcome["kind"] == "verified", done.stdout[-2000:] + done.stderr[-2000:]
    return outcome["verification"]


def manifest_of(package) -> dict:
    with zipfile.ZipFile(package) as zipped:
        return json.loads(zipped.read("manifest.json"))


def in_process(code: str, arguments: dict, timeout: int = 900, path: str = PATH, **environment: str) -> dict:
    """Runs `code`, which reads `arguments` and sets `answer`, in a fresh interpreter: frameworks are set up once per process."""
    program = f"import json, sys\narguments = json.loads(sys.argv[1])\n{code}\nprint('ANSWER' + json.dumps(answer))"
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(arguments, default=str)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, f"{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return json.loads(done.stdout.rpartition("ANSWER")[2])
