// The one script of the pages. Every page works without it.
import { Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink, createAll } from "govuk-frontend";
import { copyButtons } from "./copy.js";
import { leavePageGuard } from "./guard.js";
import { keepTyped } from "./keep.js";
import { closeMenus, focusFirst, stillBlocked } from "./menus.js";
import { passkeys } from "./passkeys.js";
import { openBeforePrint } from "./print.js";
import { revealAnswers } from "./reveal.js";
import { sendOnce } from "./send-once.js";
import { sessionWarning } from "./session.js";

if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}
for (const component of [Button, CharacterCount, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink]) {
  createAll(component);
}
copyButtons();
passkeys();
leavePageGuard();
keepTyped();
closeMenus();
stillBlocked();
openBeforePrint();
revealAnswers();
sendOnce();
sessionWarning();
focusFirst();
