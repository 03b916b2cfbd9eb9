"""What the pages may load and who may frame them: by `<meta>` in each page, and, for what only a
header can say, by two files beside the pages for the hosts that read them."""

from wizard.config import Config
from wizard.theme import SEARCH_POLICY, policy


def files(config: Config) -> dict[str, str]:
    """`_headers`, as static hosts read it, and `nginx-headers.conf`, to be included in a server block.

    One policy for all files: hosts join the rules of two paths, and then the search page would be held to
    both. The stricter policy of every other page stands in its `<meta>`, and where there are two, both hold.
    """
    headers = {
        "Content-Security-Policy": f"{policy(config, SEARCH_POLICY)}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    return {
        "_headers": "/*\n" + "".join(f"  {name}: {value}\n" for name, value in headers.items()),
        "nginx-headers.conf": "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items()),
    }
