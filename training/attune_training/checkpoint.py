"""Checkpoints: arrays in an npz (never pickled) with what is not an array in a JSON string beside them."""

import json
import os
from pathlib import Path

import numpy as np


def save_arrays(path: Path, arrays: dict[str, np.ndarray], state: dict | None = None) -> None:
    """Writes beside the target and renames, so that a reader sees the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("wb") as file:
        np.savez(file, **{f"a/{name}": value for name, value in arrays.items()}, state=np.array(json.dumps(state or {})))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def load_arrays(path: Path) -> tuple[dict[str, np.ndarray], dict]:
    """What `save_arrays` wrote. Pickled content is refused by numpy."""
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name[2:]: stored[name] for name in stored.files if name.startswith("a/")}
        return arrays, json.loads(str(stored["state"]))
