"""Gradio, imported so that it calls nobody: take `gr` from here, never from gradio itself."""

import os

# Gradio reads these while it is imported, so they must be set before.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

import gradio as gr

__all__ = ["gr"]
