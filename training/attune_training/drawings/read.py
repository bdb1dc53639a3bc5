"""Shapes and arrows off the maps: what libs/imaging reads, as far as boxes and labels go, for the figures of the card."""

import numpy as np

from attune_training.drawings.layout import BOXES, STRIDE
from attune_training.drawings.photos import CONTAINERS

#: Peaks below this are left out by the network itself.
LEAST = 0.08
#: Two symbols do not overlap by more than this; of two containers of one label, no more of the smaller lies in the other.
MOST_OVERLAP = 0.5
POOLS = ("participant", "lane")


def shapes_of(maps: dict, channel: dict, labels: list[str], thresholds: dict[str, float]) -> list[tuple[str, float, np.ndarray]]:
    """(label, probability, [left, top, right, bottom] in pixels of the input), the surest first; `thresholds` of symbols and pools."""
    found = []
    for label in labels:
        kind, least = "container" if label in CONTAINERS else "symbol", thresholds["pool" if label in POOLS else "symbol"]
        found += [(label, score, box) for score, box in _boxes(maps, channel[label], BOXES.index(kind), least)]
    kept: list[tuple[str, float, np.ndarray]] = []
    for label, score, box in sorted(found, key=lambda each: -each[1]):
        of_smaller = label in CONTAINERS
        if not any(_rivals(label, other) and _overlap(box, rival, of_smaller) > MOST_OVERLAP for other, _, rival in kept):
            kept.append((label, score, box))
    return kept


def arrows_of(maps: dict, channel: dict, arrows: list[str], threshold: float, least: float = 24.0) -> list[tuple[str, float, np.ndarray]]:
    """The same of arrows, by their middles; boxes are widened to `least` pixels."""
    found = []
    for kind in arrows:
        for score, box in _boxes(maps, channel[f"arrow:{kind}"], BOXES.index("arrow"), threshold):
            lack = np.maximum(0, least - (box[2:] - box[:2])) / 2
            found.append((f"arrow:{kind}", score, np.concatenate([box[:2] - lack, box[2:] + lack])))
    kept: list[tuple[str, float, np.ndarray]] = []
    for label, score, box in sorted(found, key=lambda each: -each[1]):
        if not any(_overlap(box, rival) > 0.7 for _, _, rival in kept):
            kept.append((label, score, box))
    return kept


def _rivals(label: str, other: str) -> bool:
    return label == other or (label not in CONTAINERS and other not in CONTAINERS)


def _boxes(maps: dict, channel: int, kind: int, threshold: float):
    heat = maps["heat"][channel]
    for row, column in np.argwhere(heat >= threshold):
        left, top, right, bottom = maps["boxes"][4 * kind : 4 * kind + 4, row, column]
        centre, side = np.array([column, row]) * STRIDE, heat.shape[0] * STRIDE
        yield float(heat[row, column]), np.concatenate([centre - np.array([left, top]) * side, centre + np.array([right, bottom]) * side])


def _overlap(a: np.ndarray, b: np.ndarray, of_smaller: bool = False) -> float:
    """Intersection over union, or over the smaller one."""
    inner = np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])).prod()
    areas = (a[2:] - a[:2]).prod(), (b[2:] - b[:2]).prod()
    whole = min(areas) if of_smaller else sum(areas) - inner
    return float(inner / whole) if whole > 0 else 0.0
