"""The maps that a truth asks of the network."""

import numpy as np

from attune_training.drawings.layout import BOXES, STRIDE, VECTORS, heat_names
from attune_training.drawings.photos import CONTAINERS, Photo


#: Cells from the left side of a container to the point that tells it.
INSIDE = 2


class Targets:
    """Maps [C, H/4, W/4]: `heat` 0…1, `boxes` and `vectors` in cells, each with the cells where they are asked for; `ignore` where nothing is."""

    def __init__(self, labels: list[str], arrows: list[str]):
        self.labels, self.arrows = labels, arrows
        self.channel = {name: at for at, name in enumerate(heat_names(labels, arrows))}

    def of(self, truth: Photo, size: tuple[int, int]) -> dict[str, np.ndarray]:
        """Maps of a truth in pixels of a picture (width, height)."""
        self._width, self._height = size[0] // STRIDE, size[1] // STRIDE
        maps = {"heat": len(self.channel), "ignore": len(self.channel), "boxes": 4 * len(BOXES), "vectors": 2 * len(VECTORS)}
        maps |= {"boxMask": len(BOXES), "vectorMask": len(VECTORS)}
        self._maps = {name: np.zeros((channels, self._height, self._width), np.float32) for name, channels in maps.items()}
        order = np.argsort([-np.prod(box[2:] - box[:2]) for box in truth.boxes])
        for at in order:
            if truth.labels[at] in self.channel:
                self._box(self.channel[truth.labels[at]], "container" if truth.labels[at] in CONTAINERS else "symbol", truth.boxes[at] / STRIDE)
        for box in truth.words:
            self._box(self.channel["word"], "word", box / STRIDE)
        for kind, route in zip(truth.kinds, truth.routes):
            self._arrow(kind, route / STRIDE)
        return self._maps

    def _box(self, channel: int, kind: str, box: np.ndarray) -> None:
        seen = np.concatenate([np.maximum(box[:2], 0), np.minimum(box[2:], (self._width, self._height))])
        size, whole = seen[2:] - seen[:2], box[2:] - box[:2]
        if (size <= 0).any():
            return
        if kind == "container":
            # told by its left end, where its name stands: its middle may look like anything
            point = np.array([box[0] + INSIDE, (seen[1] + seen[3]) / 2])
            if box[0] < 0 or size[1] < 0.7 * whole[1] or size[0] < 0.35 * whole[0]:
                self._forget(channel, np.array([seen[0] + INSIDE, point[1]]), np.array([6, size[1] / 2]))
                return
            box, spread, reach = seen, np.array([0.9, np.clip(size[1] / 12, 0.9, 3)]), np.array([1, 2])
        else:
            point = (box[:2] + box[2:]) / 2
            if size.prod() < 0.6 * whole.prod() or not self._inside(point):
                self._forget(channel, (seen[:2] + seen[2:]) / 2, size / 2)
                return
            spread, reach = np.clip(whole / 10, 0.8, 2.5), np.array([1, 1])
        self._heat(channel, point, spread)
        index = BOXES.index(kind)
        for row, column in self._cells(point, reach):
            self._maps["boxMask"][index, row, column] = 1
            self._maps["boxes"][4 * index : 4 * index + 4, row, column] = (column - box[0], row - box[1], box[2] - column, box[3] - row)

    def _arrow(self, kind: str, route: np.ndarray) -> None:
        tail, head, middle = route[0], route[-1], middle_of(route)
        ends = {"tail": tail, "head": head}
        for name, point in ends.items():
            if self._inside(point):
                self._heat(self.channel[name], point, np.array([0.9, 0.9]))
        if not self._inside(middle):
            return
        channel = self.channel[f"arrow:{kind}"]
        if not (self._inside(tail, 4) and self._inside(head, 4)):
            for arrow in self.arrows:
                self._forget(self.channel[f"arrow:{arrow}"], middle, np.array([6, 6]))
            return
        self._heat(channel, middle, np.array([1.1, 1.1]))
        low, high = route.min(0), route.max(0)
        index = BOXES.index("arrow")
        for row, column in self._cells(middle, np.array([1, 1])):
            self._maps["boxMask"][index, row, column] = 1
            self._maps["boxes"][4 * index : 4 * index + 4, row, column] = (column - low[0], row - low[1], high[0] - column, high[1] - row)
            self._vector("middleToTail", tail, row, column)
            self._vector("middleToHead", head, row, column)
        for name, start, end in (("headToTail", head, tail), ("tailToHead", tail, head)):
            for row, column in self._cells(start, np.array([1, 1])):
                self._vector(name, end, row, column)

    def _vector(self, name: str, end: np.ndarray, row: int, column: int) -> None:
        index = VECTORS.index(name)
        self._maps["vectorMask"][index, row, column] = 1
        self._maps["vectors"][2 * index : 2 * index + 2, row, column] = end - (column, row)

    def _inside(self, point: np.ndarray, beyond: float = 0) -> bool:
        return bool((point >= -beyond).all() and point[0] < self._width + beyond and point[1] < self._height + beyond)

    def _cells(self, centre: np.ndarray, reach: np.ndarray):
        column, row = np.round(centre).astype(int)
        for r in range(max(0, row - reach[1]), min(self._height, row + reach[1] + 1)):
            for c in range(max(0, column - reach[0]), min(self._width, column + reach[0] + 1)):
                yield r, c

    def _heat(self, channel: int, centre: np.ndarray, spread: np.ndarray) -> None:
        """A bump of 1 at the cell of the centre, exp(−Δx²/2σx² − Δy²/2σy²) around."""
        column, row = np.minimum(np.round(centre).astype(int), (self._width - 1, self._height - 1))
        reach = np.ceil(3 * spread).astype(int)
        top, left = max(0, row - reach[1]), max(0, column - reach[0])
        rows, columns = np.mgrid[top : min(self._height, row + reach[1] + 1), left : min(self._width, column + reach[0] + 1)]
        bump = np.exp(-((columns - column) ** 2) / (2 * spread[0] ** 2) - (rows - row) ** 2 / (2 * spread[1] ** 2))
        part = self._maps["heat"][channel, top : top + len(rows), left : left + rows.shape[1]]
        np.maximum(part, bump, out=part)

    def _forget(self, channel: int, centre: np.ndarray, half: np.ndarray) -> None:
        left, top = np.maximum(0, np.floor(centre - half)).astype(int)
        right, bottom = np.ceil(centre + half).astype(int) + 1
        self._maps["ignore"][channel, top : max(0, bottom), left : max(0, right)] = 1


def middle_of(route: np.ndarray) -> np.ndarray:
    """The point halfway along a polyline [P, 2]."""
    steps = np.linalg.norm(np.diff(route, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    half = along[-1] / 2
    at = int(np.clip(np.searchsorted(along, half) - 1, 0, len(steps) - 1))
    share = (half - along[at]) / steps[at] if steps[at] > 0 else 0
    return route[at] + share * (route[at + 1] - route[at])
