// The inbox by keyboard: an act that opens takes the focus to its first field, Escape closes it and gives the keys back;
// Enter in the theme's field takes the first theme of the list that fits what was typed.
function giveKeysBack(place) {
  place.querySelector("[data-focus]")?.focus({ preventScroll: true });
}

function takeFirst(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  if (!input.value.trim() || input.getAttribute("aria-activedescendant") || !list?.matches(":popover-open")) return;
  const first = list.querySelector(".picker__option .picker__name");
  if (first) input.value = first.textContent;
}

function enter(act) {
  if (!act.open || act.querySelector(":focus:not(summary)")) return;
  act.querySelector("select, textarea, input:not([type=hidden])")?.focus();
}

export function mount(place) {
  // An act that a key opens takes the focus at once, so that what is typed next is not lost: the event comes later.
  place.addEventListener("click", (event) => {
    const act = event.target.closest(".triage__act > summary")?.parentElement;
    if (act) queueMicrotask(() => enter(act));
  });
  place.addEventListener("toggle", (event) => {
    if (event.target.matches(".triage__act")) enter(event.target);
  }, true);
  // A suggestion's button stands outside of its form: whoever sends the form, its name and value go along.
  place.addEventListener("submit", (event) => {
    event.target.querySelector("input[data-taken]")?.remove();
    if (event.submitter?.name !== "suggested") return;
    const taken = Object.assign(document.createElement("input"), { type: "hidden", name: "suggested", value: event.submitter.value });
    taken.dataset.taken = "";
    event.target.append(taken);
  }, true);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[name=theme]")) takeFirst(event.target);
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.target.closest(".triage__act")?.removeAttribute("open");
    giveKeysBack(place);
  }, true);
}
