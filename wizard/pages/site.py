"""The pages of the site, rendered: an article's from the article and what it asks of the shelf.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemBytecodeCache
from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.article import Article
from wizard.content.shelf import Asker, Named
from wizard.pages import about, around
from wizard.pages.footer import Footer
from wizard.theme import Theme, policy
from wizard.theme.templates import trouble


class Site:
    def __init__(self, config: Config, theme: Theme, footer: Footer, compiled: Path) -> None:
        """compiled: a folder that keeps the templates compiled."""
        self.config, self.theme = config, theme
        self.wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
        self._env = _Environment(autoescape=True, auto_reload=False, bytecode_cache=_kept(compiled))
        values = {"wizard": self.wizard, "policy": policy(config), "has_feed": bool(config.address)}
        theme.furnish(self._env, footer=footer, **values)

    def article(self, article: Article, ask: Asker, is_guide: bool) -> str:
        """is_guide: false for one whose name another guide has. Raises SetupError."""
        root, slug = root_of(article.address), article.slug

        def html(marked: str) -> Markup:
            return Markup(marks.on_site(around.with_heading_links(marked), root, self.wizard, slug))

        trail = ask("trail", article.path)
        before, following = ask("neighbours", article.path)
        questions, questions_text = around.questions(self.config, self.wizard)
        return self.page(
            "article",
            root,
            ask("own_address", "search"),
            ask("own_address", "a-z"),
            about=about.of_article(article, trail, self.config, ask("source", article.address)),
            article=article,
            trail=trail,
            is_guide=is_guide,
            elsewhere=not self.wizard.startswith("/"),
            html=html,
            contents=around.contents(article),
            attachments=[(one.html, around.attachment_kind(one.html)) for one in article.attachments],
            next=[Named(one, title) for one in article.next if (title := ask("title", one))],
            before=before,
            following=following,
            keywords=[(text, ask("keyword_address", text)) for text in article.keywords],
            questions=questions,
            questions_text=questions_text,
            edit_href=around.edit_href(self.config, article),
        )

    def page(self, template: str, root: str, search: str, a_z: str, **values: object) -> str:
        """search, a_z: addresses; empty where there is nothing to be found. Raises SetupError."""
        search_href, a_z_href = (address and root + quote(address[1:]) for address in (search, a_z))
        try:
            return self._env.get_template(f"pages/{template}.html").render(
                root=root, search_href=search_href, a_z_href=a_z_href, **values
            )
        except Exception as error:
            if problem := trouble(error, self.theme.templates):
                raise problem from error
            raise


def _kept(compiled: Path) -> FileSystemBytecodeCache | None:
    """None where it cannot be written: then templates are compiled by each build."""
    try:
        compiled.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(compiled)) if os.access(compiled, os.W_OK) else None


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dictionary: Jinja's own is two in a chain, whose names each page looks up in Python."""
        return {**self.globals, **(d or {})}


def root_of(address: str) -> str:
    """The way from a page to the root: as many steps up as its address is deep."""
    return "../" * (address.count("/") - 1) or "./"
