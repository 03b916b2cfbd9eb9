"""The pages of the site, rendered: an article's from the article and what it asks of the shelf, the
lists from the library.

Hrefs are relative, so the files work below any sub-path; only 404.html, which a host shows at any
depth, needs to know the root. No `url_for`: it would be a fifth of the build's time.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.addresses import slug
from wizard.content.article import Article
from wizard.content.library import Library
from wizard.content.policy import Policy
from wizard.content.shelf import Asker, Shelf
from wizard.pages import about, around
from wizard.pages.about import About
from wizard.pages.footer import read_footer
from wizard.pages.headers import policy as content_policy
from wizard.pages.lists import Lists, root_of
from wizard.theme import environment, load_theme
from wizard.theme.templates import trouble


class Site:
    def __init__(self, config: Config, shelf: Shelf, policy: Policy, compiled: Path | None = None) -> None:
        """compiled: a folder that keeps the templates compiled. Raises SetupError."""
        self._wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
        self._config, self._shelf = config, shelf
        self._base = urlsplit(config.address).path.rstrip("/") + "/"
        self._theme = load_theme(config)
        self._footer = read_footer(config, shelf, policy)
        self._questions = around.questions(config, self._wizard)
        self._templates = environment(
            self._theme,
            compiled,
            footer=self._footer,
            wizard=self._wizard,
            policy=content_policy(config),
            has_feed=bool(config.address),
        )
        self.files = self._theme.files

    def article(self, article: Article, ask: Asker, is_guide: bool) -> str:
        """is_guide: false for one whose name another guide has."""
        root, name = root_of(article.address), article.slug
        ask.answers |= self._footer.answers

        def html(marked: str) -> Markup:
            return Markup(marks.on_site(around.with_heading_links(marked), root, self._wizard, name))

        trail = ask("trail", article.path)
        before, following = ask("neighbours", article.path)
        keywords = ask("own_address", "keywords") if article.keywords else ""
        questions, questions_text = self._questions
        return self._render(
            "article",
            root,
            ask("own_address", "a-z"),
            about=about.of_article(article, trail, self._config, ask("source", article.address)),
            article=article,
            trail=trail,
            is_guide=is_guide,
            elsewhere=not self._wizard.startswith("/"),
            html=html,
            contents=around.contents(article),
            attachments=[(one.html, around.attachment_kind(one.html)) for one in article.attachments],
            next=[(one, title) for one in article.next if (title := ask("title", one))],
            before=before,
            following=following,
            keywords=[
                (one, f"{keywords}{slug(one)}/" if ask("has_keyword_page", one) else "") for one in article.keywords
            ],
            questions=questions,
            questions_text=questions_text,
            edit_href=around.edit_href(self._config, article),
        )

    def lists(self, library: Library) -> Iterator[tuple[str, str]]:
        """(address, HTML) of each page that is made of other articles, or of none."""
        yield from Lists(library, self._config, self._render).pages()
        a_z = self._shelf.own_address("a-z") if library.articles else ""
        yield "/404.html", self._render("404", self._base, a_z, about=About("Page not found", is_hidden=True))

    def _render(self, page: str, root: str, a_z: str, **values: object) -> str:
        """a_z: address of all articles; empty where there is none, and so nothing to be found."""
        a_z_href = a_z and root + quote(a_z[1:])
        try:
            template = self._templates.get_template(f"pages/{page}.html")
            return template.render(root=root, search_href=a_z_href, a_z_href=a_z_href, **values)
        except Exception as error:
            if problem := trouble(error, self._theme.templates):
                raise problem from error
            raise
