"""Archives that must be refused."""

import json
import zipfile

import pytest

from attune_training.dataset import DatasetError, fetch_archive, open_dataset

pytestmark = pytest.mark.quick


def rewritten(archive, target, change=lambda document: None, extra=None):
    """A copy of an archive with another dataset.json or one more file."""
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(target, "w") as zipped:
        for name in source.namelist():
            data = source.read(name)
            if name == "dataset.json":
                document = json.loads(data)
                change(document)
                data = json.dumps(document)
            zipped.writestr(name, data)
        if extra:
            zipped.writestr(*extra)
    return target


def leak(document):
    document["items"][0]["group"] = next(item["group"] for item in document["items"] if item["split"] == "validation")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (leak, "is in training and in validation|is in validation and in training"),
        (lambda d: d["items"][0].update(sha256="0" * 64), "its hash differs"),
        (lambda d: d["items"][0].update(path="training/none.jpg"), "not in the archive"),
        (lambda d: d["items"][0].update(path="../../etc/passwd"), "outside of the archive"),
        (lambda d: d["items"][0].update(label="ghost"), "none of the dataset's"),
        (lambda d: d["items"][0].update(group=None), "has no group"),
        (lambda d: d["card"].pop("consentBasis"), "consentBasis"),
        (lambda d: d.update(items=[i for i in d["items"] if i["split"] != "validation"]), "nothing in the validation split"),
    ],
)
def test_dataset_that_must_not_be_trained_on(shapes, tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        open_dataset(rewritten(shapes[0], tmp_path / "a.zip", change), tmp_path / "data")


@pytest.mark.parametrize("path", ["../evil.txt", "/etc/evil", "a/../../evil", "c:evil", "a\\..\\evil"])
def test_archive_that_wants_out_of_its_folder(shapes, tmp_path, path):
    entry = zipfile.ZipInfo("x")
    entry.filename = path
    with pytest.raises(DatasetError, match="outside of its folder"):
        open_dataset(rewritten(shapes[0], tmp_path / "a.zip", extra=(entry, b"x")), tmp_path / "deep" / "data")
    assert not list(tmp_path.rglob("evil*"))


def test_archive_with_a_link(shapes, tmp_path):
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    with pytest.raises(DatasetError, match="outside of its folder"):
        open_dataset(rewritten(shapes[0], tmp_path / "a.zip", extra=(entry, b"/etc")), tmp_path / "data")


def test_archive_that_is_too_large(shapes, tmp_path, monkeypatch):
    monkeypatch.setattr("attune_training.dataset.MOST_BYTES", 1000)
    with pytest.raises(DatasetError, match="larger"):
        open_dataset(shapes[0], tmp_path / "data")


def test_archive_that_is_another_than_the_plan_says(shapes, tmp_path):
    with pytest.raises(DatasetError, match="not the one of the plan"):
        fetch_archive(str(shapes[0]), "0" * 64, tmp_path)
    assert not list(tmp_path.glob("*.zip"))


def test_bucket_without_its_tool(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DatasetError, match="needs gsutil"):
        fetch_archive("gs://bucket/a.zip", "0" * 64, tmp_path)
