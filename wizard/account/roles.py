"""Roles of a login on an account. Each includes what the one before it may."""

from enum import StrEnum


class Role(StrEnum):
    VIEWER = "viewer"
    """Looks."""
    BILLING_MANAGER = "billing-manager"
    """Changes services and payment."""
    ACCOUNT_ADMINISTRATOR = "account-administrator"
    """Closes and deletes."""

    @property
    def title(self) -> str:
        return self.value.replace("-", " ").capitalize()

    def capped(self, other: "Role") -> "Role":
        """The lesser of the two."""
        return self if other.includes(self) else other

    def includes(self, other: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class StaffRole(StrEnum):
    REVIEWER = "reviewer"
    AUTHOR = "author"
