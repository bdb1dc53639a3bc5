"""The loop around every engine: head first, then everything; validate, log, checkpoint, stop early."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attune_training import schedule
from attune_training.checkpoint import load_arrays, save_arrays
from attune_training.dataset import Dataset
from attune_training.loader import Loader
from attune_training.plan import key_of
from attune_training.progress import Meter, Progress

CHECKPOINT = "checkpoint.npz"


@dataclass
class Position:
    """Where a run is; all of it is in the checkpoint. Epochs count through both phases, from 0."""

    epoch: int = 0
    best_loss: float = float("inf")
    best_epoch: int = -1


class Trainer:
    """Trains in `folder`, and goes on from what it finds there; at the end the engine holds the best weights."""

    def __init__(self, plan: dict, dataset: Dataset, task, engine, folder: Path, progress: Progress):
        self.plan, self.numbers, self.task = plan, plan["numbers"], task
        self.engine, self.folder, self.progress = engine, folder, progress
        seed, batch = self.numbers["seed"], self.numbers["batchSize"]
        self.loaders = {split: Loader(task, dataset, split, batch, engine.devices, seed) for split in ("training", "validation", dataset.evaluated_on)}
        self.head_epochs = self.numbers["headEpochs"] if plan["weights"] != "none" else 0
        self.epochs = self.head_epochs + self.numbers["epochs"]
        self.meter = Meter()
        self.position = Position()

    def train(self) -> None:
        """All epochs that are left. A run that is resumed gives what it would have given uninterrupted."""
        resumed = self._resume()
        while self.position.epoch < self.epochs and not self._has_stopped():
            epoch = self.position.epoch
            head = epoch < self.head_epochs
            if not resumed and epoch in (0, self.head_epochs):
                self.engine.begin(head_only=head)
            resumed = False
            measured = self._epoch(epoch, head)
            loss = measured["validationLoss"]
            if loss < self.position.best_loss:
                self.position.best_loss, self.position.best_epoch = loss, epoch
                save_arrays(self._best, {name: value for name, value in self.engine.arrays().items() if name.startswith("model/")})
            self.position.epoch = epoch + 1
            save_arrays(self._last, self.engine.arrays(), {**vars(self.position), "plan": key_of(self.plan)})
            self.progress.tell("head" if head else "all", epoch + 1, self.epochs, measured)
        self.engine.load({**self.engine.arrays(), **load_arrays(self._best)[0]})

    def outputs(self, split: str) -> tuple[dict, dict]:
        """Outputs and targets of a whole split, without the filling of the last batch."""
        outputs, targets = [], []
        for inputs, wanted, count in self.loaders[split].evaluation():
            outputs.append({name: value[:count] for name, value in self.engine.predict(inputs).items()})
            targets.append({name: value[:count] for name, value in wanted.items()})
            self.progress.check()
        return _joined(outputs), _joined(targets)

    def _epoch(self, epoch: int, head: bool) -> dict[str, float]:
        loader = self.loaders["training"]
        first, count = (0, self.head_epochs) if head else (self.head_epochs, self.numbers["epochs"])
        steps, warmup = count * loader.steps, round(min(self.numbers["warmupEpochs"], count / 2) * loader.steps)
        top = schedule.peak(self.numbers["learningRate"], loader.batch)
        losses = []
        for number, (inputs, targets) in enumerate(loader.training(epoch)):
            rate = schedule.rate((epoch - first) * loader.steps + number, steps, warmup, top)
            losses.append(self.engine.step(inputs, targets, rate))
            if number == 0:
                float(losses[0])  # waits for the compiler
                self.meter.start()
            self.progress.check()
        loss = float(np.mean([float(value) for value in losses]))
        self.meter.stop((len(losses) - 1) * loader.batch)
        if not np.isfinite(loss):
            raise FloatingPointError(f"The loss is {loss} in epoch {epoch + 1}: try a smaller learning rate.")
        measured = {"loss": loss, "learningRate": rate, "imagesPerSecond": self.meter.per_second or 0}
        return measured | self.task.validation_loss(*self.outputs("validation"))

    def _has_stopped(self) -> bool:
        waited = self.position.epoch - 1 - max(self.position.best_epoch, self.head_epochs)
        return waited >= self.numbers["patience"]

    @property
    def _last(self) -> Path:
        return self.folder / CHECKPOINT

    @property
    def _best(self) -> Path:
        return self.folder / "best.npz"

    def _resume(self) -> bool:
        if not self._last.exists():
            return False
        arrays, state = load_arrays(self._last)
        if state.pop("plan") != key_of(self.plan):
            raise ValueError(f"{self._last} belongs to a run with another plan: choose another folder.")
        self.position = Position(**state)
        self.engine.begin(head_only=self.position.epoch <= self.head_epochs and self.head_epochs > 0)
        self.engine.load(arrays)
        if self.position.epoch == self.head_epochs > 0:
            self.engine.begin(head_only=False)
        return True


def _joined(parts: list[dict]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
