"""Trains models for Attune on TPU, GPU or CPU, and packages them as ONNX."""

__version__ = "0.1.0"
