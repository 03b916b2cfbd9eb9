"""Each reader is answered in a locale of their own; what is kept, and the API, know none."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wizard.locales import of_reader, written_in
from wizard.web.api.views import blueprint as api

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def in_readers_locale(app: "WSGIApplication", own: str) -> "WSGIApplication":
    """Around an app that has written its whole answer when it returns.

    own: the site's locale, for the API and for readers whose browser names none.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        is_program = environ["PATH_INFO"].startswith(f"{api.url_prefix}/")
        accepted = "" if is_program else environ.get("HTTP_ACCEPT_LANGUAGE", "")
        with written_in(of_reader(accepted, own)):
            return app(environ, start_response)

    return answer
