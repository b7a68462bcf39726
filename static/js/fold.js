// A folded group of the side bar stays folded: its name goes into a cookie that the server reads.
import { cookie } from "./net.js";

export function mount(group) {
  group.addEventListener("toggle", () => {
    const folded = new Set(cookie("folded").split("|").filter(Boolean));
    if (group.open) folded.delete(group.dataset.fold);
    else folded.add(group.dataset.fold);
    document.cookie = `folded=${encodeURIComponent([...folded].join("|"))}; path=/; max-age=31536000; samesite=lax`;
  });
}
