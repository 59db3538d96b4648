"""Referrals: a team's list, a file's list, choosing a service, sending, answering, withdrawing."""

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from access.refusals import Refused
from access.roles import Action
from access.standing import standing_of
from access.views import CaseListView
from children.models import Person
from children.views.base import ChildFormPage, ChildPage, facts
from plans.models import PlanItem
from referrals import forms, services
from referrals.fit import closed, outside
from referrals.models import Referral, Service
from referrals.presenters import (
    candidate_card,
    preview_rows,
    referral_actions,
    referral_card,
    referral_line,
    referral_rows,
    route_card,
)
from referrals.selectors import (
    age_of,
    candidates,
    complicity_of,
    described,
    may_not_be_referred,
    number_sent,
    referrals_of,
    referrals_to_me,
    routes_of,
    tier_of,
)
from referrals.states import NEXT
from referrals.views.directory import entry_or_404

PER_PAGE = 50


class Referrals(CaseListView):
    """Referrals sent to this person's teams, and those they sent: the waiting ones first."""

    action = Action.VIEW_REFERRALS
    template_name = "referrals/referrals.jinja"

    @cached_property
    def found(self) -> list[Referral]:
        state = self.request.GET.get("state", "")
        wanted = referrals_to_me(self.person, state if state in NEXT else "")
        start = (self.page - 1) * PER_PAGE
        return list(wanted[start : start + PER_PAGE + 1])

    @property
    def page(self) -> int:
        typed = self.request.GET.get("page", "")
        return int(typed) if typed.isascii() and typed.isdigit() and 0 < int(typed) < 10_000 else 1

    def listed(self) -> list[UUID]:
        return [one.case_id for one in self.found[:PER_PAGE]]

    def context(self) -> dict[str, Any]:
        state = self.request.GET.get("state", "")
        tabs = [("", "All"), *Referral.State.choices]
        return {
            "lines": [referral_line(one) for one in self.found[:PER_PAGE]],
            "tabs": [
                {"text": text, "href": reverse("referrals") + (f"?state={value}" if value else ""),
                 "current": value == state}
                for value, text in tabs
            ],
            "page": self.page,
            "more": len(self.found) > PER_PAGE,
            "kept": {"state": state} if state in NEXT else {},
        }  # fmt: skip


class CaseReferrals(ChildPage):
    """The referrals of a file, the route by which it reached social care, and how often the police were told."""

    action = Action.VIEW_REFERRALS
    asks = (Action.SEND_REFERRAL, Action.ESCALATE, Action.VIEW_NOTES, Action.SEND_INFORMATION)
    template_name = "referrals/case_referrals.jinja"

    def context(self) -> dict[str, Any]:
        base, allowed = super().context(), self.allowed
        routes = routes_of(self.case, self.person)
        sees_all = Action.SEND_REFERRAL in allowed or bool(routes)
        return {
            **base,
            "cards": [referral_card(one) for one in referrals_of(self.case, self.person)],
            "routes": [route_card(one, may_change=Action.ESCALATE in allowed) for one in routes],
            "may": {
                "send": Action.SEND_REFERRAL in allowed and self.child is not None,
                "escalate": Action.ESCALATE in allowed and all(one.closed_at for one in routes),
                "tell": Action.SEND_INFORMATION in allowed and self.child is not None,
            },
            "sees_routes": sees_all or Action.VIEW_CONTACTS in allowed,
            "sent_to_police": number_sent(self.case),
        }


class Sending(ChildPage):
    """What choosing a service and writing the referral share: the action of the plan it comes from, if any."""

    @cached_property
    def item(self) -> PlanItem | None:
        typed = self.request.GET.get("item", "")
        if not typed:
            return None
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
        found: PlanItem | None = self.records(PlanItem, Action.VIEW_ITEMS).filter(pk=number, ended_at=None).first()
        if found is None:
            raise Http404
        return found

    def kept(self) -> str:
        return f"?item={self.item.pk}" if self.item else ""


class ChooseService(Sending):
    """Services that fit the child, or all; paused ones last, with why (SW9)."""

    action = Action.SEND_REFERRAL
    template_name = "referrals/choose_service.jinja"

    def context(self) -> dict[str, Any]:
        base, today = super().context(), timezone.localdate()
        tier = tier_of(self.case, self.person)
        found = candidates(self.child, tier, self.item, today)
        shows_all = self.request.GET.get("all") == "1"
        shown = found if shows_all else [one for one in found if one.fits]
        age = age_of(self.child, today)
        about = [str(age) if age is not None else "age not known", tier.value if tier else "no tier in effect"]
        return {
            **base,
            "item": self.item,
            "about": ", ".join(about),
            "cards": [candidate_card(one, self.address(one.service)) for one in shown],
            "number": len([one for one in found if one.fits]),
            "every": "" if shows_all else f"?all=1{f'&item={self.item.pk}' if self.item else ''}",
            "how_many": len(found),
            "fewer": reverse("choose_service", args=[self.case.pk]) + self.kept() if shows_all else "",
        }

    def address(self, service: Service) -> str:
        return reverse("send_referral", args=[self.case.pk, service.pk]) + self.kept()


class SendReferral(Sending, ChildFormPage):
    """The referral: written, shown as the provider will read it, sent."""

    action = Action.SEND_REFERRAL
    asks = (Action.DECIDE_COMPLICITY,)
    form_class = forms.ReferralForm
    template_name = "referrals/send_referral.jinja"
    title = "Refer to a service"
    button = "Continue"
    back_to = "choose_service"

    @cached_property
    def service(self) -> Service:
        return entry_or_404(self.kwargs["service"])

    def back_url(self) -> str:
        return super().back_url() + self.kept()

    def initial(self) -> dict[str, Any]:
        return {"who": forms.CHILD, "asked_for": self.item.title if self.item else ""}

    @cached_property
    def people(self) -> dict[str, Person]:
        adults = self.records(Person, Action.VIEW_NETWORK).filter(ended_at=None, is_adult=True).order_by("name")
        return {str(person.pk): person for person in adults}

    def form_options(self) -> dict[str, Any]:
        tier = tier_of(self.case, self.person)
        age = age_of(self.child, timezone.localdate())
        return {
            "child": str(self.child or "The child"),
            "people": self.choices(),
            "outside": outside(self.service, age, tier),
        }

    def choices(self) -> list[tuple[str, str, str]]:
        """Parents and carers, each with why they cannot be referred, or nothing."""
        known = list(self.people.values())
        decided = complicity_of(self.case, known)
        decides = Action.DECIDE_COMPLICITY in self.allowed
        children_only = "" if self.service.for_parents else f"{self.service.name} works with children only."
        return [
            (
                str(one.pk),
                f"{one.name}, {one.get_relationship_display().lower()}",
                may_not_be_referred(decided.get(one.pk, ""), one.name, decides=decides) or children_only,
            )
            for one in known
        ]

    def context(self) -> dict[str, Any]:
        blocked = closed(self.service, timezone.localdate())
        if self.child is None:
            blocked = "Add the child to this file first."
        return {**super().context(), "service": self.service, "item": self.item, "blocked": blocked}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = request.POST.get("step")
        if step in ("send", "change"):
            return self.send(request) if step == "send" else self.show(form=self.make_form(request.POST))
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        self.template_name = "referrals/preview_referral.jinja"
        return self.show(form=form, **self.preview(form))

    def send(self, request: HttpRequest) -> HttpResponse:
        return super().post(request)

    def preview(self, form: Any) -> dict[str, Any]:
        child: Any = self.child
        about = described(child, self.people.get(form.cleaned_data["who"]), timezone.localdate())
        return {
            "title": "What they will read",
            "rows": preview_rows({**form.cleaned_data, "about": about}, self.person.name),
            "has_team": self.service.team is not None,
            "fields": [
                (name, value) for name, values in self.request.POST.lists()
                if name not in ("csrfmiddlewaretoken", "step") for value in values
            ],
        }  # fmt: skip

    def perform(self, form: Any) -> str:
        if self.child is None:
            raise Refused("Add the child to this file first.")
        person = self.people.get(form.cleaned_data["who"])
        sent = services.send_referral(
            self.case, by=self.person, service=self.service, item=self.item, person=person, **facts(form, "who")
        )
        where = "It is theirs to answer." if sent.team_id else "Send it to them now; record here what they say."
        self.success_message = f"Referral to {self.service.name} recorded. {where}"
        return reverse("referral", args=[self.case.pk, sent.pk])


class OneReferral(ChildPage):
    """A page about one referral: of the file for social care, of their own team for partners."""

    named: ClassVar[str] = "referral"  # what the address calls it

    @cached_property
    def referral(self) -> Referral:
        found = self.records(Referral, self.action).filter(pk=self.kwargs[self.named])
        joined = found.select_related("service", "team__agency", "author", "answered_by", "item")
        one: Referral | None = joined.first()
        if one is None:
            raise Http404
        return one

    @property
    def is_receiver(self) -> bool:
        return self.referral.team_id in standing_of(self.person).team_ids


class ReferralPage(OneReferral):
    action = Action.VIEW_REFERRALS
    asks = (Action.SEND_REFERRAL, Action.ANSWER_REFERRAL, Action.VIEW_CONTACTS)
    template_name = "referrals/referral.jinja"

    def context(self) -> dict[str, Any]:
        base, referral = super().context(), self.referral
        sees_only_theirs = Action.VIEW_CONTACTS not in self.allowed
        return {
            **base,
            "title": f"Referral to {referral.service.name}",
            "state": referral_card(referral)["state"],
            "rows": referral_rows(referral, is_receiver=sees_only_theirs),
            "actions": referral_actions(referral, self.allowed, is_receiver=self.is_receiver),
        }


class ReferralForm(OneReferral, ChildFormPage):
    """A form on a referral."""

    back_to = "case_referrals"

    def initial(self) -> dict[str, Any]:
        return {"version": self.referral.version}

    def context(self) -> dict[str, Any]:
        return {**super().context(), "caption": f"{self.referral.service.name}: {self.referral.about}"}

    def back_url(self) -> str:
        return reverse("referral", args=[self.case.pk, self.referral.pk])


class AnswerReferral(ReferralForm):
    action = Action.ANSWER_REFERRAL
    form_class = forms.AnswerForm
    title = "Answer this referral"

    def perform(self, form: Any) -> str:
        typed = form.cleaned_data
        accepted = typed["decision"] == "accept"
        services.answer_referral(
            self.referral, by=self.person, version=typed["version"], accepted=accepted, answer=typed["answer"]
        )
        if accepted:
            self.success_message = "Accepted. The worker sees it now."
            return self.back_url()
        self.success_message = "Declined. The worker sees why, and the file is closed to you."
        return reverse("referrals")


class RecordAttendance(ReferralForm):
    action = Action.ANSWER_REFERRAL
    form_class = forms.AttendanceForm
    title = "Record the first attendance"

    def perform(self, form: Any) -> str:
        services.record_attendance(self.referral, by=self.person, **own(form))
        return self.back_url()


def own(form: Any) -> dict[str, Any]:
    """What was typed, version and all, without the key of the form itself."""
    return {name: value for name, value in form.cleaned_data.items() if name != "once"}


class EndWork(ReferralForm):
    action = Action.ANSWER_REFERRAL
    form_class = forms.OutcomeForm
    title = "The work has ended"
    button = "End the work"
    intro = "The worker reads what came of it. Your access to this child’s file ends."
    success_message = "The work has ended. The worker sees what came of it, and the file is closed to you."

    def perform(self, form: Any) -> str:
        services.end_work(self.referral, by=self.person, **own(form))
        return reverse("referrals")


class WithdrawReferral(ReferralForm):
    action = Action.SEND_REFERRAL
    form_class = forms.WithdrawForm
    title = "Withdraw this referral"
    button = "Withdraw it now"
    intro = "The service no longer sees this child’s file by it. The referral stays in the record."

    def perform(self, form: Any) -> str:
        services.withdraw_referral(self.referral, by=self.person, **own(form))
        return self.back_url()


class RecordAnswer(ReferralForm):
    """What a service outside this system said, as the worker was told it."""

    action = Action.SEND_REFERRAL
    named = "outside"
    title = "Record what the service said"

    def records(self, model: Any, action: Action) -> Any:
        found = super().records(model, action)
        return found.filter(team=None) if model is Referral else found

    def make_form(self, data: Any = None) -> Any:
        is_answered = self.referral.state != Referral.State.SENT
        return forms.OutsideForm(data, initial=self.initial(), is_answered=is_answered)

    def perform(self, form: Any) -> str:
        typed = own(form)
        if form.is_answered:
            services.record_outside_work(self.referral, by=self.person, **typed)
            return self.back_url()
        accepted = typed.pop("decision") == "accept"
        services.record_answer(self.referral, by=self.person, accepted=accepted, **typed)
        return self.back_url()
