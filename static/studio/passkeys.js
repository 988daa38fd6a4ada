// Passkeys: a form with data-passkey asks the browser for a credential before it is sent. "login" fetches what to ask
// from its own address; "add" and "confirm" find it in the page's #js_data.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue; // hidden where the browser knows none
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    ask(form).catch((problem) => show(form, problem));
  });
}

async function ask(form) {
  hide(form);
  const kind = form.dataset.passkey;
  const options = kind === "login" ? await fetched(form) : JSON.parse(document.getElementById("js_data").textContent);
  const credential = kind === "add"
    ? await navigator.credentials.create({ publicKey: forAdding(options.creation_options.publicKey) })
    : await navigator.credentials.get({ publicKey: forUsing(options.request_options.publicKey) });
  form.elements.credential.value = JSON.stringify(plain(credential));
  form.requestSubmit();
}

async function fetched(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new TypeError(String(answer.status));
  return answer.json();
}

/** A passkey lives on the device and asks who is there: then it signs in alone, without a password. */
function forAdding(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: (options.excludeCredentials || []).map((one) => ({ ...one, id: bytes(one.id) })),
    authenticatorSelection: { ...options.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
}

function forUsing(options) {
  return {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: (options.allowCredentials || []).map((one) => ({ ...one, id: bytes(one.id) })),
  };
}

/** A credential as JSON: every buffer in base64url. */
function plain(credential) {
  const { response } = credential;
  const told = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) told[name] = base64url(response[name]);
  }
  if (response.getTransports) told.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  };
}

function bytes(value) {
  const padded = value.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(value.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

function base64url(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function show(form, problem) {
  const place = form.querySelector("[data-problem]");
  const why = problem instanceof TypeError ? "offline" : problem.name === "SecurityError" ? "elsewhere" : "refused";
  place.querySelector("span").textContent = place.dataset[why];
  place.hidden = false;
}

function hide(form) {
  form.querySelector("[data-problem]").hidden = true;
}
