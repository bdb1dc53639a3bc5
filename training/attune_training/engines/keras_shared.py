"""What both Keras engines have alike: model, optimiser, and state as arrays."""

import keras
import numpy as np

from attune_training.engines import keras_models


def build_model(network: dict, bfloat16: bool) -> keras.Model:
    """In bfloat16 with float32 variables where the device has it."""
    keras.mixed_precision.set_dtype_policy("mixed_bfloat16" if bfloat16 else "float32")
    return keras_models.build(network)


def freeze(model: keras.Model, frozen: bool) -> None:
    for layer in model.layers:
        if layer.name == "backbone":
            layer.trainable = not frozen


def make_optimizer(model: keras.Model, numbers: dict) -> keras.optimizers.Optimizer:
    """AdamW (Loshchilov & Hutter 2019); biases and norms do not decay."""
    optimizer = keras.optimizers.AdamW(numbers["learningRate"], weight_decay=numbers["weightDecay"], epsilon=1e-8)
    optimizer.exclude_from_weight_decay(var_list=[v for v in model.trainable_variables if len(v.shape) < 2])
    optimizer.build(model.trainable_variables)
    return optimizer


def to_arrays(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> dict[str, np.ndarray]:
    arrays = {f"model/{i:04d}": keras.ops.convert_to_numpy(v.value) for i, v in enumerate(model.variables)}
    return arrays | {f"optimizer/{i:04d}": keras.ops.convert_to_numpy(v.value) for i, v in enumerate(optimizer.variables)}


def from_arrays(model: keras.Model, optimizer: keras.optimizers.Optimizer, arrays: dict[str, np.ndarray]) -> None:
    keras_models.assign(model, [arrays[f"model/{i:04d}"] for i in range(len(model.variables))])
    for i, variable in enumerate(optimizer.variables):
        variable.assign(arrays[f"optimizer/{i:04d}"])


def weights_of(model: keras.Model) -> dict[str, np.ndarray]:
    return {f"{i:04d}": keras.ops.convert_to_numpy(v.value) for i, v in enumerate(model.variables)}


def load_pretrained(model: keras.Model, path) -> None:
    """Weights of the backbone alone, as keras.applications publishes them (.h5) or as Keras saves them (.weights.h5)."""
    model.get_layer("backbone").load_weights(str(path))
