"""What has to be installed, asked before a run is begun: one that fails for that would have used its code up."""

import importlib.metadata
import importlib.util

from attune_training.engines import ENGINES, use_keras

#: By engine: the extra of this package, and what it brings.
OF = {
    "keras-jax": ("jax", ("jax", "keras")),
    "keras-tf": ("tf", ("tensorflow", "keras")),
    "torch-xla": ("torch", ("torch", "torchvision", "torch_xla")),
}
#: What writes ONNX, whatever trained.
EXPORT = ("torch", "torchvision", "keras", "onnx", "onnxruntime")


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


def pinned(extra: str) -> list[str]:
    """Requirements of an extra of this package as pip takes them, such as "jax==0.7.2"."""
    wanted = importlib.metadata.requires("attune-training") or []
    return [line.partition(";")[0].strip() for line in wanted if f'extra == "{extra}"' in line.replace("'", '"')]


def _message(engine: str, lacking: list[str], server: str | None) -> str:
    return f"{engine} needs {', '.join(lacking)}, not installed here. Run this first:\n  {install_line(engine, server)}"
