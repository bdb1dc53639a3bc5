"""Dataset archives: fetched, checked, unpacked with suspicion, and read."""

import hashlib
import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from attune_training.contract import checked
from attune_training.download import Expired, download
from attune_training.plan import NEW_CODE

#: Bytes of an unpacked archive at most, and files in it.
MOST_BYTES = 64 * 1024**3
MOST_FILES = 210_000
SPLITS = ("training", "validation", "test")


class DatasetError(ValueError):
    """An archive that must not be trained on, and why."""


@dataclass(frozen=True)
class Dataset:
    """An unpacked archive. `items` are as in dataset.json; `labels` give the order of outputs."""

    folder: Path
    task: str
    labels: list[str]
    items: list[dict]
    card: dict

    def split(self, name: str) -> list[dict]:
        return [item for item in self.items if item["split"] == name]

    def path(self, item: dict) -> Path:
        return self.folder / item["path"]

    @property
    def evaluated_on(self) -> str:
        """The test split where there is one, else validation."""
        return "test" if self.split("test") else "validation"


def fetch_archive(source: str, sha256: str, folder: Path, check=lambda: None, renew=None) -> Path:
    """Brings an archive from a path, gs: or https: onto local disk, and checks its hash.

    From https: it goes on where an earlier download broke off. `check` and `renew` are those of `download`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{sha256}.zip"
    if not (target.exists() and sha256_of(target) == sha256):
        if source.startswith("gs:"):
            _copy_from_bucket(source, target)
        elif source.startswith(("https:", "http:")):
            try:
                download(source, target, check, renew)
            except Expired as reason:
                raise DatasetError(f"The address of the dataset does not hold any more ({reason}). {NEW_CODE}") from None
        else:
            shutil.copyfile(source.removeprefix("file://"), target)
        if (found := sha256_of(target)) != sha256:
            target.unlink()
            raise DatasetError(f"The archive is not the one of the plan: its SHA-256 is {found}, not {sha256}.")
    return target


def open_dataset(archive: Path, folder: Path) -> Dataset:
    """Unpacks an archive into `folder` (kept for the next time) and checks what it says of itself."""
    sha256 = sha256_of(archive)
    home = folder / sha256[:16]
    if not (home / ".complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        _unpack(archive, home)
        (home / ".complete").touch()
    card = checked("training-dataset", json.loads((home / "dataset.json").read_text("utf-8")))
    dataset = Dataset(home, card["task"], card["labels"], card["items"], {**card["card"], "sha256": sha256})
    _check(dataset)
    return dataset


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_from_bucket(source: str, target: Path) -> None:
    tool = shutil.which("gsutil")
    if tool is None:
        raise DatasetError(f"{source} needs gsutil, which is not installed here. Copy the archive to this machine and name its path.")
    if subprocess.run([tool, "cp", source, str(target)]).returncode != 0:
        raise DatasetError(f"gsutil could not copy {source}: does it exist, and may you read it?")


def _unpack(archive: Path, home: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
            raise DatasetError("The archive is larger than a dataset may be.")
        if len({entry.filename for entry in entries}) != len(entries):
            raise DatasetError("The archive names a file twice.")
        if "dataset.json" not in {entry.filename for entry in entries}:
            raise DatasetError("There is no dataset.json at the top of the archive.")
        for entry in entries:
            path = PurePosixPath(entry.filename)
            is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
            if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename or is_link:
                raise DatasetError(f"The archive wants to write outside of its folder: {entry.filename!r}.")
            target = home.joinpath(*path.parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with zipped.open(entry) as packed, target.open("wb") as file:
                _copy_exactly(packed, file, entry.file_size)


def _copy_exactly(packed, file, size: int) -> None:
    """Refuses a file that is longer than its header says: a bomb."""
    left = size
    while block := packed.read(1024 * 1024):
        left -= len(block)
        if left < 0:
            raise DatasetError("A file in the archive is longer than it says.")
        file.write(block)


def _check(dataset: Dataset) -> None:
    home = {}
    paths = set()
    for item in dataset.items:
        where, split, group = item["path"], item["split"], item["group"]
        if ".." in PurePosixPath(where).parts or PurePosixPath(where).is_absolute():
            raise DatasetError(f"An item is outside of the archive: {where!r}.")
        if where in paths:
            raise DatasetError(f"{where} is listed twice.")
        paths.add(where)
        if group is not None and home.setdefault(group, split) != split:
            raise DatasetError(f"Group {group!r} is in {home[group]} and in {split}: what is measured would flatter.")
        if group is None and dataset.card["splitBy"] != "image":
            raise DatasetError(f"{where} has no group, though the splits are by {dataset.card['splitBy']}.")
        if dataset.task == "image-classification" and item["label"] not in dataset.labels:
            raise DatasetError(f"{where} has the label {item['label']!r}, which is none of the dataset's.")
        path = dataset.path(item)
        if not path.is_file():
            raise DatasetError(f"{where} is listed, but not in the archive.")
        if sha256_of(path) != item["sha256"]:
            raise DatasetError(f"{where} is not the file that dataset.json means: its hash differs.")
    for split in ("training", "validation"):
        if not dataset.split(split):
            raise DatasetError(f"There is nothing in the {split} split.")
