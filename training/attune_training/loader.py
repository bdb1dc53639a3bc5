"""Batches from the host: decoded and augmented in threads, a few batches ahead of the device."""

import collections
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from attune_training.augment import generator

#: Batches that are prepared while the device works on one.
AHEAD = 3


class Loader:
    """Batches of one split. Training is shuffled by (seed, epoch) and leaves out what does not fill a batch."""

    def __init__(self, task, dataset, split: str, batch: int, devices: int, seed: int, workers: int | None = None):
        self.task, self.dataset, self.items = task, dataset, dataset.split(split)
        self.seed = seed
        fitting = max(1, min(batch, len(self.items)) // devices) * devices
        self.batch = fitting
        self.steps = max(1, len(self.items) // fitting)
        self._workers = workers or min(16, os.cpu_count() or 1)

    def training(self, epoch: int):
        """(inputs [B, …], {name: targets [B, …]}), the same for the same epoch."""
        order = np.random.default_rng([self.seed, epoch]).permutation(len(self.items))
        order = np.resize(order, self.steps * self.batch)
        yield from self._batches(order, lambda index: generator(self.seed, epoch, int(index)))

    def evaluation(self):
        """All items in order; the last batch is filled up with the last item. Gives also how many are real."""
        count = len(self.items)
        order = np.minimum(np.arange(-(-count // self.batch) * self.batch), count - 1)
        for start, (inputs, targets) in zip(range(0, count, self.batch), self._batches(order, lambda index: None)):
            yield inputs, targets, min(self.batch, count - start)

    def _batches(self, order: np.ndarray, rng):
        chunks = collections.deque(order.reshape(-1, self.batch))
        waiting = collections.deque()
        with ThreadPoolExecutor(self._workers) as pool:
            while chunks or waiting:
                while chunks and len(waiting) < AHEAD:
                    waiting.append([pool.submit(self.task.example, self.dataset, self.items[i], rng(i)) for i in chunks.popleft()])
                examples = [job.result() for job in waiting.popleft()]
                names = examples[0][1]
                yield np.stack([x for x, _ in examples]), {name: np.stack([y[name] for _, y in examples]) for name in names}
