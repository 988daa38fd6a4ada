// A connection: a test of it, told beside its button.
for (const test of document.querySelectorAll("[data-test]")) test.querySelector("button").addEventListener("click", () => run(test));

async function run(test) {
  const button = test.querySelector("button");
  const status = test.querySelector("[data-status]");
  const told = test.querySelector("[data-told]");
  button.disabled = true;
  status.className = "quiet-text";
  status.textContent = test.dataset.testing;
  told.textContent = "";
  const body = new URLSearchParams({ use: test.dataset.use, csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value });
  try {
    const answer = await (await fetch(test.dataset.test, { method: "POST", body })).json();
    if (answer.problem) throw new Error(answer.problem);
    status.className = `status ${answer.works ? "good" : "bad"}`;
    status.textContent = answer.works ? test.dataset.works : test.dataset.fails;
    told.textContent = answer.told;
  } catch (error) {
    status.className = "status warn";
    status.textContent = "";
    told.textContent = error instanceof SyntaxError || error instanceof TypeError ? test.dataset.failed : error.message;
  } finally {
    button.disabled = false;
  }
}
