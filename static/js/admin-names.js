// The admin's own widgets leave some fields without a name for screen readers: each gets that of its label.
function textOf(label) {
  return label.textContent.trim().replace(/:$/, "");
}

function nameMenus(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const shown = box?.querySelector(".select2-selection__rendered");
    if (!label || !shown) continue;
    label.id ||= `${select.id}_label`;
    shown.setAttribute("aria-label", textOf(label));
    box.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }
}

function nameTimes(root) {
  for (const input of root.querySelectorAll(".vDateField, .vTimeField")) {
    const about = input.closest("fieldset:not(.module)")?.querySelector("legend") || input.closest(".form-row")?.querySelector("label");
    const part = input.matches(".vDateField") ? "date" : "time";
    if (!input.labels.length && about) input.setAttribute("aria-label", `${textOf(about)}, ${part}`);
  }
}

function nameAll(root) {
  nameMenus(root);
  nameTimes(root);
}

// The menus are built some time after the page is there, those of a new row later still.
new MutationObserver(() => nameAll(document)).observe(document.body, { childList: true, subtree: true });
nameAll(document);
