"""What the notebook's short cells call."""

import importlib.util
import json
import os
from pathlib import Path

from attune_training import run
from attune_training.cli import print_line
from attune_training.devices import Devices, find_devices
from attune_training.engines import ENGINES
from attune_training.needs import NotInstalled, check_engine, missing, pins
from attune_training.plan import Unreachable, address_of, check_plan, plan_by_code, read_plan, renewed_plan
from attune_training.tus import UploadError

SMOKE = os.environ.get("ATTUNE_SMOKE") == "1"
#: How the third cell's plan is fetched anew, for the fifth.
_renewal = {}


def devices(engine: str = "keras-jax") -> Devices:
    """Prints what was found, and what to do where it is no TPU."""
    found = find_devices(engine)
    print(found.say())
    return found


def mount_drive() -> Path:
    """The folder for runs: on Drive in Colab, else here."""
    if importlib.util.find_spec("google") and importlib.util.find_spec("google.colab"):
        from google.colab import drive

        drive.mount("/content/drive")
        return Path("/content/drive/MyDrive/attune")
    return Path(os.environ.get("ATTUNE_RUNS", "attune-runs")).resolve()


def get_plan(home: Path, server: str, code: str, plan_file: str = "", dataset: str = "") -> tuple[dict, str | None]:
    """(plan, archive): from the platform by its code; else, or if it does not answer, the files on Drive."""
    if SMOKE:
        return _smoke(home)
    archive = archive_address(home, dataset) if dataset else None
    server, code = address_of(server, code)
    _renewal["renew"] = (lambda: renewed_plan(server, code, home)) if code else None
    if code:
        try:
            return plan_by_code(server, code, home), archive
        except Unreachable as reason:
            print(reason)
    if not (plan_file and (home / plan_file).is_file()):
        raise ValueError(f"Put plan.json and the dataset archive into {home}, and name them in the first cell.")
    return read_plan(home / plan_file), archive


def archive_address(home: Path, dataset: str) -> str:
    """Where the dataset is: an address of a bucket or of the web as it stands, else a file in the folder of runs."""
    dataset = dataset.strip()
    return dataset if dataset.startswith(("gs:", "https:", "http:")) else str(home / dataset)


def choose_engine(plan: dict, engine: str = "") -> dict:
    """The plan with the engine that was chosen instead of its own, if one was. Nothing touches the devices before it is known.

    A TPU belongs to the first framework of a process that asks for it. Ends the cell with what to do where the engine's is not here.
    """
    if engine:
        plan = check_plan({**plan, "engine": engine})
    try:
        check_engine(plan["engine"], None)
    except NotInstalled as reason:
        others = [name for name in ENGINES if name != plan["engine"] and not missing(name)]
        choice = f"\nOr choose another engine in the first cell: {', '.join(others)}. Then run all cells again." if others else ""
        raise SystemExit(f"{str(reason).partition(chr(10))[0]}\n  %pip install {pins(plan['engine'])}{choice}") from None
    return plan


def train(plan: dict, archive: str | None, home: Path, on_tpu_only: bool = False) -> Path:
    """Trains with a live plot; checkpoints and the package are in `home`, data on the local disk."""
    if on_tpu_only and not find_devices(plan["engine"]).is_tpu:
        raise RuntimeError("No TPU here: choose one under Runtime → Change runtime type, or untick on_tpu_only.")
    scratch = Path("/content/attune") if Path("/content").is_dir() else home / "local"
    return run.run(plan, home / plan["run"]["id"], archive, scratch, [LivePlot()], renew=_renewal.get("renew"))


def deliver(plan: dict, package: Path) -> None:
    """Uploads where the plan names a platform; says in any case how the package gets there by hand."""
    if plan["server"]:
        try:
            print("Uploaded:", run.deliver(plan, package, [print_line]))
            return
        except UploadError as reason:
            print(reason)
    print(f"The package is at {package}. Copy it to the platform's machine, then:\n\n    attune model import {package.name} --course ID")


class LivePlot:
    """A listener of progress: loss and accuracy by epoch, drawn anew after each."""

    def __init__(self):
        self.lines: list[dict] = []

    def __call__(self, line: dict) -> None:
        if "loss" not in line["metrics"]:
            print(line["phase"], line.get("message", ""), json.dumps(line["metrics"]) if line["metrics"] else "")
            return
        self.lines.append(line)
        from IPython.display import clear_output, display
        import matplotlib.pyplot as plt

        figure, axes = plt.subplots(1, 2, figsize=(11, 3.5))
        self.draw(axes)
        clear_output(wait=True)
        display(figure)
        plt.close(figure)

    def draw(self, axes) -> None:
        """On a pair of matplotlib axes."""
        epochs = [line["epoch"] for line in self.lines]
        for axis, names in zip(axes, (("loss", "validationLoss"), ("validationAccuracy", "validationMeanAveragePrecision"))):
            for name in names:
                if any(name in line["metrics"] for line in self.lines):
                    axis.plot(epochs, [line["metrics"].get(name) for line in self.lines], marker="o", label=name)
            axis.set_xlabel("epoch")
            axis.legend()
        last = self.lines[-1]
        axes[1].set_title(f"epoch {last['epoch']}/{last['epochs']}, {last['metrics']['imagesPerSecond']:.0f} examples/s")


def _smoke(home: Path) -> tuple[dict, str]:
    from attune_training.cli import shapes_plan
    from attune_training.plan import check_plan
    from attune_training.shapes import write_shapes

    archive = home / "shapes.zip"
    sha256 = write_shapes(archive, per_label=20, side=32, labels=("circle", "square"))
    return check_plan(shapes_plan(sha256, archive.stat().st_size, "keras-jax", epochs=1, batchSize=8)), str(archive)
