"""MODEL_CARD.md: what people should know before they let the model speak."""

from attune_training.examples import may_travel
from attune_training.manifest import flat


def model_card(manifest: dict) -> str:
    """Markdown, in plain words, from the manifest alone."""
    data, metrics, training, hardware = (manifest[key] for key in ("dataset", "metrics", "training", "hardware"))
    base = manifest["baseWeights"]
    basis = {
        "consent": "the people in it, or their guardians, consented",
        "contract": "a contract allows it",
        "public-interest": "a task in the public interest requires it",
        "open-licence": "it is under an open licence",
        "generated": "a program made it",
    }[data["consentBasis"]]
    speed = f", {hardware['imagesPerSecond']:.0f} examples a second" if hardware["imagesPerSecond"] else ""
    lines = [
        f"# {manifest['name']}",
        "",
        f"It tells {', '.join(manifest['labels'][:20])}{' …' if len(manifest['labels']) > 20 else ''} ({manifest['task']}).",
        "",
        "## Data",
        "",
        data["description"],
        "",
        f"- {data['examples']} examples: {data['split']['training']} to learn from, {data['split']['validation']} for validation, "
        f"{data['split']['test']} for the test; split by {data['splitBy']}, so that none is on two sides.",
        f"- Why it may be used: {basis}. Licence: {data['licence']}.",
        "- **Synthetic: a program made the examples. How well the model does on real ones is not known.**" if data["isSynthetic"] else "- The examples are real.",
        f"- Archive SHA-256 `{data['sha256']}`",
        "- The golden cases are some of the examples."
        if may_travel(data)
        else "- The golden cases were drawn by a program: the examples are not in this package.",
        "",
        "## How well it does",
        "",
        f"On the {metrics['split']} split: {metrics['examples']} examples of {metrics['groups']} groups that training never saw."
        + (" It chose the best epoch and the calibration on the same split, so the numbers flatter." if metrics["split"] == "validation" else ""),
        "",
        *_table(["measure", "value"], [[name, _number(value)] for name, value in flat(metrics["overall"]).items()]),
        "",
        *_table(
            ["label", "examples", "precision", "recall", "F1"],
            [[row["label"], row["examples"], *(_number(row[key]) for key in ("precision", "recall", "f1"))] for row in metrics["perClass"]],
        ),
        "",
    ]
    if metrics["perGroup"]:
        rows = [[row["attribute"], row["value"], row["examples"], _number(row["accuracy"])] for row in metrics["perGroup"]]
        lines += ["By group:", "", *_table(["attribute", "value", "examples", "accuracy"], rows), ""]
    else:
        lines += ["The dataset names no attributes of people or pictures: whether it does worse for some is not known.", ""]
    threshold = manifest["abstainBelow"]
    lines += [
        "## Limits",
        "",
        "- It knows its labels only, and gives one of them for whatever it is shown.",
        f"- Below a probability of {threshold} it says nothing." if threshold is not None else "- It has no threshold below which it says nothing.",
        "- Pictures of another kind, device or school than those above are outside of what was measured.",
        "",
        "## How it was made",
        "",
        f"{training['engine']}, {training['backbone']}, seed {training['seed']}, {training['epochs']} epochs on {hardware['count']} × {hardware['kind']}{speed}.",
        f"It began with {base['architecture']} from {base['source']} (licence {base['licence']})." if base else "It began with random weights.",
        "",
    ]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(heads: list[str], rows: list[list]) -> list[str]:
    cells = [heads, ["---"] * len(heads), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in cells]
