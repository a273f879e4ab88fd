"""Every sentence of the chat page, in one place: what a translator would change.

Sentences that only the terminal or programs see stand with what they are about, and so does what an
exception says, which all front ends show. Nothing here is escaped: whoever puts it into a page does
that.
"""

from collections.abc import Sequence
from datetime import date

TITLE = "Pullquote"
PROMISE = "Answers are quotes, word for word, from the articles."

# Before the first question
WELCOME = "What would you like to know?"
WELCOME_HINT = (
    "Ask in your own words. You get the sentence that answers, with its date and source, and the "
    "article it stands in. Where the articles don’t answer, you are told so."
)
EXAMPLES = "For example"

# Asking
QUESTION = "Your question"
QUESTION_HINT = "Ask the articles …"
ASK = "Ask"
NEW_CONVERSATION = "New conversation"
CONVERSATION = "Conversation"
WENT_WRONG = "Something went wrong; see the server's log."
SECONDS = "s"  # behind a number, while an answer is worked out

# Answers
LITERALLY = "Take it literally"
ABSTENTION = "The articles don't answer that."
NEAREST = "The passages that come nearest"
NO_DATE = "no date given"

# Narrowing down
NARROW = "Narrow down"
ONLY_THESE = "Only these articles are asked"
PUBLISHED = "Published"
FROM = "from"
UNTIL = "until"
SOURCES = "Sources"
APPLY = "Apply"
ONLY_THIS = "Ask only this article"
EVERYWHERE = "Ask all articles"
NO_DAY = "A day is written 2017-01-31; choose one from the calendar."
FIRST_AFTER_LAST = "The first day is after the last; swap them."

# Taking away
COPY = "Copy"
COPY_MARKDOWN = "Copy as Markdown"
COPIED = "Copied"
SAVE_MARKDOWN = "Save as Markdown"
SAVE_JSON = "Save as JSON"
FILE = "pullquote-conversation"  # the name of what is saved, without its ending

# Judging an answer
RIGHT = "Right"
WRONG = "Wrong"
COMMENT = "Comment (you may leave it out)"
RIGHT_ANSWER = "The right answer, as an article has it (if you know it)"
NOT_THERE = "The articles don’t say"
SEND = "Send"
JUDGED = "Thank you. Your judgement is kept beside the index, and sent to nobody."
FULL = "No more judgements can be kept: feedback.jsonl is full. Move it away."
NOT_KEPT = "Your judgement could not be kept; see the server's log."

# The source panel
SOURCE = "Source"
ORIGINAL = "original"
PREVIOUS = "Previous quote"
NEXT = "Next quote"
CLOSE = "Close the source"
BACK = "Back to the answer"
TEXT = "Text of the article"
QUOTES = "Quotes of the answer"
QUOTES_HERE = "Quoted from this article"
MISSING = "This article is no longer in the index."
CHANGED = "This article has changed since it was quoted."
NO_SUCH_ARTICLE = "There is no such article here. It may have been removed since the link was made."
NO_SUCH_PLACE = "The link points behind the article’s end, so nothing is marked."

# Articles of one's own
ADD_YOUR_OWN = "Add your own articles"
FILES = "Files"
PASTE = "Paste a text"
PASTED_TITLE = "Title"
PASTED_TEXT = "Text"
ADDRESSES = "Addresses, one a line"
ADD = "Add"
NOTHING_OFFERED = "Choose a file, paste a text or give an address first."
BEGINNING = "Beginning"
WAITING_FOR_UPLOAD = "Waiting for another upload"
WAITING_FOR_BUILD = "Waiting for another build of the index"
READING_ALL = "Reading all articles"
EMBEDDING = "Embedding passages"
GROUPING = "Grouping vectors"
NOTHING_TAKEN = "Nothing taken"
LEFT_OUT = "Left out"
THE_INDEX = "The index"
THE_UPLOAD = "The upload"
UPLOAD_WENT_WRONG = "Something went wrong here."
NOT_BUILT = "It could not be built."
LATER = "It is kept, and will be in the index when that is built the next time."
TOO_SLOW_TO_READ = "It takes too long to read, or too much memory; save it as text."


def about_uploads(kinds: Sequence[str], files: int, megabytes: int) -> str:
    """What may be added, and who will see it."""
    return (
        "They become part of the collection, for everybody who asks here. "
        f"Files: {', '.join(kinds)}, up to {files} at once and {megabytes} MB each."
    )


def taking(name: str) -> str:
    """An offer is being looked at."""
    return f"Taking {name}"


def reading(name: str) -> str:
    """A file is being read."""
    return f"Reading {name}"


def done_of(done: int, total: int) -> str:
    """How far a step is."""
    return f"({done:,} of {total:,})"


def taken(articles: int) -> str:
    """How much of what was offered is in the index now."""
    return f"Taken: {counted(articles, 'article')}"


def and_more(number: int) -> str:
    """How many are not listed."""
    return f"… and {number:,} more"


def not_kept(why: str) -> str:
    """The disk refuses a file; `why` are the system's words."""
    return f"It cannot be kept ({why})."


def there_already(name: str) -> str:
    """The text is that of another file."""
    return f"The index has it already, as {name}."


def looking(articles: int) -> str:
    """What is said while an answer is worked out."""
    return f"Looking through {counted(articles, 'article')} …"


def waiting(ahead: int) -> str:
    """What somebody reads whose question waits for its turn."""
    if not ahead:
        return "Many people are asking; your question is next …"
    questions = "1 question is" if ahead == 1 else f"{ahead:,} questions are"
    return f"Many people are asking; {questions} waiting before yours …"


def understood_as(meant: str) -> str:
    """What was asked in place of a question that leans on earlier ones."""
    return f"Understood as: {meant}"


def counted(number: int, thing: str) -> str:
    """A number with its noun: "1 article", "5,091 articles"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def day(published: date | None) -> str:
    """A date as a newspaper writes it: "January 12, 2017"; or words that say there is none."""
    return f"{published:%B} {published.day}, {published.year}" if published else NO_DATE


def span(first: date, last: date) -> str:
    """From a day to a day; one day where they are the same."""
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def confidence(probability: float) -> str:
    """A probability in words that a newcomer can act on."""
    if probability >= 0.8:
        return "very likely right"
    return "likely" if probability >= 0.5 else "uncertain"


def confidence_explained(probability: float) -> str:
    """What stands behind the words."""
    return f"confidence {probability:.2f}"


def said_by(speaker: str) -> str:
    """Who says a quote."""
    return f"said by {speaker}"


def open_source(number: int) -> str:
    """What a citation's number does, for those who cannot see where it stands."""
    return f"Source {number}: open the article at the quote"


def quote_of(number: int, of: int) -> str:
    """Where one is among the quotes of an answer."""
    return f"Quote {number} of {of}"


def same_text(paths: str) -> str:
    """The other files that hold an article's text."""
    return f"The same text is in {paths}."


def chart_of(answers: list[str]) -> str:
    """What a chart shows, for those who cannot see it."""
    return "Which answer the articles give when: " + "; ".join(answers) + "."


def announced(text: str, others: int) -> str:
    """A new answer, read out, and how many more there are."""
    more = f", and {counted(others, 'further answer')}" if others else ""
    return f"Answer: {text}{more}."


def sources_named(names: tuple[str, ...]) -> str:
    """Who published articles, where these are few: "1 source: The Lamp"."""
    return f"{counted(len(names), 'source')}: {', '.join(names)}"


def between(since: date | None, until: date | None) -> str:
    """A range of days of which one may be open."""
    if since and until:
        return span(since, until)
    return f"since {day(since)}" if since else f"until {day(until)}"


def only(title: str) -> str:
    """One article and nothing else."""
    return f"only “{title}”"


def remove(said: str) -> str:
    """What the cross on a chip does."""
    return f"Remove: {said}"


def asked_of(chips: list[str]) -> str:
    """What a question was asked of."""
    return f"Asked of: {', '.join(chips)}"
