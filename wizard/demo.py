"""Demo data: accounts of the embedded provider, and logins for them with passwords that everybody
knows. Never on a system with real customers."""

from dataclasses import dataclass

from wizard.account.roles import Role, StaffRole
from wizard.actions.context import Means
from wizard.errors import SetupError
from wizard.providers.embedded import EmbeddedProvider
from wizard.providers.embedded.demo import add_demo
from wizard.providers.embedded.effects import log
from wizard.records.logins import add_login, add_member, find_login

PASSWORD = "try-the-wizard"


@dataclass(frozen=True, slots=True)
class SignIn:
    email: str
    name: str
    roles: dict[str, Role]
    """Account's name -> role."""
    staff_role: StaffRole | None = None

    @property
    def about(self) -> str:
        held = [f"{role.title.lower()} of {account}" for account, role in self.roles.items()]
        return ", ".join(held) or str(self.staff_role)


SIGN_INS = (
    SignIn(
        "ana@demo.example",
        "Ana Ruiz",
        {"Fernhill Robotics": Role.ACCOUNT_ADMINISTRATOR, "Larkspur Books": Role.ACCOUNT_ADMINISTRATOR},
    ),
    SignIn("vik@demo.example", "Vik Sharma", {"Fernhill Robotics": Role.VIEWER}),
    SignIn("lou@demo.example", "Lou Berger", {"Larkspur Books": Role.ACCOUNT_ADMINISTRATOR}),
    SignIn("bea@demo.example", "Bea Holm", {"Larkspur Books": Role.BILLING_MANAGER}),
    SignIn("tom@demo.example", "Tom Keller", {"Merrow Analytics": Role.ACCOUNT_ADMINISTRATOR}),
    SignIn("rae@demo.example", "Rae Okafor", {}, StaffRole.REVIEWER),
)


def fill(means: Means) -> None:
    """Add the demo data, once; what is there already stays as it is. Raises SetupError."""
    if not isinstance(means.provider, EmbeddedProvider):
        raise SetupError("demo data belongs to the embedded provider; the settings name another.")
    with means.db.write() as session:
        now = means.clock()
        accounts = add_demo(session, now)
        for sign_in in SIGN_INS:
            if find_login(session, sign_in.email):
                continue
            login = add_login(session, sign_in.email, sign_in.name, PASSWORD, now, sign_in.staff_role)
            for account, role in sign_in.roles.items():
                if account in accounts:
                    add_member(session, login, accounts[account], role)


def sign_in_lines() -> list[str]:
    """For the terminal: who can sign in."""
    width = max(len(one.email) for one in SIGN_INS)
    return [f"{one.email:<{width}}  {PASSWORD}  {one.about}" for one in SIGN_INS]


def log_lines(means: Means) -> list[str]:
    """The embedded provider's log: a line for each thing done, with how often it was asked for."""
    with means.db.read() as session:
        return [
            f"{row.at:%Y-%m-%d %H:%M:%S} UTC  {row.effect:<15}  {row.subject}  asked {row.calls}x  key {row.idempotency_key}"
            for row in log(session)
        ]
