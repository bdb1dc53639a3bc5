"""A whole run: dataset → training → evaluation → export → package."""

import json
import shutil
from pathlib import Path

import numpy as np

from attune_training.checkpoint import load_arrays, save_arrays
from attune_training.dataset import Dataset, DatasetError, fetch_archive, open_dataset
from attune_training.engines import make_engine
from attune_training.examples import golden_cases
from attune_training.export import export
from attune_training.manifest import Trained, flat, manifest_of
from attune_training.needs import check_engine
from attune_training.networks import describe
from attune_training.package import write_package
from attune_training.plan import Unreachable, key_of
from attune_training.progress import Cancelled, Progress, Reporter
from attune_training.tasks import make_task
from attune_training.trainer import CHECKPOINT, Trainer
from attune_training.tus import upload
from attune_training.weights import fetch_weights

PACKAGE = "package.zip"


def run(
    plan: dict, folder: Path, archive: str | None = None, scratch: Path | None = None, listeners=(), allow_plain_torch: bool = False, renew=None
) -> Path:
    """Trains by a checked plan in `folder` (on Drive, say) with data unpacked in `scratch` (a local disk). Gives the package.

    Goes on where an earlier process was stopped; what is finished is not done again. `renew` fetches the plan anew where its address
    of the dataset has expired; `plan` then speaks with the new token.
    """
    package, scratch = folder / PACKAGE, scratch or folder
    if package.exists() and load_arrays(folder / CHECKPOINT)[1]["plan"] == key_of(plan):
        return package
    check_engine(plan["engine"], plan["server"] and plan["server"]["url"], allow_plain_torch)
    reporter = Reporter(plan["server"], plan["run"]["id"]) if plan["server"] else None
    progress = Progress(folder, reporter, listeners, (plan["server"] or {}).get("lastLine", 0))
    try:
        progress.tell("preparing", 0, plan["numbers"]["epochs"], message=f"{plan['engine']}, {plan['backbone']}")
        source = archive or plan["dataset"]["url"]
        if source is None:
            raise ValueError("The plan names no address of the dataset: name the archive.")
        renewal = None if archive or renew is None else lambda: _renewed_address(plan, renew, reporter)
        fetched = fetch_archive(source, plan["dataset"]["sha256"], scratch / "archives", progress.check, renewal)
        dataset = open_dataset(fetched, scratch / "data")
        task = make_task(plan, dataset)
        network = describe(plan, task)
        base = fetch_weights(plan["weights"], plan["backbone"], network["family"], scratch / "weights")
        engine = make_engine(plan["engine"], network, task, plan["numbers"], allow_plain_torch)
        if base:
            engine.load_pretrained(base)
        trainer = Trainer(plan, dataset, task, engine, folder, progress)
        trainer.train()
        return _package(plan, dataset, task, network, trainer, folder, progress)
    except Exception as error:
        reason = str(error) if isinstance(error, Cancelled) else f"{type(error).__name__}: {error}"
        progress.tell("failed", progress.last["epoch"], progress.last["epochs"], message=reason)
        raise
    finally:
        progress.close()


def _renewed_address(plan: dict, renew, reporter: Reporter | None) -> str:
    """Where the dataset of the plan can be had now."""
    try:
        fresh = renew()
    except (Unreachable, ValueError) as reason:
        raise DatasetError(f"The address of the dataset has expired, and there is no new one. {reason}") from None
    if fresh["dataset"]["sha256"] != plan["dataset"]["sha256"]:
        raise DatasetError("The dataset was frozen anew since this run began: begin it again, in another folder.")
    plan["server"] = fresh["server"]
    if reporter:
        reporter.renew(fresh["server"])
    return fresh["dataset"]["url"]


def deliver(plan: dict, package: Path, listeners=(), **settings) -> str:
    """Uploads the package to the platform of the plan, tells it that the run is done, and gives the package's address there."""
    progress = Progress(package.parent, Reporter(plan["server"], plan["run"]["id"]), listeners)
    try:
        url = upload(plan["server"], plan["run"]["id"], package, **settings)
        last = progress.last
        if last["phase"] != "done":
            progress.tell("done", last["epoch"], last["epochs"])
        return url
    finally:
        progress.close()


def _package(plan: dict, dataset: Dataset, task, network: dict, trainer: Trainer, folder: Path, progress: Progress) -> Path:
    engine, epochs = trainer.engine, trainer.epochs
    progress.tell("evaluating", trainer.position.epoch, epochs)
    calibration = task.calibrate(*trainer.outputs("validation"))
    split = dataset.evaluated_on
    metrics = task.evaluate(*trainer.outputs(split), calibration["temperature"], dataset.split(split), split, plan["abstainBelow"])
    progress.tell("exporting", trainer.position.epoch, epochs, flat(metrics["overall"]))

    work = folder / "export"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    golden = golden_cases(dataset, task, split, plan["run"]["name"], plan["numbers"]["seed"], work)
    inputs = np.stack([case.input for case in golden])
    np.save(work / "inputs.npy", inputs)
    save_arrays(work / "weights.npz", engine.weights())
    (work / "export.json").write_text(json.dumps({"network": network, "temperature": calibration["temperature"]}))
    exported = export(work)
    _check_against_engine(engine, inputs, work / "outputs.npz", trainer.loaders["validation"].batch)

    trained = Trained(
        epochs=trainer.position.epoch,
        best_epoch=trainer.position.best_epoch + 1,
        kind=engine.kind,
        devices=engine.devices,
        compiler=engine.compiler,
        bfloat16=engine.bfloat16,
        per_second=trainer.meter.per_second,
        versions=engine.versions,
    )
    manifest = manifest_of(plan, task, dataset.card, metrics, calibration, exported, list(inputs.shape[1:]), trained)
    target = folder / PACKAGE
    write_package(target, manifest, work, golden, progress.file)
    phase = "uploading" if plan["server"] else "done"
    progress.tell(phase, trainer.position.epoch, epochs, message=f"package of {target.stat().st_size} bytes")
    return target


def _check_against_engine(engine, inputs: np.ndarray, file: Path, batch: int) -> None:
    """What was exported is what was trained: bfloat16 is allowed its rounding, weights in wrong places are not."""
    filled = np.concatenate([inputs, np.repeat(inputs[-1:], max(0, batch - len(inputs)), axis=0)])[:max(batch, len(inputs))]
    trained = engine.predict(filled[:batch])
    with np.load(file, allow_pickle=False) as expected:
        name = "logits" if "logits" in trained else "size"
        wanted = expected[name][:batch]
    given = trained[name][: len(wanted)]
    allowed = (0.1 if engine.bfloat16 else 1e-3) * max(1.0, float(np.abs(wanted).max()))
    if (deviation := float(np.abs(given - wanted).max())) > allowed:
        raise RuntimeError(f"The exported network deviates by {deviation:.3g} from the trained one.")
