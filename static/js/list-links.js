// The links beside a list's filters that take the list along, such as its CSV: after each live filtering they ask for
// what the address now says, each with the format that it names itself.
function follow(form) {
  for (const link of form.querySelectorAll("a[href*='format=']")) {
    const asked = new URLSearchParams(location.search);
    asked.delete("page");
    asked.set("format", new URL(link.href).searchParams.get("format"));
    link.href = `?${asked}`;
  }
}

export function mount(form) {
  const listen = () => (form.isConnected ? follow(form) : document.removeEventListener("htmx:pushedIntoHistory", listen));
  document.addEventListener("htmx:pushedIntoHistory", listen);
}
