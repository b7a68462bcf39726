// The keyboard overview, fetched when it is first opened.
import { fetchPiece } from "./net.js";

export function mount(dialog) {
  dialog.addEventListener("opened", async () => {
    if (!dialog.firstElementChild) dialog.innerHTML = await fetchPiece(dialog.dataset.url);
    dialog.querySelector("[data-closes]")?.focus();
  });
}
