"""The commands that write articles: `wizard init`, `wizard new` and `wizard import`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from wizard.clock import utc_now
from wizard.config import Config


def add_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    add_folder: Callable[[argparse.ArgumentParser], None],
    settings: Callable[[argparse.Namespace], Config],
) -> None:
    """add_folder: gives a command the arguments that say which folder of articles is meant, from
    which `settings` then makes the settings."""
    init = commands.add_parser(
        "init",
        help="write a small project of your own",
        description="Write settings, two articles and a README into a new folder: a project that builds as it is, "
        "to change piece by piece. A folder that is not empty is left alone.",
    )
    init.add_argument("folder", type=Path, metavar="DIR", help="the new folder")
    init.set_defaults(run=_run_init)

    new = commands.add_parser(
        "new",
        help="begin an article",
        description="Write an article with its front matter, its headings and a word on what belongs under each, "
        "and print its path. What is there already stays as it is.",
    )
    new.add_argument("title", metavar="TITLE", help="the article's title; its file is named after it")
    new.add_argument(
        "--in", dest="category", default="", metavar="CATEGORY", help="folder to put it in, such as billing/invoices"
    )
    add_folder(new)
    new.set_defaults(run=lambda options: _run_new(options, settings(options)))

    take = commands.add_parser(
        "import",
        help="take over the articles of another system",
        description="Write the articles of a Zendesk help center as Markdown with front matter. EXPORT.json is what "
        "its API answers for the list of articles, best with include=sections,categories,users; several pages stand "
        "in one list. Drafts are left out. A file that is there already is never changed. Exits with 1 if something "
        "had to be left out.",
    )
    take.add_argument("system", choices=["zendesk"], metavar="zendesk", help="where the articles come from")
    take.add_argument("export", type=Path, metavar="EXPORT.json", help="the help center's list of articles")
    take.add_argument(
        "--fetch-images", action="store_true", help="save the images beside the articles (default: link to them)"
    )
    add_folder(take)
    take.set_defaults(run=lambda options: _run_import(options, settings(options)))


def _run_init(options: argparse.Namespace) -> int:
    from wizard.starter.init import init_project

    for path in init_project(options.folder):
        print(options.folder / path)
    print(f"Now: cd {options.folder} && wizard serve --demo")
    return 0


def _run_new(options: argparse.Namespace, config: Config) -> int:
    from wizard.starter.new import new_article

    print(new_article(config.articles, options.title, options.category, utc_now().date()))
    return 0


def _run_import(options: argparse.Namespace, config: Config) -> int:
    from wizard.importing.zendesk import run

    return 0 if run(options.export, config.articles, options.fetch_images) else 1
