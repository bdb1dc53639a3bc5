"""Keras on JAX: one compiled step, the batch spread over all devices by keras.distribution.DataParallel."""

import jax
import keras
import numpy as np
from keras import ops

from attune_training.engines import keras_models, keras_shared, uses_bfloat16


class KerasJaxEngine:
    compiler = "xla"

    def __init__(self, network: dict, task, numbers: dict):
        self.network, self.task, self.numbers = network, task, numbers
        found = jax.devices()
        self.devices, self.kind = len(found), _kind(found[0])
        self.bfloat16 = uses_bfloat16(numbers, self.kind)
        self.versions = {"keras": keras.__version__, "jax": jax.__version__}
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=keras.distribution.list_devices()))
        mesh = jax.sharding.Mesh(np.array(found), ("batch",))
        self._split = jax.sharding.NamedSharding(mesh, jax.sharding.PartitionSpec("batch"))
        keras.utils.set_random_seed(numbers["seed"])
        self.model = keras_shared.build_model(network, self.bfloat16)
        self._predict = jax.jit(self._forward)

    def load_pretrained(self, path) -> None:
        keras_shared.load_pretrained(self.model, path)

    def begin(self, head_only: bool) -> None:
        keras_shared.freeze(self.model, head_only)
        self.optimizer = keras_shared.make_optimizer(self.model, self.numbers)
        rate = self.optimizer.learning_rate
        self._rate_at = next(i for i, v in enumerate(self.optimizer.variables) if v is rate)
        self._step = jax.jit(self._update, donate_argnums=(0, 1, 2))
        self._read()

    def place(self, array):
        """On the devices, split over all of them; what is there already stays."""
        return jax.device_put(array, self._split)

    def step(self, inputs: np.ndarray, targets: dict, rate: float):
        *self._state, loss = self._step(*self._state, np.float32(rate), *self.place((inputs, targets)))
        return loss

    def predict(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        outputs = self._predict(*self._state[:2], self.place(inputs))
        return {name: np.asarray(value, np.float32) for name, value in outputs.items()}

    def arrays(self) -> dict[str, np.ndarray]:
        self._write()
        return keras_shared.to_arrays(self.model, self.optimizer)

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        keras_shared.from_arrays(self.model, self.optimizer, arrays)
        self._read()

    def weights(self) -> dict[str, np.ndarray]:
        self._write()
        return keras_shared.weights_of(self.model)

    def _update(self, trainable, fixed, optimizer, rate, inputs, targets):
        def loss_of(trainable):
            outputs, changed = self.model.stateless_call(trainable, fixed, keras_models.normalise(inputs, self.network), training=True)
            return self.task.loss(ops, outputs, targets), changed

        (loss, fixed), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable)
        optimizer = list(optimizer)
        optimizer[self._rate_at] = rate
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        return trainable, fixed, optimizer, loss

    def _forward(self, trainable, fixed, inputs):
        return self.model.stateless_call(trainable, fixed, keras_models.normalise(inputs, self.network), training=False)[0]

    def _read(self) -> None:
        """Copies, as the step gives away the buffers that it is handed."""
        groups = (self.model.trainable_variables, self.model.non_trainable_variables, self.optimizer.variables)
        self._state = [[jax.numpy.copy(v.value) for v in group] for group in groups]

    def _write(self) -> None:
        groups = (self.model.trainable_variables, self.model.non_trainable_variables, self.optimizer.variables)
        for group, values in zip(groups, self._state):
            for variable, value in zip(group, values):
                variable.assign(np.asarray(value))


def _kind(device) -> str:
    return device.device_kind if device.platform != "cpu" else "CPU"
