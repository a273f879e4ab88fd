"""Every choice of a training run."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Steps:
    """How a model learns from its pairs; the model card repeats it."""

    seed: int = 7
    batch: int = 32
    steps: int = 1_350  # batches; more pairs may be made than fit into the time
    learning_rate: float = 2.5e-4
    warm_up: float = 0.06
    weight_decay: float = 0.01
    clip: float = 1.0
    checkpoint_every: int = 150  # steps
    # Of the loss, how much is the distance from a teacher's opinion, and how much that is softened
    # (Hinton et al., "Distilling the knowledge in a neural network", arXiv 1503.02531).
    teacher_share: float = 0.0
    temperature: float = 2.0
    ranking: float = 0.0  # weight of the loss that puts a question's right passages first


@dataclass(frozen=True, slots=True)
class TrainingConfig(Steps):
    """What one run learns from, and how; the model card repeats it."""

    # How many question-passage pairs of each kind; a kind with fewer gives all it has.
    answerable: int = 24_000  # SQuAD, the passage that holds the answer
    unanswerable: int = 17_398  # SQuAD 2.0's own unanswerable questions (all at hand)
    swapped: int = 4_000  # answerable questions with a name, number or word exchanged
    # Answerable questions with a window that BM25 finds but that lacks the answer; the first two
    # runs took whole paragraphs.
    retrieved: int = 6_000
    wrong_each: int = 1  # of those, passages for one question
    shifted: int = (
        4_600  # SQuADShifts (new Wikipedia, Reddit, Amazon), four fifths of the paragraphs
    )
    # Questions of SQuADShifts with another paragraph of the same kind.
    shifted_wrong: int = 0
    written: int = 0  # of the questions written for SQuAD's paragraphs, the first so many
    # How often SQuAD's own unanswerable questions, and those written for it, come; and whether
    # their paragraphs are cropped, which may cut off what tempts to answer.
    unanswerable_times: int = 1
    unanswerable_cropped: bool = True
    # Which articles of the news file, from and up to: all their pairs.
    news: tuple[int, int] = (0, 0)
    older_news: int = 0  # pairs of the articles before those
    title_share: float = 0.5  # pairs that show the article's title
    keyword_share: float = 0.0  # questions typed as keywords, as into a search box
    cropped_share: float = (
        0.4  # pairs cut down to a passage of about 100 words, as the index makes them
    )
    lead_share: float = 0.0  # of those, told of what stands before the passage
    longest_passage: int = 224  # tokens; longer ones are cropped around the answer


# The first eight runs of the shipped reader, each from what the one before it gave.
RUNS = {
    "first": TrainingConfig(),
    "second": TrainingConfig(
        seed=8, answerable=26_000, swapped=3_000, shifted=9_000, steps=420, learning_rate=1.5e-4
    ),
    "third": TrainingConfig(
        seed=9,
        answerable=12_000,
        unanswerable=6_000,
        swapped=2_000,
        retrieved=6_000,
        shifted=5_000,
        cropped_share=0.75,
        steps=560,
        learning_rate=1.2e-4,
        checkpoint_every=50,
    ),
    "fourth": TrainingConfig(
        seed=10,
        answerable=65_000,
        swapped=8_000,
        retrieved=12_000,
        shifted=15_000,
        keyword_share=0.06,
        cropped_share=0.6,
        steps=2_500,
        learning_rate=2e-4,
        checkpoint_every=50,
    ),
    "fifth": TrainingConfig(
        seed=11,
        answerable=26_000,
        unanswerable=8_000,
        swapped=3_000,
        retrieved=4_000,
        shifted=5_000,
        news=(0, 311),
        title_share=0.7,
        keyword_share=0.06,
        cropped_share=0.7,
        lead_share=0.15,
        steps=1_300,
        learning_rate=2e-4,
        checkpoint_every=50,
    ),
    "sixth": TrainingConfig(
        seed=12,
        answerable=8_000,
        unanswerable=2_500,
        swapped=1_000,
        retrieved=1_500,
        shifted=2_000,
        news=(0, 559),
        title_share=0.7,
        keyword_share=0.06,
        cropped_share=0.7,
        lead_share=0.15,
        steps=1_450,
        learning_rate=2e-4,
        checkpoint_every=50,
    ),
    "seventh": TrainingConfig(
        seed=13,
        answerable=8_000,
        unanswerable=6_000,
        swapped=1_500,
        retrieved=2_000,
        shifted=2_000,
        news=(559, 939),
        older_news=9_000,
        title_share=0.7,
        keyword_share=0.06,
        cropped_share=0.7,
        lead_share=0.15,
        steps=1_200,
        learning_rate=2e-4,
        checkpoint_every=50,
    ),
    "eighth": TrainingConfig(
        seed=14,
        answerable=2_500,
        unanswerable=2_000,
        swapped=500,
        retrieved=500,
        shifted=600,
        news=(939, 1284),
        older_news=3_000,
        title_share=0.7,
        keyword_share=0.06,
        cropped_share=0.7,
        lead_share=0.15,
        steps=600,
        learning_rate=1.5e-4,
        checkpoint_every=50,
    ),
    # Not one of them: SQuAD and nothing else, to see beside it what the other text brings.
    "squad": TrainingConfig(
        seed=23,
        answerable=87_599,
        swapped=16_000,
        retrieved=20_000,
        shifted=0,
        cropped_share=0.65,
        batch=256,
        steps=700,
        learning_rate=3e-4,
        checkpoint_every=1_000,
    ),
}


@dataclass(frozen=True, slots=True)
class Distillation:
    """A run in which a larger model learns from all pairs, and readers from them and from it."""

    pairs: TrainingConfig
    teacher: Steps
    students: dict[int, Steps]  # by their number of layers


HELD_OUT = TrainingConfig(seed=16, title_share=1.0)
_NINTH = TrainingConfig(
    seed=15,
    answerable=87_599,
    unanswerable=17_398,
    swapped=16_000,
    retrieved=90_000,
    wrong_each=3,
    shifted=22_000,
    news=(0, 1_736),
    title_share=0.7,
    keyword_share=0.06,
    cropped_share=0.65,
    lead_share=0.1,
)
_TEACHER = Steps(
    seed=17,
    batch=128,
    steps=3_400,
    learning_rate=6e-5,
    warm_up=0.08,
    ranking=0.3,
    checkpoint_every=10_000,
)
_STUDENT = Steps(
    seed=18,
    batch=256,
    steps=3_200,
    learning_rate=2e-4,
    teacher_share=0.7,
    ranking=0.3,
    checkpoint_every=1_600,
)
DISTILLATIONS = {
    "ninth": Distillation(_NINTH, _TEACHER, {12: _STUDENT}),
    "tenth": Distillation(
        replace(
            _NINTH,
            seed=20,
            news=(0, 1_853),
            shifted_wrong=14_000,
            written=13_912,
            unanswerable_times=2,
            unanswerable_cropped=False,
        ),
        replace(_TEACHER, seed=21, steps=3_200),
        {
            12: replace(_STUDENT, seed=22, steps=4_000, ranking=0.5),
            6: replace(_STUDENT, seed=19, steps=1_700, learning_rate=3e-4, ranking=0.5),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class SkimTraining(Steps):
    """How a skim learns; a batch is one question with the passages that are found for it."""

    titles: tuple[int, ...] = (60, 600)  # of SQuAD and of the news, how many are searched
    questions: int = 700  # of each file, about those articles
    passages: int = 20
    passes: int = 2  # over all questions
    learning_rate_of_guess: float = 2e-3  # of the three numbers; the layer is nearly there
    guessing: float = 0.3  # weight of the distance from the reader's start and end
    tolerance: float = 2.0  # logits from which an error of the estimate counts linearly


SKIM = SkimTraining(seed=24, learning_rate=1.5e-4, warm_up=0.04, weight_decay=0.0, clip=5.0)
