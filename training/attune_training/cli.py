"""python -m attune_training: train, upload, weights, shapes, doctor."""

import argparse
import importlib.metadata
import json
import sys
import uuid
from pathlib import Path

from attune_training.contract import ContractError, checked
from attune_training.engines import ENGINES
from attune_training.needs import check_engine, check_some_engine
from attune_training.networks import family_of
from attune_training.plan import Unreachable, address_of, check_plan, plan_by_code, read_plan, renewed_plan
from attune_training.tus import CHUNK
from attune_training.weights import Registry


def main(argv: list[str] | None = None) -> int:
    """0 when done, 1 when it could not be, with the reason in one line."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.act(arguments)
    except (ContractError, Unreachable, ValueError, RuntimeError, OSError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("attune_training", description="Trains models for Attune and packages them.")
    commands = parser.add_subparsers(required=True)

    train = commands.add_parser("train", help="train by a plan, and write the package; goes on where it was stopped")
    train.set_defaults(act=_train)
    where = train.add_mutually_exclusive_group(required=True)
    where.add_argument("--plan", type=Path, help="the plan as a file")
    where.add_argument("--code", help="the run code of the platform; needs --server, or is https://host#CODE")
    train.add_argument("--server", help="base URL of the platform")
    train.add_argument("--dataset", help="the archive: a path, gs: or https:; else the one that the plan names")
    train.add_argument("--out", type=Path, required=True, help="folder of the run: checkpoints, metrics, package.zip")
    train.add_argument("--scratch", type=Path, help="folder on a local disk for the unpacked dataset")
    train.add_argument("--engine", choices=ENGINES, help="instead of the plan's")
    train.add_argument("--weights", choices=("registry", "none"), help="instead of the plan's: those of its backbone in the registry, or random ones")
    train.add_argument("--allow-plain-torch", action="store_true", help="torch-xla without XLA: a GPU or the CPU through plain torch")
    train.add_argument("--upload", action="store_true", help="then send the package to the platform of the plan")

    upload = commands.add_parser("upload", help="send a package to the platform; goes on where it was stopped")
    upload.set_defaults(act=lambda arguments: _upload(read_plan(arguments.plan), arguments.package, arguments.chunk_bytes))
    upload.add_argument("--plan", type=Path, required=True)
    upload.add_argument("--package", type=Path, required=True)
    for command in (train, upload):
        command.add_argument("--chunk-bytes", type=int, default=CHUNK, help="bytes of one request of the upload; fewer where lines break often")

    weights = commands.add_parser("weights", help="the registry of weights to begin with: list it, or pin one more")
    weights.set_defaults(act=_weights)
    weights.add_argument("--pin", metavar="ARCHITECTURE", help="fetch the weights of an architecture and keep their hash")
    weights.add_argument("--url", help="where they are: .safetensors, or .h5 as keras.applications publishes them")
    weights.add_argument("--licence", help="what they are licensed under, such as Apache-2.0")
    weights.add_argument("--cache", type=Path, default=Path("attune-weights"), help="folder for the files")

    shapes = commands.add_parser("shapes", help="write a generated dataset and a plan for it, to try things out")
    shapes.set_defaults(act=_shapes)
    shapes.add_argument("--out", type=Path, required=True)
    shapes.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    shapes.add_argument("--per-label", type=int, default=200)

    doctor = commands.add_parser("doctor", help="what is installed, and which devices are found")
    doctor.set_defaults(act=_doctor)
    doctor.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    return parser


def _train(arguments) -> int:
    from attune_training.run import run

    if arguments.code:
        arguments.server, arguments.code = address_of(arguments.server, arguments.code)
        if not arguments.server:
            raise ValueError("--code needs --server, or both in one: --code https://host#CODE.")
    if arguments.engine:
        check_engine(arguments.engine, arguments.server, arguments.allow_plain_torch)
    else:
        check_some_engine(arguments.server)
    plan = read_plan(arguments.plan) if arguments.plan else plan_by_code(arguments.server, arguments.code, arguments.out)
    if arguments.engine:
        plan = check_plan({**plan, "engine": arguments.engine})
    if arguments.weights:
        registered = arguments.weights == "registry"
        plan["weights"] = Registry().find(plan["backbone"], family_of(plan["engine"])) if registered else "none"
    renew = (lambda: renewed_plan(arguments.server, arguments.code, arguments.out)) if arguments.code else None
    package = run(plan, arguments.out, arguments.dataset, arguments.scratch, [print_line], arguments.allow_plain_torch, renew)
    print(f"{package}\nattune model import {package} --course ID", flush=True)
    return _upload(plan, package, arguments.chunk_bytes) if arguments.upload else 0


def _upload(plan: dict, package: Path, chunk: int) -> int:
    from attune_training.run import deliver

    if plan["server"] is None:
        raise ValueError(f"The plan names no platform: import the package there with `attune model import {package} --course ID`.")
    url = deliver(plan, package, [print_line], chunk=chunk, listener=lambda sent, size: print(f"uploading  {sent}/{size}", flush=True))
    print(f"uploaded as {url}")
    return 0


def _weights(arguments) -> int:
    registry = Registry()
    if arguments.pin:
        if not (arguments.url and arguments.licence):
            raise ValueError("--pin needs --url and --licence.")
        entries = [registry.pin(arguments.pin, arguments.url, arguments.licence, arguments.cache)]
    else:
        entries = registry.entries()
    print(json.dumps(entries, indent=2))
    return 0


def _shapes(arguments) -> int:
    from attune_training.shapes import write_shapes

    archive = arguments.out / "shapes.zip"
    sha256 = write_shapes(archive, arguments.per_label)
    plan = shapes_plan(sha256, archive.stat().st_size, arguments.engine)
    checked("training-plan", plan)
    (arguments.out / "plan.json").write_text(json.dumps(plan, indent=2))
    print(f"python -m attune_training train --plan {arguments.out / 'plan.json'} --dataset {archive} --out {arguments.out / 'run'}")
    return 0


def shapes_plan(sha256: str, size: int, engine: str, **numbers) -> dict:
    """A plan by files that learns the generated shapes within minutes on two cores."""
    small = {"imageSize": 32, "batchSize": 32, "epochs": 20, "learningRate": 0.03, "patience": 20, "augmentation": {"rotation": 10, "crop": 0.8}}
    return {
        "schemaVersion": 1,
        "run": {"id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"shapes/{sha256}/{engine}")), "name": "Shapes"},
        "server": None,
        "dataset": {"url": None, "sha256": sha256, "bytes": size},
        "task": "image-classification",
        "engine": engine,
        "backbone": "tiny-convnet",
        "weights": "none",
        "abstainBelow": 0.6,
        "numbers": {**small, **numbers},
    }


def _doctor(arguments) -> int:
    for name in ("attune-training", "numpy", "pillow", "jax", "keras", "tensorflow", "torch", "torch_xla", "torchvision", "onnx", "onnxruntime"):
        try:
            print(f"{name:16} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            print(f"{name:16} –")
    from attune_training.devices import find_devices

    print(find_devices(arguments.engine).say())
    return 0


def print_line(line: dict) -> None:
    """One line of progress on the terminal."""
    numbers = "  ".join(f"{name} {value:.4g}" for name, value in line["metrics"].items())
    print(f"{line['phase']:10} {line['epoch']}/{line['epochs']}  {numbers}{line.get('message', '')}", flush=True)
