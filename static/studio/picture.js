// The agent's picture in the widget's editor: chosen or dropped, sent, and put into the draft by its digest.
export function watchPicture(box, changed) {
  const digest = box.querySelector("input[type=hidden]");
  const file = box.querySelector("input[type=file]");
  const choose = box.querySelector("[data-choose]");
  const remove = box.querySelector("[data-remove]");
  const thumb = box.querySelector(".thumb");
  const progress = box.querySelector("progress");
  const words = box.querySelector("[data-choose-words]");
  let sending = null;

  choose.addEventListener("click", () => file.click());
  remove.addEventListener("click", () => {
    say("");
    put("", "");
    box.querySelector("[data-said]").textContent = box.dataset.gone;
    choose.focus();
  });
  file.addEventListener("change", () => { if (file.files[0]) send(file.files[0]); file.value = ""; });
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", (event) => { if (!box.contains(event.relatedTarget)) box.classList.remove("over"); });
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    if (event.dataTransfer.files[0]) send(event.dataTransfer.files[0]);
  });

  /** XMLHttpRequest, because only it tells how much has gone out. */
  function send(picture) {
    say("");
    if (picture.size > Number(box.dataset.most)) return say(box.dataset.large);
    sending?.abort();
    const request = sending = new XMLHttpRequest();
    request.open("POST", box.dataset.picture);
    request.responseType = "json";
    request.setRequestHeader("X-CSRFToken", box.closest("form").elements.csrfmiddlewaretoken.value);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress.value = event.loaded / event.total; });
    request.addEventListener("loadend", () => {
      if (sending !== request) return;
      sending = null;
      busy(false);
      const answer = request.response;
      if (request.status === 200 && answer?.picture) {
        put(answer.picture, answer.address);
        box.querySelector("[data-said]").textContent = box.dataset.taken;
      } else say(answer?.problem ?? box.dataset.wrong);
    });
    busy(true);
    request.send(picture);
  }

  function busy(on) {
    progress.hidden = !on;
    progress.value = 0;
    choose.toggleAttribute("aria-busy", on);
    box.classList.toggle("sending", on);
  }

  function put(value, address) {
    digest.value = value;
    thumb.hidden = !value;
    if (value) thumb.firstElementChild.src = address; else thumb.firstElementChild.removeAttribute("src");
    remove.hidden = !value;
    words.textContent = value ? box.dataset.replace : box.dataset.choose;
    changed();
  }

  /** The mistake in its place, tied to the button that puts it right. */
  function say(problem) {
    box.querySelector(".error")?.remove();
    box.classList.toggle("has-error", Boolean(problem));
    choose.setAttribute("aria-describedby", problem ? "picture-help picture-error" : "picture-help");
    if (!problem) return;
    const line = document.createElement("p");
    line.className = "error";
    line.id = "picture-error";
    line.setAttribute("role", "alert");
    line.textContent = problem;
    box.append(line);
  }
}
