"""Search an index through LlamaIndex: `python docs/examples/with_llama_index.py DIR QUESTION`."""

import sys

from pullquote.index.integrations.llama_index import PullquoteRetriever

directory, question = sys.argv[1:]
retriever = PullquoteRetriever.of_index(directory, k=5)

for found in retriever.retrieve(question):
    meta = found.node.metadata
    print(f"{meta['path']}:{meta['start']}-{meta['end']}", meta["source"], meta["published"])
    print(found.node.get_content(), "\n")
