"""The tools of MCP over the articles of `fakes_ui`: `python tests/mcp_fakes.py [PORT]`."""

import sys

from fakes_ui import ARTICLES, FakeAssistant, fake_search

from pullquote.ui.mcp import mcp_server, serve_http, serve_stdio
from pullquote.ui.service import Service

if __name__ == "__main__":
    server = mcp_server(Service(FakeAssistant(), fake_search, ARTICLES.__getitem__))
    if len(sys.argv) > 1:
        serve_http(server, "127.0.0.1", int(sys.argv[1]))
    else:
        serve_stdio(server)
