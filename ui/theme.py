"""How the chat looks: newspaper colours in light and dark, with the fonts the reader has."""

from functools import cache
from pathlib import Path

from pullquote.ui.offline import gr

ASSETS = Path(__file__).parent / "assets"
STYLE = ASSETS / "style.css"
UPLOADS_STYLE = ASSETS / "uploads.css"
FAVICON = ASSETS / "favicon.svg"

# Plain names, not gradio's own font classes: those load fonts over the network or from its server.
SANS = ("ui-sans-serif", "system-ui", "sans-serif")
MONO = ("ui-monospace", "monospace")


@cache
def script(name: str) -> str:
    """One of the page's scripts."""
    return (ASSETS / name).read_text("utf-8")


@cache
def newspaper() -> gr.themes.Base:
    """Ink on paper, and its negative in dark mode."""
    theme = gr.themes.Base(
        primary_hue=gr.themes.colors.red,
        neutral_hue=gr.themes.colors.stone,
        radius_size=gr.themes.sizes.radius_sm,
        font=SANS,
        font_mono=MONO,
    )
    return theme.set(
        body_background_fill="#faf8f3",
        body_background_fill_dark="#171513",
        body_text_color="#1f1b16",
        body_text_color_dark="#ece6da",
        background_fill_primary="#fffdf9",
        background_fill_primary_dark="#1f1c19",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        block_title_text_color="#5f574b",
        block_title_text_color_dark="#b5ac9c",
        block_label_text_color="#5f574b",
        block_label_text_color_dark="#b5ac9c",
        border_color_primary="#ddd6c8",
        border_color_primary_dark="#3d3831",
        input_background_fill="#fffdf9",
        input_background_fill_dark="#1f1c19",
        input_border_color="#c9c0ae",
        input_border_color_dark="#4a443b",
        input_border_width="1px",
        button_primary_background_fill="#7d1f1f",
        button_primary_background_fill_hover="#651616",
        button_primary_background_fill_dark="#a33a34",
        button_primary_background_fill_hover_dark="#b8463f",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover="#f1ebde",
        button_secondary_background_fill_hover_dark="#2a2622",
        input_placeholder_color="#5f574b",
        input_placeholder_color_dark="#b5ac9c",
        button_secondary_border_color="#c9c0ae",
        button_secondary_border_color_dark="#4a443b",
    )
