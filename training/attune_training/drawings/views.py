"""What one step of training sees: a photo turned, scaled, sheared, bent and shaded at random on a canvas, and its truth there."""

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from attune_training.drawings.photos import Photo

#: Width and height of what a step of training sees on a CPU, in pixels; longest sides to which a photo is scaled.
CANVAS, SIDES = (640, 576), (580, 900)


def view(photo: Photo, rng: np.random.Generator, canvas: tuple[int, int] = CANVAS) -> tuple[np.ndarray, Photo]:
    """uint8 [H, W] and the photo's truth in its pixels; boxes may reach beyond the canvas."""
    matrix = _affine(photo, rng, canvas)
    inverse = np.linalg.inv(matrix)
    edge = _edge(int(np.median(photo.grey.resize((16, 16)))), rng)
    if rng.random() < 0.4:
        how = Image.Transform.AFFINE, tuple(inverse[:2].ravel())
        return _light(photo.grey.transform(canvas, *how, Image.Resampling.BILINEAR, fillcolor=edge), rng), moved(photo, matrix)
    away = _bend(rng)
    grey = photo.grey.transform(canvas, Image.Transform.MESH, _mesh(away, inverse, canvas), Image.Resampling.BILINEAR, fillcolor=edge)
    return _light(grey, rng), bent(moved(photo, matrix), away, canvas)


#: Cells of the mesh that bends a view, across and down; how far its knots move at most, as a standard deviation in pixels.
CELLS, MOST = (8, 8), 3.0


def _bend(rng: np.random.Generator) -> np.ndarray:
    """How far from a knot of the mesh the point lies that is seen there, pixels [8 + 1, 8 + 1, 2]."""
    return rng.normal(0, 1, (CELLS[1] + 1, CELLS[0] + 1, 2)) * rng.uniform(0, MOST)


def _mesh(away: np.ndarray, inverse: np.ndarray, canvas: tuple[int, int]) -> list:
    """Boxes of the canvas, and the corners in the photo that are seen in each: north-west, south-west, south-east, north-east."""
    step = np.array(canvas) // CELLS
    knots = np.stack(np.meshgrid(np.arange(CELLS[0] + 1) * step[0], np.arange(CELLS[1] + 1) * step[1]), -1)
    seen = (knots + away) @ inverse[:2, :2].T + inverse[:2, 2]
    mesh = []
    for row in range(CELLS[1]):
        for column in range(CELLS[0]):
            corners = seen[row, column], seen[row + 1, column], seen[row + 1, column + 1], seen[row, column + 1]
            mesh.append(((*knots[row, column].tolist(), *knots[row + 1, column + 1].tolist()), tuple(np.concatenate(corners).tolist())))
    return mesh


def bent(photo: Photo, away: np.ndarray, canvas: tuple[int, int]) -> Photo:
    """The truth after the mesh; sides of boxes go with their middles."""
    boxes, words = (_bent(boxes, away, canvas) for boxes in (photo.boxes, photo.words))
    return replace(photo, boxes=boxes, words=words, routes=[route - _at(route, away, canvas) for route in photo.routes])


def _bent(boxes: np.ndarray, away: np.ndarray, canvas: tuple[int, int]) -> np.ndarray:
    left, top, right, bottom = boxes.T
    middle = (left + right) / 2, (top + bottom) / 2
    sides = [np.stack(points, 1) for points in ((left, middle[1]), (middle[0], top), (right, middle[1]), (middle[0], bottom))]
    return boxes - np.stack([_at(points, away, canvas)[:, at % 2] for at, points in enumerate(sides)], 1)


def _at(points: np.ndarray, away: np.ndarray, canvas: tuple[int, int]) -> np.ndarray:
    """The bend at points of the canvas [N, 2], bilinear between knots."""
    place = np.clip(points / (np.array(canvas) / CELLS), 0, np.array(CELLS) - 1e-9)
    column, row = place.astype(int).T
    across, down = (place - np.stack([column, row], 1)).T[..., None]
    above = away[row, column] * (1 - across) + away[row, column + 1] * across
    below = away[row + 1, column] * (1 - across) + away[row + 1, column + 1] * across
    return above * (1 - down) + below * down


def moved(photo: Photo, matrix: np.ndarray) -> Photo:
    """The truth after an affine map [3, 3]; a box becomes the box around its moved ellipse and corners, half and half."""
    routes = [route @ matrix[:2, :2].T + matrix[:2, 2] for route in photo.routes]
    return replace(photo, boxes=_moved(photo.boxes, matrix), words=_moved(photo.words, matrix), routes=routes)


def _moved(boxes: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    linear = matrix[:2, :2]
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2 @ linear.T + matrix[:2, 2]
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    corners, ellipse = half @ np.abs(linear).T, np.sqrt(half**2 @ (linear**2).T)
    reach = (corners + ellipse) / 2
    return np.concatenate([centre - reach, centre + reach], 1)


def _affine(photo: Photo, rng: np.random.Generator, canvas: tuple[int, int]) -> np.ndarray:
    """Flip and quarter turns (of one in four each, where there are no pools), stretch, shear, turn by up to 6°, scale, and a place such that the drawing
    fills the canvas where it can."""
    width, height = photo.grey.size
    scale = np.exp(rng.uniform(*np.log(SIDES))) / max(width, height)
    stretch = np.exp(rng.uniform(-0.12, 0.12))
    angle, shear = np.deg2rad(np.clip(rng.normal(0, 2.5), -6, 6)), rng.uniform(-0.06, 0.06)
    # the names of pools stand at their left; arrows that lead back or up are few
    has_sides = bool({"participant", "lane"} & set(photo.labels))
    flip = -1 if rng.random() < 0.25 and not has_sides else 1
    quarters = int(rng.integers(1, 4)) if rng.random() < 0.25 and not has_sides else 0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = turn @ np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), quarters)
    linear = turn @ np.array([[flip * stretch, shear], [0, 1 / stretch]]) * scale
    around = photo.boxes if len(photo.boxes) else np.array([[0, 0, width, height]])
    low, high = around[:, :2].min(0), around[:, 2:].max(0)
    corners = np.array([[x, y] for x in (low[0], high[0]) for y in (low[1], high[1])]) @ linear.T
    least, most = corners.min(0) - 12, corners.max(0) + 12
    room = np.array(canvas) - (most - least)
    # with room to spare the drawing lies anywhere within; without, the canvas shows any part of it
    shift = -least + rng.uniform(np.minimum(room, 0), np.maximum(room, 0))
    return np.array([[*linear[0], shift[0]], [*linear[1], shift[1]], [0, 0, 1]])


def _edge(ground: int, rng: np.random.Generator) -> int:
    """What lies beyond the photo: its own paper, or the padding of the pipeline."""
    return 255 if rng.random() < 0.5 else int(np.clip(ground + rng.normal(0, 30), 0, 255))


def _light(grey: Image.Image, rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.1:
        grey = grey.filter(ImageFilter.MinFilter(3))
    if rng.random() < 0.3:
        grey = grey.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.3)))
    width, height = grey.size
    x, y = np.linspace(-1, 1, width, dtype=np.float32)[None], np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    slope = rng.normal(0, 0.12, 2).astype(np.float32)
    shade = 1 + slope[0] * x + slope[1] * y
    if rng.random() < 0.2:
        # the edge of a shadow across the page
        direction, at, hard = rng.uniform(-1, 1, 2).astype(np.float32), rng.uniform(-0.6, 0.6), rng.uniform(5, 40)
        depth = rng.uniform(0.1, 0.4)
        shade *= 1 - depth / (1 + np.exp(-(direction[0] * x + direction[1] * y - at).astype(np.float32) * hard))
    levels = (np.arange(256) / 255) ** np.exp(rng.uniform(-0.35, 0.35)) * rng.uniform(0.65, 1.1) * 255
    pixels = levels.astype(np.float32)[np.asarray(grey)] * shade
    grain = 1 + int(rng.random() < 0.3)
    noise = np.roll(_NOISE, tuple(rng.integers(0, 512, 2)), (0, 1)).repeat(grain, 0).repeat(grain, 1)
    pixels += np.tile(noise, (2, 2))[:height, :width] * np.float32(rng.uniform(0, 7))
    return pixels.clip(0, 255).astype(np.uint8)


_NOISE = np.random.default_rng(0).standard_normal((512, 512), np.float32)
