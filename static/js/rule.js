// The builder of a rule: another owner or condition needs other fields, so the page is asked to show them.
export function mount(form) {
  const show = form.querySelector("[data-action=show]");
  show.hidden = true;
  form.addEventListener("change", (event) => {
    if (/\.(of|op)$/.test(event.target.name ?? "") || event.target.name === "product") form.requestSubmit(show);
  });
}
