"""The networks in PyTorch: torchvision's, and small ones of our own."""

import torch
import torchvision.models as zoo
from torch import nn

from attune_training.networks import normalisation


class Classifier(nn.Module):
    """`backbone` gives [N, D]; outputs are float32 {"logits": [N, K], "embedding": [N, D]}."""

    def __init__(self, backbone: nn.Module, width: int, classes: int):
        super().__init__()
        self.backbone, self.head = backbone, nn.Linear(width, classes)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        embedding = self.backbone(x)
        return {"logits": self.head(embedding).float(), "embedding": embedding.float()}


def build(network: dict) -> Classifier:
    """A model of random weights named by `network` (see networks.describe); float32 [N, 3, H, W] after `normalise`."""
    name, side = network["backbone"], network["imageSize"]
    if name == "tiny-convnet":
        return Classifier(_tiny(), 128, network["classes"])
    if name.startswith("vit"):
        width, heads = {"vit-b16": (768, 12), "vit-ti16": (192, 3)}[name]
        backbone = zoo.VisionTransformer(side, 16, 12, heads, width, 4 * width)
        backbone.heads = nn.Identity()
        return Classifier(backbone, width, network["classes"])
    make, last = {
        "resnet50": (zoo.resnet50, "fc"),
        "resnet18": (zoo.resnet18, "fc"),
        "efficientnet-b0": (zoo.efficientnet_b0, "classifier"),
        "mobilenet-v2": (zoo.mobilenet_v2, "classifier"),
    }[name]
    backbone = make(weights=None)
    head = getattr(backbone, last)
    setattr(backbone, last, nn.Identity())
    return Classifier(backbone, (head if last == "fc" else head[-1]).in_features, network["classes"])


def normalise(images: torch.Tensor, network: dict) -> torch.Tensor:
    """uint8 [N, H, W, 3] → float32 [N, 3, H, W]."""
    scale, shift, _ = (torch.as_tensor(part, dtype=torch.float32, device=images.device) for part in normalisation("torch", network["backbone"]))
    return (images.float() * scale + shift).permute(0, 3, 1, 2)


def _tiny() -> nn.Sequential:
    """The same as tiny-convnet in keras_models.py."""
    parts, before = [], 3
    for depth, stride in enumerate((1, 2, 2, 2)):
        after = 16 * 2**depth
        parts += [nn.Conv2d(before, after, 3, stride, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        before = after
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten())
