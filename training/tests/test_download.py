"""A dataset comes down over breaks, kills and tickets that have expired."""

import hashlib
import os

import pytest
from protocol_server import Platform

from attune_training.dataset import DatasetError, fetch_archive
from attune_training.download import Expired, download
from attune_training.plan import fetch_plan
from attune_training.progress import Cancelled
from attune_training.run import run

pytestmark = pytest.mark.quick
CONTENT = os.urandom(4000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def platform():
    server = Platform(files={"/a.zip": CONTENT})
    yield server
    server.close()


def test_download_goes_on_after_breaks_with_what_is_missing(platform, tmp_path):
    platform.cuts = 2
    download(f"{platform.url}/a.zip", tmp_path / "a.zip", pause=0.01)
    assert (tmp_path / "a.zip").read_bytes() == CONTENT and platform.ranges == [None, "bytes=2000-", "bytes=3000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_download_of_a_killed_process_goes_on_in_the_next(platform, tmp_path):
    platform.cuts = 1
    with pytest.raises(OSError, match="Run it again"):
        download(f"{platform.url}/a.zip", tmp_path / f"{SHA256}.zip", attempts=1)
    assert fetch_archive(f"{platform.url}/a.zip", SHA256, tmp_path).read_bytes() == CONTENT
    assert platform.ranges == [None, "bytes=2000-"]


def test_download_begins_again_where_the_server_gives_no_ranges(platform, tmp_path):
    platform.cuts, platform.has_ranges = 1, False
    download(f"{platform.url}/a.zip", tmp_path / "a.zip", pause=0.01)
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


@pytest.mark.parametrize("left", [CONTENT, CONTENT + b"more"], ids=["whole", "too long"])
def test_download_takes_what_was_whole_and_begins_again_where_it_is_too_long(platform, tmp_path, left):
    (tmp_path / "a.zip.part").write_bytes(left)
    download(f"{platform.url}/a.zip", tmp_path / "a.zip", pause=0.01)
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_download_ends_where_somebody_wants_it_to(platform, tmp_path):
    def check():
        raise Cancelled("Cancelled from the platform.")

    with pytest.raises(Cancelled):
        download(f"{platform.url}/a.zip", tmp_path / "a.zip", check)


def test_expired_ticket_is_renewed_and_the_download_goes_on(platform, tmp_path):
    (tmp_path / "a.zip.part").write_bytes(CONTENT[:1000])
    download(f"{platform.url}/old", tmp_path / "a.zip", renew=lambda: f"{platform.url}/a.zip")
    assert (tmp_path / "a.zip").read_bytes() == CONTENT and platform.ranges == ["bytes=1000-"]
    with pytest.raises(Expired, match="404"):
        download(f"{platform.url}/old", tmp_path / "b.zip", renew=lambda: f"{platform.url}/old")
    with pytest.raises(DatasetError, match="teacher can make a new code .renewTrainingCode.*goes on in the same folder"):
        fetch_archive(f"{platform.url}/old", SHA256, tmp_path / "c")


def a_plan_of(platform, a_plan, token="old"):
    plan = a_plan()
    plan["server"] = {"url": platform.url, "token": token, "secondsBetweenReports": 1}
    plan["dataset"]["url"] = f"{platform.url}/{token}.zip"
    return plan


@pytest.fixture
def no_engine(monkeypatch):
    """A run that ends where its network would be made."""

    def stop(*_):
        raise RuntimeError("no further")

    monkeypatch.setattr("attune_training.run.check_engine", lambda *_: None)
    monkeypatch.setattr("attune_training.run.make_engine", stop)


def test_run_by_a_kept_plan_fetches_it_anew_and_speaks_with_the_new_token(platform, shapes, a_plan, tmp_path, no_engine):
    plan = a_plan_of(platform, a_plan)
    platform.plan = a_plan_of(platform, a_plan, token="new")
    platform.files["/new.zip"] = shapes[0].read_bytes()
    with pytest.raises(RuntimeError, match="no further"):
        run(plan, tmp_path, renew=lambda: fetch_plan(platform.url, plan["run"]["id"][:8]))
    assert plan["server"]["token"] == "new"
    assert [token for method, path, token in platform.requests if path.endswith("/progress")][-1] == "Bearer new"


@pytest.mark.parametrize(("sha256", "message"), [("f" * 64, "frozen anew"), (None, "no new one.*renewTrainingCode")])
def test_run_says_what_to_do_where_there_is_no_new_ticket(platform, a_plan, tmp_path, no_engine, sha256, message):
    plan = a_plan_of(platform, a_plan)
    if sha256:
        platform.plan = a_plan_of(platform, a_plan)
        platform.plan["dataset"] = {**plan["dataset"], "sha256": sha256}
    with pytest.raises(DatasetError, match=message):
        run(plan, tmp_path, renew=lambda: fetch_plan(platform.url, plan["run"]["id"][:8]))
    assert message.partition(".*")[0] in platform.lines[-1]["message"]
