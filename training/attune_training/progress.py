"""One line of progress goes to metrics.jsonl, to TensorBoard, to the plot, and to the platform."""

import json
import math
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from attune_training.contract import checked
from attune_training.tfevents import EventWriter

#: Lines in one request to the platform.
MOST_LINES = 200
#: Seconds after which a run without news says that it is alive, and asks whether it is to end. The platform worries after 600.
BEAT = 60


class Cancelled(RuntimeError):
    """Somebody on the platform ended the run; its last checkpoint stands."""


class Progress:
    """The log of a run in `folder`; goes on where an earlier process stopped. `listeners` are called with each line.

    Lines count on from the last one in the folder, or from `known`, the last one that the platform has: a run that is begun anew in
    another folder would else tell what the platform takes for told.
    """

    def __init__(self, folder: Path, reporter: "Reporter | None" = None, listeners=(), known: int = 0):
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "metrics.jsonl"
        lines = read_lines(self.file)
        self.last = lines[-1] if lines else None
        self._sequence = max(self.last["sequence"] if self.last else 0, known)
        self._events = EventWriter(folder / "tensorboard")
        self._reporter, self._listeners = reporter, list(listeners)
        if reporter:
            reporter.start(self.file)

    def tell(self, phase: str, epoch: int, epochs: int, metrics: dict[str, float] | None = None, message: str | None = None) -> None:
        self._sequence += 1
        line = {
            "sequence": self._sequence,
            "phase": phase,
            "epoch": epoch,
            "epochs": epochs,
            "metrics": {name: round(float(value), 6) for name, value in (metrics or {}).items() if math.isfinite(value)},
            "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if message:
            line["message"] = message[:500]
        checked("training-progress", line)
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self.last = line
        self._events.scalars(self._sequence, line["metrics"])
        for listener in self._listeners:
            listener(line)

    @property
    def cancelled(self) -> bool:
        """Whether somebody on the platform wants the run to end."""
        return self._reporter is not None and self._reporter.cancelled.is_set()

    def check(self) -> None:
        """Raises Cancelled where the run is to end: asked at each step, and at each piece of what takes long."""
        if self.cancelled:
            where = f" in epoch {self.last['epoch'] + 1}" if self.last and self.last["phase"] in ("head", "all") else ""
            raise Cancelled(f"Cancelled from the platform{where}.")

    def close(self) -> None:
        self._events.close()
        if self._reporter:
            self._reporter.close()


def read_lines(file: Path) -> list[dict]:
    """Whole lines only: a process may have died within the last one, which is cut off."""
    if not file.exists():
        return []
    data = file.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        file.write_bytes(whole)
    return [json.loads(line) for line in whole.splitlines()]


class Reporter:
    """Sends what metrics.jsonl has and the platform has not; a dead network stops nothing.

    It does so from a thread of its own, which ends with the process, whatever the run is busy with: a download, a compiler, an
    upload. Without news for BEAT seconds it sends an empty list, no more often than the platform wants reports.
    """

    def __init__(self, server: dict, run_id: str, timeout: float = 10):
        self._url = f"{server['url'].rstrip('/')}/training/runs/{run_id}/progress"
        self._token, self._seconds, self._timeout = server["token"], server["secondsBetweenReports"], timeout
        self._beat, self._posted = max(BEAT, self._seconds), time.monotonic()
        self.cancelled, self._closing = threading.Event(), threading.Event()
        self._sent = 0
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)

    def start(self, file: Path) -> None:
        self._file, self._mark = file, file.with_name(".reported")
        self._sent = int(self._mark.read_text()) if self._mark.exists() else 0
        self._thread.start()

    def renew(self, server: dict) -> None:
        """Goes on with the token of a plan that was fetched anew, which ended the one before."""
        self._token = server["token"]

    def close(self) -> None:
        """Tries once more to send what is left."""
        self._closing.set()
        self._thread.join(2 * self._timeout)

    def _run(self) -> None:
        while not self._closing.wait(self._seconds):
            self._send()
        self._send()

    def _send(self) -> None:
        whole = self._file.read_bytes() if self._file.exists() else b""
        lines = [json.loads(line) for line in whole[: whole.rfind(b"\n") + 1].splitlines()][self._sent :]
        parts = [lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES)]
        if not parts and time.monotonic() - self._posted >= self._beat:
            parts = [[]]
        for part in parts:
            try:
                answer = self._post(part)
            except (urllib.error.URLError, OSError, ValueError):
                return  # at the next turn
            self._posted = time.monotonic()
            if answer.get("cancel"):
                self.cancelled.set()
            self._sent += len(part)
            self._mark.write_text(str(self._sent))

    def _post(self, lines: list[dict]) -> dict:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self._url, json.dumps(lines).encode(), headers, method="POST")
        with urllib.request.urlopen(request, timeout=self._timeout) as answer:
            return json.loads(answer.read(65536))


class Meter:
    """Examples a second, without the first step, which compiles; None where there was no other."""

    def __init__(self):
        self._began, self._count, self._seconds = None, 0, 0.0

    def start(self) -> None:
        self._began = time.perf_counter()

    def stop(self, count: int) -> None:
        self._seconds += time.perf_counter() - self._began
        self._count += count

    @property
    def per_second(self) -> float | None:
        return self._count / self._seconds if self._count > 0 else None
