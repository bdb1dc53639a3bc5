"""A generated dataset of shapes with noise, as an archive like any other: for trials and tests."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

LABELS = ("circle", "cross", "square", "star", "triangle")


def draw(label: str, side: int, rng: np.random.Generator) -> Image.Image:
    """One shape of random place, size, angle and colour on a noisy ground."""
    image = Image.fromarray(rng.integers(90, 166, (side, side, 3), dtype=np.uint8))
    radius = side * rng.uniform(0.25, 0.4)
    centre = rng.uniform(radius, side - radius, 2)
    colour = tuple(int(x) for x in (rng.integers(0, 60, 3) if rng.random() < 0.5 else rng.integers(196, 256, 3)))
    pen = ImageDraw.Draw(image)
    if label == "circle":
        pen.ellipse([*(centre - radius), *(centre + radius)], fill=colour)
        return image
    corners = {"triangle": 3, "square": 4, "star": 10, "cross": 12}[label]
    angles = rng.uniform(-0.25, 0.25) - np.pi / 2 + 2 * np.pi * np.arange(corners) / corners
    reach = np.full(corners, radius)
    if label == "star":
        reach[1::2] *= 0.4
    if label == "cross":
        reach *= np.where(np.arange(12) % 3 == 1, 0.33, 1.0)
    points = centre + reach[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    pen.polygon([tuple(point) for point in points], fill=colour)
    return image


def write_shapes(target: Path, per_label: int = 100, side: int = 48, seed: int = 1, labels=LABELS) -> str:
    """Writes the archive (70 % training, 15 % validation, 15 % test, ten examples to a group); gives its SHA-256."""
    rng = np.random.default_rng(seed)
    files, items = {}, []
    for label in labels:
        for index in range(per_label):
            share = index / per_label
            split = "training" if share < 0.7 else "validation" if share < 0.85 else "test"
            path = f"{split}/{label}/{index:04d}.jpg"
            buffer = io.BytesIO()
            draw(label, side, rng).save(buffer, "JPEG", quality=90)
            files[path] = buffer.getvalue()
            attributes = {"hand": "even" if index % 2 == 0 else "odd"}
            items.append({"path": path, "split": split, "label": label, "group": f"{split}-{index // 10}", "attributes": attributes})
    return write_archive(target, "image-classification", list(labels), files, items, "Generated shapes on noise.")


def write_archive(target: Path, task: str, labels: list[str], files: dict[str, bytes], items: list[dict], description: str) -> str:
    """An archive of generated examples; `items` without their hashes. Gives its SHA-256."""
    counts = {split: sum(item["split"] == split for item in items) for split in ("training", "validation", "test")}
    card = {
        "description": description,
        "examples": len(items),
        "perLabel": {label: sum(item["label"] == label for item in items) for label in labels},
        "splitBy": "source",
        "split": counts,
        "isSynthetic": True,
        "consentBasis": "generated",
        "licence": "CC0-1.0",
    }
    items = [{**item, "sha256": hashlib.sha256(files[item["path"]]).hexdigest()} for item in items]
    document = {"schemaVersion": 1, "task": task, "labels": labels, "card": card, "items": items}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as zipped:
        for path, data in {"dataset.json": json.dumps(document).encode(), **files}.items():
            zipped.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), data)
    return hashlib.sha256(target.read_bytes()).hexdigest()


def write_boxes(target: Path, pictures: int = 120, side: int = 64, seed: int = 1) -> str:
    """One or two shapes on each picture with their boxes, and the middle of the top as a keypoint; gives the SHA-256."""
    rng = np.random.default_rng(seed)
    files, items = {}, []
    for index in range(pictures):
        split = "training" if index < 0.7 * pictures else "validation" if index < 0.85 * pictures else "test"
        image, boxes = Image.fromarray(rng.integers(90, 166, (side, side, 3), dtype=np.uint8)), []
        for half in range(rng.integers(1, 3)):
            label = LABELS[rng.choice([0, 2])]
            width, height = rng.integers(side // 5, side // 2 - 4, 2)
            left, top = half * side // 2 + rng.integers(0, side // 2 - width), rng.integers(0, side - height)
            pen = ImageDraw.Draw(image)
            shape = pen.ellipse if label == "circle" else pen.rectangle
            shape([left, top, left + width - 1, top + height - 1], fill=(20, 20, 200) if label == "circle" else (200, 30, 20))
            box = {"label": label, "x": left, "y": top, "width": width, "height": height}
            boxes.append({name: value if name == "label" else int(value) for name, value in box.items()})
            boxes[-1]["keypoints"] = {"top": [float(left + width / 2), float(top)]}
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        path = f"{split}/boxes/{index:04d}.png"
        files[path] = buffer.getvalue()
        items.append({"path": path, "split": split, "label": None, "group": f"{split}-{index // 5}", "boxes": boxes})
    return write_archive(target, "object-detection", ["circle", "square"], files, items, "Generated boxes on noise.")


def write_windows(target: Path, windows: int = 400, seed: int = 1) -> str:
    """Windows whose first features drift with the level of each state, one state in ten not judged; a response time tells a
    little of the first. Gives the SHA-256."""
    rng, of_times = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    names = ["engagement", "confusion", "boredom", "frustration", "offScreen"]
    files, items = {}, []
    for index in range(windows):
        split = "training" if index < 0.7 * windows else "validation" if index < 0.85 * windows else "test"
        levels = rng.integers(0, 4, len(names))
        window = rng.normal(size=(40, 76)).astype("<f4")
        window[20:, : len(names)] += 1.2 * levels
        path = f"{split}/windows/{index:04d}.f32"
        files[path] = window.tobytes()
        states = {name: None if rng.random() < 0.1 else int(level) for name, level in zip(names, levels)}
        attributes = {"camera": "front" if index % 3 else "side"}
        context = {"responseTime": round(float(of_times.normal() - 0.3 * levels[0]), 3)}
        item = {"path": path, "split": split, "label": None, "group": f"{split}-{index // 10}", "states": states}
        items.append({**item, "attributes": attributes, "context": context})
    return write_archive(target, "engagement-window", names, files, items, "Generated windows of features.")
