"""A second factor, from the first sign-in to a lost telephone."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from accounts.models import User


def code(secret: str, *, steps_on: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_on))


def test_a_worker_sets_one_up_signs_in_with_it_and_proves_it_again(walk, settings):
    settings.SECOND_FACTOR = True
    worker = walk("social.worker")
    # Given a password alone, nothing opens but setting a second factor up.
    worker.sees("A password alone does not open children’s files.")
    worker.goes_to("/children/")
    worker.sees("Scan this picture")
    worker.looks("second-factor-set-up")
    # When they type a wrong code, they are told so, and the picture to scan is the same.
    secret = worker.page.locator(".app-key").inner_text()
    worker.fills(code="000000")
    worker.presses("Set it up")
    worker.sees("Code is not right.")
    assert worker.page.locator(".app-key").inner_text() == secret
    worker.looks("second-factor-wrong-code")
    # Then the right one opens the program, and recovery codes are shown once.
    worker.fills(code=code(secret))
    worker.presses("Set it up")
    worker.sees("These are shown once.")
    worker.looks("recovery-codes")
    spare = worker.page.locator(".app-key").first.inner_text()
    worker.follows("I have kept them")
    worker.sees("My children")
    # And the next sign-in takes a code, or a recovery code.
    worker.signs_out()
    worker.signs_in("social.worker")
    worker.sees("Enter your code")
    worker.looks("second-factor-code")
    worker.fills(code=spare)
    worker.presses("Sign in")
    worker.sees("My children")
    worker.goes_to("/accounts/")
    worker.sees("9 recovery codes left")
    worker.looks("your-account")
    worker.follows("Where you are signed in")
    worker.sees("This one")
    worker.looks("sessions")
    # When a share comes long after that, they are asked again, and what they typed is put back.
    worker.goes_to("/children/")
    worker.page.locator("main table a").first.click()
    worker.follows("Who can see this")
    worker.follows("Share with a team")
    worker.fills(reason="They look for her tonight")
    settings.STEP_UP_MINUTES = 0
    worker.presses("Share")
    worker.sees("Show that it is you")
    worker.looks("prove-it")
    settings.STEP_UP_MINUTES = 5
    worker.fills(code=code(secret, steps_on=1))
    worker.presses("Go on")
    worker.sees("What you typed is still here")
    worker.presses("Carry on")
    worker.sees("There is a problem")
    assert worker.page.locator('[name="reason"]').input_value() == "They look for her tonight"


def test_an_administrator_takes_a_lost_one_off(walk, settings):
    settings.SECOND_FACTOR = True
    worker = walk("social.worker")
    secret = worker.page.locator(".app-key").inner_text()
    worker.fills(code=code(secret))
    worker.presses("Set it up")
    worker.sees("These are shown once.")
    settings.SECOND_FACTOR = False  # the administrator's own is not what this is about
    admin = walk("system.admin")
    admin.goes_to(f"/staff/people/{User.objects.get(username='social.worker').pk}/")
    admin.follows("Take the second factor off")
    admin.looks("take-second-factor-off")
    admin.presses("Take it off now")
    admin.sees("The second factor is off.")
    settings.SECOND_FACTOR = True
    worker.goes_to("/children/")
    worker.sees("Sign in")
    worker.signs_in("social.worker")
    worker.sees("Set up a second factor")
