"""The one place that makes a picture an input tensor. Node does the same in libs/imaging, held to it by golden cases."""

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

Image.MAX_IMAGE_PIXELS = 60_000_000


def preprocessing(side: int, resize: str) -> dict:
    """What the manifest says of it."""
    return {"width": side, "height": side, "resize": resize, "resample": "bilinear", "padding": [0, 0, 0], "colour": "rgb"}


def upright(source: Path | bytes) -> Image.Image:
    """Decodes to RGB, turned by EXIF orientation; transparency falls on white. Pictures for print (CMYK) are refused, as in Node."""
    with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
        if image.mode == "CMYK":
            raise ValueError(f"{source if isinstance(source, Path) else 'The picture'} is meant for print (CMYK): save it with RGB colours.")
        image = ImageOps.exif_transpose(image)
        if "A" in image.getbands() or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert("RGB")


def fit(image: Image.Image, how: dict) -> Image.Image:
    """Resizes with Pillow's BILINEAR (a triangle filter, widened when it shrinks) to the given width and height."""
    size = (how["width"], how["height"])
    if how["resize"] == "squash":
        return image.resize(size, Image.Resampling.BILINEAR)
    if how["resize"] == "crop":
        left, top, width, height = _fitted(size, image.size)
        return image.crop((left, top, left + width, top + height)).resize(size, Image.Resampling.BILINEAR)
    left, top, width, height = _fitted(image.size, size)
    canvas = Image.new("RGB", size, tuple(how["padding"]))
    canvas.paste(image.resize((width, height), Image.Resampling.BILINEAR), (left, top))
    return canvas


def placement(size: tuple[int, int], how: dict) -> tuple[np.ndarray, np.ndarray]:
    """(scale [2], shift [2]): a point p of a picture of that size is at p·scale + shift in what `fit` makes of it."""
    found, wanted = np.array(size, float), np.array([how["width"], how["height"]], float)
    if how["resize"] == "squash":
        return wanted / found, np.zeros(2)
    if how["resize"] == "crop":
        left, top, *inner = _fitted((how["width"], how["height"]), size)
        scale = wanted / inner
        return scale, -np.array([left, top]) * scale
    left, top, *inner = _fitted(size, (how["width"], how["height"]))
    return inner / found, np.array([left, top], float)


def tensor(source: Path | bytes, how: dict) -> np.ndarray:
    """uint8 [height, width, 3]."""
    return np.asarray(fit(upright(source), how), np.uint8)


def _fitted(of: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest box with the proportions of something in the middle of a frame: left, top, width, height. Halves go up."""
    scale = min(frame[0] / of[0], frame[1] / of[1])
    width, height = (min(most, max(1, math.floor(side * scale + 0.5))) for side, most in zip(of, frame))
    return (frame[0] - width) // 2, (frame[1] - height) // 2, width, height
