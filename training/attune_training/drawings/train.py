"""Trains the network of drawings on photos with their truth, on the CPU or a GPU."""

import argparse
import collections
import copy
import itertools
import json
import math
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from attune_training.drawings.layout import heat_names
from attune_training.drawings.loss import loss
from attune_training.drawings.network import DrawingNet
from attune_training.drawings.photos import HELD_OUT, Photo, is_held_out, read_photos
from attune_training.drawings.targets import Targets
from attune_training.drawings.views import CANVAS, view

BATCH, RATE, DECAY, WARM = 4, 2e-3, 1e-4, 100
#: Examples of a label from which on it weighs no more than others.
OFTEN = 600


def train(photos: list[Photo], drawn: list[Photo], folder: Path, minutes: float, seed: int = 1, threads: int = 2) -> None:
    """Passes over the photos for so many minutes; after each one the averaged weights and the state of the run are in `folder`.

    `drawn` are photos that a program made: each pass takes some of them along, a third as many as there are others.

    The rate of learning falls by the clock, so that a run on a busy machine ends when it should.
    """
    labels, arrows = classes_of([*photos, *drawn])
    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = DrawingNet(labels, arrows).to(device, memory_format=torch.channels_last)
    average = copy.deepcopy(net).eval()
    optimiser = torch.optim.AdamW(_groups(net), lr=RATE, weight_decay=DECAY)
    some = min(len(drawn), len(photos) // 3)
    steps, groups = (len(photos) + some) // BATCH, groups_of(labels, arrows)
    weights = weights_of([*photos, *drawn[:some]], labels, arrows).to(device)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "classes.json").write_text(json.dumps({"labels": labels, "arrows": arrows}))
    targets = Targets(labels, arrows)
    begin, spent = 0, 0.0
    if (folder / "state.pt").exists():
        state = torch.load(folder / "state.pt", weights_only=True)
        net.load_state_dict(state["net"]), average.load_state_dict(state["average"]), optimiser.load_state_dict(state["optimiser"])
        begin, spent = state["epoch"], state["spent"]
    started = time.monotonic() - spent
    for epoch in itertools.count(begin):
        if (time.monotonic() - started) / 60 >= minutes:
            return
        began, sums = time.monotonic(), {}
        net.train()
        chosen = np.random.default_rng([seed, epoch, 1]).permutation(len(drawn))[:some]
        seen = [*photos, *(drawn[i] for i in chosen)]
        for number, (pictures, wanted) in enumerate(_batches(seen, targets, seed, epoch)):
            at = epoch * steps + number
            for group in optimiser.param_groups:
                group["lr"] = _rate(at, (time.monotonic() - started) / 60 / minutes)
            pictures, wanted = pictures.to(device), {name: value.to(device) for name, value in wanted.items()}
            with torch.autocast(device.type, torch.bfloat16):
                outputs = net(pictures)
            parts = loss(outputs, wanted, groups, weights)
            total = sum(parts.values())
            optimiser.zero_grad()
            total.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
            optimiser.step()
            _follow(average, net, min(0.998, (1 + at) / (10 + at)))
            for name, value in {**parts, "total": total}.items():
                sums[name] = sums.get(name, 0.0) + value.item()
        torch.save(average.state_dict(), folder / "average.pt")
        state = {"net": net.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(), "epoch": epoch + 1, "spent": time.monotonic() - started}
        torch.save(state, folder / "state.pt")
        line = {"epoch": epoch + 1, "seconds": round(time.monotonic() - began, 1), **{name: round(value / steps, 4) for name, value in sums.items()}}
        with (folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)


def groups_of(labels: list[str], arrows: list[str]) -> list[int]:
    """The group of each channel of `heat`: shapes, words, arrows, ends."""
    return [*[0] * len(labels), 1, *[2] * len(arrows), 3, 3]


def weights_of(photos: list[Photo], labels: list[str], arrows: list[str]) -> torch.Tensor:
    """What the peaks of each channel weigh [C]: √(OFTEN / how often it is), from 1 to 2.5 — what is rare would hardly be learnt."""
    counts = collections.Counter(name for photo in photos for name in (*photo.labels, *(f"arrow:{kind}" for kind in photo.kinds)))
    often = [counts[name] or OFTEN for name in heat_names(labels, arrows)]
    return (OFTEN / torch.tensor(often, dtype=torch.float32)).sqrt().clamp(1.0, 2.5)


def classes_of(photos: list[Photo]) -> tuple[list[str], list[str]]:
    """Labels of shapes and kinds of arrows, each that occurs, in alphabetical order."""
    return sorted({label for photo in photos for label in photo.labels}), sorted({kind for photo in photos for kind in photo.kinds})


def _batches(photos: list[Photo], targets: Targets, seed: int, epoch: int):
    """(uint8 [B, H, W, 3], maps) of one epoch, made a few ahead in a thread; the same for the same seed and epoch."""
    order = np.random.default_rng([seed, epoch]).permutation(len(photos))
    chunks = [order[at : at + BATCH] for at in range(0, len(order) - BATCH + 1, BATCH)]

    def make(chunk):
        made = [view(photos[i], np.random.default_rng([seed, epoch, int(i)])) for i in chunk]
        maps = [copy.copy(targets).of(truth, CANVAS) for _, truth in made]
        pictures = torch.from_numpy(np.stack([pixels for pixels, _ in made]))[..., None].expand(-1, -1, -1, 3)
        return pictures, {name: torch.from_numpy(np.stack([each[name] for each in maps])) for name in maps[0]}

    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(make, chunk) for chunk in chunks[:3]]
        for chunk in [*chunks[3:], None, None, None]:
            if not waiting:
                return
            yield waiting.pop(0).result()
            if chunk is not None:
                waiting.append(pool.submit(make, chunk))


def _groups(net: torch.nn.Module) -> list[dict]:
    matrices = [p for p in net.parameters() if p.ndim >= 2]
    return [{"params": matrices}, {"params": [p for p in net.parameters() if p.ndim < 2], "weight_decay": 0.0}]


def _rate(step: int, share: float) -> float:
    """A line up for WARM steps, and half a cosine down over the time that is spent (Loshchilov & Hutter 2017)."""
    return RATE * min(1.0, (step + 1) / WARM) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


@torch.no_grad()
def _follow(average: torch.nn.Module, net: torch.nn.Module, keep: float) -> None:
    """Exponential moving average of weights and statistics (Polyak & Juditsky 1992)."""
    for slow, fast in zip(average.state_dict().values(), net.state_dict().values()):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - keep)
        else:
            slow.copy_(fast)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--drawn", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without", action="append", default=[])
    given = parser.parse_args()
    photos = [photo for photo in read_photos(given.photos, tuple(given.without)) if not is_held_out(photo.writer, HELD_OUT)]
    train(photos, read_photos(given.drawn) if given.drawn else [], given.out, given.minutes, given.seed, given.threads)


if __name__ == "__main__":
    main()
