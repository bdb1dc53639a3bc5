"""The notebook is clean, opens on a TPU, and runs from top to bottom without a network."""

import json
import shutil
import socket

import pytest
from conftest import HERE, in_process, needs

NOTEBOOK = HERE.parent / "notebooks/attune_training.ipynb"

RUN = """
import time
cells = [cell for cell in json.load(open(arguments["notebook"]))["cells"] if cell["cell_type"] == "code"][: arguments.get("first", 99)]
space, seconds = {}, []
for cell in cells:
    began = time.monotonic()
    try:
        exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
    except SystemExit as reason:
        space["refused"] = str(reason)
    seconds.append(time.monotonic() - began)
    if cell["id"] == "cell-2":
        space.update(arguments.get("form", {}))
package = space.get("package")
answer = {"seconds": seconds, "package": str(package), "exists": bool(package) and package.is_file(), "refused": space.get("refused")}
"""
ON_CPU = {"MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu"}


@pytest.fixture
def silent():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.quick
def test_notebook_has_no_outputs_and_asks_for_a_tpu():
    notebook = json.loads(NOTEBOOK.read_text())
    assert notebook["metadata"]["accelerator"] == "TPU" and notebook["metadata"]["colab"]["gpuType"] == "V5E1"
    for cell in notebook["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
        assert len(cell["source"]) < 20, "logic belongs into the package"


@pytest.mark.slow
def test_notebook_runs_in_smoke_mode(tmp_path):
    needs("jax", "keras", "torch", "onnx", "onnxruntime", "matplotlib", "IPython")
    answer = in_process(RUN, {"notebook": NOTEBOOK}, ATTUNE_SMOKE="1", ATTUNE_RUNS=str(tmp_path), **ON_CPU)
    assert answer["exists"] and len(answer["seconds"]) == 6


@pytest.mark.slow
def test_notebook_goes_on_by_files_when_the_platform_does_not_answer(tmp_path, shapes, a_plan, silent):
    needs("jax", "keras", "torch", "onnx", "onnxruntime", "matplotlib", "IPython")
    shutil.copy(shapes[0], tmp_path / "shapes.zip")
    (tmp_path / "plan.json").write_text(json.dumps(a_plan(epochs=1)))
    form = {"server": silent, "code": "123456", "plan_file": "plan.json", "dataset": "shapes.zip"}
    answer = in_process(RUN, {"notebook": NOTEBOOK, "form": form}, ATTUNE_RUNS=str(tmp_path), **ON_CPU)
    assert answer["exists"] and answer["seconds"][3] < 10


@pytest.mark.slow
def test_notebook_says_within_ten_seconds_that_the_package_cannot_be_had(tmp_path, silent):
    arguments = {"notebook": NOTEBOOK, "first": 3, "form": {"server": silent}}
    answer = in_process("import os\nos.chdir(arguments['home'])\n" + RUN, {**arguments, "home": tmp_path}, path="", **ON_CPU)
    assert "Put attune-training.zip" in answer["refused"] and answer["seconds"][2] < 10
