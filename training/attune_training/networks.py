"""What a network is, apart from any framework: names, normalisation, and which engine has which backbone."""

import numpy as np

KERAS = {
    "image-classification": ["resnet50", "efficientnet-b0", "vit-b16", "mobilenet-v2", "vit-ti16", "tiny-convnet"],
    "object-detection": ["centre-mobilenet-v2", "centre-tiny"],
    "engagement-window": ["temporal-convolution"],
}
TORCH = {
    "image-classification": ["resnet50", "efficientnet-b0", "vit-b16", "mobilenet-v2", "resnet18", "vit-ti16", "tiny-convnet"],
    "object-detection": [],
    "engagement-window": [],
}

_MEAN, _STD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
_HALF = (np.full(3, 1 / 127.5), np.full(3, -1.0))
_IMAGENET = (1 / (255 * _STD), -_MEAN / _STD)


def family_of(engine: str) -> str:
    """"keras" or "torch": whose networks and weights an engine has."""
    return "torch" if engine == "torch-xla" else "keras"


def describe(plan: dict, task) -> dict:
    """All that is needed to build the same network again, as JSON."""
    engine, backbone = plan["engine"], plan["backbone"]
    family = family_of(engine)
    has = {"torch": TORCH, "keras": KERAS}[family][plan["task"]]
    if backbone not in has:
        raise ValueError(f"{engine} has no {backbone} for {plan['task']}; it has: {', '.join(has) or 'none'}")
    return {"family": family, "task": plan["task"], "backbone": backbone, **task.shape(plan)}


def normalisation(family: str, backbone: str) -> tuple[np.ndarray, np.ndarray, bool]:
    """(scale[3], shift[3], bgr) with x·scale + shift of RGB 0…255 before the channels are turned to BGR.

    It is what the published weights of that backbone were trained with. Keras' EfficientNet divides by 255 and by
    sqrt(std) itself once weights are loaded; the numbers here add what is missing to (x/255 − mean)/std.
    """
    if family == "torch" and "tiny" not in backbone:
        return *_IMAGENET, False
    if backbone == "resnet50":
        return np.ones(3), -np.array([123.68, 116.779, 103.939]), True
    if backbone == "efficientnet-b0":
        return 1 / np.sqrt(_STD), 255 * _MEAN * (1 - 1 / np.sqrt(_STD)), False
    return *_HALF, False
