"""A resumable upload by tus 1.0 (https://tus.io/protocols/resumable-upload): create, PATCH, and after a break HEAD and go on."""

import base64
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from attune_training.dataset import sha256_of

CHUNK = 4 * 1024 * 1024


class UploadError(RuntimeError):
    """The platform refused, or could not be reached often enough."""


def upload(server: dict, run_id: str, package: Path, attempts: int = 8, pause: float = 1.0, chunk: int = CHUNK, listener=lambda sent, size: None) -> str:
    """Sends the package and gives the address it has there. Goes on where an earlier process was stopped.

    `server` is that of the plan {url, token}. Pauses double from `pause` seconds; an advance resets them. What arrived whole
    once is not sent again. `listener` hears of the bytes that are there.
    """
    client = _Client(server["token"])
    size, sha256 = package.stat().st_size, sha256_of(package)
    memory = package.with_name(package.name + ".upload")
    create = f"{server['url'].rstrip('/')}/training/uploads"
    failures = 0
    known, url, *state = memory.read_text().split(" ") if memory.exists() else ("", "")
    if known == sha256 and state == ["whole"]:
        return url
    while True:
        try:
            url, offset = _resume(client, memory, sha256)
            if url is None:
                metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in (("run", run_id), ("sha256", sha256)))
                answer = client.send("POST", create, {"Upload-Length": str(size), "Upload-Metadata": metadata})
                url, offset = urllib.parse.urljoin(create, answer["Location"]), 0
                memory.write_text(f"{sha256} {url}")
            with package.open("rb") as file:
                listener(offset, size)
                while offset < size:
                    file.seek(offset)
                    headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                    offset = int(client.send("PATCH", url, headers, file.read(chunk))["Upload-Offset"])
                    failures = 0
                    listener(offset, size)
            memory.write_text(f"{sha256} {url} whole")
            return url
        except (urllib.error.URLError, OSError) as error:
            status = getattr(error, "code", None)
            if status in (400, 401, 403, 413, 415, 422):
                raise UploadError(f"The platform refuses the package (HTTP {status}): {error.read(500).decode(errors='replace')}") from None
            failures += 1
            if failures >= attempts:
                raise UploadError(f"The upload does not get on ({error}). Run it again to go on where it stopped.") from None
            time.sleep(min(60, pause * 2 ** (failures - 1)))


def _resume(client: "_Client", memory: Path, sha256: str) -> tuple[str | None, int]:
    """Address and offset of an upload of the same package that was begun, or (None, 0)."""
    known, _, url = memory.read_text().partition(" ") if memory.exists() else ("", "", "")
    if known != sha256:
        return None, 0
    try:
        return url, int(client.send("HEAD", url, {})["Upload-Offset"])
    except urllib.error.HTTPError as error:
        if error.code not in (404, 410):
            raise
        memory.unlink()  # the platform has thrown it away
        return None, 0


class _Client:
    def __init__(self, token: str):
        self._headers = {"Tus-Resumable": "1.0.0", "Authorization": f"Bearer {token}"}

    def send(self, method: str, url: str, headers: dict[str, str], body: bytes | None = None):
        """The headers of the answer."""
        request = urllib.request.Request(url, body, {**self._headers, **headers}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers
