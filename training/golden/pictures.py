"""Draws pictures and writes what Pillow makes of them as the input of a model: libs/imaging/src/golden.

attune_training/pictures.py is the reference of how a picture becomes a tensor; SharpPictureReader does the same in Node and
is held to it. Pillow 13 goes along the columns of tall pictures first, by which a number may differ by one.

    python -m venv venv && venv/bin/pip install pillow==12.0.0 numpy
    venv/bin/python training/golden/pictures.py
"""

import base64
import io
import json
import pathlib
import sys

import numpy as np
import PIL
from PIL import Image, ImageDraw

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from attune_training import pictures as reference  # noqa: E402

FOLDER = pathlib.Path(__file__).parents[2] / "libs/imaging/src/golden"


def draw(width: int, height: int, seed: int) -> Image.Image:
    """A leaf-like drawing: slow and fast changes of colour, edges, thin lines and grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 100 * np.sin(x / (9 + 7 * c) + seed) * np.cos(y / (23 - 5 * c)) for c in range(3)]
    grain = rng.normal(0, 12, (height, width, 1))
    picture = Image.fromarray(np.clip(np.stack(waves, axis=-1) + grain, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for turn in range(12):
        box = sorted(rng.integers(0, width, 2)), sorted(rng.integers(0, height, 2))
        colour = tuple(int(level) for level in rng.integers(0, 256, 3))
        corners = [box[0][0], box[1][0], box[0][1], box[1][1]]
        if turn % 3 == 0:
            pen.ellipse(corners, fill=colour)
        elif turn % 3 == 1:
            pen.rectangle(corners, outline=colour, width=3)
        else:
            pen.line(corners, fill=colour, width=1 + turn % 4)
    return picture


def encoded(picture: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, **options)
    return buffer.getvalue()


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def pictures() -> dict[str, bytes]:
    clear = draw(240, 180, 6).convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size))
    files = {
        "wide.jpg": encoded(draw(400, 225, 1), format="JPEG", quality=88),
        "tall.jpg": encoded(draw(181, 333, 2), format="JPEG", quality=75, subsampling=0),
        "grey.jpg": encoded(draw(200, 150, 3).convert("L"), format="JPEG", quality=88),
        "tiny.jpg": encoded(draw(20, 15, 4), format="JPEG", quality=95),
        "clear.png": encoded(clear, format="PNG"),
        "palette.png": encoded(draw(150, 150, 7).quantize(32), format="PNG"),
        "print.jpg": encoded(draw(64, 48, 8).convert("CMYK"), format="JPEG"),
    }
    for orientation in (3, 6, 7):
        sideways = draw(220, 130, 10 + orientation)
        files[f"turned-{orientation}.jpg"] = encoded(sideways, format="JPEG", quality=88, exif=with_orientation(orientation))
    return files


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    cases = []
    for name, content in pictures().items():
        (FOLDER / name).write_bytes(content)
        if name == "print.jpg":
            continue  # refused: see SharpPictureReader
        for resize, width, height in (("squash", 40, 40), ("pad", 48, 32), ("crop", 32, 40)):
            padding = (124, 116, 104)
            tensor = reference.tensor(content, {"width": width, "height": height, "resize": resize, "padding": padding})
            expected = base64.b64encode(tensor.tobytes()).decode()
            case = {"picture": name, "resize": resize, "width": width, "height": height, "padding": padding}
            cases.append({**case, "expected": expected})
    golden = {"pillow": PIL.__version__, "cases": cases}
    (FOLDER / "golden.json").write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
