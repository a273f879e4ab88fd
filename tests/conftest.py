"""What the tests share."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).parent))

# How long an example takes says more of the machine than of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

ROOT = Path(__file__).parents[1]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder of three small articles of two years, one of them undated."""
    return write_articles(tmp_path / "articles")


def write_articles(folder: Path) -> Path:
    """Fill a new folder with them."""
    folder.mkdir()
    (folder / "bridge-2015.md").write_text(
        "---\ntitle: Bridge reopens\nsource: The Ferry\npublished: 2015-05-02\n---\n"
        "The bridge over the Lea reopened on Saturday. Mayor Ann Olufsen cut the ribbon. "
        "Repairs had cost $2 million.\n",
        encoding="utf-8",
    )
    (folder / "bridge-2021.md").write_text(
        "---\ntitle: Bridge closes again\nsource: The Lamp\npublished: 2021-11-20\n---\n"
        "The bridge over the Lea closed on Monday because a pier is sinking. "
        "Mayor Ben Adeyemi said the river had washed out its bed. "
        "“We will mend it,” Adeyemi said.\n",
        encoding="utf-8",
    )
    (folder / "market.txt").write_text(
        "The fish market moves to the old depot. Forty stalls have been let. "
        "The council expects it to open in spring.\n",
        encoding="utf-8",
    )
    return folder
