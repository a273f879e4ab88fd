"""Search an index through LangChain: `python docs/examples/with_langchain.py DIR QUESTION`."""

import sys

from pullquote.index.integrations.langchain import PullquoteRetriever

directory, question = sys.argv[1:]
retriever = PullquoteRetriever.of_index(directory, k=5)

for document in retriever.invoke(question):
    meta = document.metadata
    print(f"{meta['path']}:{meta['start']}-{meta['end']}", meta["source"], meta["published"])
    print(document.page_content, "\n")
