"""Search and read in a Haystack pipeline: `python docs/examples/with_haystack.py DIR QUESTION`."""

import os
import sys

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # or each run of a pipeline tells its makers

from haystack import Pipeline

from pullquote.index.integrations.haystack import PullquoteRetriever
from pullquote.qa.integrations.haystack import PullquoteReader

directory, question = sys.argv[1:]
pipeline = Pipeline()
pipeline.add_component("retriever", PullquoteRetriever(directory, top_k=5))
pipeline.add_component("reader", PullquoteReader())
pipeline.connect("retriever.documents", "reader.documents")

result = pipeline.run(
    {"retriever": {"query": question}, "reader": {"query": question}},
    include_outputs_from={"retriever"},
)
for document in result["retriever"]["documents"]:
    meta = document.meta
    print(f"{meta['path']}:{meta['start']}-{meta['end']}", meta["source"], meta["published"])
    print(document.content, "\n")
for answer in result["reader"]["answers"]:
    if answer.data is None:
        print("The documents don't answer that.")
    else:
        meta = answer.meta
        print(f"“{answer.data}” {meta['article_id']}:{meta['start']}-{meta['end']}")
