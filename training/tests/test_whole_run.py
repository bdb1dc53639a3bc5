"""One command does a run with the platform from code to upload, whatever kills it on the way."""

import hashlib
import json
import os
import signal
import subprocess
import sys

import pytest
from conftest import HERE, needs, verified
from protocol_server import Platform

pytestmark = pytest.mark.slow


def test_run_by_code_is_killed_in_training_and_in_upload_and_goes_on(shapes, a_plan, tmp_path):
    needs("jax", "keras", "torch", "onnx", "onnxruntime")
    platform = Platform(files={"/dataset.zip": shapes[0].read_bytes()}, pause=0.5)
    plan = a_plan(epochs=4)
    plan["server"] = {"url": platform.url, "token": "secret", "secondsBetweenReports": 1}
    plan["dataset"]["url"] = f"{platform.url}/dataset.zip"
    platform.plan = plan

    def start(until=None):
        """The lines that the command prints; it is killed at the first one that begins with `until`."""
        command = ["train", "--server", platform.url, "--code", plan["run"]["id"][:8], "--out", tmp_path, "--upload", "--chunk-bytes", "100000"]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent), "JAX_PLATFORMS": "cpu"}
        run = subprocess.Popen([sys.executable, "-m", "attune_training", *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = []
        for line in run.stdout:
            lines.append(line.rstrip())
            if until and line.startswith(until):
                run.send_signal(signal.SIGKILL)
        assert run.wait() == (-signal.SIGKILL if until else 0), run.stderr.read()
        return lines

    assert any(line.startswith("all        2/4") for line in start(until="all        2/4"))
    assert not (tmp_path / "package.zip").exists()

    platform.plan = None  # the code has expired meanwhile
    second = start(until="uploading  100000/")
    assert [line[:14] for line in second if line.startswith("all")] == ["all        3/4", "all        4/4"]
    package = (tmp_path / "package.zip").read_bytes()
    assert 0 < len(platform.received) < len(package)

    third = start()
    assert not [line for line in third if line.startswith(("preparing", "all", "exporting"))]
    assert third[-1].startswith("uploaded as") and third[-2].startswith("done")
    assert bytes(platform.received) == package and platform.metadata["sha256"] == hashlib.sha256(package).hexdigest()
    assert [method for method, path, _ in platform.requests if path == "/training/uploads"] == ["POST"]

    sequences = [line["sequence"] for line in platform.lines]
    assert sorted(set(sequences)) == list(range(1, max(sequences) + 1))
    assert [line["phase"] for line in platform.lines][-1] == "done" and "failed" not in json.dumps(platform.lines)
    assert {token for method, path, token in platform.requests if method != "GET"} == {"Bearer secret"}
    assert verified(tmp_path / "package.zip")["golden"]["tensor"] <= 1e-4
    platform.close()
