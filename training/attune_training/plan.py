"""The plan of a run: from a file, or from the platform by its code."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from attune_training.contract import backbones, checked

#: Seconds after which the platform counts as unreachable.
DECIDE_WITHIN = 10


class Unreachable(RuntimeError):
    """The platform did not answer in time; go on with files."""


def read_plan(path: str | Path) -> dict:
    """A plan from a JSON file, with defaults filled in."""
    return check_plan(json.loads(Path(path).read_text("utf-8")))


def fetch_plan(server: str, code: str, timeout: float = DECIDE_WITHIN) -> dict:
    """A plan by the run code of the platform. Raises Unreachable, or ValueError where the code is not known."""
    try:
        with urllib.request.urlopen(f"{server.rstrip('/')}/training/plans/{quote(code, safe='')}", timeout=timeout) as answer:
            return check_plan(json.loads(answer.read(4 * 1024 * 1024)))
    except urllib.error.HTTPError as error:
        raise ValueError(f"The platform does not give out a plan for this code (HTTP {error.code}): is it right, and not expired?") from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(f"{server} does not answer ({reason}). Go on with the plan and the dataset as files.") from None


def check_plan(value: dict) -> dict:
    """Checks a plan, and that its backbone belongs to its task."""
    plan = checked("training-plan", value)
    known = backbones(plan["task"])
    if plan["backbone"] not in known:
        raise ValueError(f"{plan['backbone']} is no backbone for {plan['task']}; these are: {', '.join(known)}")
    return plan
