"""Published weights that training can begin with: pinned in a registry, checked by hash, never pickled, never a silent fallback."""

import json
import os
import shutil
import urllib.parse
import urllib.request
from pathlib import Path

from attune_training.contract import checked_weights
from attune_training.dataset import sha256_of

#: Formats that hold numbers only, by the family of engines that reads them.
SUFFIXES = {"torch": (".safetensors",), "keras": (".weights.h5", ".h5")}


class WeightsError(ValueError):
    """Weights that must not be used, and why."""


def fetch_weights(weights: str | dict, backbone: str, family: str, folder: Path) -> Path | None:
    """None for "none"; else the file of {architecture, url, sha256, licence} for a "keras" or "torch" network.

    ATTUNE_WEIGHTS_ORIGIN (such as https://mirror.example/models) replaces scheme and host of the address.
    """
    if weights == "none":
        return None
    if weights["architecture"] != backbone.removeprefix("centre-"):
        raise WeightsError(f"The weights are of {weights['architecture']}, the plan grows {backbone}.")
    suffix = _suffix(weights["url"])
    if suffix not in SUFFIXES[family]:
        raise WeightsError(f"This engine begins with {' or '.join(SUFFIXES[family])}, not with {suffix}.")
    target = folder / f"{weights['sha256']}{suffix}"
    if not target.exists():
        _download(weights["url"], target)
    if (found := sha256_of(target)) != weights["sha256"]:
        target.unlink()
        raise WeightsError(f"The weights from {weights['url']} have the SHA-256 {found}, not {weights['sha256']}.")
    return target


class Registry:
    """A JSON list of {architecture, url, sha256, licence} in the file that ATTUNE_WEIGHTS_REGISTRY names."""

    def __init__(self, file: Path | None = None):
        self.file = file or Path(os.environ.get("ATTUNE_WEIGHTS_REGISTRY", "attune-weights.json"))

    def entries(self) -> list[dict]:
        if not self.file.exists():
            return []
        return [checked_weights(entry) for entry in json.loads(self.file.read_text("utf-8"))]

    def pin(self, architecture: str, url: str, licence: str, folder: Path) -> dict:
        """Fetches weights that somebody decided to trust, and keeps what they are: from now on any other bytes are refused."""
        suffix = _suffix(url)
        folder.mkdir(parents=True, exist_ok=True)
        fetched = folder / f"new{suffix}"
        _download(url, fetched)
        entry = checked_weights({"architecture": architecture, "url": url, "sha256": sha256_of(fetched), "licence": licence})
        fetched.replace(folder / f"{entry['sha256']}{suffix}")
        entries = [old for old in self.entries() if (old["architecture"], _suffix(old["url"])) != (architecture, suffix)]
        beside = self.file.with_name(self.file.name + ".part")
        beside.write_text(json.dumps([*entries, entry], indent=2) + "\n", "utf-8")
        beside.replace(self.file)
        return entry

    def find(self, backbone: str, family: str) -> dict:
        """The entry of a backbone for a "keras" or "torch" network. Raises WeightsError where there is none."""
        architecture = backbone.removeprefix("centre-")
        for entry in self.entries():
            if entry["architecture"] == architecture and _suffix(entry["url"]) in SUFFIXES[family]:
                return entry
        wanted = " or ".join(SUFFIXES[family])
        raise WeightsError(f"{self.file} has no {architecture} as {wanted}: pin it, or ask for random weights with --weights none.")


def _suffix(url: str) -> str:
    name = Path(urllib.parse.urlparse(url).path).name
    known = [ending for endings in SUFFIXES.values() for ending in endings]
    suffix = next((ending for ending in known if name.endswith(ending)), None)
    if suffix is None:
        raise WeightsError(f"Weights come as {', '.join(known)}, not as {name}: pickles run code.")
    return suffix


def _download(url: str, target: Path) -> None:
    if origin := os.environ.get("ATTUNE_WEIGHTS_ORIGIN"):
        url = origin.rstrip("/") + urllib.parse.urlparse(url).path
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".part")
    try:
        with urllib.request.urlopen(url, timeout=60) as answer, beside.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except OSError as error:
        raise WeightsError(f"The weights cannot be fetched from {url} ({error}).") from None
    beside.replace(target)
