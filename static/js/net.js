// Talking to the portal: the CSRF cookie, and requests that carry it.
export function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

export async function send(url, { method = "POST", form, json, signal } = {}) {
  const headers = { "X-CSRFToken": cookie("csrftoken"), Accept: "application/json" };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  return fetch(url, { method, headers, body: json !== undefined ? JSON.stringify(json) : form, signal, credentials: "same-origin" });
}

export async function fetchPiece(url, { signal } = {}) {
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal, credentials: "same-origin" });
  const elsewhere = answer.headers.get("HX-Redirect"); // signed out meanwhile
  if (elsewhere) location.assign(elsewhere);
  if (!answer.ok) throw new Error(`The portal answered ${answer.status}`);
  return answer.text();
}
