// The columns of a file: one that has a role above becomes that and nothing else, so its own choice is put away.
export function mount(form) {
  const roles = [...form.querySelectorAll("[data-role]")];
  const rows = [...form.querySelectorAll("[data-column]")];
  const named = form.elements.namedItem("event_name");
  const show = () => {
    const taken = new Map();
    for (const role of roles) {
      const isLeft = role.name === "what" && named.value.trim();
      if (role.value && !isLeft) taken.set(role.value, role.dataset.role);
    }
    for (const row of rows) {
      const words = row.querySelector("[data-role-words]");
      words.textContent = taken.get(row.dataset.column) ?? "";
      words.parentElement.toggleAttribute("data-taken", taken.has(row.dataset.column));
    }
  };
  form.addEventListener("change", show);
  show();
}
