// A form that came back with faults: their summary takes the focus.
export function mount(form) {
  form.querySelector("[data-focus]")?.focus();
}
