"""Durable workflows: what goes on after the web has answered, and goes on after a kill.

In: a workflow's name and ids, enqueued in the transaction that records what was confirmed. Out:
changed rows in `records`, done things at the provider. The truth lies in our tables, workflows are
short, and each provider call carries a stable idempotency key. May import: the ground, `account`,
`providers`, `records`, `theme`.
"""
