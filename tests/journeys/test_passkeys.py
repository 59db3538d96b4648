"""A passkey in place of a code: Chromium's own virtual key."""

import pytest

from tests.journeys.test_second_factor import code
from tests.journeys.walker import Walker

KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def worker(city, browser):
    """At a name, since a passkey belongs to one and never to an address of numbers."""
    walker = Walker(browser, city.replace("127.0.0.1", "localhost"))
    yield walker
    walker.leaves()


def holds_a_key(walker: Walker) -> None:
    session = walker.page.context.new_cdp_session(walker.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def test_a_worker_adds_a_passkey_signs_in_and_proves_with_it_and_removes_it(worker, settings):
    settings.SECOND_FACTOR = settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    # Given a worker with an app
    worker.signs_in("social.worker")
    secret = worker.page.locator(".app-key").inner_text()
    worker.fills(code=code(secret))
    worker.presses("Set it up")
    worker.follows("I have kept them")
    # When she adds the passkey of her laptop
    holds_a_key(worker)
    worker.goes_to("/accounts/")
    worker.follows("Passkeys (0)")
    worker.sees("You have no passkey.")
    worker.follows("Add a passkey")
    worker.looks("passkey-add")
    worker.presses("Add the passkey")
    worker.sees("Enter a name for this passkey")
    worker.fills(name="Work laptop")
    worker.presses("Add the passkey")
    worker.sees("The passkey is added.")
    worker.sees("Work laptop")
    worker.looks("passkeys")
    # Then it is enough in place of a code, at sign-in
    worker.signs_out()
    worker.signs_in("social.worker")
    worker.sees("Enter your code")
    worker.looks("passkey-sign-in")
    worker.presses("Use a passkey")
    worker.sees("My children")
    # And when she is asked again
    worker.page.locator("main table a").first.click()
    worker.follows("Who can see this")
    worker.follows("Share with a team")
    worker.fills(reason="They look for her tonight")
    settings.STEP_UP_MINUTES = 0
    worker.presses("Share")
    worker.sees("Show that it is you")
    worker.looks("passkey-prove")
    settings.STEP_UP_MINUTES = 5
    worker.presses("Use a passkey")
    worker.sees("What you typed is still here")
    # When the key is not at hand, and she gives up looking for it, a code works as before
    worker.signs_out()
    worker.signs_in("social.worker")
    worker.page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')); }")
    worker.presses("Use a passkey")
    worker.sees("The passkey was not accepted. Try again, or enter a code.")
    worker.fills(code=code(secret, steps_on=1))
    worker.presses("Sign in")
    worker.sees("My children")
    # And the passkey is taken off
    worker.goes_to("/accounts/passkeys/")
    worker.follows("Remove")
    worker.looks("passkey-remove")
    worker.presses("Remove it")
    worker.sees("You have no passkey.")
