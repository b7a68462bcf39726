// A long form that keeps what is typed until it is saved: a draft in this browser, offered back when the form is opened
// again, whether the tab was closed, the person signed out or somebody else saved first. data-draft-of: whose it is.
// The form has [data-draft-offer] (hidden) with [data-draft-when], [data-draft-take] and [data-draft-drop], a
// [data-draft-said] that tells when it was kept, and a hidden field `draft`, by which the server says what it saved.
import { dropDraft, keyOf, readDraft, sweepDrafts, writeDraft } from "./drafts.js";

const WAIT_MS = 600;
const TYPED = "textarea[name], input[type=text][name], input[type=url][name], input[type=number][name]";

function valuesOf(form) {
  return Object.fromEntries([...form.querySelectorAll(TYPED)].map((field) => [field.name, field.value]));
}

function differs(values, others) {
  return Object.keys(values).some((name) => name in others && plain(values[name]) !== plain(others[name]));
}

function plain(text) {
  return text.replaceAll("\r\n", "\n").trim();
}

function clock(at) {
  return new Date(at).toLocaleString([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export function mount(form) {
  sweepDrafts();
  const key = keyOf(form), start = valuesOf(form), found = readDraft(key);
  const token = form.elements.draft, offer = form.querySelector("[data-draft-offer]");
  const said = form.querySelector("[data-draft-said]");
  token.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  let timer = 0, touched = false;

  function keep() {
    clearTimeout(timer);
    timer = 0;
    if (!touched) return;
    const at = Date.now();
    if (writeDraft(key, { at, token: token.value, values: valuesOf(form) })) {
      said.textContent = `Kept in this browser at ${clock(at)}; not saved yet.`;
    }
  }

  if (found && differs(found.values, start)) {
    offer.querySelector("[data-draft-when]").textContent = clock(found.at);
    offer.hidden = false;
  } else if (found) {
    writeDraft(key, { ...found, token: token.value }); // sent, and shown again with its faults
  }
  offer.querySelector("[data-draft-take]").addEventListener("click", () => {
    offer.hidden = true;
    touched = true;
    for (const field of form.querySelectorAll(TYPED)) {
      if (field.name in found.values) field.value = found.values[field.name];
    }
    keep();
    form.querySelector("textarea")?.focus();
  });
  offer.querySelector("[data-draft-drop]").addEventListener("click", () => {
    offer.hidden = true;
    dropDraft(key);
    keep();
    form.querySelector(TYPED)?.focus();
  });
  form.addEventListener("input", () => {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    touched = true;
    keep();
  });
  addEventListener("pagehide", () => timer && keep());
}
