// Buttons that only a browser with scripts can serve: copy the address, print, save a tile's chart as PNG.
import { drawAll } from "./chart.js";
import { toast } from "./toasts.js";

async function copy() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast("The link is copied. It opens this dashboard with this range and these filters.", { kind: "good" });
  } catch {
    toast(`Copy it from here: ${location.href}`);
  }
}

export function mount(button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("details")?.removeAttribute("open");
    if ("copy" in button.dataset) copy();
    else if ("print" in button.dataset) drawAll().then(() => print());
    else document.getElementById(button.dataset.png)?.querySelector('[data-action="png"]')?.click();
  });
}
