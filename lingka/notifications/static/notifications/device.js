// "Tell me on this device": shown only where the browser can take messages, and says the state.
// WeChat's browser has the parts and delivers nothing, so it is left out.

const section = document.querySelector("[data-device]");
const can =
  "serviceWorker" in navigator &&
  "PushManager" in window &&
  "Notification" in window &&
  Notification.permission !== "denied" &&
  !/MicroMessenger/i.test(navigator.userAgent);

if (section && can) start();

async function start() {
  const { url, worker } = section.dataset;
  const scope = worker.slice(0, worker.lastIndexOf("/") + 1);
  const button = section.querySelector("button");
  const label = section.querySelector("[data-label]");
  const said = section.querySelector("[role=status]");
  let subscription = null;
  let answer;

  async function ask(what) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ do: what, subscription }),
    });
    if (!response.ok) throw new Error(response.status);
    answer = await response.json();
    label.textContent = answer.on ? section.dataset.off : section.dataset.on;
    button.setAttribute("aria-pressed", String(answer.on));
  }
  async function on() {
    const registration = await navigator.serviceWorker.register(worker, { scope });
    subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(answer.key),
    });
    await ask("on");
    said.textContent = section.dataset.isOn;
  }
  async function off() {
    await ask("off"); // the browser's own subscription stays: other receipts may use it
    said.textContent = section.dataset.isOff;
  }

  try {
    const registration = await navigator.serviceWorker.getRegistration(scope);
    subscription = registration ? await registration.pushManager.getSubscription() : null;
    await ask("ask");
  } catch {
    return; // nothing is promised that cannot be kept
  }
  section.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await (answer.on ? off() : on());
    } catch {
      said.textContent = section.dataset.failed;
    }
    button.disabled = false;
  });
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
