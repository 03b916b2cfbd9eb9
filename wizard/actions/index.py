"""The actions by name, in the order of a closing account. Names are public: articles use them.

Light on purpose: building the site reads this table without loading what the actions need.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from wizard.account.roles import Role
from wizard.config import Config
from wizard.content.addresses import RESERVED, WIZARD
from wizard.content.policy import ActionRule, Policy
from wizard.errors import SetupError
from wizard.tables import nearest

if TYPE_CHECKING:
    from wizard.actions.action import Action


@dataclass(frozen=True, slots=True)
class Info:
    name: str
    title: str
    about: str
    """What it is for, in a sentence."""
    role: Role = Role.VIEWER
    """The least role that may do it; every role may look."""
    changes: bool = False
    """It changes something, so a claim on ordinary links must name its articles."""


INDEX = {
    info.name: info
    for info in (
        Info("sign-in", "Sign in", "Who you are here, and your role on the account."),
        Info("usage-history", "Usage history", "What each service has cost, month by month."),
        Info("my-services", "My services", "Everything on the account: what is billed, and what is not."),
        Info(
            "retrieve-data",
            "Retrieve your data",
            "What data each service holds, how to get it, and whether you have your copy.",
            Role.BILLING_MANAGER,
            changes=True,
        ),
        Info(
            "change-services",
            "Change services",
            "Give the new totals, see what they cost, and order.",
            Role.BILLING_MANAGER,
            changes=True,
        ),
        Info(
            "delete-services",
            "Delete services",
            "Delete the billed services that you choose, one by one.",
            Role.ACCOUNT_ADMINISTRATOR,
            changes=True,
        ),
        Info("final-invoice", "Final invoice", "What you will still be charged, if you close now or later."),
        Info(
            "update-payment-method",
            "Update payment method",
            "Which card is charged and until when it is valid; add another, or choose which one is used.",
            Role.BILLING_MANAGER,
            changes=True,
        ),
        Info(
            "request-closure",
            "Request closure",
            "End the account, or one of its packages, with a receipt at once.",
            Role.ACCOUNT_ADMINISTRATOR,
            changes=True,
        ),
        Info(
            "members",
            "Members and contacts",
            "Who may see and change the account, and who gets its invoices.",
            Role.ACCOUNT_ADMINISTRATOR,
            changes=True,
        ),
        Info(
            "submit-request", "Ask the support team", "Write to the support team and keep the reference.", changes=True
        ),
    )
}


def load(name: str) -> "Action":
    """The action of this name. Raises KeyError."""
    return import_module(f"wizard.actions.{INDEX[name].name.replace('-', '_')}").action


def enabled(config: Config) -> list[Info]:
    """The actions that the settings leave on, in order."""
    return [info for info in INDEX.values() if name_is_on(config, info.name)]


def name_is_on(config: Config, name: str) -> bool:
    settings = config.actions.get(name)
    return settings is None or settings.enabled


def policy(config: Config) -> Policy:
    """What articles are read against, by the settings.

    Raises SetupError for a table of an action that does not exist, and for a claim that would let
    an action that changes something take over links in every article.
    """
    for name in config.actions:
        if name not in INDEX:
            raise SetupError(f"wizard.toml: actions.{name} is not an action{nearest(name, INDEX)}")
    for claim in config.claims:
        info = INDEX.get(claim.action)
        if info and info.changes and not claim.articles:
            raise SetupError(
                f"wizard.toml: the claim on {claim.link} gives every article the action {claim.action}, "
                'which changes something (name its articles: articles = ["closing-*"]).'
            )
    rules = {}
    for name in INDEX:
        settings = config.actions.get(name)
        live = bool(config.wizard_url) and name_is_on(config, name)
        rules[name] = ActionRule(live, settings.portal_url if settings else "")
    reserved = RESERVED | WIZARD if config.wizard_url == "/" else RESERVED
    return Policy(rules, config.claims, config.address, tuple(Role), reserved, config.video_hosts)
