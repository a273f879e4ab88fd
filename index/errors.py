"""Everything that can go wrong, in one tree. Each message says what is wrong and what to do."""


class PullquoteError(Exception):
    """Base of all errors that a user can mend; its text is a sentence or two for that user."""


class SourceError(PullquoteError):
    """The folder or file of articles cannot be used."""


class ArticleError(PullquoteError):
    """One article cannot be read; the others can."""


class IndexMissingError(PullquoteError):
    """There is no index where one was asked for."""


class IndexMismatchError(PullquoteError):
    """The index was made by another format version or another encoder."""


class IndexDamagedError(PullquoteError):
    """The index is incomplete or its files do not fit together."""


class IndexBusyError(PullquoteError):
    """Another build is writing to the index."""


class IndexUnreachableError(PullquoteError):
    """The index is in Milvus, and Milvus does not do what it is asked."""


class ModelError(PullquoteError):
    """A model's files are missing, or are not the ones that were shipped."""


class ClosedError(PullquoteError):
    """It has been closed; open it again."""


class QuestionError(PullquoteError):
    """The question cannot be asked: it is empty or far too long."""


class ExtraMissingError(PullquoteError):
    """A package is missing that an extra brings; the text names the command that installs it."""
