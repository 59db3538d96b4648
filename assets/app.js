// Pages work without this script. With it: a warning before the session ends, no lost text, no form sent twice.
import {
  CharacterCount,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

import { guardForms } from "./forms.js";
import { watchSession } from "./session.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  for (const component of [
    CharacterCount,
    ErrorSummary,
    NotificationBanner,
    PasswordInput,
    ServiceNavigation,
    SkipLink,
  ]) {
    createAll(component);
  }
}

// Paper has nothing to click.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
  }
});

guardForms();
watchSession();
