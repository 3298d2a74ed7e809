/* The button that lets this browser take messages. Hidden where the browser cannot. */
(function () {
  const button = document.getElementById("push-on");
  if (!button || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  button.hidden = false;
  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }
  button.addEventListener("click", async function () {
    const said = document.getElementById("push-said");
    try {
      const registration = await navigator.serviceWorker.register(button.dataset.worker, {
        scope: "/desk/notices/",
      });
      const subscription = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(button.dataset.key),
      });
      const answer = await fetch(button.dataset.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
        },
        body: JSON.stringify(subscription),
      });
      said.textContent = answer.ok ? button.dataset.done : button.dataset.failed;
    } catch (error) {
      said.textContent = button.dataset.failed;
    }
  });
})();
