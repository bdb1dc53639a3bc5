"""The loop around the engines, with one of numpy: when it stops, early or because somebody wants it to."""

import numpy as np
import pytest
from protocol_server import Platform

from attune_training.dataset import open_dataset
from attune_training.progress import Cancelled, Progress, Reporter
from attune_training.tasks import make_task
from attune_training.trainer import Trainer

pytestmark = pytest.mark.quick


class Engine:
    """Learns nothing: its logits say of the first label what `sureness` has for the epoch."""

    devices = 1

    def __init__(self, sureness=(), at_step=lambda number: None):
        self.sureness, self.at_step, self.steps, self.epochs = list(sureness), at_step, 0, 0

    def begin(self, head_only):
        pass

    def step(self, inputs, targets, rate):
        self.steps += 1
        self.at_step(self.steps)
        return 1.0

    def predict(self, inputs):
        logits = np.zeros((len(inputs), 3))
        logits[:, 0] = self.sureness[self.steps // 3 - 1]
        return {"logits": logits}

    def arrays(self):
        return {"model/steps": np.array(self.steps)}

    def load(self, arrays):
        self.loaded = int(arrays["model/steps"])


@pytest.fixture
def trainer_of(shapes, a_plan, tmp_path):
    """Makes a trainer over 84 pictures in 3 steps an epoch."""

    def make(engine, reporter=None, **numbers):
        plan = a_plan(**numbers)
        dataset = open_dataset(shapes[0], tmp_path / "data")
        return Trainer(plan, dataset, make_task(plan, dataset), engine, tmp_path / "run", Progress(tmp_path / "run", reporter))

    return make


def test_training_stops_early_and_takes_the_best_epoch(trainer_of):
    # To be sure of the first label costs loss, as it is right in a third: the second epoch is the best.
    engine = Engine([2, 1, 3, 4, 5, 6, 7, 8])
    trainer = trainer_of(engine, epochs=8, patience=2)
    trainer.train()
    assert (trainer.position.epoch, trainer.position.best_epoch) == (4, 1)
    assert engine.steps == 12 and engine.loaded == 6


def test_training_that_gets_better_goes_on_to_its_last_epoch(trainer_of):
    trainer = trainer_of(Engine([6, 5, 4, 3, 2]), epochs=5, patience=1)
    trainer.train()
    assert (trainer.position.epoch, trainer.position.best_epoch) == (5, 4)


def test_patience_counts_from_where_the_whole_network_is_trained(trainer_of):
    trainer = trainer_of(Engine(), epochs=8, patience=2)
    trainer.head_epochs = 3
    stops = []
    for epoch in range(1, 8):
        trainer.position.epoch, trainer.position.best_epoch = epoch, 0
        stops.append(trainer._has_stopped())
    # Epochs 0…2 are of the head; the best was the first; after 3, 4 and 5 there were two epochs without a better one.
    assert stops == [False, False, False, False, False, True, True]


def test_cancelled_training_ends_at_the_next_step(trainer_of, monkeypatch):
    monkeypatch.setattr("attune_training.progress.BEAT", 0.05)
    platform = Platform()
    reporter = Reporter({"url": platform.url, "token": "x", "secondsBetweenReports": 0.05}, "run")

    def at_step(number):
        if number == 2:
            platform.cancel = True
            assert reporter.cancelled.wait(10)

    engine = Engine([1], at_step)
    with pytest.raises(Cancelled):
        trainer_of(engine, reporter, epochs=1).train()
    assert engine.steps == 2  # of 3
    reporter.close()
    platform.close()
