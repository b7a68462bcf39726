// Switch between light and dark at once, and remember it for the person.
import { send } from "./net.js";

function isDark() {
  const set = document.documentElement.dataset.theme;
  return set === "dark" || (set === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

export function mount(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("themechange", { detail: { theme } }));
    const body = new FormData(form);
    body.set("theme", theme);
    send(form.action, { form: body });
  });
}
