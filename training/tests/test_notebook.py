"""The notebook is clean, opens on a TPU, and runs from top to bottom without a network."""

import json

import pytest
from conftest import HERE, in_process, needs

NOTEBOOK = HERE.parent / "notebooks/attune_training.ipynb"

RUN = """
cells = [cell for cell in json.load(open(arguments["notebook"]))["cells"] if cell["cell_type"] == "code"]
space = {}
for cell in cells:
    exec(compile("".join(cell["source"]), cell["id"], "exec"), space)
answer = {"cells": len(cells), "package": str(space["package"]), "exists": space["package"].is_file()}
"""


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
    environment = {"ATTUNE_SMOKE": "1", "ATTUNE_RUNS": str(tmp_path), "MPLBACKEND": "Agg", "JAX_PLATFORMS": "cpu"}
    answer = in_process(RUN, {"notebook": NOTEBOOK}, **environment)
    assert answer["exists"] and answer["cells"] == 6
