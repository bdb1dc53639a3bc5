"""What goes between a run and the platform: plan, progress, upload."""

import contextlib
import json
import os
import socket
import threading
import time

import pytest
from conftest import in_process

from attune_training.plan import DECIDE_WITHIN, Unreachable, fetch_plan, plan_by_code
from attune_training.progress import Cancelled, Progress, Reporter, read_lines
from attune_training.run import deliver
from attune_training.tfevents import EventWriter
from attune_training.tus import UploadError, upload
from protocol_server import Platform

pytestmark = pytest.mark.quick
RUN = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def platform_of():
    started = []

    def start(**settings):
        started.append(Platform(**settings))
        return started[-1]

    yield start
    for platform in started:
        platform.close()


def server_of(platform, seconds=0.05):
    return {"url": platform.url, "token": "secret", "secondsBetweenReports": seconds}


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_plan_by_its_code(platform_of, a_plan):
    platform = platform_of(plan=a_plan())
    assert fetch_plan(platform.url, a_plan()["run"]["id"][:8])["backbone"] == "tiny-convnet"
    with pytest.raises(ValueError, match="HTTP 404"):
        fetch_plan(platform.url, "wrong")


def test_plan_that_came_once_outlives_its_code(platform_of, a_plan, tmp_path, capsys):
    platform = platform_of(plan=a_plan())
    code = a_plan()["run"]["id"][:8]
    assert plan_by_code(platform.url, code, tmp_path) == a_plan()
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o077 == 0 and code not in kept.name
    platform.plan = None  # the code has expired
    assert plan_by_code(platform.url, code, tmp_path) == a_plan()
    platform.close()
    assert plan_by_code(platform.url, code, tmp_path) == a_plan()
    assert capsys.readouterr().out.count("plan that this code gave before") == 2
    with pytest.raises(Unreachable):
        plan_by_code(platform.url, "another", tmp_path)


def dripping(connection):
    """An answer that never ends, a byte each tenth of a second."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            connection.sendall(b" ")
            time.sleep(0.1)


@pytest.mark.parametrize("behave", [None, lambda connection: time.sleep(20), dripping], ids=["refuses", "silent", "drips"])
def test_unreachable_platform_is_known_in_time(behave):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        if behave is None:
            listening.close()
        else:
            threading.Thread(target=lambda: behave(listening.accept()[0]), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(Unreachable, match="as files"):
            fetch_plan(url, "code", timeout=1)
        assert time.monotonic() - began < 2
    assert DECIDE_WITHIN < 10  # the notebook's test waits for all of it


def test_what_stands_before_the_platform_is_told_from_the_platform(platform_of):
    with pytest.raises(Unreachable, match="HTTP 502"):
        fetch_plan(platform_of(plan_status=502).url, "code")
    with pytest.raises(Unreachable, match="no Attune platform"):
        fetch_plan(platform_of(plan_status=200).url, "code")


def test_progress_arrives_after_failures_once_and_in_order(platform_of, tmp_path):
    platform = platform_of(fail_progress=2)
    progress = Progress(tmp_path, Reporter(server_of(platform), RUN))
    for epoch in range(5):
        progress.tell("all", epoch, 5, {"loss": 1 / (epoch + 1), "broken": float("nan")})
    wait_for(lambda: len(platform.lines) == 5)
    progress.close()
    assert [line["sequence"] for line in platform.lines] == [1, 2, 3, 4, 5]
    assert platform.lines[1]["metrics"] == {"loss": 0.5}
    assert ("POST", f"/training/runs/{RUN}/progress", "Bearer secret") in platform.requests


def test_restarted_run_counts_on_and_sends_only_what_is_new(platform_of, tmp_path):
    first = platform_of()
    progress = Progress(tmp_path, Reporter(server_of(first), RUN))
    progress.tell("all", 1, 2)
    progress.close()
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"sequence": 2, "pha')  # it died while it wrote
    second = platform_of()
    progress = Progress(tmp_path, Reporter(server_of(second), RUN))
    progress.tell("all", 2, 2)
    progress.close()
    assert [line["sequence"] for line in second.lines] == [2] == [read_lines(tmp_path / "metrics.jsonl")[1]["sequence"]]


def test_run_that_is_begun_anew_counts_on_from_what_the_platform_has(platform_of, tmp_path):
    platform = platform_of()
    for _ in range(2):  # the second time the folder knows more than the plan
        progress = Progress(tmp_path / "another", Reporter(server_of(platform), RUN), known=7)
        progress.tell("all", 1, 2)
        progress.close()
    assert [line["sequence"] for line in platform.lines] == [8, 9]


def test_platform_can_cancel_and_a_dead_one_stops_nothing(platform_of, tmp_path):
    progress = Progress(tmp_path / "a", Reporter(server_of(platform_of(cancel=True)), RUN))
    progress.tell("all", 1, 2)
    wait_for(lambda: progress.cancelled)
    progress.close()
    dead = {"url": "http://127.0.0.1:9", "token": "x", "secondsBetweenReports": 0.01}
    progress = Progress(tmp_path / "b", Reporter(dead, RUN, timeout=1))
    progress.tell("all", 1, 2)
    progress.close()
    assert not progress.cancelled and len(read_lines(tmp_path / "b/metrics.jsonl")) == 1


def test_run_without_news_says_that_it_is_alive_and_hears_that_it_is_to_end(platform_of, tmp_path, monkeypatch):
    monkeypatch.setattr("attune_training.progress.BEAT", 0.2)
    platform = platform_of()
    began = time.monotonic()
    progress = Progress(tmp_path, Reporter(server_of(platform), RUN))
    progress.tell("preparing", 0, 2)
    wait_for(lambda: platform.beats == 3)
    assert time.monotonic() - began >= 0.6 and len(platform.lines) == 1
    progress.check()
    platform.cancel = True
    wait_for(lambda: progress.cancelled)
    with pytest.raises(Cancelled, match="from the platform"):
        progress.check()
    progress.close()


def test_run_says_that_it_is_alive_no_more_often_than_it_is_to_report(platform_of, tmp_path, monkeypatch):
    monkeypatch.setattr("attune_training.progress.BEAT", 0.01)
    platform = platform_of()
    progress = Progress(tmp_path, Reporter(server_of(platform, seconds=0.3), RUN))
    time.sleep(1)
    progress.close()
    assert 1 <= platform.beats <= 3


def test_slow_upload_says_that_it_is_alive(platform_of, tmp_path, a_plan, monkeypatch):
    monkeypatch.setattr("attune_training.progress.BEAT", 0.1)
    platform = platform_of(pause=0.5)
    (tmp_path / "package.zip").write_bytes(b"x" * 2000)
    progress = Progress(tmp_path)
    progress.tell("uploading", 2, 2)
    progress.close()
    deliver({**a_plan(), "server": server_of(platform)}, tmp_path / "package.zip", chunk=1000)
    assert platform.beats >= 3 and [line["phase"] for line in platform.lines] == ["uploading", "done"]


def test_thread_that_reports_ends_with_the_process(tmp_path):
    code = "from attune_training.progress import Progress, Reporter\nfrom pathlib import Path\n"
    code += "Progress(Path(arguments['folder']), Reporter(arguments['server'], 'run'))\nanswer = {}"
    server = {"url": "http://127.0.0.1:9", "token": "x", "secondsBetweenReports": 30}
    in_process(code, {"folder": tmp_path, "server": server}, timeout=20)


def test_upload_gets_over_breaks(platform_of, tmp_path):
    platform, package = platform_of(breaks=2), tmp_path / "package.zip"
    package.write_bytes(os.urandom(10_000))
    url = upload(server_of(platform), RUN, package, pause=0.01, chunk=3000)
    assert bytes(platform.received) == package.read_bytes() and url == f"{platform.url}/training/uploads/1"
    assert platform.metadata["run"] == RUN and len(platform.metadata["sha256"]) == 64
    assert [method for method, *_ in platform.requests].count("POST") == 1


def test_upload_of_a_killed_process_goes_on_in_the_next(platform_of, tmp_path):
    platform, package = platform_of(breaks=1), tmp_path / "package.zip"
    package.write_bytes(os.urandom(10_000))
    with pytest.raises(UploadError, match="Run it again"):
        upload(server_of(platform), RUN, package, attempts=1, chunk=3000)
    assert 0 < len(platform.received) < 10_000
    heard = []
    upload(server_of(platform), RUN, package, chunk=3000, listener=lambda sent, size: heard.append((sent, size)))
    assert bytes(platform.received) == package.read_bytes()
    assert heard[0] == (1500, 10_000) and heard[-1] == (10_000, 10_000)
    before = len(platform.requests)
    upload(server_of(platform), RUN, package)  # what is there is not sent again
    assert [method for method, *_ in platform.requests].count("POST") == 1 and len(platform.requests) == before


def test_upload_that_is_refused_is_not_tried_again(platform_of, tmp_path):
    platform, package = platform_of(refuse=403), tmp_path / "package.zip"
    package.write_bytes(b"x")
    with pytest.raises(UploadError, match="HTTP 403"):
        upload(server_of(platform), RUN, package)
    assert len(platform.requests) == 1


def test_tensorboard_reads_the_events(tmp_path):
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator", reason="tensorboard is not installed")
    writer = EventWriter(tmp_path)
    writer.scalars(1, {"loss": 0.5})
    writer.scalars(300, {"loss": 0.25})
    writer.close()
    read = loader.EventAccumulator(str(tmp_path)).Reload()
    assert [(event.step, event.value) for event in read.Scalars("loss")] == [(1, 0.5), (300, 0.25)]


def test_metrics_lines_match_the_published_schema(tmp_path):
    progress = Progress(tmp_path)
    with pytest.raises(ValueError, match="phase"):
        progress.tell("dreaming", 1, 2)
    progress.tell("done", 2, 2, message="x" * 900)
    progress.close()
    assert len(json.loads((tmp_path / "metrics.jsonl").read_text().splitlines()[-1])["message"]) == 500
