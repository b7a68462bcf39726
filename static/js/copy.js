// A field whose text is selected when it is entered, with a button that copies it.
import { toast } from "./toasts.js";

export function mount(field) {
  field.addEventListener("focus", () => field.select());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      toast("Copied.", { kind: "good" });
    } catch {
      toast("Press Ctrl C to copy the selected text.");
    }
  });
  field.after(button);
}
