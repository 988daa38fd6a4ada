// What a member may do: another role sets every level and switch to what that role comes with.
const form = document.querySelector("form[data-access]");
if (form) {
  const presets = JSON.parse(document.getElementById("presets").textContent);
  const levels = form.querySelector("[data-levels]");
  const show = () => { levels.hidden = form.elements.role.value === "owner"; };
  for (const radio of form.elements.role) {
    radio.addEventListener("change", () => {
      for (const [name, value] of Object.entries(presets[radio.value])) {
        const field = form.elements[name];
        if (!field) continue;
        if (field instanceof RadioNodeList) field.value = value;
        else field.checked = value;
      }
      show();
    });
  }
  form.addEventListener("restored", show);
}
