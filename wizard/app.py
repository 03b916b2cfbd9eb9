"""The live wizard as a WSGI app, wired from settings: `gunicorn "wizard.app:create_app()"`."""

from flask import Flask, g
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from wizard.actions.context import Means
from wizard.actions.index import policy
from wizard.clock import Clock, utc_now
from wizard.config import Config, load
from wizard.content.library import Library
from wizard.db import Database
from wizard.keys import secret_key
from wizard.migrations import require_current
from wizard.pages.build import read_library
from wizard.pages.footer import read_footer
from wizard.providers import open_provider
from wizard.records.logins import Membership
from wizard.records.sessions import LASTS
from wizard.theme import dress, load_theme
from wizard.web import (
    access,
    accounts,
    components,
    credentials,
    forgot,
    guide,
    invitations,
    invoices,
    my_login,
    problems,
    receipts,
    security,
    sign_in,
    site,
    staff,
    staff_mail,
    test_processor,
    tokens,
)
from wizard.web.api import views as api
from wizard.web.htmx import full_path
from wizard.web.means import House, house
from wizard.web.readers import in_readers_locale
from wizard.work.queue import Queue


def create_app(config: Config | None = None, means: Means | None = None, library: Library | None = None) -> Flask:
    """config: by default `wizard.toml` and the environment; means and library: made from it.

    Raises SetupError if the settings are wrong or the database's schema is not this program's.
    """
    config = config or load()
    means = means or make_means(config)
    require_current(means.db)
    library = library or read_library(config)
    for name in library.guides:
        library.guide(name)  # read now: a guide says what it said when the site was built
    app = Flask("wizard", static_folder=None)
    theme = load_theme(config)
    app.extensions["wizard"] = home = House(config, library, means, theme.files)
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)
    app.wsgi_app = in_readers_locale(app.wsgi_app, config.locale)
    app.secret_key = secret_key(config)
    own_address = config.address if config.wizard_url in ("", "/") else config.wizard_url
    app.config.update(PERMANENT_SESSION_LIFETIME=LASTS, SESSION_COOKIE_SECURE=own_address.startswith("https:"))
    dress(app, theme, read_footer(config, library.shelf, policy(config)), site_root=home.site_root, root="/")
    app.context_processor(_about_login)
    for part in (
        sign_in,
        forgot,
        credentials,
        invitations,
        my_login,
        tokens,
        accounts,
        guide,
        invoices,
        receipts,
        staff,
        staff_mail,
        components,
        api,
        site,
    ):
        app.register_blueprint(part.blueprint)
    if config.provider == "embedded":
        app.register_blueprint(test_processor.blueprint)
    access.guard(app)
    security.secure(app)
    problems.answer_problems(app)
    return app


def make_means(config: Config, clock: Clock = utc_now) -> Means:
    db = Database(config.database)
    return Means(db, open_provider(config, db, clock), Queue(db), clock, config.review_days)


def _about_login() -> dict[str, object]:
    """For the head of every page: who is signed in, and whether there is an account to go to."""
    login = g.get("login")
    if "has_accounts" not in g:  # asked once: a page is made of several templates
        g.has_accounts = bool(login) and _has_accounts(login.id)
    return {"login": login, "has_accounts": g.has_accounts, "here": full_path()}


def _has_accounts(login_id: str) -> bool:
    with house().means.db.read() as session:
        return bool(session.scalars(select(Membership).where(Membership.login_id == login_id).limit(1)).first())
