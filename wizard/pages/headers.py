"""What the pages may load and who may frame them: by `<meta>` in each page, and, for what only a
header can say, by two files beside the pages for the hosts that read them."""

from urllib.parse import urlsplit

from wizard.config import Config
from wizard.theme import POLICY


def policy(config: Config) -> str:
    """For `<meta>`. A wizard at another address may be asked for live states."""
    wizard = urlsplit(config.wizard_url)
    return f"{POLICY}; connect-src 'self' {wizard.scheme}://{wizard.netloc}" if wizard.netloc else POLICY


def files(config: Config) -> dict[str, str]:
    """`_headers`, as static hosts read it, and `nginx-headers.conf`, to be included in a server block."""
    headers = {
        "Content-Security-Policy": f"{policy(config)}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    return {
        "_headers": "/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items()),
        "nginx-headers.conf": "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items()),
    }
