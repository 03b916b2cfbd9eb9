"""`wizard new`: an article with its front matter and headings, for its author to fill."""

from datetime import date
from pathlib import Path

import yaml

from wizard.content.addresses import RESERVED, WIZARD, article_address, slug
from wizard.errors import SetupError

TEMPLATE = Path(__file__).with_name("article.md")


def new_article(articles: Path, title: str, category: str, today: date) -> Path:
    """Write the article into `articles`, below the folder of `category`, and return its path.

    category: names of folders with `/` between them, as they stand or as their addresses say;
    one that is not there is made. Raises SetupError.
    """
    title = " ".join(title.split())
    name = slug(title)
    if not title.isascii() and title != title.encode(errors="ignore").decode():
        raise SetupError(f"the title {title!r} is not UTF-8 (write it again).")
    if name == "-":
        raise SetupError(f"the title {title!r} has no letter or digit to name a file after (give it some words).")
    path = _folder(articles, category) / f"{name}.md"
    address = article_address(path.relative_to(articles).as_posix())
    if address.split("/")[1] in RESERVED | WIZARD:
        raise SetupError(f"{path}: its address {address} belongs to the wizard (give another title or category).")
    values = {"title": yaml.safe_dump(title, allow_unicode=True, width=10_000).removesuffix("...\n").strip()}
    text = TEMPLATE.read_text("utf-8").format(date=today.isoformat(), **values)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise SetupError(
            f"{error.filename or path}: is there already, and stays as it is (give another title)."
        ) from error
    except OSError as error:
        raise SetupError(f"{path}: cannot be written ({error.strerror}).") from error
    return path


def _folder(articles: Path, category: str) -> Path:
    folder = articles
    for name in filter(None, category.split("/")):
        if name.startswith(".") or "\\" in name or name != name.strip() or not name.isprintable():
            raise SetupError(
                f"--in {category}: {name!r} is no name for a category (write words, with / between folders)."
            )
        there = sorted(one.name for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
        folder /= next((one for one in there if not one.startswith(".") and slug(one) == slug(name)), name)
    return folder
