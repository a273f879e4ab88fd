"""Question in, quoted and cited answer out."""

from pullquote.qa.assistant import Assistant
from pullquote.qa.types import Answer, Citation, Message, Quote, Span, Speaker, Within

__all__ = ["Answer", "Assistant", "Citation", "Message", "Quote", "Span", "Speaker", "Within"]
