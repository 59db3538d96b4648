"""Signing in and out, and what happens when a session ends in the middle of a form."""

import re

from cre_case.demo import DEMO_PASSWORD


def test_signing_in_refused_and_allowed(walk):
    somebody = walk()
    somebody.goes_to("/")
    somebody.sees("Sign in")
    somebody.looks("sign-in")
    somebody.signs_in("social.worker", "not the password")
    somebody.sees("There is a problem")
    somebody.looks("sign-in-refused")
    somebody.signs_in("social.worker")
    somebody.sees("My children")
    somebody.signs_out()
    somebody.goes_to("/")
    somebody.sees("Sign in")


def test_what_was_typed_is_put_back_after_signing_in_again(walk):
    worker = walk("social.worker")
    worker.page.locator("main table a, main .app-cards a").first.click()
    worker.follows("Visits and notes")
    worker.follows("Record a visit or note")
    worker.chooses("kind", "note")
    worker.fills(text="Half an hour of typing that nobody wants to lose.")
    worker.context.clear_cookies(name=re.compile("session"))
    worker.presses("Save")
    worker.sees("what you typed will be put back")
    worker.looks("sign-in-again")
    worker.page.get_by_label("User name").fill("social.worker")
    worker.page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    worker.presses("Sign in")
    worker.looks("carry-on")
    worker.presses("Carry on")
    worker.sees("Half an hour of typing that nobody wants to lose.")


def test_a_new_colleague_gets_an_account_and_chooses_a_password(walk):
    admin = walk("system.admin")
    admin.sees("Accounts")
    admin.goes_to("/staff/")
    admin.looks("accounts")
    admin.follows("Create an account")
    admin.looks("create-account")
    admin.fills(username="new.worker", name="Nadia Newcomer", job_title="Social worker")
    admin.sends()
    password = admin.page.locator("#one-time-password").inner_text().strip()
    admin.looks("one-time-password")
    admin.follows("Go to the account")
    admin.sees("Nadia Newcomer")
    admin.looks("account")
    admin.follows("Give a role in a team")
    admin.picks("team", "Locality 1")
    admin.picks("role", "Social worker")
    admin.sends()
    admin.sees("Locality 1")
    admin.is_refused("/cases/00000000-0000-4000-8000-000000000000/")
    colleague = walk()
    colleague.signs_in("new.worker", password)
    colleague.sees("one-time password")
    colleague.looks("change-one-time-password")
    colleague.fills(oldpassword=password, password1="plum-harbour-lantern", password2="plum-harbour-lantern")
    colleague.sends()
    colleague.goes_to("/")
    colleague.sees("My children")
