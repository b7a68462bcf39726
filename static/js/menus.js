// Menus are <details>: one open at a time, closed by Escape or a click elsewhere; arrows walk through them.
function closeAll(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

function walk(menu, step) {
  const items = [...menu.querySelectorAll(".menu__list :is(a, button, input, select)")].filter((item) => !item.disabled && item.type !== "hidden");
  if (!items.length) return;
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

function onKey(event) {
  const menu = document.activeElement?.closest("details.menu[open]");
  if (!menu || event.defaultPrevented) return; // a field of the menu with keys of its own
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    walk(menu, event.key === "ArrowDown" ? 1 : -1);
  }
}

function openDialog(event) {
  const opener = event.target.closest("[data-opens]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const dialog = document.getElementById(opener.dataset.opens);
  if (!dialog?.showModal) return;
  event.preventDefault();
  if (!dialog.open) dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("opened"));
}

export function watchMenus() {
  document.addEventListener("click", (event) => {
    closeAll(event.target.closest("details.menu"));
    openDialog(event);
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement && event.target.matches(".dialog")) event.target.close();
  });
  document.addEventListener("keydown", onKey);
}
