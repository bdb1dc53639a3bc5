"""Three thin engines behind one interface; the loop around them is in trainer.py.

An engine has `devices` (count), `kind` (such as "TPU v5e"), `compiler`, `bfloat16`, `versions` and
  load_pretrained(path)         weights of the backbone, before the first phase
  begin(head_only)              a phase with a fresh optimiser; head_only leaves the backbone frozen
  step(inputs, targets, rate)   one update; gives the loss as something that float() waits for
  predict(inputs)               outputs of the network by name, numpy float32
  arrays() / load(arrays)       everything that the next step depends on, for checkpoints
  weights()                     what export.py needs, in the order of the network
"""

import os
import sys

ENGINES = ("keras-jax", "keras-tf", "torch-xla")


def make_engine(name: str, network: dict, task, numbers: dict, allow_plain_torch: bool = False):
    """Imports only the framework that is asked for. `network` is what `networks.describe` gives."""
    if name == "torch-xla":
        from attune_training.engines.torch_xla import TorchEngine

        return TorchEngine(network, task, numbers, allow_plain_torch)
    use_keras("jax" if name == "keras-jax" else "tensorflow")
    if name == "keras-jax":
        from attune_training.engines.keras_jax import KerasJaxEngine

        return KerasJaxEngine(network, task, numbers)
    from attune_training.engines.keras_tf import KerasTfEngine

    return KerasTfEngine(network, task, numbers)


def use_keras(backend: str) -> None:
    """Keras decides on its backend when it is first imported."""
    os.environ["KERAS_BACKEND"] = backend
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != backend:
        raise RuntimeError(f"Keras runs on {sys.modules['keras'].backend.backend()} in this process already: restart it to use {backend}.")


def uses_bfloat16(numbers: dict, kind: str) -> bool:
    """Whether a network calculates in bfloat16 with float32 variables: on whatever `kind` of device but a CPU, which is slow at it.

    ATTUNE_BFLOAT16=1 has a CPU do it as well, which is how tests get at it.
    """
    return numbers["mixedPrecision"] and (kind != "CPU" or os.environ.get("ATTUNE_BFLOAT16") == "1")
