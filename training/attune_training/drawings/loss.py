"""How far what the network gives is from what a truth asks for."""

import torch
import torch.nn.functional as F

from attune_training.drawings.layout import BOXES, VECTORS


def loss(outputs: dict, targets: dict, groups: list[int], weights: torch.Tensor) -> dict[str, torch.Tensor]:
    """Focal loss of the heat by group of channels (α 2, β 4; Zhou et al. 2019), 1 − GIoU of boxes (Rezatofighi et al. 2019; arrows by their
    sides), and L1 of vectors, in shares of 4 cells + a tenth of their length. `groups` and `weights` [C] give
    the group of each channel, and what its peaks weigh."""
    return {"heat": _focal(outputs["heat"], targets, groups, weights), **_box_losses(outputs, targets), "vectors": _vector_loss(outputs, targets)}


def _focal(logits: torch.Tensor, targets: dict, groups: list[int], weights: torch.Tensor) -> torch.Tensor:
    wanted, seen = targets["heat"], 1 - targets["ignore"]
    p = torch.sigmoid(logits).clamp(1e-5, 1 - 1e-5)
    peak = (wanted > 0.999).float() * weights[None, :, None, None]
    off = (wanted <= 0.999).float()
    terms = -(peak * (1 - p) ** 2 * torch.log(p) + off * seen * (1 - wanted) ** 4 * p**2 * torch.log(1 - p))
    by_channel, counts = terms.sum((0, 2, 3)), (peak > 0).float().sum((0, 2, 3))
    of = torch.tensor(groups)
    return sum(by_channel[of == g].sum() / counts[of == g].sum().clamp(min=1) for g in sorted(set(groups)))


def _box_losses(outputs: dict, targets: dict) -> dict[str, torch.Tensor]:
    losses = {}
    for at, kind in enumerate(BOXES):
        mask = targets["boxMask"][:, at] > 0
        given = outputs["boxes"][:, 4 * at : 4 * at + 4].permute(0, 2, 3, 1)[mask]
        wanted = targets["boxes"][:, 4 * at : 4 * at + 4].permute(0, 2, 3, 1)[mask]
        if len(given) == 0:
            continue
        sides = (given - wanted).abs() / (4 + 0.1 * wanted.sum(1, keepdim=True))
        losses[kind] = sides.mean() if kind == "arrow" else (1 - _giou(given, wanted)).mean() + 0.2 * sides.mean()
    return losses


def _giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Of boxes as distances from one point [N, 4]."""
    area = lambda x: (x[:, 0] + x[:, 2]).clamp(min=1e-3) * (x[:, 1] + x[:, 3]).clamp(min=1e-3)  # noqa: E731
    least, most = torch.minimum(a, b), torch.maximum(a, b)
    inner, outer = (least[:, 0] + least[:, 2]).clamp(min=0) * (least[:, 1] + least[:, 3]).clamp(min=0), area(most)
    union = area(a) + area(b) - inner
    return inner / union - (outer - union) / outer


def _vector_loss(outputs: dict, targets: dict) -> torch.Tensor:
    total = outputs["vectors"].sum() * 0
    for at in range(len(VECTORS)):
        mask = targets["vectorMask"][:, at] > 0
        given = outputs["vectors"][:, 2 * at : 2 * at + 2].permute(0, 2, 3, 1)[mask]
        wanted = targets["vectors"][:, 2 * at : 2 * at + 2].permute(0, 2, 3, 1)[mask]
        if len(given):
            total = total + (F.smooth_l1_loss(given, wanted, beta=0.5, reduction="none").sum(1) / (4 + 0.1 * wanted.norm(dim=1))).mean()
    return total
