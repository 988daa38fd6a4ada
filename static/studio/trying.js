// A question that is tried on the draft: sent in place, and told in place when it cannot be.
import { problem, token } from "./sound.js";

/** @param {HTMLFormElement} form @param {string} url @param {Element} wrong @param {(told: object) => void} show */
export function tries(form, url, wrong, show) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = form.elements.text.value.trim();
    if (!text) { form.elements.text.focus(); return; }
    form.setAttribute("aria-busy", "true");
    wrong.hidden = true;
    try {
      const answer = await fetch(url, { method: "POST", body: new URLSearchParams({ text }), headers: { "X-CSRFToken": token() } });
      if (!answer.ok) throw new Error(await problem(answer));
      show(await answer.json());
    } catch (error) {
      wrong.textContent = error instanceof TypeError || !error.message ? form.dataset.failed : error.message;
      wrong.hidden = false;
    } finally {
      form.removeAttribute("aria-busy");
    }
  });
}
