// What a visitor hears first, as it is being written, with the words of the default variant in their places.
const variables = JSON.parse(document.getElementById("variables").textContent);
const shown = document.querySelector("[data-first-words]");
const fields = { name: "id_name", disclaimer: "id_disclaimer", greeting: "id_greeting" };

const fill = (text) => text.replace(/\$\{variant_([A-Za-z0-9_.-]+)\}/g, (whole, name) => variables[name] ?? "…");

function show() {
  for (const [name, id] of Object.entries(fields)) {
    const place = shown.querySelector(`[data-${name}]`);
    place.textContent = fill(document.getElementById(id).value.trim());
    place.hidden = !place.textContent;
  }
  if (!shown.querySelector("[data-greeting]").textContent && !shown.querySelector("[data-disclaimer]").textContent) {
    const place = shown.querySelector("[data-greeting]");
    place.textContent = shown.dataset.fallback;
    place.hidden = false;
  }
}

const form = document.getElementById("id_name").form;
form.addEventListener("input", show);
form.addEventListener("restored", show);
show();
