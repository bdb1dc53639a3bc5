"""Drawings: what a truth asks for is what is read off the maps, whatever was done to the photo; and a small run makes a package."""

import json
from dataclasses import replace

import numpy as np
import pytest
from conftest import needs, verified
from PIL import Image, ImageDraw

from attune_training.drawings.layout import BOXES, STRIDE, VECTORS, heat_names
from attune_training.drawings.photos import Photo, is_held_out, read_photos
from attune_training.drawings.read import arrows_of, shapes_of
from attune_training.drawings.targets import Targets, middle_of
from attune_training.drawings.views import CANVAS, bent, moved, view

LABELS, ARROWS = ["decision", "participant", "task"], ["sequenceFlow"]


def a_photo(name: str = "a") -> Photo:
    grey = Image.new("L", (640, 480), 220)
    boxes = np.array([[100, 80, 200, 140], [300, 70, 380, 150], [40, 40, 600, 440]], float)
    pen = ImageDraw.Draw(grey)
    for box in boxes:
        pen.rectangle([*box], outline=30, width=3)
    route = np.array([[200, 110], [260, 110], [300, 110]], float)
    return Photo(name, f"writer-{name}", grey, boxes, ["task", "decision", "participant"], np.array([[120, 100, 180, 120]], float), ["sequenceFlow"], [route])


def as_given(maps: dict, side: int) -> dict:
    """Targets as the exported network would give them: shares of its side."""
    return {"heat": np.where(maps["heat"] > 0.999, maps["heat"], 0), "boxes": maps["boxes"] * STRIDE / side, "vectors": maps["vectors"] * STRIDE / side}


@pytest.mark.quick
def test_what_a_truth_asks_for_is_what_is_read():
    photo, side = a_photo(), 832
    maps = as_given(Targets(LABELS, ARROWS).of(photo, (side, side)), side)
    channel = {name: at for at, name in enumerate(heat_names(LABELS, ARROWS))}
    found = {label: box for label, _, box in shapes_of(maps, channel, LABELS, {"symbol": 0.5, "pool": 0.5})}
    assert set(found) == set(photo.labels)
    for label, box in zip(photo.labels, photo.boxes):
        assert np.allclose(found[label], box, atol=1e-3)
    [(label, score, box)] = arrows_of(maps, channel, ARROWS, 0.5)
    assert (label, score) == ("arrow:sequenceFlow", 1) and np.allclose(box, [200, 98, 300, 122], atol=1e-3)


@pytest.mark.quick
def test_vectors_lead_from_the_middle_to_the_ends():
    photo = a_photo()
    maps = Targets(LABELS, ARROWS).of(photo, (640, 480))
    column, row = np.round(middle_of(photo.routes[0]) / STRIDE).astype(int)
    for name, end in (("middleToTail", photo.routes[0][0]), ("middleToHead", photo.routes[0][-1])):
        at = VECTORS.index(name)
        assert np.allclose(maps["vectors"][2 * at : 2 * at + 2, row, column] + (column, row), end / STRIDE)
    assert maps["boxMask"][BOXES.index("arrow"), row, column] == 1


@pytest.mark.quick
def test_what_is_cut_off_is_not_asked_for():
    shifted = moved(a_photo(), np.array([[1, 0, -150], [0, 1, 0], [0, 0, 1]], float))
    maps = Targets(LABELS, ARROWS).of(shifted, (640, 480))
    task, pool = LABELS.index("task"), LABELS.index("participant")
    assert maps["heat"][task].max() == 0 and maps["ignore"][task].any()
    assert maps["heat"][pool].max() == 0 and maps["ignore"][pool].any()
    assert maps["heat"][LABELS.index("decision")].max() == pytest.approx(1)


@pytest.mark.quick
def test_views_are_the_same_for_the_same_chance_and_hold_what_they_say():
    photo = a_photo()
    for seed in range(8):
        pixels, truth = view(photo, np.random.default_rng(seed))
        again, _ = view(photo, np.random.default_rng(seed))
        assert pixels.shape == CANVAS[::-1] and (pixels == again).all()
        left, top, right, bottom = truth.boxes[0]
        if left < 4 or top < 4 or right > CANVAS[0] - 4 or bottom > CANVAS[1] - 4:
            continue
        # the frame of the box is dark where the truth has it
        side = pixels[int((top + bottom) / 2), max(0, int(left) - 6) : int(left) + 7].astype(int)
        assert side.min() < np.median(pixels) - 15


@pytest.mark.quick
def test_a_bend_moves_the_truth_with_the_picture():
    photo = a_photo()
    away = np.zeros((9, 9, 2))
    away[..., 0] = 3
    # what is seen at a place lies 3 pixels to the right of it: everything is seen 3 pixels to the left
    moved_left = bent(photo, away, CANVAS)
    assert np.allclose(moved_left.boxes, photo.boxes - [3, 0, 3, 0]) and np.allclose(moved_left.routes[0], photo.routes[0] - [3, 0])


@pytest.mark.quick
def test_photos_with_something_rare_are_taken_more_often():
    needs("torch")
    from attune_training.drawings.train import RARE, repeats

    common = [replace(a_photo(), labels=["task"] * 3, kinds=["sequenceFlow"])] * RARE
    rare = [replace(a_photo(), labels=["task", "subProcess", "task"], kinds=["sequenceFlow"])]
    often = repeats([*common, *rare])
    assert (often[:-1] == 1).all() and often[-1] == 3


@pytest.mark.quick
def test_middle_of_a_route():
    assert np.allclose(middle_of(np.array([[0, 0], [10, 0], [10, 30]], float)), [10, 10])
    assert np.allclose(middle_of(np.array([[5, 5], [5, 5]], float)), [5, 5])


@pytest.mark.quick
def test_writers_are_held_out_for_ever():
    held = [writer for writer in map(str, range(2000)) if is_held_out(writer, 0.05)]
    assert 60 < len(held) < 140 and held == [writer for writer in map(str, range(2000)) if is_held_out(writer, 0.05)]


def write_photos(folder) -> None:
    rows = []
    for number in range(8):
        photo = a_photo(str(number))
        photo.grey.save(folder / f"{number}.png")
        corners = lambda box: [box[0], box[1], box[2] - box[0], box[3] - box[1]]  # noqa: E731
        nodes = [{"type": label, "bbox": corners(box)} for label, box in zip(photo.labels, photo.boxes.tolist())]
        edges = [{"type": "sequenceFlow", "points": photo.routes[0].tolist()}]
        row = {"image": f"{number}.png", "writer": photo.writer, "nodes": nodes, "edges": edges, "words": []}
        rows.append(row)
    (folder / "photos.json").write_text(json.dumps(rows))


@pytest.mark.slow
def test_a_small_run_makes_a_package_that_the_platform_verifies(tmp_path, monkeypatch):
    needs("torch", "onnx", "onnxruntime")
    from attune_training.drawings import pack, train

    write_photos(tmp_path)
    photos, run = read_photos(tmp_path / "photos.json"), tmp_path / "run"
    # a pass that has begun is ended
    train.train(photos, [], run, minutes=2e-3)
    assert len((run / "log.jsonl").read_text().splitlines()) == 1
    Image.new("L", (300, 200), 200).save(tmp_path / "golden.png")
    package = tmp_path / "package.zip"
    files = {"run": run, "photos": tmp_path / "photos.json", "test": tmp_path / "photos.json", "golden": tmp_path / "golden.png", "out": package}
    monkeypatch.setattr("sys.argv", ["pack", *(part for name, path in files.items() for part in (f"--{name}", str(path)))])
    pack.main()
    assert verified(package)
