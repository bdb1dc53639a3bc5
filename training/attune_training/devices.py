"""What this machine trains on, in words that help."""

from dataclasses import dataclass

#: Chips of the TPUs that Colab and Kaggle lend: v5e-1, v6e-1, v5e-8.
TPU_COUNTS = (1, 4, 8)


@dataclass(frozen=True)
class Devices:
    kind: str
    count: int
    is_tpu: bool

    def say(self) -> str:
        """A sentence; with what to do where there is no TPU."""
        if not self.is_tpu:
            return (
                f"No TPU found; this is {self.count} × {self.kind}. In Colab: Runtime → Change runtime type → TPU (v5e-1 or v6e-1), then run this "
                "again. You can go on without one: small networks train on a GPU or CPU, large ones take hours to days."
            )
        odd = "" if self.count in TPU_COUNTS else f" An unusual number: {', '.join(map(str, TPU_COUNTS))} are known."
        return f"Found {self.count} × {self.kind}.{odd}"


def find_devices(engine: str) -> Devices:
    """Asks the framework of the engine, which may then train in the same process."""
    if engine == "keras-tf":
        from attune_training.engines import use_keras

        use_keras("tensorflow")
        from attune_training.engines.keras_tf import find_strategy

        strategy, kind = find_strategy()
        return Devices(kind, strategy.num_replicas_in_sync, kind.startswith("TPU"))
    if engine == "torch-xla":
        import torch_xla.runtime as xr

        kind = xr.device_type()
        return Devices(kind, xr.global_runtime_device_count(), kind == "TPU")
    import jax

    found = jax.devices()
    return Devices(found[0].device_kind if found[0].platform != "cpu" else "CPU", len(found), found[0].platform == "tpu")
