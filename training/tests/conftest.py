"""Shared by the tests: a tiny shapes archive, and processes with a framework of their own."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from attune_training.cli import shapes_plan
from attune_training.plan import check_plan
from attune_training.shapes import write_shapes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


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


def in_process(code: str, arguments: dict, timeout: int = 900, **environment: str) -> dict:
    """Runs `code`, which reads `arguments` and sets `answer`, in a fresh interpreter: frameworks are set up once per process."""
    program = f"import json, sys\narguments = json.loads(sys.argv[1])\n{code}\nprint('ANSWER' + json.dumps(answer))"
    path = os.pathsep.join([str(HERE.parent), str(HERE)])
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(arguments, default=str)],
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, f"{done.stdout[-1000:]}\n{done.stderr[-3000:]}"
    return json.loads(done.stdout.rpartition("ANSWER")[2])
