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


def pretrained(arguments: dict) -> dict:
    """Saves a backbone as it is published, and begins another engine with it."""
    path = Path(arguments["folder"]) / arguments["file"]
    _, _, _, giver = prepared(arguments, seed=1)
    giver.begin(head_only=False)
    if path.suffix == ".h5":
        giver.model.get_layer("backbone").save_weights(path)
    else:
        tensors = {name: value.cpu().numpy() for name, value in giver.model.backbone.state_dict().items()}
        path.write_bytes(safetensors(tensors))
    _, _, _, taker = prepared(arguments, seed=2)
    taker.begin(head_only=False)
    before = taker.weights()
    taker.load_pretrained(path)
    taker.begin(head_only=True)
    given, taken = giver.weights(), taker.weights()
    same = [name for name in given if np.array_equal(given[name], taken[name])]
    return {"all": len(given), "same": len(same), "sameBefore": sum(np.array_equal(given[name], before[name]) for name in given)}


def safetensors(tensors: dict) -> bytes:
    header, body = {}, b""
    for name, value in tensors.items():
        data = value.tobytes()
        kind = "I64" if value.dtype == np.int64 else "F32"
        header[name] = {"dtype": kind, "shape": value.shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


class Killed(Exception):
    pass


def resumed(arguments: dict) -> dict:
    """Trains one epoch of the head and two of everything: at a stretch, and killed in the last epoch and taken up again."""
    last = {}
    for way in ("whole", "broken"):
        folder = Path(arguments["folder"]) / way
        for attempt in range(1 if way == "whole" else 2):
            plan, dataset, task, engine = prepared(arguments, headEpochs=1, epochs=2, batchSize=24)
            plan["weights"] = {"architecture": plan["backbone"]}  # as if it had begun with some: the head is trained first
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
