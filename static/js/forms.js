// Every form that writes: pressed twice, it is sent once; sent with the token of now, not of when the page was opened;
// and if the session has ended meanwhile, what was typed is there again after signing in.
import { cookie } from "./net.js";

const KEPT = "portal:typed";
const AGAIN_AFTER_MS = 10_000;
const TYPED = "input:not([type=password], [type=file], [type=hidden]), select, textarea";
const sent = new WeakMap();

const person = () => document.body.dataset.person || "";
const writing = () => [...document.querySelectorAll("form")].filter((form) => form.method === "post");
const typed = (form) => [...form.elements].filter((field) => field.name && field.matches(TYPED));
const valueOf = (field) => (field.matches("select") ? [...field.options].filter((one) => one.selected).map((one) => one.value) : field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function write(value) {
  try {
    if (value) sessionStorage.setItem(KEPT, JSON.stringify(value));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // A browser that keeps nothing: the form is empty after signing in, as it would be without this.
  }
}

function keep(form) {
  const fields = typed(form).map((field) => [field.name, valueOf(field)]);
  if (fields.length) write({ person: person(), page: location.pathname + location.search, place: writing().indexOf(form), fields });
}

function put(field, value) {
  if (field.matches("select")) for (const option of field.options) option.selected = value.includes(option.value);
  else if (typeof value === "boolean") field.checked = value;
  else field.value = value;
}

function giveBack(draft) {
  const form = writing()[draft.place];
  const fields = form ? typed(form) : [];
  if (fields.map((field) => field.name).join() !== draft.fields.map(([name]) => name).join()) return;
  fields.forEach((field, place) => put(field, draft.fields[place][1]));
  const words = document.createElement("p");
  words.className = "notice notice--warn";
  words.setAttribute("role", "status");
  words.tabIndex = -1;
  words.textContent = "You were signed out before this was saved. What you typed is here again: look at it, and send it once more.";
  form.prepend(words);
  words.focus();
}

// Kept only from the form to the page that follows it; over the sign-in, until the form is back.
function takeUp() {
  const draft = read();
  if (!draft) return;
  if (document.querySelector("form[data-signs-in]")) {
    write({ ...draft, isOverSignIn: true });
    return;
  }
  write(null);
  if (draft.isOverSignIn && draft.person === person() && draft.page === location.pathname + location.search) giveBack(draft);
}

function onSubmit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const before = sent.get(form);
  if (before && before.submitter === event.submitter && Date.now() - before.at < AGAIN_AFTER_MS) {
    event.preventDefault();
    return;
  }
  sent.set(form, { submitter: event.submitter, at: Date.now() });
  const token = form.elements.namedItem("csrfmiddlewaretoken");
  const now = cookie("csrftoken");
  if (token && now) token.value = now;
  if (person()) keep(form);
}

export function watchForms() {
  document.addEventListener("submit", onSubmit);
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of writing()) sent.delete(form);
  });
  takeUp();
}
