"""Published weights that training can begin with: fetched, checked by hash, never pickled, never a silent fallback."""

import os
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from attune_training.dataset import sha256_of

#: Formats that hold numbers only.
SUFFIXES = (".safetensors", ".weights.h5", ".h5")


class WeightsError(ValueError):
    """Weights that must not be used, and why."""


def fetch_weights(weights: str | dict, backbone: str, folder: Path) -> Path | None:
    """None for "none"; else the file of {architecture, url, sha256, licence}.

    ATTUNE_WEIGHTS_ORIGIN (such as https://mirror.example/models) replaces scheme and host of the address.
    """
    if weights == "none":
        return None
    if weights["architecture"] != backbone:
        raise WeightsError(f"The weights are of {weights['architecture']}, the plan grows {backbone}.")
    url = weights["url"]
    name = Path(urllib.parse.urlparse(url).path).name
    suffix = next((ending for ending in SUFFIXES if name.endswith(ending)), None)
    if suffix is None:
        raise WeightsError(f"Weights come as {', '.join(SUFFIXES)}, not as {name}: pickles run code.")
    if origin := os.environ.get("ATTUNE_WEIGHTS_ORIGIN"):
        url = origin.rstrip("/") + urllib.parse.urlparse(url).path
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{weights['sha256']}{suffix}"
    if not target.exists():
        beside = folder / f"{weights['sha256']}.part"
        with urllib.request.urlopen(url, timeout=60) as answer, beside.open("wb") as file:
            shutil.copyfileobj(answer, file)
        beside.replace(target)
    if (found := sha256_of(target)) != weights["sha256"]:
        target.unlink()
        raise WeightsError(f"The weights from {url} have the SHA-256 {found}, not the one of the plan.")
    return target
