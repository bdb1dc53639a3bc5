"""Augmentation on the host: on a TPU it made ten minutes two and a half hours. Depends on (seed, epoch, index) only."""

import numpy as np
from PIL import Image, ImageEnhance


def generator(seed: int, epoch: int, index: int) -> np.random.Generator:
    """The random numbers of one example in one epoch: the same after a resume, in whatever thread."""
    return np.random.default_rng([seed, epoch, index])


def augment(image: Image.Image, settings: dict, rng: np.random.Generator) -> Image.Image:
    """Crop (area share ≥ `crop`, sides keep their ratio), rotation (± degrees), flips, then colour jitter (1 ± jitter)."""
    share = rng.uniform(settings["crop"], 1)
    angle = rng.uniform(-settings["rotation"], settings["rotation"])
    corner, flips = rng.random(2), rng.random(2) < 0.5
    factors = rng.uniform(1 - settings["jitter"], 1 + settings["jitter"], 3)

    if share < 1:
        width, height = (side * share**0.5 for side in image.size)
        left, top = corner[0] * (image.width - width), corner[1] * (image.height - height)
        image = image.resize(image.size, Image.Resampling.BILINEAR, box=(left, top, left + width, top + height))
    if angle:
        image = image.rotate(angle, Image.Resampling.BILINEAR)
    if settings["flip"] != "none" and flips[0]:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if settings["flip"] == "both" and flips[1]:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if settings["jitter"]:
        for enhancer, factor in zip((ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color), factors):
            image = enhancer(image).enhance(factor)
    return image
