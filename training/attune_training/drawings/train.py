"""Trains the network of drawings on photos with their truth, on the CPU or a GPU."""

import argparse
import collections
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from attune_training.drawings.layout import heat_names
from attune_training.drawings.loss import loss
from attune_training.drawings.network import DrawingNet
from attune_training.drawings.photos import HELD_OUT, Photo, is_held_out, read_photos
from attune_training.drawings.targets import Targets
from attune_training.drawings.views import CANVAS, view

RATE, DECAY, WARM = 2e-3, 0.02, 200
#: Examples of a label from which on it weighs no more than others.
OFTEN = 600
#: Photos with a label from which on they are taken no more often than others.
RARE = 80
#: The maps of 0 and 1.
MASKS = ("ignore", "boxMask", "vectorMask")
#: Seconds from one saving of the state to the next.
SAVE_EVERY = 60


def train(
    photos: list[Photo], drawn: list[Photo], folder: Path, minutes: float, width: float = 1.0,
    canvas: tuple[int, int] = CANVAS, batch: int = 4, workers: int = 1, seed: int = 1, threads: int = 2,
    rate: float = RATE, begin_with: Path | None = None,
) -> None:  # fmt: skip
    """Passes over the photos for so many minutes; every minute and at the end the averaged weights and the state of the run are in `folder`.

    `drawn` are photos that a program made: each pass takes some of them along, `drawn_in_a_pass`. `workers` are the processes that
    make views. The `rate` of learning falls by the clock, so that a run on a busy machine ends when it should. A new run begins with
    the weights `begin_with`, the `average.pt` of another, if any.
    """
    labels, arrows = classes_of([*photos, *drawn])
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.benchmark = True
    net = DrawingNet(labels, arrows, width).to(device, memory_format=torch.channels_last)
    if begin_with is not None:
        net.load_state_dict(torch.load(begin_with, weights_only=True, map_location=device))
    average = copy.deepcopy(net).eval()
    optimiser = torch.optim.AdamW(_groups(net), lr=rate, weight_decay=DECAY)
    some = drawn_in_a_pass(photos, drawn)
    groups, weights = groups_of(labels, arrows).to(device), weights_of([*photos, *drawn[:some]], labels, arrows).to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "classes.json").write_text(json.dumps({"labels": labels, "arrows": arrows, "width": width}))
    begin, spent = 0, 0.0
    if (folder / "state.pt").exists():
        state = state_of(folder)
        net.load_state_dict(state["net"]), average.load_state_dict(state["average"]), optimiser.load_state_dict(state["optimiser"])
        begin, spent = state["epoch"], state["spent"]
    views = Views(photos, drawn, Targets(labels, arrows), canvas, batch, seed)
    steps = views.steps
    made = DataLoader(views, batch_size=None, sampler=range(begin * steps, len(views)), num_workers=workers, prefetch_factor=2, pin_memory=device.type == "cuda")
    stream = iter(made)
    started = time.monotonic() - spent
    saved, epoch = time.monotonic(), begin
    while (time.monotonic() - started) / 60 < minutes:
        began, sums = time.monotonic(), {}
        net.train()
        for number in range(steps):
            at = epoch * steps + number
            for group in optimiser.param_groups:
                group["lr"] = rate * _share_of_rate(at, (time.monotonic() - started) / 60 / minutes)
            pictures, wanted = next(stream)
            pictures = pictures.to(device, non_blocking=True)[..., None].expand(-1, -1, -1, 3)
            wanted = {name: value.to(device, non_blocking=True).float() for name, value in wanted.items()}
            with torch.autocast(device.type, torch.bfloat16):
                outputs = net(pictures)
            parts = loss(outputs, wanted, groups, weights)
            total = sum(parts.values())
            optimiser.zero_grad()
            total.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            optimiser.step()
            _follow(average, net, min(0.999, (1 + at) / (10 + at)))
            for name, value in {**parts, "total": total}.items():
                sums[name] = sums.get(name, 0.0) + value.detach()
        epoch += 1
        line = {"epoch": epoch, "seconds": round(time.monotonic() - began, 1), **{name: round(value.item() / steps, 4) for name, value in sums.items()}}
        with (folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)
        spent = time.monotonic() - started
        if time.monotonic() - saved > SAVE_EVERY or spent / 60 >= minutes:
            torch.save(average.state_dict(), folder / "average.pt")
            state = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
            state |= {"epoch": epoch, "spent": spent, "hardware": torch.cuda.get_device_name() if device.type == "cuda" else "CPU"}
            torch.save(state, folder / "state.pt")
            saved = time.monotonic()


def state_of(folder: Path) -> dict:
    """What a run left in its folder: weights, their average, the optimiser, passes, seconds and hardware."""
    return torch.load(folder / "state.pt", weights_only=True, map_location="cpu")


class Views(Dataset):
    """The batches of one pass after another, each (uint8 [B, H, W], maps of half precision and masks); the same for the same seed and number.

    A pass takes as many photos as there are, those with something rare more often (`repeats`).
    """

    #: More than any run sees.
    PASSES = 100_000

    def __init__(self, photos: list[Photo], drawn: list[Photo], targets: Targets, canvas: tuple[int, int], batch: int, seed: int):
        self.photos, self.drawn, self.targets, self.canvas, self.batch, self.seed = photos, drawn, targets, canvas, batch, seed
        self.some, self.often = drawn_in_a_pass(photos, drawn), repeats(photos)
        self.steps = (len(photos) + self.some) // batch

    def __len__(self) -> int:
        return self.steps * self.PASSES

    def __getitem__(self, at: int) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        epoch, number = divmod(at, self.steps)
        made = []
        for i in self._pass(epoch)[number * self.batch : (number + 1) * self.batch]:
            photo = self.photos[i] if i < len(self.photos) else self.drawn[i - len(self.photos)]
            pixels, truth = view(photo, np.random.default_rng([self.seed, at, len(made)]), self.canvas)
            made.append((pixels, self.targets.of(truth, self.canvas)))
        maps = {name: np.stack([each[name] for _, each in made]) for name in made[0][1]}
        pictures = torch.from_numpy(np.stack([pixels for pixels, _ in made]))
        return pictures, {name: torch.from_numpy(value.astype(np.uint8 if name in MASKS else np.float16)) for name, value in maps.items()}

    def _pass(self, epoch: int) -> list[int]:
        rng = np.random.default_rng([self.seed, epoch])
        photos = rng.choice(len(self.photos), len(self.photos), p=self.often / self.often.sum())
        drawn = len(self.photos) + rng.permutation(len(self.drawn))[: self.some]
        return rng.permutation(np.concatenate([photos, drawn])).astype(int).tolist()


def repeats(photos: list[Photo]) -> np.ndarray:
    """How much more often than others each photo is taken [N]: √(RARE / photos with its rarest shape or arrow), from 1 to 3 (Gupta et al. 2019, arXiv:1908.03195)."""
    within = [{*photo.labels, *photo.kinds} for photo in photos]
    counts = collections.Counter(name for names in within for name in names)
    return np.array([np.clip(np.sqrt(RARE / min((counts[name] for name in names), default=RARE)), 1, 3) for names in within])


def drawn_in_a_pass(photos: list[Photo], drawn: list[Photo]) -> int:
    """How many photos that a program made go along with the others: half as many."""
    return min(len(drawn), len(photos) // 2)


def groups_of(labels: list[str], arrows: list[str]) -> torch.Tensor:
    """The groups of the channels of `heat`, 0 or 1 [4, C]: shapes, words, arrows, ends."""
    of = torch.tensor([*[0] * len(labels), 1, *[2] * len(arrows), 3, 3])
    return torch.nn.functional.one_hot(of).T.float()


def weights_of(photos: list[Photo], labels: list[str], arrows: list[str]) -> torch.Tensor:
    """What the peaks of each channel weigh [C]: √(OFTEN / how often it is), from 1 to 2.5 — what is rare would hardly be learnt."""
    counts = collections.Counter(name for photo in photos for name in (*photo.labels, *(f"arrow:{kind}" for kind in photo.kinds)))
    often = [counts[name] or OFTEN for name in heat_names(labels, arrows)]
    return (OFTEN / torch.tensor(often, dtype=torch.float32)).sqrt().clamp(1.0, 2.5)


def classes_of(photos: list[Photo]) -> tuple[list[str], list[str]]:
    """Labels of shapes and kinds of arrows, each that occurs, in alphabetical order."""
    return sorted({label for photo in photos for label in photo.labels}), sorted({kind for photo in photos for kind in photo.kinds})


def _groups(net: torch.nn.Module) -> list[dict]:
    matrices = [p for p in net.parameters() if p.ndim >= 2]
    return [{"params": matrices}, {"params": [p for p in net.parameters() if p.ndim < 2], "weight_decay": 0.0}]


def _share_of_rate(step: int, share: float) -> float:
    """A line up for WARM steps, and half a cosine down over the time that is spent (Loshchilov & Hutter 2017)."""
    return min(1.0, (step + 1) / WARM) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


@torch.no_grad()
def _follow(average: torch.nn.Module, net: torch.nn.Module, keep: float) -> None:
    """Exponential moving average of weights and statistics (Polyak & Juditsky 1992)."""
    pairs = list(zip(average.state_dict().values(), net.state_dict().values()))
    weights = [(slow, fast) for slow, fast in pairs if slow.dtype.is_floating_point]
    torch._foreach_lerp_([slow for slow, _ in weights], [fast for _, fast in weights], 1 - keep)
    for slow, fast in pairs:
        if not slow.dtype.is_floating_point:
            slow.copy_(fast)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--drawn", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--width", type=float, default=1.0, help="channels of the network, as a multiple")
    parser.add_argument("--canvas", type=int, nargs=2, default=CANVAS, help="width and height of a view in pixels, multiples of 64")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1, help="processes that make views: as many as cores beside a GPU")
    parser.add_argument("--rate", type=float, default=RATE, help="of learning, at its most")
    parser.add_argument("--begin-with", type=Path, help="average.pt of another run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without", action="append", default=[])
    given = parser.parse_args()
    photos = [photo for photo in read_photos(given.photos, tuple(given.without)) if not is_held_out(photo.writer, HELD_OUT)]
    drawn = read_photos(given.drawn) if given.drawn else []
    train(photos, drawn, given.out, given.minutes, given.width, tuple(given.canvas), given.batch, given.workers,
          given.seed, given.threads, given.rate, given.begin_with)  # fmt: skip


if __name__ == "__main__":
    main()
