"""The JSON API: what a program may read and do on one account with a personal token.

In: requests with a bearer token, never a session. Out: JSON, and problem details where something
cannot be done; never a page. `openapi.json` describes it, and `docs/api.md` tells it to people.
"""
