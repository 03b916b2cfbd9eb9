"""Settings: what is wrong is refused at start, with its name and the nearest right one."""

from pathlib import Path

import pytest

from tests.helpers.shared import ROOT
from wizard.actions.index import policy
from wizard.config import ActionSettings, Claim, Config, load
from wizard.db import Database
from wizard.errors import SetupError
from wizard.mail_settings import MailSettings
from wizard.providers import open_provider


def written(folder: Path, text: str) -> Path:
    path = folder / "wizard.toml"
    path.write_text(text)
    return path


def test_without_a_file_there_are_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(None, {})
    assert (config.site_name, config.wizard_url, config.provider, config.review_days) == (
        "Knowledge base",
        "",
        "embedded",
        2,
    )


def test_our_own_settings_are_right() -> None:
    config = load(ROOT / "wizard.toml", {})
    assert config.wizard_url == "/" and config.articles == ROOT / "articles"
    assert policy(config).actions["delete-services"].live


WRONG = {
    "an unknown setting": ('site_nme = "X"', "site_nme is not a setting; did you mean site_name?"),
    "a setting of the wrong kind": ("review_days = true", "review_days is True (give a whole number)"),
    "a number out of range": ("review_days = 99", "review_days is 99 (give 0 to 30 days)"),
    "an address that is none": ('address = "help.example"', "write https://host/"),
    "a wizard's address that is none": ('wizard_url = "guide"', "write / or https://host/"),
    "a database of an unknown kind": ('database_url = "mysql://x"', "neither sqlite:/// nor postgresql://"),
    "a password in the file": ('database_url = "postgresql://u:p@h/d"', "WIZARD_DATABASE_URL in the environment"),
    "a password in the query": ('database_url = "postgresql://u@h/d?password=p"', "holds a password"),
    "an address with a query": ('address = "https://help.example/?x"', "write https://host/"),
    "an address without a host": ('address = "https://"', "write https://host/"),
    "an address that cannot be taken apart": ('address = "https://[::1/"', "write https://host/"),
    "a number of proxies": ("proxies = -1", "give how many stand before the wizard"),
    "a deletion in the past": ("[provider]\ndeletion_seconds = -5", "deletion_seconds is -5.0 (give 0 or more)"),
    "a theme that is not there": ('theme = "thme"', "thme', which is no folder"),
    "a secret in the file": ('secret_key = "x"', "WIZARD_SECRET_KEY in the environment"),
    "a text where a table is": ('provider = "embedded"', "provider is 'embedded' (give a table)"),
    "an unknown setting of an action": (
        '[actions.usage-history]\nportal = "x"',
        "portal is not a setting; did you mean portal_url?",
    ),
    "an action that there is not": ("[actions.usage-histroy]\nenabled = false", "did you mean usage-history?"),
    "a claim without an action": ('[[claims]]\nlink = "https://x"', "claims[1]: action is missing"),
    "a claim that changes something everywhere": (
        '[[claims]]\nlink = "https://x"\naction = "delete-services"',
        'articles = ["closing-*"]',
    ),
    "a locale of another language": ('locale = "de_DE"', "locale is 'de_DE'; did you mean en_DE?"),
    "a locale in the web's form": ('locale = "en-GB"', "locale is 'en-GB'; did you mean en_GB?"),
    "a locale of nowhere": ('locale = "/etc/passwd"', "locale is '/etc/passwd'."),
    "a colour that is none": ('accent = "green"', "write a colour as #14594d"),
    "a contact that is none": ('contact = "help"', "write https://... or mailto:..."),
    "a place to edit that is none": ('repo_url = "git@forge"', "repo_url is 'git@forge'"),
    "a host with a path": ('video_hosts = ["https://x.example/v"]', "write a host alone"),
    "synonyms in one list": ('synonyms = ["cancel", 3]', "synonyms[2] is 3 (give a list of texts)"),
    "a pattern that is no text": ("[ignore]\norphan = [3]", "ignore.orphan is [3] (give a list of texts)"),
    "an unknown provider": ('[provider]\nname = "embeded"', "did you mean embedded?"),
    "an unknown setting of the provider": ("[provider]\ndeletion_second = 3", "did you mean deletion_seconds?"),
    "a mail's password in the file": ('[mail]\npassword = "x"', "WIZARD_MAIL_PASSWORD in the environment"),
    "an unknown setting of mail": ('[mail]\nsecurty = "tls"', "mail: securty is not a setting; did you mean security?"),
    "a text where the table of mail is": ('mail = "smtp.example"', "mail is 'smtp.example' (give a table)"),
    "a mail server with its port": ('[mail]\nhost = "smtp.example/25"', "write the name alone"),
    "a port that is none": ("[mail]\nport = 70000", "port is 70000 (give 1 to 65535)"),
    "an unknown security": ('[mail]\nsecurity = "ssl"', "security is 'ssl' (write starttls, tls, none)"),
    "a sender that is none": ('[mail]\nsender = "a@b\\nBcc: c@d"', "write an address, such as help@example.com"),
    "mail from nobody": ('[mail]\nhost = "smtp.example"', "sender is missing (give the address that mails are from)"),
    "a username alone": ('[mail]\nusername = "kb"', "username and WIZARD_MAIL_PASSWORD belong together"),
    "mail whose links would lead nowhere": (
        'wizard_url = "/"\n[mail]\nhost = "smtp.example"\nsender = "a@b.example"',
        "address is missing (links in mails begin with it; write https://host/)",
    ),
    "not TOML": ("site_name = ", "is not TOML"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SetupError) as refused:
        config = load(written(tmp_path, text), {})
        policy(config)
        db = Database(f"sqlite:///{tmp_path}/x.db")
        try:
            open_provider(config, db, lambda: None)
        finally:
            db.close()
    assert message in str(refused.value)


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "wizard.toml").write_bytes(b"site_name = '\xff'")
    with pytest.raises(SetupError, match="is not UTF-8"):
        load(tmp_path / "wizard.toml", {})
    with pytest.raises(SetupError, match="cannot be read"):
        load(tmp_path, {})


@pytest.mark.parametrize("text", ['provider = "x"', 'actions = "x"', "[actions]\nusage-history = 3"])
def test_a_table_that_is_none_stays_wrong_whatever_the_environment_adds(tmp_path: Path, text: str) -> None:
    environ = {"WIZARD_PROVIDER_NAME": "embedded", "WIZARD_ACTIONS_USAGE_HISTORY_ENABLED": "true"}
    with pytest.raises(SetupError, match="give a table"):
        load(written(tmp_path, text), environ)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as refused:
        load(written(tmp_path, 'site_nme = "X"\nreview_days = "two"\n'), {"WIZARD_ADRESS": "x"})
    assert len(str(refused.value).splitlines()) == 3
    assert "WIZARD_ADRESS: is not a setting; did you mean WIZARD_ADDRESS?" in str(refused.value)


def test_every_setting_can_come_from_the_environment_and_it_wins(tmp_path: Path) -> None:
    environ = {
        "WIZARD_SITE_NAME": "From outside",
        "WIZARD_ADDRESS": "https://help.example/kb/",
        "WIZARD_WIZARD_URL": "/",
        "WIZARD_CONTACT": "mailto:help@example.com",
        "WIZARD_REPO_URL": "https://forge.example/docs/edit/main/",
        "WIZARD_LOGO": "logo.svg",
        "WIZARD_ACCENT": "#123456",
        "WIZARD_FOOTER": "Northpier",
        "WIZARD_THEME": "look",
        "WIZARD_VIDEO_HOSTS": "player.vimeo.com",
        "WIZARD_SYNONYMS": '[["cancel", "close"]]',
        "WIZARD_IGNORE": '{"orphan": "drafts/*"}',
        "WIZARD_ARTICLES": "/somewhere",
        "WIZARD_OUT": "out",
        "WIZARD_DATA": "/data",
        "WIZARD_DATABASE_URL": "postgres://u:p@h/d",
        "WIZARD_PROXIES": "1",
        "WIZARD_REVIEW_DAYS": "5",
        "WIZARD_SECRET_KEY": "s",
        "WIZARD_PROVIDER_NAME": "embedded",
        "WIZARD_PROVIDER_DELETION_SECONDS": "1.5",
        "WIZARD_ACTIONS_USAGE_HISTORY_PORTAL_URL": "https://portal.example/usage",
        "WIZARD_ACTIONS_DELETE_SERVICES_ENABLED": "false",
        "WIZARD_MAIL_HOST": "smtp.example",
        "WIZARD_MAIL_PORT": "2525",
        "WIZARD_MAIL_SECURITY": "tls",
        "WIZARD_MAIL_USERNAME": "kb",
        "WIZARD_MAIL_PASSWORD": "67890",
        "WIZARD_MAIL_SENDER": "help@northpier.example",
        "WIZARD_CLAIMS": '[{"link": "https://x", "action": "usage-history"}]',
        "HOME": "/root",
    }
    (tmp_path / "look").mkdir()
    config = load(written(tmp_path, 'site_name = "From the file"\n'), environ)
    assert config == Config(
        site_name="From outside",
        address="https://help.example/kb/",
        wizard_url="/",
        contact="mailto:help@example.com",
        repo_url="https://forge.example/docs/edit/main/",
        logo=tmp_path / "logo.svg",
        accent="#123456",
        footer="Northpier",
        theme=tmp_path / "look",
        video_hosts=("player.vimeo.com",),
        synonyms=(("cancel", "close"),),
        ignore={"orphan": ("drafts/*",)},
        articles=Path("/somewhere"),
        out=tmp_path / "out",
        data=Path("/data"),
        database_url="postgres://u:p@h/d",
        proxies=1,
        review_days=5,
        provider="embedded",
        provider_settings={"deletion_seconds": "1.5"},
        actions={
            "usage-history": ActionSettings("https://portal.example/usage"),
            "delete-services": ActionSettings(enabled=False),
        },
        claims=(Claim("https://x", "usage-history"),),
        mail=MailSettings("smtp.example", 2525, "tls", "kb", "help@northpier.example", "67890"),
        secret_key="s",
        folder=tmp_path,
    )
    assert "67890" not in repr(config)
    assert config.database == "postgresql+psycopg://u:p@h/d"


PASSWORD_IN_CLEAR = {
    "WIZARD_MAIL_HOST": "smtp.example",
    "WIZARD_MAIL_SECURITY": "none",
    "WIZARD_MAIL_SENDER": "a@b.example",
    "WIZARD_MAIL_USERNAME": "kb",
    "WIZARD_MAIL_PASSWORD": "pä55w0rd",
    "WIZARD_ADDRESS": "https://help.example/",
}


def test_a_password_for_the_mail_server_is_never_sent_in_clear_and_never_told() -> None:
    with pytest.raises(SetupError) as refused:
        load(ROOT / "wizard.toml", PASSWORD_IN_CLEAR)
    assert "everybody could read the password" in str(refused.value) and "use ASCII" in str(refused.value)
    assert "pä55w0rd" not in str(refused.value)
    load(ROOT / "wizard.toml", PASSWORD_IN_CLEAR | {"WIZARD_MAIL_HOST": "localhost", "WIZARD_MAIL_PASSWORD": "x"})


@pytest.mark.parametrize(
    ("wizard_url", "address", "where"),
    [
        ("https://my.example", "https://help.example/kb/", "https://my.example/"),
        ("https://my.example/help/", "", "https://my.example/help/"),
        ("/", "https://help.example:8443/kb/", "https://help.example:8443/"),
        ("", "https://help.example/kb/", "https://help.example/"),
        ("/", "", ""),
    ],
)
def test_links_in_mails_lead_to_the_wizard(wizard_url: str, address: str, where: str) -> None:
    assert Config(wizard_url=wizard_url, address=address).wizard_address == where


def test_the_port_of_the_mail_server_is_the_usual_one_of_its_security() -> None:
    ports = {security: MailSettings(security=security).port_used for security in ("starttls", "tls", "none")}
    assert ports == {"starttls": 587, "tls": 465, "none": 25} and MailSettings(port=2525).port_used == 2525


def test_a_file_in_the_place_of_the_theme_is_told(tmp_path: Path) -> None:
    (tmp_path / "theme").write_text("")
    with pytest.raises(SetupError, match="which is no folder"):
        load(written(tmp_path, ""), {})


def test_every_setting_is_told_of_in_the_readme() -> None:
    from dataclasses import fields

    readme = (ROOT / "README.md").read_text()
    names = {field.name for field in fields(Config)} - {"provider_settings", "provider", "folder"}
    missing = {
        name for name in names if f"`{name}`" not in readme and f"`[{name}" not in readme and f"`[[{name}" not in readme
    }
    assert not missing
