"""The notebook is clean, opens on a TPU, and runs from top to bottom without a network."""

import json
import os
import shutil
import socket

import pytest
from conftest import HERE, in_process, needs

from attune_training import needs as needs_module
from attune_training import notebook
from attune_training.dataset import fetch_archive

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
    if cell["id"] == "cell-1":
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


@pytest.mark.quick
def test_form_is_what_the_platform_fills_in():
    lines = [line for cell in json.loads(NOTEBOOK.read_text())["cells"] for line in cell["source"]]
    assert [name for name in ("server", "code", "dataset") for line in lines if line.startswith(f'{name} = "" #@param')] == ["server", "code", "dataset"]


@pytest.mark.quick
@pytest.mark.parametrize("form", [{"code": "https://host#ABCD-EFGH "}, {"code": "ABCD-EFGH", "server": "https://host/"}], ids=["one", "two"])
def test_code_is_enough_and_the_package_of_the_platform_goes_before_one_on_drive(tmp_path, form):
    (tmp_path / "attune-training-old.zip").write_bytes(b"")
    arguments = {"notebook": NOTEBOOK, "first": 2, "form": form, "home": tmp_path}
    answer = in_process(CALLS_OF_PIP + RUN + "\nanswer = [space['server'].rstrip('/'), space['code'], calls]", arguments, path="", **ON_CPU)
    assert answer[:2] == ["https://host", "ABCD-EFGH"]
    assert answer[2] == ["https://host/training/package.zip", "attune-training-old.zip"]


CALLS_OF_PIP = """
import os, subprocess, types
os.chdir(arguments["home"])
calls = []
subprocess.run = lambda command, **more: calls.append(command[-1]) or types.SimpleNamespace(returncode=1)
"""


@pytest.mark.quick
def test_dataset_in_a_bucket_or_on_the_web_is_left_where_it_is(tmp_path, monkeypatch, shapes):
    assert notebook.archive_address(tmp_path, "shapes.zip") == str(tmp_path / "shapes.zip")
    for address in ("gs://bucket/a/shapes.zip", "https://host/a.zip?ticket=x"):
        assert notebook.archive_address(tmp_path, address) == address
    bucket = tmp_path / "bucket"
    bucket.mkdir()
    shutil.copy(shapes[0], bucket / "shapes.zip")
    tool = tmp_path / "bin/gsutil"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\n[ "$1" = cp ] && exec cp "{tmp_path}/${{2#gs://}}" "$3"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}:{os.environ['PATH']}")
    address = notebook.archive_address(tmp_path, "gs://bucket/shapes.zip")
    assert fetch_archive(address, shapes[1], tmp_path / "local").read_bytes() == shapes[0].read_bytes()


@pytest.mark.quick
@pytest.mark.parametrize(
    ("engine", "module", "pin"),
    [("keras-tf", "tensorflow", "tensorflow-tpu==2.19.1 --find"), ("torch-xla", "torch_xla", "'torch_xla[tpu]==2.9.0'")],
)
def test_engine_that_is_not_here_is_told_before_any_device_is_asked(a_plan, monkeypatch, engine, module, pin):
    monkeypatch.setattr(needs_module, "is_there", lambda name: name != module)
    monkeypatch.setattr(notebook, "find_devices", None)
    monkeypatch.setenv("TPU_ACCELERATOR_TYPE", "v5e-1")
    with pytest.raises(SystemExit) as refused:
        notebook.choose_engine(a_plan(), engine)
    said = str(refused.value)
    assert f"{engine} needs {module}" in said and "%pip install" in said and pin in said and "keras-jax" in said.splitlines()[-1]
    monkeypatch.delenv("TPU_ACCELERATOR_TYPE")
    with pytest.raises(SystemExit, match=f"{module}==2"):
        notebook.choose_engine(a_plan(), engine)
    assert notebook.choose_engine(a_plan())["engine"] == "keras-jax"


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
    assert answer["exists"] and answer["seconds"][2] < 10


@pytest.mark.slow
def test_notebook_says_within_ten_seconds_that_the_package_cannot_be_had(tmp_path, silent):
    arguments = {"notebook": NOTEBOOK, "first": 2, "form": {"server": silent}}
    answer = in_process("import os\nos.chdir(arguments['home'])\n" + RUN, {**arguments, "home": tmp_path}, path="", **ON_CPU)
    assert "Put attune-training.zip" in answer["refused"] and answer["seconds"][1] < 10
