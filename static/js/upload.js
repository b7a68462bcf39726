// A file's upload with its progress; without this the form is sent as any form is.
export function mount(form) {
  const state = form.querySelector("[data-upload-state]");
  const words = form.querySelector("[data-upload-words]");
  const bar = form.querySelector("progress");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (!form.querySelector("input[type=file]").files.length) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    bar.hidden = state.hidden = false;
    words.classList.remove("field__error");
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (step) => {
      if (!step.lengthComputable) return;
      bar.value = Math.round((100 * step.loaded) / step.total);
      words.textContent = step.loaded < step.total ? `${bar.value} % uploaded` : "Looking at the file …";
    });
    request.addEventListener("load", () => {
      // Another page answered, with the next step or with what is wrong with the file and what to do.
      const isElsewhere = request.responseURL && new URL(request.responseURL).pathname !== location.pathname;
      if (isElsewhere) return location.assign(request.responseURL);
      button.disabled = false;
      bar.hidden = true;
      words.classList.add("field__error");
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      words.textContent = page.querySelector(".field__error, h1")?.textContent ?? "The upload failed. Try it again.";
    });
    request.addEventListener("error", () => {
      button.disabled = false;
      bar.hidden = true;
      words.classList.add("field__error");
      words.textContent = "The connection broke. Try it again; nothing was stored.";
    });
    request.open("POST", form.action || location.href);
    request.send(new FormData(form));
  });
}
