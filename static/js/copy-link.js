// A link whose address is copied instead of opened; without a clipboard it stays a link.
import { toast } from "./toasts.js";

export function mount(link) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      toast("The link is copied.", { kind: "good" });
    } catch {
      location.assign(link.href);
    }
  });
}
