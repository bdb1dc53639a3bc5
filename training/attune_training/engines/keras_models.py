"""The networks in Keras, for each of its backends; in either data format, so that exports are free of transposes."""

import keras
from keras import layers, ops

from attune_training.networks import normalisation


def build(network: dict) -> keras.Model:
    """A model named by `network` (see networks.describe) with a dict of float32 outputs; its `backbone` can be frozen.

    Pictures go in as float32 [N, H, W, 3] (or channels first) after `normalise`; windows as [N, 40, 76].
    """
    return {"image-classification": _classifier, "object-detection": _detector, "engagement-window": _window}[network["task"]](network)


def normalise(images, network: dict):
    """uint8 [N, H, W, 3] → float32 in the data format in force; anything else passes."""
    if network["task"] == "engagement-window":
        return images
    scale, shift, bgr = normalisation("keras", network["backbone"])
    x = ops.cast(images, "float32") * ops.convert_to_tensor(scale, "float32") + ops.convert_to_tensor(shift, "float32")
    x = ops.flip(x, axis=-1) if bgr else x
    return ops.transpose(x, (0, 3, 1, 2)) if _channels_first() else x


def assign(model: keras.Model, values) -> None:
    """Gives the variables of a model these values, in order.

    Layers that keep what they made of their variables make it anew: the normalisation inside EfficientNet has a copy, which JAX
    and TensorFlow would otherwise go on using.
    """
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)
    _refresh(model)


def _refresh(layer) -> None:
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()
    for inner in getattr(layer, "layers", ()):
        _refresh(inner)


def synchronised(model: keras.Model) -> keras.Model:
    """The same model whose batch statistics are those of all replicas; only TensorFlow needs it said."""

    def clone(layer):
        config = layer.get_config()
        if isinstance(layer, layers.BatchNormalization):
            config["synchronized"] = True
        return layer.__class__.from_config(config)

    return keras.models.clone_model(model, clone_function=clone, recursive=True)


def _channels_first() -> bool:
    return keras.config.image_data_format() == "channels_first"


def _picture(side: int) -> tuple:
    return (3, side, side) if _channels_first() else (side, side, 3)


def _classifier(network: dict) -> keras.Model:
    side, backbone = network["imageSize"], network["backbone"]
    inputs = keras.Input(_picture(side))
    if backbone.startswith("vit"):
        embedding = _vit(side, *{"vit-b16": (12, 768, 12), "vit-ti16": (12, 192, 3)}[backbone])(inputs)
    else:
        embedding = layers.GlobalAveragePooling2D()(_convolutional(backbone, side)(inputs))
    embedding = layers.Activation("linear", dtype="float32")(embedding)
    logits = layers.Dense(network["classes"], dtype="float32", name="head")(embedding)
    return keras.Model(inputs, {"logits": logits, "embedding": embedding})


def _convolutional(backbone: str, side: int) -> keras.Model:
    if backbone in ("tiny-convnet", "centre-tiny"):
        return _tiny(side, strides=(1, 2, 2, 2) if backbone == "tiny-convnet" else (2, 2, 1))
    make = {
        "resnet50": keras.applications.ResNet50,
        "efficientnet-b0": keras.applications.EfficientNetB0,
        "mobilenet-v2": keras.applications.MobileNetV2,
        "centre-mobilenet-v2": keras.applications.MobileNetV2,
    }[backbone]
    return make(include_top=False, weights=None, input_shape=_picture(side), name="backbone")


def _norm(x, **settings):
    return layers.BatchNormalization(axis=1 if _channels_first() else -1, **settings)(x)


def _tiny(side: int, strides: tuple) -> keras.Model:
    """Strided 3×3 convolutions of 16, 32, 64, … channels with batch norm (momentum .9: runs are short)."""
    inputs = x = keras.Input(_picture(side))
    for depth, stride in enumerate(strides):
        x = layers.ZeroPadding2D(1)(x)
        x = layers.Conv2D(16 * 2**depth, 3, strides=stride, use_bias=False)(x)
        x = layers.ReLU()(_norm(x, momentum=0.9))
    return keras.Model(inputs, x, name="backbone")


class _Tokens(layers.Layer):
    """[N, T, D] → [N, T+1, D]: a class token in front, and learnt positions added (Dosovitskiy et al. 2021)."""

    def build(self, shape):
        self.token = self.add_weight(shape=(1, 1, shape[2]), initializer="zeros", name="token")
        self.positions = self.add_weight(shape=(1, shape[1] + 1, shape[2]), initializer=keras.initializers.RandomNormal(stddev=0.02), name="positions")

    def call(self, x):
        token = ops.zeros_like(x[:, :1]) + ops.cast(self.token, x.dtype)
        return ops.concatenate([token, x], axis=1) + ops.cast(self.positions, x.dtype)


class _LayerNorm(layers.Layer):
    """Over the last axis, in float32. Keras' own cannot be traced by the ONNX exporter: it asks a traced shape for integers."""

    def build(self, shape):
        self.gamma = self.add_weight(shape=(shape[-1],), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(shape[-1],), initializer="zeros", name="beta")

    def call(self, x):
        wide = ops.cast(x, "float32")
        centred = wide - ops.mean(wide, axis=-1, keepdims=True)
        scaled = centred * ops.rsqrt(ops.mean(ops.square(centred), axis=-1, keepdims=True) + 1e-6)
        return ops.cast(scaled * ops.cast(self.gamma, "float32") + ops.cast(self.beta, "float32"), x.dtype)


def _vit(side: int, depth: int, width: int, heads: int) -> keras.Model:
    """ViT/16, pre-norm, GELU, class token (Dosovitskiy et al. 2021, arXiv:2010.11929)."""
    inputs = keras.Input(_picture(side))
    x = layers.Conv2D(width, 16, strides=16)(inputs)
    if _channels_first():
        x = layers.Permute((2, 3, 1))(x)
    x = _Tokens()(layers.Reshape(((side // 16) ** 2, width))(x))
    for _ in range(depth):
        y = _LayerNorm()(x)
        x = layers.Add()([x, layers.MultiHeadAttention(heads, width // heads)(y, y)])
        y = layers.Dense(4 * width, activation="gelu")(_LayerNorm()(x))
        x = layers.Add()([x, layers.Dense(width)(y)])
    return keras.Model(inputs, _LayerNorm()(x)[:, 0], name="backbone")


def _window(network: dict) -> keras.Model:
    """Causal temporal convolution, 4 × 64, kernel 3, dilations 1, 2, 4, 8 with residuals; ordinal heads on the last step.

    `logits` [N, states, 3] are those of "level ≥ 1, 2, 3"; they fall by construction, as thresholds are sums of softplus.
    """
    inputs = x = keras.Input((network["steps"], network["features"]))
    for dilation in (1, 2, 4, 8):
        y = layers.Conv1D(64, 3, padding="causal", dilation_rate=dilation, data_format="channels_last")(x)
        y = layers.ReLU()(_LayerNorm()(y))
        x = layers.Add()([y, x]) if x.shape[-1] == 64 else y
    embedding = layers.Activation("linear", dtype="float32", name="embedding")(x[:, -1])
    raw = layers.Reshape((network["states"], 3))(layers.Dense(network["states"] * 3, dtype="float32", name="head")(embedding))
    drops = ops.concatenate([raw[..., :1], -ops.softplus(raw[..., 1:])], axis=-1)
    return keras.Model(inputs, {"logits": ops.cumsum(drops, axis=-1), "embedding": embedding})


def _detector(network: dict) -> keras.Model:
    """Centre points (Zhou et al. 2019, arXiv:1904.07850) on a map of a quarter of the side; all maps are NHWC."""
    inputs = keras.Input(_picture(network["imageSize"]))
    x = _convolutional(network["backbone"], network["imageSize"])(inputs)
    map_side = network["imageSize"] // 4
    spatial = 2 if _channels_first() else 1
    while x.shape[spatial] < map_side:
        x = layers.UpSampling2D(2)(x)
        x = layers.Conv2D(64, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(_norm(x, momentum=0.9))
    x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
    maps = {"heatmap": network["classes"], "size": 2, "offset": 2, "keypoints": 2 * network["keypoints"]}
    outputs = {}
    for name, channels in maps.items():
        if channels:
            bias = -2.19 if name == "heatmap" else 0.0  # a prior of 0.1, as in the paper
            y = layers.Conv2D(channels, 1, bias_initializer=keras.initializers.Constant(bias), dtype="float32")(x)
            outputs[name] = layers.Permute((2, 3, 1))(y) if _channels_first() else y
    return keras.Model(inputs, outputs)
