"""Every error that we raise on purpose.

    WizardError
        SetupError             the command cannot start; says what to change. Exit status 2
        Refused                a request cannot be done; becomes a page with status and advice
            SignInNeeded       401 in meaning, a redirect to the sign-in page in practice
            NotAllowed         403, the membership lacks the role
            NotFound           404, unknown or another account's
            Stale              409, things moved on since the form was shown
            Invalid            422, fields with messages
            TooMany            429, wait
        ProviderError          what a provider may answer instead of an answer
            ProviderUnavailable    no answer or a fault; trying again may help
            ProviderRefused        a clear no, with a reason that the customer may read
                QuoteExpired       what was quoted does not hold any more: a new quote is needed
                PaymentRefused     the payment method was not accepted; another may be
            ActionNotSupported     there is no such thing there

A message says what happened, to what, and what to do.
"""


class WizardError(Exception):
    """Base of all errors that we raise on purpose."""


class SetupError(WizardError):
    """The command cannot start. The message names the setting or place and the mend."""


class Refused(WizardError):
    """A request that cannot be done.

    title: one short line for the page's heading.
    advice: what the reader can do now.
    """

    status = 400

    def __init__(self, title: str, advice: str) -> None:
        super().__init__(f"{title} {advice}")
        self.title = title
        self.advice = advice


class SignInNeeded(Refused):
    status = 401

    def __init__(self, title: str = "Sign in to go on.", advice: str = "") -> None:
        super().__init__(title, advice)


class NotAllowed(Refused):
    status = 403


class NotFound(Refused):
    status = 404

    def __init__(
        self,
        title: str = "Page not found",
        advice: str = "Check the address, or sign in with the login that this page belongs to.",
    ) -> None:
        super().__init__(title, advice)


class Stale(Refused):
    status = 409


class Invalid(Refused):
    """fields: field name -> message, in the order in which the fields stand on the page."""

    status = 422

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("There is a problem", " ".join(fields.values()))
        self.fields = fields


class TooMany(Refused):
    status = 429


class ProviderError(WizardError):
    """The provider did not do or tell what it was asked."""


class ProviderUnavailable(ProviderError):
    """No answer, or a fault on its side. The same call with the same key may be repeated."""


class ProviderRefused(ProviderError):
    """A clear no. The message is written for the customer."""


class QuoteExpired(ProviderRefused):
    """Its time has passed, or what it was worked out from has changed. Nothing was ordered or charged."""


class PaymentRefused(ProviderRefused):
    """The payment method was not accepted. Nothing was ordered or charged; the quote still holds."""


class ActionNotSupported(ProviderError):
    """The provider has no such thing. The customer is shown another way."""
