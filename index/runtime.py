"""onnxruntime, imported so that it calls nobody: take it from here, never from itself."""

import os

# Read when it is loaded: its wheels count uses, and keep a database of them in the user's cache.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

__all__ = ["onnxruntime"]
