// What was typed into long forms and is not saved yet, kept in this browser: one draft a form and person, for a week.
const PREFIX = "draft:";
const KEEP_MS = 7 * 24 * 3600 * 1000;
const COOKIE = "saved_draft";

export function keyOf(form) {
  return `${PREFIX}${form.dataset.draftOf}:${location.pathname}`;
}

export function readDraft(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

// Without room, or where the browser keeps nothing, the form works as ever.
export function writeDraft(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export function dropDraft(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where nothing can be removed, nothing was kept.
  }
}

// Drop the draft that the server says it has saved, and all that are too old.
export function sweepDrafts() {
  const saved = document.cookie.split("; ").find((one) => one.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  let keys = [];
  try {
    keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return;
  }
  for (const key of keys) {
    const draft = readDraft(key);
    if (!draft || draft.token === saved || !(Date.now() - draft.at < KEEP_MS)) dropDraft(key);
  }
  if (saved) document.cookie = `${COOKIE}=; path=/; max-age=0; samesite=lax`;
}
