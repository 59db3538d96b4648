"""What a browser is called by the people who use it."""

from ua_parser import parse


def browser_named(user_agent: str) -> str:
    """The browser and what it runs on, such as "Firefox on Windows", of what it says of itself.

    "A browser that does not say what it is" where it says nothing that is known.
    """
    found = parse(user_agent)
    name = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    if not name:
        return "A browser that does not say what it is"
    return f"{name} on {system}" if system else name
