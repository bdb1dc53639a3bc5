"""What runs inside the processes that test_engines.py starts."""

import json
from pathlib import Path

import numpy as np

from attune_training.cli import shapes_plan
from attune_training.dataset import open_dataset
from attune_training.engines import make_engine
from attune_training.networks import describe
from attune_training.plan import check_plan
from attune_training.progress import Progress
from attune_training.tasks import make_task
from attune_training.trainer import Trainer


def prepared(arguments: dict, **numbers):
    """(plan, dataset, task, engine) over the archive, in the engine that is asked for."""
    archive = Path(arguments["archive"])
    plan = check_plan(shapes_plan(arguments["sha256"], archive.stat().st_size, arguments["engine"], **numbers))
    plan["backbone"] = arguments.get("backbone", plan["backbone"])
    dataset = open_dataset(archive, Path(arguments["folder"]) / "data")
    task = make_task(plan, dataset)
    network = describe(plan, task)
    return plan, dataset, task, make_engine(plan["engine"], network, task, plan["numbers"], arguments.get("plain", False))


def three_steps(arguments: dict) -> dict:
    """Losses of three steps, and the logits after them, from weights that all engines of a family share."""
    plan, dataset, task, engine = prepared(arguments, batchSize=24)
    engine.begin(head_only=False)
    start = Path(arguments["start"])
    if start.exists():
        with np.load(start) as stored:
            engine.load({**engine.arrays(), **{name: stored[name] for name in stored.files}})
    else:
        np.savez(start, **{name: value for name, value in engine.arrays().items() if name.startswith("model/")})
    loader = Trainer(plan, dataset, task, engine, Path(arguments["folder"]), None).loaders["training"]
    batches = list(loader.training(0))
    losses = [float(engine.step(*batch, 0.001)) for batch in batches]
    return {"devices": engine.devices, "losses": losses, "logits": engine.predict(batches[0][0])["logits"].tolist()}


class Killed(Exception):
    pass


def resumed(arguments: dict) -> dict:
    """Trains three epochs with one of the head first: at a stretch, and killed in the last epoch and taken up again."""
    last = {}
    for way in ("whole", "broken"):
        folder = Path(arguments["folder"]) / way
        for attempt in range(1 if way == "whole" else 2):
            plan, dataset, task, engine = prepared(arguments, epochs=3, batchSize=24)
            if way == "broken" and attempt == 0:
                count, step = 0, engine.step

                def dying(*batch, step=step):
                    nonlocal count
                    count += 1
                    if count == 8:  # of 9
                        raise Killed
                    return step(*batch)

                engine.step = dying
            trainer = Trainer(plan, dataset, task, engine, folder, Progress(folder))
            try:
                trainer.train()
            except Killed:
                continue
            last[way] = engine.arrays()
    whole, broken = last["whole"], last["broken"]
    return {"arrays": len(whole), "different": [name for name in whole if not np.array_equal(whole[name], broken[name])]}


def answer_of(name: str, arguments: dict) -> str:
    return json.dumps(globals()[name](arguments))
