"""How far what the network gives is from what a truth asks for."""

import torch
import torch.nn.functional as F

from attune_training.drawings.layout import BOXES, VECTORS


def loss(outputs: dict, targets: dict, groups: torch.Tensor, weights: torch.Tensor) -> dict[str, torch.Tensor]:
    """Focal loss of the heat by group of channels (α 2, β 4; Zhou et al. 2019), 1 − GIoU of boxes (Rezatofighi et al. 2019; arrows by their
    sides), and L1 of vectors, in shares of 4 cells + a tenth of their length. `groups` [G, C], 0 or 1, and `weights` [C] give
    the channels of each group, and what their peaks weigh. What is asked for nowhere costs nothing."""
    return {"heat": _focal(outputs["heat"], targets, groups, weights), **_box_losses(outputs, targets), "vectors": _vector_loss(outputs, targets)}


def _focal(logits: torch.Tensor, targets: dict, groups: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    wanted, seen = targets["heat"], 1 - targets["ignore"]
    p = torch.sigmoid(logits).clamp(1e-5, 1 - 1e-5)
    at_peak = (wanted > 0.999).float()
    peak, off = at_peak * weights[None, :, None, None], 1 - at_peak
    terms = -(peak * (1 - p) ** 2 * torch.log(p) + off * seen * (1 - wanted) ** 4 * p**2 * torch.log(1 - p))
    by_channel, counts = terms.sum((0, 2, 3)), at_peak.sum((0, 2, 3))
    return ((groups @ by_channel) / (groups @ counts).clamp(min=1)).sum()


def _box_losses(outputs: dict, targets: dict) -> dict[str, torch.Tensor]:
    losses = {}
    for at, kind in enumerate(BOXES):
        given, wanted = (maps["boxes"][:, 4 * at : 4 * at + 4] for maps in (outputs, targets))
        sides = ((given - wanted).abs() / (4 + 0.1 * wanted.sum(1, keepdim=True))).mean(1)
        losses[kind] = _mean(sides if kind == "arrow" else 1 - _giou(given, wanted) + 0.2 * sides, targets["boxMask"][:, at])
    return losses


def _giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Of boxes as distances from one point [N, 4, …]; of what has no extent, anything but NaN."""
    area = lambda x: (x[:, 0] + x[:, 2]).clamp(min=1e-3) * (x[:, 1] + x[:, 3]).clamp(min=1e-3)  # noqa: E731
    least, most = torch.minimum(a, b), torch.maximum(a, b)
    inner, outer = (least[:, 0] + least[:, 2]).clamp(min=0) * (least[:, 1] + least[:, 3]).clamp(min=0), area(most)
    union = area(a) + area(b) - inner
    return inner / union - (outer - union) / outer


def _vector_loss(outputs: dict, targets: dict) -> torch.Tensor:
    total = outputs["vectors"].new_zeros(())
    for at in range(len(VECTORS)):
        given, wanted = (maps["vectors"][:, 2 * at : 2 * at + 2] for maps in (outputs, targets))
        away = F.smooth_l1_loss(given, wanted, beta=0.5, reduction="none").sum(1) / (4 + 0.1 * wanted.norm(dim=1))
        total = total + _mean(away, targets["vectorMask"][:, at])
    return total


def _mean(values: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Over the cells of a mask [N, H, W] of 0 and 1; 0 where it has none."""
    return (values * mask).sum() / mask.sum().clamp(min=1)
