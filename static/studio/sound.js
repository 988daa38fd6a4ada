// Texts said by the server in an agent's voice: asked for, decoded, played; one at a time on a page.
import { toast } from "./toasts.js";

let context = null;
let playing = null;

/** Ask for a text's sound: decoded, and after how many milliseconds a caller would have heard its beginning. */
export async function speech(url, values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== "") body.append(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } });
  if (!answer.ok || !answer.headers.get("Content-Type").startsWith("audio/")) throw new Error(await problem(answer));
  const bytes = await answer.arrayBuffer();
  const firstMs = Number(answer.headers.get("X-First-Sound-Ms"));
  context ??= new AudioContext();
  return { sound: await context.decodeAudioData(bytes), firstMs };
}

/** Play a decoded sound; the promise is kept when it has ended or another one began. */
export function play(sound) {
  stop();
  context.resume();
  const source = new AudioBufferSourceNode(context, { buffer: sound });
  source.connect(context.destination);
  return new Promise((done) => {
    playing = { source, done };
    source.addEventListener("ended", () => { if (playing?.source === source) playing = null; done(); });
    source.start();
  });
}

export function stop() {
  const was = playing;
  playing = null;
  was?.source.stop();
  was?.done();
}

/** The words of a failed answer for a person, "" where the server had none. */
export async function problem(answer) {
  try { return (await answer.json()).problem ?? ""; } catch { return ""; }
}

export function token() {
  return document.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? "";
}

/** The shape of a sound as a path of upright lines in a box of 400 by 40. */
export function shape(sound, bars = 80) {
  const samples = sound.getChannelData(0);
  const step = Math.max(1, Math.floor(samples.length / bars));
  let path = "";
  for (let bar = 0; bar < bars; bar++) {
    let peak = 0;
    for (let at = bar * step; at < Math.min(samples.length, (bar + 1) * step); at += 8) peak = Math.max(peak, Math.abs(samples[at]));
    const half = 1.5 + Math.min(1, peak * 1.4) * 17;
    path += `M${(bar + 0.5) * (400 / bars)} ${20 - half}V${20 + half}`;
  }
  return path;
}

/** Buttons with data-play say the text of the field named in data-from. `more` adds what a page knows. */
export function watchPlaying(more = () => ({})) {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-play]");
    if (!button || button.disabled) return;
    event.preventDefault();
    if (button.classList.contains("playing")) { stop(); return; }
    const label = button.getAttribute("aria-label");
    const field = document.getElementById(button.dataset.from);
    button.setAttribute("aria-busy", "true");
    try {
      const { sound } = await speech(button.dataset.play, { text: field.value, voice: button.dataset.voice, language: button.dataset.language, ...more(button) });
      const wave = button.parentElement.querySelector("[data-wave]");
      wave?.setAttribute("d", shape(sound));
      wave?.classList.add("heard");
      button.removeAttribute("aria-busy");
      button.classList.add("playing");
      button.setAttribute("aria-label", button.dataset.stop);
      await play(sound);
    } catch (error) {
      toast(error.message || button.dataset.failed, true);
    } finally {
      button.removeAttribute("aria-busy");
      button.classList.remove("playing");
      button.setAttribute("aria-label", label);
    }
  });
}
