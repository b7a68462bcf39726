// Manners around htmx: the CSRF header, the focus after a swap, and a word when a request fails.
import { cookie } from "./net.js";
import { toast } from "./toasts.js";

let focusBefore = null;

function addToken(event) {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
}

function rememberFocus() {
  const held = document.activeElement;
  focusBefore = held && held !== document.body ? { id: held.id, name: held.name, href: held.getAttribute("href") } : null;
}

function giveFocusBack(target) {
  const asked = target.querySelector?.("[data-focus], [autofocus]");
  if (asked) {
    asked.focus();
    return;
  }
  if (!focusBefore || (document.activeElement && document.activeElement !== document.body)) return;
  const { id, name, href } = focusBefore;
  const same =
    (id && document.getElementById(id)) ||
    (name && target.querySelector?.(`[name="${CSS.escape(name)}"]`)) ||
    (href && target.querySelector?.(`[href="${CSS.escape(href)}"]`));
  if (same) {
    same.focus({ preventScroll: true });
    return;
  }
  if (!target.isConnected) return;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
}

function explain(event) {
  const answer = event.detail.xhr;
  const piece = new DOMParser().parseFromString(answer.responseText || "", "text/html");
  const words = piece.querySelector("[data-message]")?.textContent.trim();
  toast(words || "That did not work. Nothing was changed; try again.", { kind: "bad", requestId: answer.getResponseHeader("X-Request-Id") });
}

export function watchHtmx(mountAll) {
  document.addEventListener("htmx:configRequest", addToken);
  document.addEventListener("htmx:beforeSwap", rememberFocus);
  document.addEventListener("htmx:load", (event) => mountAll(event.detail.elt));
  document.addEventListener("htmx:afterSettle", (event) => giveFocusBack(event.detail.elt));
  document.addEventListener("htmx:responseError", explain);
  document.addEventListener("htmx:sendError", () => toast("The portal does not answer. Check your connection and try again.", { kind: "bad" }));
  document.addEventListener("htmx:timeout", () => toast("The portal takes too long to answer. Try again.", { kind: "bad" }));
  document.addEventListener("toast", (event) => {
    const said = Array.isArray(event.detail?.value) ? event.detail.value : [event.detail];
    for (const one of said) if (one?.text) toast(one.text, { kind: one.kind });
  });
}
