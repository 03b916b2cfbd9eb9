"""A browser in words, so that people recognise their own: `Firefox on Windows`."""

_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "iPhone": "an iPhone",
    "iPad": "an iPad",
    "Android": "Android",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Mac OS X": "a Mac",
    "Linux": "Linux",
}
"""What stands in a User-Agent -> what it means. The first that is found counts: most name others as well."""


def in_words(user_agent: str) -> str:
    browser = next((name for sign, name in _BROWSERS.items() if sign in user_agent), "A browser")
    system = next((f" on {name}" for sign, name in _SYSTEMS.items() if sign in user_agent), "")
    return f"{browser}{system}"
