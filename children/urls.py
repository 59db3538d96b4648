"""Addresses of a child's file."""

from django.urls import path

from children.views import contacts, details, notes, people

FILE = "cases/<uuid:case>"

urlpatterns = [
    path("contacts/", contacts.WaitingContacts.as_view(), name="contacts"),
    path("contacts/new/", contacts.RecordContact.as_view(), name="record_contact"),
    path("duplicates/", contacts.DuplicateAlerts.as_view(), name="duplicate_alerts"),
    path("duplicates/<int:alert>/", contacts.CloseDuplicateAlert.as_view(), name="close_duplicate_alert"),
    path(f"{FILE}/contacts/", contacts.CaseContacts.as_view(), name="case_contacts"),
    path(f"{FILE}/contacts/new/", contacts.AddContact.as_view(), name="add_contact"),
    path(f"{FILE}/contacts/<int:contact>/", contacts.ContactPage.as_view(), name="contact"),
    path(f"{FILE}/contacts/<int:contact>/screen/", contacts.ScreenContact.as_view(), name="screen_contact"),
    path(f"{FILE}/contacts/<int:contact>/written/", contacts.ConfirmInWriting.as_view(), name="confirm_contact"),
    path(f"{FILE}/contacts/<int:contact>/link/", contacts.LinkContact.as_view(), name="link_contact"),
    path(f"{FILE}/child/new/", details.CreateChild.as_view(), name="create_child"),
    path(f"{FILE}/details/", details.Details.as_view(), name="child_details"),
    path(f"{FILE}/details/child/", details.EditChild.as_view(), name="edit_child"),
    path(f"{FILE}/details/profile/", details.EditProfile.as_view(), name="edit_profile"),
    path(f"{FILE}/aliases/new/", details.AddAlias.as_view(), name="add_alias"),
    path(f"{FILE}/aliases/<int:alias>/end/", details.EndAlias.as_view(), name="end_alias"),
    path(f"{FILE}/addresses/new/", details.AddAddress.as_view(), name="add_address"),
    path(f"{FILE}/addresses/<int:address>/", details.EditAddress.as_view(), name="edit_address"),
    path(f"{FILE}/plans/new/", details.AddOtherPlan.as_view(), name="add_other_plan"),
    path(f"{FILE}/plans/<int:plan>/end/", details.EndOtherPlan.as_view(), name="end_other_plan"),
    path(f"{FILE}/warnings/new/", details.RaiseWarning.as_view(), name="raise_warning"),
    path(f"{FILE}/warnings/<int:warning>/end/", details.EndWarning.as_view(), name="end_warning"),
    path(f"{FILE}/people/", people.People.as_view(), name="people"),
    path(f"{FILE}/people/new/", people.AddPerson.as_view(), name="add_person"),
    path(f"{FILE}/people/<int:person>/", people.EditPerson.as_view(), name="edit_person"),
    path(f"{FILE}/people/<int:person>/end/", people.EndPerson.as_view(), name="end_person"),
    path(f"{FILE}/people/<int:person>/safety/", people.DecideContactSafety.as_view(), name="decide_contact_safety"),
    path(f"{FILE}/notes/", notes.Notes.as_view(), name="notes"),
    path(f"{FILE}/notes/new/", notes.AddNote.as_view(), name="add_note"),
    path(f"{FILE}/notes/<int:note>/correct/", notes.CorrectNote.as_view(), name="correct_note"),
]
