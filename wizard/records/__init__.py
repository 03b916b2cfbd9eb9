"""What we remember ourselves: logins, runs, declarations, closure requests, deletions, tickets.

In: a session of `db` and plain values. Out: rows. Each file holds its tables and the few functions
that read or change them; none commits, the caller's transaction does. May import: the ground and
`account`.
"""
