"""The one place that makes a picture an input tensor. Node does the same in libs/models: see the golden cases."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = 60_000_000


def preprocessing(side: int, resize: str = "squash") -> dict:
    """What the manifest says of it."""
    return {"width": side, "height": side, "resize": resize, "resample": "bilinear", "padding": [0, 0, 0], "colour": "rgb"}


def upright(source: Path | bytes) -> Image.Image:
    """Decodes to RGB, turned by EXIF orientation; transparency falls on black."""
    with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
        image = ImageOps.exif_transpose(image)
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, (0, 0, 0, 255)), image)
        return image.convert("RGB")


def fit(image: Image.Image, how: dict) -> Image.Image:
    """Resizes with Pillow's BILINEAR (a triangle filter, widened when it shrinks) to the given width and height."""
    size = (how["width"], how["height"])
    if how["resize"] == "squash":
        return image.resize(size, Image.Resampling.BILINEAR)
    scales = [wanted / found for wanted, found in zip(size, image.size)]
    scale = min(scales) if how["resize"] == "pad" else max(scales)
    inner = tuple(max(1, round(found * scale)) for found in image.size)
    resized = image.resize(inner, Image.Resampling.BILINEAR)
    left, top = ((wanted - found) // 2 for wanted, found in zip(size, inner))
    canvas = Image.new("RGB", size, tuple(how["padding"]))
    canvas.paste(resized, (left, top))
    return canvas


def tensor(source: Path | bytes, how: dict) -> np.ndarray:
    """uint8 [height, width, 3]."""
    return np.asarray(fit(upright(source), how), np.uint8)
