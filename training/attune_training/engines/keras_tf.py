"""Keras on TensorFlow: the same models and losses inside a tf.distribute strategy (TPU, several devices, or one)."""

import functools
import os

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from attune_training.engines import keras_models, keras_shared, uses_bfloat16


class KerasTfEngine:
    compiler = "tf.function"

    def __init__(self, network: dict, task, numbers: dict):
        self.network, self.task, self.numbers = network, task, numbers
        self.strategy, self.kind = find_strategy()
        self.devices = self.strategy.num_replicas_in_sync
        self.bfloat16 = uses_bfloat16(numbers, self.kind)
        self.versions = {"keras": keras.__version__, "tensorflow": tf.__version__}
        keras.utils.set_random_seed(numbers["seed"])
        with self.strategy.scope():
            self.model = keras_shared.build_model(network, self.bfloat16)
            if self.devices > 1:
                self.model = keras_models.synchronised(self.model)
        self._predict = tf.function(self._forward)

    def load_pretrained(self, path) -> None:
        keras_shared.load_pretrained(self.model, path)

    def begin(self, head_only: bool) -> None:
        keras_shared.freeze(self.model, head_only)
        with self.strategy.scope():
            self.optimizer = keras_shared.make_optimizer(self.model, self.numbers)
        self._step = tf.function(self._update)

    def step(self, inputs: np.ndarray, targets: dict, rate: float):
        self.optimizer.learning_rate.assign(rate)
        losses = self._step(*self._split((inputs, targets)))
        return self.strategy.reduce(tf.distribute.ReduceOp.SUM, losses, axis=None)

    def predict(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        outputs = self._predict(*self._split((inputs,)))
        return {name: np.concatenate([part.numpy() for part in self.strategy.experimental_local_results(value)]) for name, value in outputs.items()}

    def arrays(self) -> dict[str, np.ndarray]:
        return keras_shared.to_arrays(self.model, self.optimizer)

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        keras_shared.from_arrays(self.model, self.optimizer, arrays)

    def weights(self) -> dict[str, np.ndarray]:
        return keras_shared.weights_of(self.model)

    def _update(self, inputs, targets):
        def of_replica(inputs, targets):
            with tf.GradientTape() as tape:
                outputs = self.model(keras_models.normalise(inputs, self.network), training=True)
                loss = self.task.loss(ops, outputs, targets) / self.devices  # the optimiser sums over replicas
            variables = self.model.trainable_weights
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
            return loss

        return self.strategy.run(of_replica, (inputs, targets))

    def _forward(self, inputs):
        return self.strategy.run(lambda x: self.model(keras_models.normalise(x, self.network), training=False), (inputs,))

    def _split(self, arrays):
        """Arrays, nested, as one part of the batch for each replica."""

        def part(array, context):
            size = len(array) // self.devices
            start = context.replica_id_in_sync_group * size
            return tf.constant(array[start : start + size])

        return tuple(
            tf.nest.map_structure(lambda array: self.strategy.experimental_distribute_values_from_function(lambda context: part(array, context)), tree)
            for tree in arrays
        )


@functools.cache
def find_strategy():
    """(strategy, kind): the TPU, else all GPUs, else the CPU, as several logical devices where ATTUNE_LOGICAL_DEVICES says so.

    Found once in a process: a TPU that is set up anew forgets what is on it.
    """
    if wanted := os.environ.get("ATTUNE_LOGICAL_DEVICES"):  # before anything asks for devices
        parts = [tf.config.LogicalDeviceConfiguration()] * int(wanted)
        tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], parts)
    try:
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver(tpu="local")
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return tf.distribute.TPUStrategy(resolver), f"TPU {os.environ.get('TPU_ACCELERATOR_TYPE', '')}".strip()
    except (ValueError, tf.errors.OpError):
        pass  # no TPU here
    if gpus := tf.config.list_logical_devices("GPU"):
        details = tf.config.experimental.get_device_details(tf.config.list_physical_devices("GPU")[0])
        return tf.distribute.MirroredStrategy(gpus), details.get("device_name", "GPU")
    cpus = [device.name for device in tf.config.list_logical_devices("CPU")]
    return tf.distribute.MirroredStrategy(cpus), "CPU"
