"""Learning rates by step."""

import math


def peak(learning_rate: float, batch: int) -> float:
    """Linear scaling, lr · batch / 256 (Goyal et al. 2017, arXiv:1706.02677)."""
    return learning_rate * batch / 256


def rate(step: int, steps: int, warmup: int, top: float) -> float:
    """Of step 0…steps-1: a line from top/warmup up to `top`, then half a cosine to 0 (Loshchilov & Hutter 2017)."""
    if step < warmup:
        return top * (step + 1) / warmup
    progress = (step - warmup) / max(1, steps - warmup)
    return top * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
