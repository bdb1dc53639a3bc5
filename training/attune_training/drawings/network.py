"""The network of drawings: a thin residual pyramid with one map of a quarter of the side."""

import torch
import torch.nn.functional as F
from torch import nn

from attune_training.drawings.layout import BOXES, STRIDE, UNIT, VECTORS, heat_names

#: Channels at strides 2, 4, 8, 16, 32 and 64, and of the map that the heads read, in a network of width 1.
WIDTHS = (16, 32, 64, 96, 128, 128)
HEAD = 48


class _Block(nn.Module):
    """y + ReLU-BN-3×3 twice (He et al. 2015, arXiv:1512.03385); a 1×1 shortcut where the shape changes."""

    def __init__(self, before: int, after: int, stride: int = 1):
        super().__init__()
        self.body = nn.Sequential(*_convolution(before, after, 3, stride), *_convolution(after, after, 3)[:2])
        self.shortcut = nn.Identity() if before == after and stride == 1 else nn.Sequential(*_convolution(before, after, 1, stride)[:2])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class DrawingNet(nn.Module):
    """uint8 [N, H, W, 3], sides multiples of 64 → {"heat": logits, "boxes", "vectors"}, float32 [N, C, H/4, W/4] (see layout)."""

    def __init__(self, labels: list[str], arrows: list[str], width: float = 1.0):
        super().__init__()
        *w, head = (8 * round(width * channels / 8) for channels in (*WIDTHS, HEAD))
        self.stem = nn.Sequential(*_convolution(1, w[0], 5, 2), *_convolution(w[0], w[1], 3, 2))
        self.stage4 = _Block(w[1], w[1])
        self.stage8 = nn.Sequential(_Block(w[1], w[2], 2), _Block(w[2], w[2]))
        self.stage16 = nn.Sequential(_Block(w[2], w[3], 2), _Block(w[3], w[3]), _Block(w[3], w[3]))
        self.stage32 = nn.Sequential(_Block(w[3], w[4], 2), _Block(w[4], w[4]))
        self.stage64 = nn.Sequential(_Block(w[4], w[5], 2), _Block(w[5], w[5]), _Block(w[5], w[5]))
        self.lateral = nn.ModuleList(nn.Conv2d(a, b, 1, bias=False) for a, b in ((w[5], w[4]), (w[4], w[3]), (w[3], w[2]), (w[2], head), (w[1], head)))
        self.merge32, self.merge16, self.merge8 = (nn.Sequential(*_convolution(c, c, 3)) for c in (w[4], w[3], w[2]))
        self.merge4 = nn.Sequential(*_convolution(head, head, 3))
        self.heat = _head(head, len(heat_names(labels, arrows)), -4.0)
        self.boxes = _head(head, 4 * len(BOXES), 0.0)
        self.vectors = _head(head, 2 * len(VECTORS), 0.0)

    def forward(self, images: torch.Tensor) -> dict[str, torch.Tensor]:
        x4 = self.stage4(self.stem(contrast(images)))
        x8 = self.stage8(x4)
        x16 = self.stage16(x8)
        x32 = self.stage32(x16)
        x64 = self.stage64(x32)
        y = self.merge32(_twice(self.lateral[0](x64)) + x32)
        y = self.merge16(_twice(self.lateral[1](y)) + x16)
        y = self.merge8(_twice(self.lateral[2](y)) + x8)
        y = self.merge4(_twice(self.lateral[3](y)) + self.lateral[4](x4))
        boxes = F.softplus(self.boxes(y).float()) * UNIT
        return {"heat": self.heat(y).float(), "boxes": boxes, "vectors": self.vectors(y).float() * UNIT}


def contrast(images: torch.Tensor) -> torch.Tensor:
    """uint8 [N, H, W, 3] → [N, 1, H, W]: grey against the brightness around it, so that a shadow is no line."""
    weights = torch.tensor([0.299, 0.587, 0.114], device=images.device) / 255
    grey = (images.float() * weights).sum(-1).unsqueeze(1)
    coarse = F.avg_pool2d(grey, 16)
    around = F.avg_pool2d(coarse, 5, 1, 2, count_include_pad=False)
    around = F.interpolate(around, scale_factor=16, mode="nearest")
    return 4 * (grey - around) / (around + 0.1)


def _convolution(before: int, after: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    return [nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(after), nn.ReLU()]


def _head(width: int, channels: int, bias: float) -> nn.Conv2d:
    head = nn.Conv2d(width, channels, 1)
    nn.init.normal_(head.weight, std=0.01)
    nn.init.constant_(head.bias, bias)
    return head


def _twice(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2, mode="nearest")


assert STRIDE == 4
