"""Photos of drawn diagrams with their truth, as `[{image, writer, width, height, nodes, edges, words}]` (see training/README.md)."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from attune_training.pictures import upright

#: Shapes that others stand in: large, hollow, and told by their frame.
CONTAINERS = ("participant", "lane", "subProcess")
#: Both directions of a data association look the same; what they join tells them apart.
SAME_LOOK = {"dataInputAssociation": "dataAssociation", "dataOutputAssociation": "dataAssociation"}


@dataclass(frozen=True)
class Photo:
    """A photo, grey and at most LONG pixels long, and its truth in these pixels."""

    name: str
    writer: str
    grey: Image.Image
    #: left, top, right, bottom [N, 4] and labels [N]
    boxes: np.ndarray
    labels: list[str]
    words: np.ndarray
    #: kinds [A] and polylines from tail to head, each [P, 2]
    kinds: list[str] = field(default_factory=list)
    routes: list[np.ndarray] = field(default_factory=list)


#: Longest side of a photo in memory: what a run scales from.
LONG = 1000
#: Share of writers whose photos are kept from training.
HELD_OUT = 0.05


def read_photos(file: Path, without: tuple[str, ...] = ()) -> list[Photo]:
    """All photos that a JSON file describes, but those named in `without`; images lie beside it."""
    rows = [row for row in json.loads(file.read_text("utf-8")) if not any(name in row["image"] for name in without)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda row: _photo(row, file.parent), rows))


def is_held_out(writer: str, share: float) -> bool:
    """Whether all photos of this writer are kept from training, to tune thresholds on; the same for ever."""
    return int(hashlib.sha256(writer.encode()).hexdigest()[:8], 16) / 2**32 < share


def _photo(row: dict, folder: Path) -> Photo:
    grey = upright(folder / row["image"]).convert("L")
    scale = min(1.0, LONG / max(grey.size))
    if scale < 1:
        grey = grey.resize((round(grey.width * scale), round(grey.height * scale)), Image.Resampling.BILINEAR)
    return Photo(
        name=row["image"],
        writer=row["writer"],
        grey=grey,
        boxes=_corners([node["bbox"] for node in row["nodes"]], scale),
        labels=[node["type"] for node in row["nodes"]],
        words=_corners([word["bbox"] for word in row["words"]], scale),
        kinds=[SAME_LOOK.get(edge["type"], edge["type"]) for edge in row["edges"]],
        routes=[np.array(edge["points"], float) * scale for edge in row["edges"]],
    )


def _corners(boxes: list, scale: float) -> np.ndarray:
    """x, y, width, height → left, top, right, bottom [N, 4]."""
    array = np.array(boxes, float).reshape(-1, 4) * scale
    return np.concatenate([array[:, :2], array[:, :2] + array[:, 2:]], 1)
