"""A machine that lacks a framework says so before the run begins, and its code stays good."""

import tomllib

import pytest
from conftest import HERE
from protocol_server import Platform

from attune_training import needs
from attune_training.cli import main

pytestmark = pytest.mark.quick


@pytest.fixture
def platform(a_plan):
    server = Platform()
    server.plan = {**a_plan(), "server": {"url": server.url, "token": "x", "secondsBetweenReports": 1}}
    yield server
    server.close()


def train(platform, folder, *more) -> int:
    return main(["train", "--server", platform.url, "--code", platform.plan["run"]["id"][:8], "--out", str(folder), *more])


def without(monkeypatch, *modules):
    monkeypatch.setattr(needs, "is_there", lambda module: module not in modules)


def test_machine_with_no_engine_does_not_even_ask_for_the_plan(platform, tmp_path, monkeypatch, capsys):
    without(monkeypatch, "jax", "keras", "tensorflow", "torch", "torchvision", "torch_xla", "onnx", "onnxruntime")
    assert train(platform, tmp_path) == 1
    said = capsys.readouterr().err
    assert "keras-jax needs jax, keras, torch, torchvision, onnx, onnxruntime, not installed here" in said
    assert f"pip install 'attune-training[jax,export] @ {platform.url}/training/package.zip'" in said
    assert platform.requests == []


@pytest.mark.parametrize("lacking", ["jax", "onnx"])
def test_machine_without_the_engine_of_the_plan_does_not_begin_the_run(platform, tmp_path, monkeypatch, capsys, lacking):
    without(monkeypatch, lacking)
    monkeypatch.setattr("attune_training.cli.check_some_engine", lambda server: None)
    assert train(platform, tmp_path) == 1
    assert f"keras-jax needs {lacking}, not installed" in capsys.readouterr().err
    assert [method for method, *_ in platform.requests] == ["GET"]  # nothing was reported: the run still waits


def test_engine_that_is_asked_for_is_looked_for_first(platform, tmp_path, monkeypatch, capsys):
    without(monkeypatch, "torch_xla")
    assert train(platform, tmp_path, "--engine", "torch-xla") == 1
    assert "[torch,export]" in capsys.readouterr().err and platform.requests == []
    assert needs.missing("torch-xla", allow_plain_torch=True) == []


def test_versions_are_those_of_the_package():
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    wanted = {line for name, extra in project["optional-dependencies"].items() if name != "test" for line in extra}
    assert {f"{module}=={version}" for module, version in needs.VERSIONS.items()} == wanted


def test_code_and_address_in_one(platform, tmp_path, monkeypatch, capsys):
    without(monkeypatch, "jax")
    monkeypatch.setattr("attune_training.cli.check_some_engine", lambda server: None)
    assert main(["train", "--code", f"{platform.url}#{platform.plan['run']['id'][:8]}", "--out", str(tmp_path)]) == 1
    assert "needs jax" in capsys.readouterr().err and len(platform.requests) == 1
    assert main(["train", "--code", "ABCD", "--out", str(tmp_path)]) == 1 and "https://host#CODE" in capsys.readouterr().err


def test_line_that_installs_without_a_server():
    assert needs.install_line("keras-tf", None) == "pip install 'training/[tf,export]'"
