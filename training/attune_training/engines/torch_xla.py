"""PyTorch on XLA: one compiled step, the batch spread over all devices by SPMD. The same code runs on CUDA or the CPU when asked."""

import json
import struct
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from attune_training.engines import torch_models, uses_bfloat16


class TorchEngine:
    def __init__(self, network: dict, task, numbers: dict, allow_plain_torch: bool = False):
        self.network, self.task, self.numbers = network, task, numbers
        self._place = _Xla() if not allow_plain_torch else _Plain()
        self.devices, self.kind, self.versions = self._place.devices, self._place.kind, self._place.versions
        self.compiler = self._place.compiler
        self.bfloat16 = uses_bfloat16(numbers, self.kind)
        torch.manual_seed(numbers["seed"])
        self.model = torch_models.build(network).to(self._place.device)
        if self._place.is_cuda:
            self.model.to(memory_format=torch.channels_last)

    def load_pretrained(self, path: Path) -> None:
        """torchvision's names in a .safetensors; all of the backbone must be there."""
        if path.suffix != ".safetensors":
            raise ValueError(f"PyTorch backbones begin with .safetensors, not {path.suffix}.")
        stored = {name: torch.from_numpy(value) for name, value in read_safetensors(path).items()}
        wanted = self.model.backbone.state_dict().keys()
        self.model.backbone.load_state_dict({name: value for name, value in stored.items() if name in wanted})

    def begin(self, head_only: bool) -> None:
        self._head_only, self._steps = head_only, 0
        self.model.backbone.requires_grad_(not head_only)
        chosen = [p for p in self.model.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in chosen if p.ndim >= 2], "weight_decay": self.numbers["weightDecay"]},
            {"params": [p for p in chosen if p.ndim < 2], "weight_decay": 0.0},
        ]
        # The rate is a tensor on the device: as a number it would be a constant of the graph, compiled anew each step.
        self._rate = torch.tensor(0.0, device=self._place.device)
        on_cpu = self._place.device.type == "cpu"
        self.optimizer = torch.optim.AdamW(groups, lr=self._rate, eps=1e-8, capturable=not on_cpu, foreach=self._place.is_cuda)
        self._moments = {p: self._start_moments(p, on_cpu) for p in chosen}

    def place(self, array):
        """On the device, split over all of them; what is there already stays."""
        return self._place.put(array)

    def step(self, inputs: np.ndarray, targets: dict, rate: float):
        self.model.train()
        if self._head_only:
            self.model.backbone.eval()
        self._steps += 1
        self._place.seed(self.numbers["seed"] * 1_000_003 + self._steps)
        self._rate.copy_(torch.tensor(rate))
        with self._place.compiled():
            x, labels = self.place(inputs), self.place(targets["label"]).long()
            self.optimizer.zero_grad()
            with self._autocast():
                outputs = self.model(torch_models.normalise(x, self.network))
            loss = F.cross_entropy(outputs["logits"], labels, label_smoothing=self.numbers["labelSmoothing"])
            loss.backward()
            self.optimizer.step()
        return loss.detach()

    def predict(self, inputs: np.ndarray) -> dict[str, np.ndarray]:
        self.model.eval()
        with torch.no_grad(), self._place.compiled(), self._autocast():
            outputs = self.model(torch_models.normalise(self.place(inputs), self.network))
        return {name: value.float().cpu().numpy() for name, value in outputs.items()}

    def arrays(self) -> dict[str, np.ndarray]:
        arrays = {f"model/{name}": value for name, value in self.weights().items()}
        for index, state in enumerate(self._moments.values()):
            arrays |= {f"optimizer/{index:04d}/{name}": value.cpu().numpy() for name, value in state.items()}
        return arrays | {"steps": np.array(self._steps)}

    def load(self, arrays: dict[str, np.ndarray]) -> None:
        self.model.load_state_dict({name[6:]: torch.tensor(value) for name, value in arrays.items() if name.startswith("model/")})
        with torch.no_grad():
            for index, state in enumerate(self._moments.values()):
                for name, value in state.items():
                    value.copy_(torch.tensor(arrays[f"optimizer/{index:04d}/{name}"]))
        self._steps = int(arrays["steps"])

    def weights(self) -> dict[str, np.ndarray]:
        return {name: value.cpu().numpy().copy() for name, value in self.model.state_dict().items()}

    def _start_moments(self, parameter, on_cpu: bool) -> dict[str, torch.Tensor]:
        """AdamW's state from the start rather than from its first step, so that a checkpoint can be read into it."""
        zero = torch.zeros((), device="cpu" if on_cpu else self._place.device)
        state = {"step": zero, "exp_avg": torch.zeros_like(parameter), "exp_avg_sq": torch.zeros_like(parameter)}
        self.optimizer.state[parameter] = state
        return state

    def _autocast(self):
        return torch.autocast(self._place.device.type, torch.bfloat16) if self.bfloat16 else nullcontext()


class _Xla:
    """All XLA devices as one: tensors are replicated, batches are split (SPMD)."""

    is_cuda, compiler = False, "xla"

    def __init__(self):
        import torch_xla
        import torch_xla.core.xla_model as xm
        import torch_xla.distributed.spmd as spmd
        import torch_xla.runtime as xr

        xr.use_spmd()
        self._xla, self._xm, self._spmd = torch_xla, xm, spmd
        self.device, self.devices = torch_xla.device(), xr.global_runtime_device_count()
        self.kind = "CPU" if xr.device_type() == "CPU" else f"{xr.device_type()} {xr.global_device_attributes()[0].get('device_kind', '')}".strip()
        self.versions = {"torch": torch.__version__, "torch_xla": torch_xla.__version__}
        self._mesh = spmd.Mesh(np.arange(self.devices), (self.devices,), ("batch",))

    def compiled(self):
        """What is within runs as one compiled graph."""
        return self._xla.step()

    def put(self, array: np.ndarray) -> torch.Tensor:
        sharding = self._spmd.ShardingSpec(self._mesh, ("batch", *[None] * (array.ndim - 1)))
        return self._xm.send_cpu_data_to_device([torch.from_numpy(array)], self.device, input_sharding=sharding)[0]

    def seed(self, value: int) -> None:
        self._xm.set_rng_state(value % 2**31)


class _Plain:
    """A GPU or the CPU through plain PyTorch; only on demand, and the manifest says so."""

    compiler = "none"

    def __init__(self):
        self.is_cuda = torch.cuda.is_available()
        self.device, self.devices = torch.device("cuda" if self.is_cuda else "cpu"), 1
        self.kind = torch.cuda.get_device_name() if self.is_cuda else "CPU"
        self.versions = {"torch": torch.__version__}

    def compiled(self):
        return nullcontext()

    def put(self, array: np.ndarray) -> torch.Tensor:
        return torch.as_tensor(array).to(self.device, non_blocking=True)

    def seed(self, value: int) -> None:
        torch.manual_seed(value)


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """float32 and float16 tensors by name. Format: length of the header (u64), JSON header, raw bytes."""
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    body = memoryview(data)[8 + length :]
    types = {"F32": "<f4", "F16": "<f2", "I64": "<i8"}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(body[start:end], types[entry["dtype"]]).reshape(entry["shape"]).copy()
    return tensors
