// Comforts of the report page. Everything here also works without: files travel with the form,
// open cases near by are offered on a page of their own, and a person looks where a sum is due.

const form = document.getElementById("report");
const LONGEST = 1600;
const say = (kind, text) => {
  const fault = form.querySelector(`[data-fault="${kind}"]`);
  if (!fault) return;
  fault.querySelector("span").textContent = text;
  fault.hidden = !text;
};

// Letters that arrive late move what is to be mended under the bar: go there once more.
addEventListener("load", async () => {
  await document.fonts.ready;
  const wrong = form.querySelector("[aria-invalid][autofocus]");
  if (wrong && wrong === document.activeElement) wrong.scrollIntoView({ block: "center" });
});

// A phone's photo is made smaller before it travels: a tenth of the bytes over a slow network.
async function shrink(file) {
  if (!file.type.startsWith("image/") || !("createImageBitmap" in window)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const by = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * by);
    canvas.height = Math.round(picture.height * by);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? made : file;
  } catch {
    return file; // the server can read more kinds than the browser
  }
}

async function upload(blob, kind) {
  const body = new FormData();
  body.append("kind", kind);
  body.append("file", blob, kind === "voice" ? "voice" : "photo");
  const answer = await fetch(form.dataset.upload, { method: "POST", body });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.message || form.dataset.wordsFailed);
  return told;
}

function keep(told) {
  const figure = document.createElement("figure");
  figure.className = "kept";
  figure.dataset.kept = "";
  const field = Object.assign(document.createElement("input"), {
    type: "hidden", name: "kept", value: told.key,
  });
  const shown = told.kind === "voice"
    ? Object.assign(document.createElement("audio"), { controls: true, src: told.url })
    : Object.assign(document.createElement("img"), { src: told.url, alt: form.dataset.wordsPhoto });
  const out = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
  out.className = "kept-remove";
  out.setAttribute("aria-label", form.dataset.wordsRemove);
  figure.append(field, shown, out);
  return figure;
}

form.addEventListener("click", (event) => {
  const button = event.target.closest(".kept-remove");
  if (!button) return;
  event.preventDefault();
  button.closest("[data-kept]").remove();
});

const photos = form.querySelector('input[name="photos"]');
photos?.addEventListener("change", async () => {
  const files = [...photos.files];
  photos.value = "";
  say("photo", "");
  const add = form.querySelector("[data-photo-add]");
  add.setAttribute("aria-busy", "true");
  for (const file of files) {
    try {
      add.before(keep(await upload(await shrink(file), "photo")));
    } catch (error) {
      say("photo", `${file.name.slice(-40)}: ${error.message}`);
    }
  }
  add.removeAttribute("aria-busy");
});

const sound = form.querySelector("[data-sound]");
async function keepSound(blob) {
  say("voice", "");
  try {
    sound.replaceChildren(keep(await upload(blob, "voice")));
  } catch (error) {
    say("voice", error.message);
  }
}

const chosen = form.querySelector('input[name="voice"]');
chosen?.addEventListener("change", async () => {
  const [file] = chosen.files;
  if (!file) return;
  await keepSound(file);
  chosen.value = "";
});

const record = form.querySelector("[data-record]");
if (record && window.MediaRecorder && navigator.mediaDevices?.getUserMedia) {
  const word = record.querySelector("[data-record-word]");
  const idle = word.textContent;
  let recorder = null;
  record.hidden = false;
  form.querySelector("[data-record-file]").hidden = true;
  record.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      say("voice", record.dataset.wordsRefused);
      form.querySelector("[data-record-file]").hidden = false;
      return undefined;
    }
    const pieces = [];
    const started = Date.now();
    recorder = new MediaRecorder(stream);
    const tick = setInterval(() => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      word.textContent = `${record.dataset.wordsStop} ${clock}`;
      if (seconds >= 290) recorder?.stop();
    }, 500);
    word.textContent = record.dataset.wordsStop;
    record.setAttribute("aria-pressed", "true");
    recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    recorder.addEventListener("stop", async () => {
      clearInterval(tick);
      for (const track of stream.getTracks()) track.stop();
      const blob = new Blob(pieces, { type: recorder.mimeType });
      recorder = null;
      word.textContent = idle;
      record.removeAttribute("aria-pressed");
      await keepSound(blob);
    });
    recorder.start(1000);
    return undefined;
  });
}

// Open cases like this one, offered while writing.
const words = form.querySelector("textarea[name=words]");
const offers = form.querySelector("[data-offers]");
let asked = "";
let timer = 0;
async function look() {
  const text = words.value.trim();
  if (text.length < 4 || text === asked) return;
  asked = text;
  const body = new FormData(form);
  for (const name of ["photos", "voice", "seen"]) body.delete(name);
  try {
    const answer = await fetch(form.dataset.nearby, { method: "POST", body });
    if (answer.ok && text === asked) offers.innerHTML = await answer.text();
  } catch {
    asked = ""; // no network: the server asks once more when the form is sent
  }
}
if (words && offers) {
  words.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 900);
  });
}

const locate = form.querySelector("[data-locate]");
if (locate && navigator.geolocation) {
  const note = form.querySelector("[data-located]");
  locate.hidden = false;
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(6);
        form.elements.lat.value = coords.latitude.toFixed(6);
        const map = form.querySelector("lingka-map");
        map?.setAttribute("lon", form.elements.lon.value);
        map?.setAttribute("lat", form.elements.lat.value);
        note.textContent = locate.dataset.wordsDone;
      },
      () => { note.textContent = locate.dataset.wordsRefused; },
      { enableHighAccuracy: true, timeout: 12000 },
    );
  });
}

// A sum instead of a puzzle picture: only when very many reports come at once.
function zeroBits(bytes) {
  let bits = 0;
  for (const byte of bytes) {
    if (byte) return bits + Math.clz32(byte) - 24;
    bits += 8;
  }
  return bits;
}
async function workOut(sum) {
  const asking = Number(sum.split(":")[0].split("-").pop());
  const encoder = new TextEncoder();
  for (let answer = 0; ; answer += 1) {
    const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${sum}:${answer}`));
    if (zeroBits(new Uint8Array(digest)) >= asking) return answer;
  }
}
const canCompute = Boolean(window.crypto?.subtle);
for (const field of form.querySelectorAll("[data-scripts]")) field.value = canCompute ? "1" : "";
if (form.dataset.challenge && canCompute) {
  form.querySelector("[data-solution]").value = await workOut(form.dataset.challenge);
  form.requestSubmit(document.querySelector("[data-send]"));
}

// Sent twice is one report all the same (the form has a key); this only spares the network.
form.addEventListener("submit", () => {
  const send = document.querySelector("[data-send]");
  setTimeout(() => { if (send) send.disabled = true; }, 0);
  setTimeout(() => { if (send) send.disabled = false; }, 8000);
});
addEventListener("pageshow", () => {
  const send = document.querySelector("[data-send]");
  if (send) send.disabled = false;
});
