"""What runs inside the processes that the tests start."""

import json
from pathlib import Path

import numpy as np

from attune_training.checkpoint import save_arrays
from attune_training.cli import shapes_plan
from attune_training.dataset import open_dataset
from attune_training.engines import make_engine, use_keras
from attune_training.export import export
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


def published(arguments: dict) -> dict:
    """Saves a backbone as it is published, and all weights of its network as published.npz."""
    _, _, _, engine = prepared(arguments, seed=7)
    engine.begin(head_only=False)
    _publish(engine, Path(arguments["folder"]) / arguments["file"])
    save_arrays(Path(arguments["folder"]) / "published.npz", engine.weights())
    return {}


def pretrained(arguments: dict) -> dict:
    """Begins an engine with the published backbone of another."""
    path = Path(arguments["folder"]) / arguments["file"]
    _, _, _, giver = prepared(arguments, seed=1)
    giver.begin(head_only=False)
    _publish(giver, path)
    _, _, _, taker = prepared(arguments, seed=2)
    taker.begin(head_only=False)
    before = taker.weights()
    taker.load_pretrained(path)
    taker.begin(head_only=True)
    given, taken = giver.weights(), taker.weights()
    same = [name for name in given if np.array_equal(given[name], taken[name])]
    return {"all": len(given), "same": len(same), "sameBefore": sum(np.array_equal(given[name], before[name]) for name in given)}


def _publish(engine, path: Path) -> None:
    if path.name.endswith(".weights.h5"):
        engine.model.get_layer("backbone").save_weights(path)
    elif path.suffix == ".h5":  # as keras.applications publishes them
        import h5py
        from keras.src.legacy.saving import legacy_h5_format

        with h5py.File(path, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, engine.model.get_layer("backbone"))
    else:
        path.write_bytes(safetensors({name: value.cpu().numpy() for name, value in engine.model.backbone.state_dict().items()}))


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
    return {"bfloat16": engine.bfloat16, "arrays": len(whole), "different": [name for name in whole if not np.array_equal(whole[name], broken[name])]}


def exported(arguments: dict) -> dict:
    """Exports a network of random weights; how far apart its outputs are in the framework that trains and in the exported one."""
    folder, network = Path(arguments["folder"]), arguments["network"]
    rng = np.random.default_rng(1)
    if network["task"] == "engagement-window":
        inputs = rng.normal(size=(2, network["steps"], network["features"])).astype(np.float32)
    else:
        inputs = rng.integers(0, 256, (2, network["imageSize"], network["imageSize"], 3), dtype=np.uint8)
    weights, wanted = (_keras_outputs if network["family"] == "keras" else _torch_outputs)(network, inputs)
    np.save(folder / "inputs.npy", inputs)
    save_arrays(folder / "weights.npz", weights)
    (folder / "export.json").write_text(json.dumps({"network": network, "temperature": 1.5}))
    answer = export(folder)
    if "heatmap" in wanted:
        wanted["heatmap"] = 1 / (1 + np.exp(-wanted["heatmap"]))
    with np.load(folder / "outputs.npz") as stored:
        answer["fromTraining"] = max(float(np.abs(stored[name] - value).max()) for name, value in wanted.items())
        answer["largest"] = max(float(np.abs(value).max()) for value in wanted.values())
    return answer


def _keras_outputs(network: dict, inputs: np.ndarray) -> tuple[dict, dict]:
    use_keras("jax")
    import jax

    from attune_training.engines import keras_models

    model = keras_models.build(network)
    rng = np.random.default_rng(1)
    keras_models.assign(model, [_lively(variable.name, np.asarray(variable.value), rng) for variable in model.variables])
    values = [[v.value for v in group] for group in (model.trainable_variables, model.non_trainable_variables)]
    outputs = jax.jit(lambda *values: model.stateless_call(*values, keras_models.normalise(inputs, network), training=False)[0])(*values)
    return {f"{i:04d}": np.asarray(v.value) for i, v in enumerate(model.variables)}, {name: np.asarray(value) for name, value in outputs.items()}


def _torch_outputs(network: dict, inputs: np.ndarray) -> tuple[dict, dict]:
    import torch

    from attune_training.engines import torch_models

    torch.manual_seed(1)
    model, rng = torch_models.build(network).eval(), np.random.default_rng(1)
    model.load_state_dict({name: torch.tensor(_lively(name, value.numpy(), rng)) for name, value in model.state_dict().items()})
    with torch.no_grad():
        outputs = model(torch_models.normalise(torch.from_numpy(inputs), network))
    return {name: value.numpy() for name, value in model.state_dict().items()}, {name: value.numpy() for name, value in outputs.items()}


def _lively(name: str, value: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scales and shifts of norms as after training: as they begin, the outputs of deep networks are nearly zero, and would always agree."""
    if value.ndim != 1 or value.dtype != np.float32:
        return value
    kind = name.rpartition(".")[2]
    if "var" in kind:
        return rng.uniform(0.7, 1.3, value.shape).astype(np.float32)
    return (rng.uniform(0.3, 0.7, value.shape) if kind in ("gamma", "weight") else rng.normal(0, 0.3, value.shape)).astype(np.float32)
