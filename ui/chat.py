"""The chat over one index: what it shows of the collection, and which questions it suggests."""

from typing import TYPE_CHECKING

from pullquote.index import Retriever
from pullquote.qa import Assistant
from pullquote.ui.app import build_app
from pullquote.ui.collection import Collection

if TYPE_CHECKING:
    import gradio as gr
