"""What travels between the platform and training, checked against the published JSON Schemas."""

import copy
import json
from functools import cache
from pathlib import Path

import jsonschema


class ContractError(ValueError):
    """A plan, dataset or manifest that is not as the schema says."""


@cache
def schema(name: str) -> dict:
    """One of training-plan, training-dataset, training-progress, model-manifest."""
    return json.loads((Path(__file__).parent / "schemas" / f"{name}.schema.json").read_text("utf-8"))


def checked(name: str, value: dict) -> dict:
    """Returns `value` with the defaults of the schema filled in; raises ContractError where it does not match."""
    return _checked(schema(name), name, value)


def checked_weights(value: dict) -> dict:
    """The same for {architecture, url, sha256, licence}, as they stand in a plan."""
    kinds = schema("training-plan")["properties"]["weights"]["anyOf"]
    return _checked(next(kind for kind in kinds if kind["type"] == "object"), "weights", value)


def _checked(part: dict, name: str, value: dict) -> dict:
    errors = jsonschema.Draft202012Validator(part).iter_errors(value)
    if error := jsonschema.exceptions.best_match(errors):
        where = "/".join(map(str, error.absolute_path)) or "top"
        raise ContractError(f"{name}: {where}: {error.message[:300]}")
    return _with_defaults(part, value)


def _with_defaults(part: dict, value):
    if isinstance(value, dict):
        known = part.get("properties", {})
        filled = {key: copy.deepcopy(sub["default"]) for key, sub in known.items() if "default" in sub}
        filled |= value
        return {key: _with_defaults(known.get(key, {}), item) for key, item in filled.items()}
    if isinstance(value, list) and isinstance(part.get("items"), dict):
        return [_with_defaults(part["items"], item) for item in value]
    return value


def backbones(task: str) -> list[str]:
    """All backbones a plan of this task may name."""
    of = {
        "engagement-window": lambda name: name == "temporal-convolution",
        "object-detection": lambda name: name.startswith("centre-"),
    }
    chosen = of.get(task, lambda name: not any(test(name) for test in of.values()))
    return [name for name in schema("training-plan")["properties"]["backbone"]["enum"] if chosen(name)]
