"""Who calls the API: the bearer token of the request, whose it is, and what it may.

A token acts as its login on one account, with the lesser of its own role and the login's present
one. Where the login has no role there any more, the token is good for nothing.
"""

from flask import g, request

from wizard.account.roles import Role
from wizard.errors import NotAllowed, NotFound
from wizard.records import api_tokens, attempts, logins
from wizard.records.api_tokens import ApiToken
from wizard.records.logins import Login
from wizard.web.api.problems import token_needed, too_many
from wizard.web.limits import asker
from wizard.web.means import house


def role() -> Role:
    """What the request may; only behind the rule `access.token`."""
    return g.role


def require(needed: Role) -> None:
    """Raises Refused: no good token, another account's, or too small a role."""
    g.login, g.token, g.role = _caller()
    if request.view_args["account_id"] != g.token.account_id:
        raise NotFound("There is no such account.", "A token is for one account only.")
    if not g.role.includes(needed):
        raise NotAllowed(
            f"This needs the role {needed}; the token has {g.role} now.",
            "A token has at most the role of the login that made it.",
        )


def _caller() -> tuple[Login, ApiToken, Role]:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise token_needed("Send an API token: Authorization: Bearer kbw_...")
    means = house().means
    now = means.clock()
    with means.db.read() as session:
        token = api_tokens.find(session, text.strip(), now)
        role = token and logins.role_on(session, token.login_id, token.account_id)
        login = token and session.get_one(Login, token.login_id)
    if token is None or role is None or login is None:
        _count_wrong_one()
        raise token_needed("This token is not good: it is wrong, has expired or was ended.", "invalid_token")
    if api_tokens.is_use_to_note(token, now):
        with means.db.write() as session:
            api_tokens.note_use(session, token, now)
    return login, token, role.capped(Role(token.role))


def _count_wrong_one() -> None:
    """Wrong tokens are limited and good ones are not: nobody guesses one, and one program with an
    old token must not lock out the others behind its network address. Raises TooMany."""
    means, subject = house().means, asker()
    now = means.clock()
    with means.db.read() as session:
        until = attempts.blocked_until(session, "token-from", subject, now)
    if until:
        raise too_many(int((until - now).total_seconds()) + 1)
    with means.db.write() as session:
        attempts.count(session, "token-from", subject, now)
