// The notices were shown: looking at a page changes nothing by itself, so the browser says so.
const list = document.querySelector("[data-seen]");
if (list) say();

function say() {
  if (document.hidden) return document.addEventListener("visibilitychange", say, { once: true });
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const body = new URLSearchParams({ csrfmiddlewaretoken: token.value });
  fetch(list.dataset.seen, { method: "POST", body, headers: { Accept: "text/x-part" } }).catch(() => { /* they stay new */ });
}
