"""Training images a second on one GPU: our engines beside a plain timm loop and a plain flax/optax loop.

    python training/bench/gpu_throughput.py --budget-seconds 480

Prints one JSON line for each configuration as it goes: {loop, backbone, batch, data, imagesPerSecond} or {…, error}. Each
runs in a process of its own with a limit, batch 256 first; what no longer fits the budget is left out and said so. `data` is
"device" (one batch that stays on the GPU) or "host" (JPEGs of 256 pixels decoded and augmented by our pipeline).
Needs no network; keras-jax needs keras and what it imports (namex, optree, ml-dtypes, h5py, absl-py, rich), as wheels if need be.
--smoke: tiny sizes, for a machine without a GPU.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

PACKAGE = Path(__file__).resolve().parents[1]
BACKBONES = ("resnet50", "efficientnet-b0", "vit-b16")
LOOPS = ("torch", "timm", "keras-jax", "flax")
TIMM = {"resnet50": "resnet50", "efficientnet-b0": "efficientnet_b0", "vit-b16": "vit_base_patch16_224", "tiny-convnet": "resnet18"}
CLASSES = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget-seconds", type=float, default=480)
    parser.add_argument("--limit-seconds", type=float, default=100, help="of one configuration, compiling included")
    parser.add_argument("--measure-seconds", type=float, default=5)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(**json.loads(arguments.one))))
        return
    began = time.monotonic()
    for case in cases(arguments.smoke, arguments.measure_seconds):
        left = arguments.budget_seconds - (time.monotonic() - began)
        if left < 15:
            say({**case, "error": "left out: no time left"})
            continue
        say(in_process(case, min(left, arguments.limit_seconds)))


def cases(smoke: bool, seconds: float):
    """The most telling first."""
    if smoke:
        for loop in ("torch", "keras-jax"):
            for data in ("device", "host"):
                yield {"loop": loop, "backbone": "tiny-convnet", "batch": 8, "data": data, "side": 32, "seconds": 0.5}
        return
    base = {"side": 224, "seconds": seconds}
    for backbone in BACKBONES:
        for loop in LOOPS:
            yield {"loop": loop, "backbone": backbone, "batch": 256, "data": "device", **base}
    for loop in ("torch", "keras-jax"):
        yield {"loop": loop, "backbone": "resnet50", "batch": 256, "data": "host", **base}
    for batch in (128, 512):
        for backbone in BACKBONES:
            for loop in LOOPS:
                yield {"loop": loop, "backbone": backbone, "batch": batch, "data": "device", **base}


def in_process(case: dict, limit: float) -> dict:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PACKAGE), os.environ.get("PYTHONPATH", "")]), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, __file__, "--one", json.dumps(case)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return {**case, "error": f"not done within {limit:.0f} s"}
    if done.returncode != 0:
        return {**case, "error": done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else f"exit {done.returncode}"}
    return {**case, **json.loads(done.stdout.strip().splitlines()[-1])}


def say(line: dict) -> None:
    print(json.dumps(line), flush=True)


def measure(loop: str, backbone: str, batch: int, data: str, side: int, seconds: float) -> dict:
    """Compiles, takes three steps to warm up, then counts steps for so many seconds."""
    began = time.monotonic()
    if loop in ("torch", "keras-jax"):
        step, batches, device = our_engine(loop, backbone, batch, data, side)
    else:
        step, batches, device = (timm_loop if loop == "timm" else flax_loop)(backbone, batch, side)
    for _ in range(3):
        float(step(next(batches)))
    ready, steps, started = time.monotonic() - began, 0, time.monotonic()
    while time.monotonic() - started < seconds:
        loss = step(next(batches))
        steps += 1
        if steps % 10 == 0:
            float(loss)  # bounds what is queued
    float(loss)
    rate = steps * batch / (time.monotonic() - started)
    return {"imagesPerSecond": round(rate, 1), "secondsToFirstSteps": round(ready, 1), "device": device}


def our_engine(loop: str, backbone: str, batch: int, data: str, side: int):
    from attune_training.cli import shapes_plan
    from attune_training.dataset import open_dataset
    from attune_training.engines import make_engine
    from attune_training.loader import Loader
    from attune_training.networks import describe
    from attune_training.plan import check_plan
    from attune_training.shapes import write_shapes
    from attune_training.tasks import make_task

    folder = Path(tempfile.mkdtemp())
    sha256 = write_shapes(folder / "a.zip", per_label=max(40, batch // 3), side=256 if data == "host" else 32)
    engine_name = "torch-xla" if loop == "torch" else loop
    plan = check_plan({**shapes_plan(sha256, 1, engine_name, imageSize=side, batchSize=batch), "backbone": backbone})
    dataset = open_dataset(folder / "a.zip", folder / "data")
    task = make_task(plan, dataset)
    engine = make_engine(engine_name, describe(plan, task), task, plan["numbers"], allow_plain_torch=True)
    engine.begin(head_only=False)

    def from_host():
        epoch = 0
        while True:
            yield from Loader(task, dataset, "training", batch, engine.devices, 1).training(epoch)
            epoch += 1

    def on_device():
        rng = np.random.default_rng(1)
        images = rng.integers(0, 256, (batch, side, side, 3), dtype=np.uint8)
        labels = rng.integers(0, len(dataset.labels), batch, dtype=np.int32)
        placed = engine.place(images), {"label": engine.place(labels)}
        while True:
            yield placed

    return (lambda pair: engine.step(*pair, 0.001)), (from_host if data == "host" else on_device)(), engine.kind


def timm_loop(backbone: str, batch: int, side: int):
    """What people write: channels_last, bf16 autocast, fused AdamW, images normalised beforehand."""
    import timm
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = timm.create_model(TIMM[backbone], pretrained=False, num_classes=CLASSES).to(device, memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, fused=device == "cuda")
    images = torch.randn(batch, 3, side, side, device=device).to(memory_format=torch.channels_last)
    labels = torch.randint(CLASSES, (batch,), device=device)

    def step(pair):
        optimizer.zero_grad()
        with torch.autocast(device, torch.bfloat16):
            loss = torch.nn.functional.cross_entropy(model(pair[0]), pair[1], label_smoothing=0.1)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step, iter(lambda: (images, labels), None), torch.cuda.get_device_name() if device == "cuda" else "CPU"


def flax_loop(backbone: str, batch: int, side: int):
    """ResNet-50 and ViT-B/16 in flax.linen with optax, bf16 computation and float32 weights, jitted with donation."""
    import flax.linen as nn
    import jax
    import jax.numpy as jnp
    import optax

    class Block(nn.Module):
        width: int
        stride: int

        @nn.compact
        def __call__(self, x):
            def conv(x, width, kernel, stride=1, scale=nn.initializers.ones):
                y = nn.Conv(width, (kernel, kernel), (stride, stride), use_bias=False, dtype=jnp.bfloat16)(x)
                return nn.BatchNorm(use_running_average=False, dtype=jnp.bfloat16, scale_init=scale)(y)

            y = nn.relu(conv(x, self.width, 1))
            y = nn.relu(conv(y, self.width, 3, self.stride))
            y = conv(y, 4 * self.width, 1, scale=nn.initializers.zeros)
            if x.shape != y.shape:
                x = conv(x, 4 * self.width, 1, self.stride)
            return nn.relu(x + y)

    class ResNet50(nn.Module):
        @nn.compact
        def __call__(self, x):
            x = nn.Conv(64, (7, 7), (2, 2), use_bias=False, dtype=jnp.bfloat16)(x)
            x = nn.relu(nn.BatchNorm(use_running_average=False, dtype=jnp.bfloat16)(x))
            x = nn.max_pool(x, (3, 3), (2, 2), "SAME")
            for stage, count in enumerate((3, 4, 6, 3)):
                for index in range(count):
                    x = Block(64 * 2**stage, 2 if stage and index == 0 else 1)(x)
            return nn.Dense(CLASSES, dtype=jnp.float32)(x.mean((1, 2)))

    class ViT(nn.Module):
        @nn.compact
        def __call__(self, x):
            x = nn.Conv(768, (16, 16), (16, 16), dtype=jnp.bfloat16)(x).reshape(x.shape[0], -1, 768)
            x = x + self.param("positions", nn.initializers.normal(0.02), (1, x.shape[1], 768)).astype(jnp.bfloat16)
            for _ in range(12):
                y = nn.LayerNorm(dtype=jnp.bfloat16)(x)
                x = x + nn.MultiHeadDotProductAttention(12, dtype=jnp.bfloat16)(y, y)
                y = nn.gelu(nn.Dense(3072, dtype=jnp.bfloat16)(nn.LayerNorm(dtype=jnp.bfloat16)(x)))
                x = x + nn.Dense(768, dtype=jnp.bfloat16)(y)
            return nn.Dense(CLASSES, dtype=jnp.float32)(x.mean(1))

    if backbone not in ("resnet50", "vit-b16"):
        raise SystemExit(f"flax has no {backbone} here")
    model = ResNet50() if backbone == "resnet50" else ViT()
    images = jnp.asarray(np.random.default_rng(1).normal(size=(batch, side, side, 3)), jnp.bfloat16)
    labels = jnp.asarray(np.random.default_rng(1).integers(0, CLASSES, batch))
    variables = jax.jit(model.init)(jax.random.key(0), images[:2])
    optimizer = optax.adamw(1e-3)
    state = [variables["params"], variables.get("batch_stats", {}), optimizer.init(variables["params"])]

    @jax.jit
    def update(parameters, stats, moments, images, labels):
        def loss_of(parameters):
            logits, changed = model.apply({"params": parameters, "batch_stats": stats}, images, mutable=["batch_stats"])
            wanted = optax.smooth_labels(jax.nn.one_hot(labels, CLASSES), 0.1)
            return optax.softmax_cross_entropy(logits, wanted).mean(), changed.get("batch_stats", {})

        (loss, stats), gradients = jax.value_and_grad(loss_of, has_aux=True)(parameters)
        updates, moments = optimizer.update(gradients, moments, parameters)
        return optax.apply_updates(parameters, updates), stats, moments, loss

    def step(pair):
        *state[:], loss = update(*state, *pair)
        return loss

    return step, iter(lambda: (images, labels), None), jax.devices()[0].device_kind


if __name__ == "__main__":
    main()
