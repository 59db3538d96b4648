// Keeps what is typed on the server, at most three seconds after it is typed and on leaving: <form data-keep>.
// It is sent to the page's own address. What the server says of it stands in the form's [data-kept].
import { answers, isKept } from "./guard.js";

const PAUSE_MS = 3000;
const AGAIN_MS = 10_000;
const NOT_SAVED = "Not saved. Your text is still here.";

export function keepTyped() {
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}

function keep(form) {
  const said = form.querySelector("[data-kept]");
  const hint = form.querySelector("[data-hint]");
  let sent = form.dataset.guard === "unsaved" ? "" : answers(form);
  let timer = 0;
  let flight = null;
  let submitted = false;

  const typed = () => new URLSearchParams([...new FormData(form), ["keep", "yes"]]);

  function say(words, place = said) {
    if (place.textContent !== words) place.textContent = words;
  }

  // Whoever types without a pause is kept every three seconds too.
  function later(pause) {
    timer ||= setTimeout(send, pause);
  }

  async function send() {
    clearTimeout(timer);
    timer = 0;
    form.elements.namedItem("kept").value = "yes"; // the save lets go of what was kept
    const now = answers(form);
    if (submitted || now === sent) return;
    flight?.abort();
    flight = new AbortController();
    try {
      const response = await fetch(location.pathname, { method: "POST", body: typed(), signal: flight.signal });
      // A session that ended answers with a page of its own.
      const answer = response.headers.get("content-type")?.includes("json") ? await response.json() : {};
      if (response.ok && answer.said) {
        sent = now;
        isKept(form, now);
        say(answer.said);
        say(answer.hint, hint);
      } else say(answer.said || NOT_SAVED);
    } catch (error) {
      if (error.name === "AbortError") return;
      say(NOT_SAVED);
      later(AGAIN_MS);
    }
  }

  for (const change of ["input", "change"]) form.addEventListener(change, () => later(PAUSE_MS));
  form.addEventListener("submit", () => {
    submitted = true;
    flight?.abort();
  });
  addEventListener("pageshow", () => (submitted = false));
  addEventListener("online", send);
  // The last moment of a tab that is closed, a telephone that is put away, or a link that is followed.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && !submitted && answers(form) !== sent) {
      navigator.sendBeacon(location.pathname, typed());
    }
  });
  addEventListener("pagehide", () => {
    if (!submitted && answers(form) !== sent) navigator.sendBeacon(location.pathname, typed());
  });
}
