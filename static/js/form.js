// Forms: the summary of faults takes the focus; a second press while the first is on its way does nothing.
export function mount(form) {
  form.querySelector("[data-focus]")?.focus();
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
}
