"""Files by HTTP that may be long and break off: what has arrived stays, also when the process dies, and the rest is asked for."""

import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path

#: Bytes of one read.
PIECE = 1024 * 1024
#: Answers that mean that the address holds no longer: a ticket has its time.
GONE = (401, 403, 404, 410)


class Expired(OSError):
    """The address does not give the file any more."""


def download(url: str, target: Path, check=lambda: None, renew=None, attempts: int = 8, pause: float = 1.0) -> None:
    """Brings `url` to `target`, by way of a `.part` beside it.

    `check` is called at each piece, and may raise to end it. `renew` gives another address of the same file where one has expired.
    Pauses double from `pause` seconds over `attempts` failures in a row; each piece that arrives resets them.
    """
    beside = target.with_name(target.name + ".part")
    failures, renewals = 0, 0
    while True:
        before = _size(beside)
        try:
            if _fetch(url, beside, check):
                break
            reason = "the connection broke off"
        except urllib.error.HTTPError as error:
            if error.code in GONE:
                if renew is None or renewals > failures:
                    raise Expired(f"{error.code} {error.reason}") from None
                url, renewals = renew(), failures + 1
                continue
            if error.code < 500 and error.code not in (408, 429):
                raise
            reason = error
        except (http.client.HTTPException, OSError) as error:
            reason = error
        if _size(beside) > before:
            failures, renewals = 0, 0
        failures += 1
        if failures >= attempts:
            raise OSError(f"The download does not get on ({reason}). Run it again to go on where it stopped.")
        check()
        time.sleep(min(60, pause * 2 ** (failures - 1)))
    beside.replace(target)


def _fetch(url: str, beside: Path, check) -> bool:
    """One request for what is missing; whether all of it is there now."""
    had = _size(beside)
    request = urllib.request.Request(url, headers={"Range": f"bytes={had}-"} if had else {})
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # not: it begins after the end
            raise
        whole = (error.headers.get("Content-Range") or "").rpartition("/")[2]
        if whole == str(had):
            return True
        beside.unlink()
        return False
    with answer:
        goes_on = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(f"bytes {had}-")
        length = answer.headers.get("Content-Length")
        wanted = None if length is None else int(length) + (had if goes_on else 0)
        with beside.open("ab" if goes_on else "wb") as file:
            while piece := answer.read(PIECE):
                file.write(piece)
                check()
    return wanted is None or _size(beside) == wanted


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
