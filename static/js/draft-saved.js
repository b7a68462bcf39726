// A page to which a saved form leads: the draft of what was saved is not needed any more.
import { sweepDrafts } from "./drafts.js";

export function mount() {
  sweepDrafts();
}
