"""What has to be installed, asked before a run is begun: one that fails for that would have used its code up."""

import importlib.util
import os

from attune_training.engines import ENGINES, use_keras

#: By engine: the extra of this package, and what it brings.
OF = {
    "keras-jax": ("jax", ("jax", "keras")),
    "keras-tf": ("tf", ("tensorflow", "keras")),
    "torch-xla": ("torch", ("torch", "torchvision", "torch_xla")),
}
#: What writes ONNX, whatever trained.
EXPORT = ("torch", "torchvision", "keras", "onnx", "onnxruntime")

#: Those that were tested together, as in pyproject.toml.
VERSIONS = {
    "jax": "0.7.2",
    "keras": "3.13.2",
    "tensorflow": "2.19.1",
    "torch": "2.9.0",
    "torchvision": "0.24.0",
    "torch_xla": "2.9.0",
    "onnx": "1.22.0",
    "onnxruntime": "1.32.0",
}
#: Builds for a TPU, as the frameworks' own pages install them.
ON_TPU = {
    "jax": f"'jax[tpu]=={VERSIONS['jax']}'",
    "tensorflow": f"tensorflow-tpu=={VERSIONS['tensorflow']} --find-links https://storage.googleapis.com/libtpu-tf-releases/index.html",
    "torch_xla": f"'torch_xla[tpu]=={VERSIONS['torch_xla']}'",
}


class NotInstalled(RuntimeError):
    """Something is missing, with the line that installs it."""


def is_there(module: str) -> bool:
    """Whether it can be found; nothing is imported, as frameworks take the devices for themselves."""
    return importlib.util.find_spec(module) is not None


def missing(engine: str, allow_plain_torch: bool = False) -> list[str]:
    """Modules that an engine or the export lacks here, in order."""
    optional = ("torch_xla",) if allow_plain_torch else ()
    wanted = dict.fromkeys([*OF[engine][1], *EXPORT])
    return [module for module in wanted if module not in optional and not is_there(module)]


def check_some_engine(server: str | None) -> None:
    """Raises NotInstalled where no engine at all could train here: what a plan asks for is not known yet."""
    if all(missing(engine, allow_plain_torch=True) for engine in ENGINES):
        raise NotInstalled(_message(ENGINES[0], missing(ENGINES[0]), server))


def check_engine(engine: str, server: str | None, allow_plain_torch: bool = False) -> None:
    """Raises NotInstalled where an engine cannot train here."""
    if lacking := missing(engine, allow_plain_torch):
        raise NotInstalled(_message(engine, lacking, server))
    if engine != "torch-xla":
        use_keras("jax" if engine == "keras-jax" else "tensorflow")


def install_line(engine: str, server: str | None) -> str:
    """The line of a shell that installs this package with all that an engine needs, in the versions that it was tested with."""
    extras = f"[{OF[engine][0]},export]"
    return f"pip install 'attune-training{extras} @ {server.rstrip('/')}/training/package.zip'" if server else f"pip install 'training/{extras}'"


def pins(engine: str) -> str:
    """What pip has to be given for what an engine lacks here, in tested versions; on a TPU, the builds for it.

    An engine's own modules belong together, so that they come together.
    """
    builds = ON_TPU if os.environ.get("TPU_ACCELERATOR_TYPE") or os.environ.get("COLAB_TPU_ADDR") else {}
    lacking, own = missing(engine), OF[engine][1]
    wanted = [*own] * any(module in own for module in lacking) + [module for module in lacking if module not in own]
    return " ".join(builds.get(module, f"{module}=={VERSIONS[module]}") for module in wanted)


def _message(engine: str, lacking: list[str], server: str | None) -> str:
    return f"{engine} needs {', '.join(lacking)}, not installed here. Run this first:\n  {install_line(engine, server)}"
