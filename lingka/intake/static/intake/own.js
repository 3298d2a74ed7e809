// Receipts kept on this phone: written by the receipt page, listed on "What I reported".
// They stay on the device; nothing of this list is ever sent anywhere.

const KEY = "lingka.receipts";
const MOST = 60;

function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.url === "string") : [];
  } catch {
    return [];
  }
}
function save(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false; // full, or forbidden in a private window
  }
}

const receipt = document.querySelector("[data-receipt]");
if (receipt) {
  const { receipt: url, code, title, day } = receipt.dataset;
  const kept = save([{ url, code, title, day }, ...all().filter((one) => one.url !== url)]);
  const note = document.querySelector("[data-kept-here]");
  if (note) note.hidden = !kept;
}

const list = document.querySelector("[data-own]");
if (list) {
  const draw = () => {
    const kept = all();
    list.replaceChildren(
      ...kept.map((one) => {
        const row = document.createElement("li");
        row.className = "own-row";
        const link = document.createElement("a");
        link.href = one.url.startsWith("/r/") ? one.url : "#";
        link.textContent = one.title || one.code;
        const note = document.createElement("span");
        note.className = "note";
        note.textContent = `${one.code} · ${one.day || ""}`;
        const out = document.createElement("button");
        out.type = "button";
        out.className = "button button-small";
        out.textContent = list.dataset.wordsForget;
        out.addEventListener("click", () => {
          save(all().filter((other) => other.url !== one.url));
          draw();
        });
        row.append(link, note, out);
        return row;
      }),
    );
    document.querySelector("[data-own-some]").hidden = kept.length === 0;
    document.querySelector("[data-own-none]").hidden = kept.length !== 0;
  };
  draw();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", (event) => {
    if (!window.print) return;
    event.preventDefault();
    window.print();
  });
}
