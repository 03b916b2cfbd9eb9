"""Who you are here, and whether your role suffices for the guide."""

from wizard.account.roles import Role
from wizard.actions.action import Action, Answers, Fact, Panel, Status
from wizard.actions.context import Context


class SignIn(Action):
    name = "sign-in"

    def fact(self, context: Context) -> Fact:
        role = context.role.title.lower()
        needed = _needed(context)
        if needed and not context.role.includes(needed):
            return Fact(Status.CANNOT_START, f"This guide needs the role {needed.title.lower()}; yours is {role}.")
        return Fact(Status.COMPLETED, f"Signed in as {context.login.name}, {role}.")

    def show(self, context: Context, query: Answers) -> Panel:
        return Panel("actions/sign_in.html", {"needed": _needed(context)})


def _needed(context: Context) -> Role | None:
    """The role that the guide's front matter asks for."""
    asked = context.article.requires if context.article else ""
    return Role(asked) if asked in list(Role) else None


action = SignIn()
