"""A program that calls the API with a token."""

from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.helpers.world import ADMIN, World
from wizard.account.roles import Role
from wizard.records.api_tokens import ApiToken, add_token, new_token
from wizard.records.logins import find_login

ADMINISTRATOR = Role.ACCOUNT_ADMINISTRATOR


def make_token(
    world: World, email: str = ADMIN, account: str = "fernhill", role: Role = ADMINISTRATOR, ended: bool = False
) -> str:
    """A token that is good for a day, or was ended."""
    token, now = new_token(), world.clock()
    found = world.provider.account(world.account(account))
    with world.db.write() as session:
        login = find_login(session, email)
        assert login, email
        row = add_token(session, token, login.id, "tests", found, role, token[-12:], now, timedelta(days=1))
        row.ended_at = now if ended else None
    return token


def row_of(world: World) -> ApiToken:
    """The only token."""
    with world.db.read() as session:
        return session.query(ApiToken).one()


class Program:
    def __init__(self, world: World, token: str, account: str = "fernhill") -> None:
        self.client: FlaskClient = world.app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.root = f"/api/v1/accounts/{world.account(account)}"

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(f"{self.root}{path}", headers=self.headers | headers)

    def delete(self, service: str, key: str | None = "k-1") -> TestResponse:
        keys = {} if key is None else {"Idempotency-Key": key}
        return self.client.delete(f"{self.root}/services/{service}", headers=self.headers | keys)


def problem(answer: TestResponse) -> tuple[int, str]:
    """Status and kind of a problem, which must have its form."""
    assert answer.mimetype == "application/problem+json", (answer.status, answer.text)
    body = answer.json
    assert body["status"] == answer.status_code and body["title"] and body["detail"]
    return answer.status_code, body["type"].rpartition("/")[2]
