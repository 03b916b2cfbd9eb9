"""Settings: `wizard.toml` and the environment become one frozen Config, or a SetupError.

Each setting `name` may also be given as `WIZARD_NAME`; the environment wins. Inside a table
the table's name comes between: `WIZARD_PROVIDER_NAME`, `WIZARD_ACTIONS_USAGE_HISTORY_PORTAL_URL`;
`WIZARD_CLAIMS`, `WIZARD_SYNONYMS` and `WIZARD_IGNORE` are JSON. Secrets come from the environment only. Relative paths in the
file are relative to the file.
"""

import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wizard.errors import SetupError
from wizard.locales import HOUSE, known
from wizard.mail_settings import MailSettings
from wizard.tables import expect, nearest, read_fields, sub_table

PREFIX = "WIZARD_"
WORKER = "worker-1"
"""Name of a worker that is told none: `wizard serve` and `wizard worker` go on with each other's work."""
_SECRETS = {"secret_key"}
_TABLES = {"provider", "actions", "claims", "mail"}
_JSON = {"claims", "synonyms", "ignore"}
"""Settings that are lists or tables; the environment gives them as JSON."""
_FOLDERS = ("articles", "out", "data", "theme")


@dataclass(frozen=True, slots=True)
class Claim:
    """An ordinary link that becomes an action's link."""

    link: str
    """The link as the articles write it, `mailto:` included."""
    action: str
    articles: tuple[str, ...] = ()
    """Patterns of slugs or paths (`closing-*`). Empty means every article: read-only actions only."""


@dataclass(frozen=True, slots=True)
class ActionSettings:
    portal_url: str = ""
    """Where the provider's own portal does this; used where no wizard is."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    site_name: str = "Knowledge base"
    address: str = ""
    """Public address of the site, with its sub-path: `https://help.example/kb/`. Empty: the root of any host."""
    wizard_url: str = ""
    """Where the live wizard answers: `/` on the same host, or its address. Empty: there is none."""
    contact: str = ""
    """Where readers with more questions go: an address or `mailto:`. Empty: the wizard, if there is one."""
    repo_url: str = ""
    """Where an article can be edited, to which its path is added: `https://forge.example/docs/edit/main/articles/`."""
    logo: Path | None = None
    """An image that stands before the site's name."""
    accent: str = ""
    """The accent colour, `#14594d`. Empty: our own."""
    footer: str = ""
    """Foot of every page, in Markdown. Empty: the site's name."""
    theme: Path = Path("theme")
    """Folder with `templates/` that replace ours, and `*.css` that come after ours."""
    video_hosts: tuple[str, ...] = ()
    """Hosts whose videos may be framed in articles; others become links."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Words that the search takes for one another."""
    ignore: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Code of a finding -> patterns of paths where it is not told."""
    articles: Path = Path("articles")
    out: Path = Path("site")
    data: Path = Path("data")
    """Folder of the SQLite database, the generated session key and the outbox."""
    database_url: str = ""
    """`postgresql://...` or `sqlite:///...`. Empty: SQLite in `data`."""
    locale: str = HOUSE
    """In whose form dates, times, sums and numbers are written on static pages, and wherever a reader's
    browser names no region: `en_GB`. `en` is our own form."""
    proxies: int = 0
    """Proxies before the wizard whose word on the reader's address and protocol is taken."""
    review_days: int = 2
    """Days in which accounting reviews a closure request; charges of one at once never outlast them."""
    provider: str = "embedded"
    provider_settings: Mapping[str, Any] = field(default_factory=dict)
    actions: Mapping[str, ActionSettings] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    mail: MailSettings = MailSettings()
    folder: Path = Path()
    """Where `wizard.toml` lies; no setting."""
    secret_key: str = ""
    """Signs sessions. Empty: `wizard serve` keeps one of its own in `data`."""

    @property
    def database(self) -> str:
        """The database's address as SQLAlchemy takes it."""
        if not self.database_url:
            return f"sqlite:///{self.data.resolve() / 'wizard.db'}"
        return re.sub(r"^postgres(ql)?(?=://)", "postgresql+psycopg", self.database_url)

    @property
    def wizard_address(self) -> str:
        """Where the wizard answers for somebody who reads a mail, ending in `/`; empty where the settings do not tell."""
        if self.wizard_url not in ("", "/"):
            return f"{self.wizard_url.rstrip('/')}/"
        site = urlsplit(self.address)
        return f"{site.scheme}://{site.netloc}/" if self.address else ""


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """Read `path` (default: `wizard.toml` here, if there is one) and the environment.

    Raises SetupError naming every wrong or unknown setting and the nearest right one.
    """
    environ = os.environ if environ is None else environ
    by_default = path is None
    path = path or Path("wizard.toml")
    try:
        text = "" if by_default and not path.exists() else path.read_text("utf-8-sig")
    except OSError as error:
        raise SetupError(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{path}: is not UTF-8 (save the file as UTF-8).") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path}: is not TOML: {error}.") from error
    for secret in _SECRETS & raw.keys():
        raise SetupError(f"{path}: {secret} is a secret (give it as {PREFIX}{secret.upper()} in the environment).")
    if isinstance(raw.get("mail"), dict) and "password" in raw["mail"]:
        raise SetupError(f"{path}: mail.password is a secret (give it as WIZARD_MAIL_PASSWORD in the environment).")
    if _has_password(str(raw.get("database_url", ""))):
        raise SetupError(f"{path}: database_url holds a password (give it as WIZARD_DATABASE_URL in the environment).")
    problems: list[str] = []
    _add_environment(raw, environ, problems)
    config = _read_config(raw, str(path), path.parent, problems)
    if problems:
        raise SetupError("\n".join(problems))
    return config


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.password) or "password" in parse_qs(parts.query)


def _read_config(raw: dict[str, Any], where: str, folder: Path, problems: list[str]) -> Config:
    flat = {name: value for name, value in raw.items() if name not in _TABLES}
    known = {f.name for f in fields(Config)} - {"provider_settings", "folder"} - _TABLES
    values = read_fields(Config, flat, where, problems, known=known | _TABLES)
    for name in _FOLDERS:
        values[name] = folder / values.get(name, getattr(Config(), name))
    if not values["theme"].is_dir() and ("theme" in flat or values["theme"].exists()):
        problems.append(f"{where}: theme is {str(values['theme'])!r}, which is no folder.")
    if "logo" in values:
        values["logo"] = folder / values["logo"]
    values["folder"] = folder
    provider = dict(expect(raw.get("provider", {}), dict, f"{where}: provider", problems) or {})
    values["provider"] = str(provider.pop("name", "embedded"))
    values["provider_settings"] = provider
    values["actions"] = {
        name: sub_table(ActionSettings, table, f"{where}: actions.{name}", problems)
        for name, table in (expect(raw.get("actions", {}), dict, f"{where}: actions", problems) or {}).items()
    }
    claims = expect(raw.get("claims", []), list, f"{where}: claims", problems) or []
    values["claims"] = tuple(
        sub_table(Claim, table, f"{where}: claims[{number}]", problems) for number, table in enumerate(claims, 1)
    )
    values["mail"] = sub_table(MailSettings, raw.get("mail", {}), f"{where}: mail", problems) or MailSettings()
    config = Config(**values)
    _check_values(config, where, problems)
    return config


def is_address(text: str) -> bool:
    """`https://host/path/`, or nothing."""
    try:
        parts = urlsplit(text)
        return not text or (
            bool(re.fullmatch(r"https?://[^\s?#]+", text)) and bool(parts.hostname) and (parts.port or 1) > 0
        )
    except ValueError:
        return False


def _check_values(config: Config, where: str, problems: list[str]) -> None:
    if not is_address(config.address):
        problems.append(f"{where}: address is {config.address!r} (write https://host/ or leave it empty).")
    if config.wizard_url != "/" and not is_address(config.wizard_url):
        problems.append(f"{where}: wizard_url is {config.wizard_url!r} (write / or https://host/).")
    if config.database_url and not re.match(r"sqlite:///|postgres(ql)?(\+psycopg)?://", config.database_url):
        problems.append(f"{where}: database_url begins with neither sqlite:/// nor postgresql://.")
    if not 0 <= config.review_days <= 30:
        problems.append(f"{where}: review_days is {config.review_days} (give 0 to 30 days).")
    if not 0 <= config.proxies <= 9:
        problems.append(f"{where}: proxies is {config.proxies} (give how many stand before the wizard).")
    if config.locale != HOUSE and config.locale not in (locales := known()):
        problems.append(f"{where}: locale is {config.locale!r}{nearest(config.locale, [HOUSE, *locales])}")
    if config.accent and not re.fullmatch("#[0-9a-fA-F]{6}", config.accent):
        problems.append(f"{where}: accent is {config.accent!r} (write a colour as #14594d).")
    if config.contact and not config.contact.startswith("mailto:") and not is_address(config.contact):
        problems.append(f"{where}: contact is {config.contact!r} (write https://... or mailto:...).")
    if not is_address(config.repo_url):
        problems.append(f"{where}: repo_url is {config.repo_url!r} (write https://... or leave it empty).")
    for host in config.video_hosts:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", host):
            problems.append(f"{where}: video_hosts has {host!r} (write a host alone, such as player.vimeo.com).")
    config.mail.check(f"{where}: mail", problems)
    if config.mail.host and not config.address and config.wizard_url in ("", "/"):
        problems.append(f"{where}: address is missing (links in mails begin with it; write https://host/).")
    for name, action in config.actions.items():
        if isinstance(action, ActionSettings) and not re.match(r"(https?://|mailto:|/|$)", action.portal_url):
            problems.append(f"{where}: actions.{name}.portal_url is {action.portal_url!r} (write https://...).")


def _add_environment(raw: dict[str, Any], environ: Mapping[str, str], problems: list[str]) -> None:
    flat = {f.name for f in fields(Config)} - {"provider_settings", "folder"} - _TABLES
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        name, value = variable.removeprefix(PREFIX).lower(), environ[variable]
        if name in flat - _JSON:
            raw[name] = value
        elif name in _JSON:
            try:
                raw[name] = json.loads(value)
            except ValueError as error:
                problems.append(f"{variable}: is not JSON: {error}.")
        elif match := re.fullmatch("(provider|mail)_(.+)", name):
            _put(raw, (match[1], match[2]), value)
        elif match := re.fullmatch(r"actions_(.+)_(portal_url|enabled)", name):
            _put(raw, ("actions", match[1].replace("_", "-"), match[2]), value)
        else:
            right = nearest(variable, [PREFIX + known.upper() for known in flat | _JSON])
            problems.append(f"{variable}: is not a setting{right}")


def _put(raw: dict[str, Any], names: tuple[str, ...], value: str) -> None:
    """Into the table below these names; where the file has no table there, that is said elsewhere."""
    table = raw
    for name in names[:-1]:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            return
    table[names[-1]] = value
