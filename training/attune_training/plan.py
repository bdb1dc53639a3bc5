"""The plan of a run: from a file, or from the platform by its code."""

import hashlib
import json
import os
import queue
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from attune_training.contract import backbones, checked

#: Seconds after which the platform counts as unreachable, with time left to say so within ten.
DECIDE_WITHIN = 8

#: What to do where a code, or what it gave, holds no longer.
NEW_CODE = "A teacher can make a new code (renewTrainingCode): with it, the run goes on in the same folder."


class Unreachable(RuntimeError):
    """The platform did not answer in time; go on with files."""


def read_plan(path: str | Path) -> dict:
    """A plan from a JSON file, with defaults filled in."""
    return check_plan(json.loads(Path(path).read_text("utf-8")))


def address_of(server: str | None, code: str) -> tuple[str | None, str]:
    """(server, code) of a code, or of both in one as https://host#CODE."""
    if "#" not in code:
        return server, code.strip()
    named, _, code = code.strip().rpartition("#")
    return named, code


def fetch_plan(server: str, code: str, timeout: float = DECIDE_WITHIN) -> dict:
    """A plan by the run code of the platform. Raises Unreachable, or ValueError where the code is not known.

    The time is that of everything: names that resolve slowly, several addresses, answers that come by drops.
    """
    url = f"{server.rstrip('/')}/training/plans/{quote(code, safe='')}"
    answers = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_get(url, timeout)), daemon=True).start()
    try:
        status, body = answers.get(timeout=timeout)
    except queue.Empty:
        status, body = None, f"no answer within {timeout:g} s"
    if status is None or status >= 500:
        raise Unreachable(f"{server} does not answer ({body if status is None else f'HTTP {status}'}). Go on with the plan and the dataset as files.")
    if status != 200:
        raise ValueError(f"The platform does not give out a plan for this code (HTTP {status}): is it right, and not expired? {NEW_CODE}")
    try:
        plan = json.loads(body)
    except ValueError:
        raise Unreachable(f"{server} is no Attune platform: it answers with something that is no plan. Go on with files.") from None
    return check_plan(plan)


def plan_by_code(server: str, code: str, home: Path) -> dict:
    """As `fetch_plan`, but what came once is kept in `home`, so that a run can be taken up when its code has expired.

    The copy is for its owner's eyes: it holds the token of the run, which ends with it.
    """
    kept = _kept(home, code)
    try:
        plan = fetch_plan(server, code)
    except (Unreachable, ValueError) as reason:
        if not kept.exists():
            raise
        print(f"{reason} Going on with the plan that this code gave before.", flush=True)
        return read_plan(kept)
    _keep(kept, plan)
    return plan


def renewed_plan(server: str, code: str, home: Path) -> dict:
    """The plan once more, with a token and an address of the dataset that hold; those of the plan before end."""
    plan = fetch_plan(server, code)
    _keep(_kept(home, code), plan)
    return plan


def _kept(home: Path, code: str) -> Path:
    return home / f"plan-{hashlib.sha256(code.encode()).hexdigest()[:16]}.json"


def _keep(kept: Path, plan: dict) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(plan, file)


def check_plan(value: dict) -> dict:
    """Checks a plan, and that its backbone belongs to its task."""
    plan = checked("training-plan", value)
    known = backbones(plan["task"])
    if plan["backbone"] not in known:
        raise ValueError(f"{plan['backbone']} is no backbone for {plan['task']}; these are: {', '.join(known)}")
    return plan


def key_of(plan: dict) -> str:
    """SHA-256 of what must not change between a checkpoint and its resumption."""
    parts = [plan[name] for name in ("task", "engine", "backbone", "numbers", "weights")] + [plan["dataset"]["sha256"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _get(url: str, timeout: float) -> tuple[int | None, bytes | str]:
    """(status, body), or (None, why there is none)."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return answer.status, answer.read(4 * 1024 * 1024)
    except urllib.error.HTTPError as error:
        return error.code, b""
    except (OSError, ValueError) as error:
        return None, str(getattr(error, "reason", error))
