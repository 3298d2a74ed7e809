/* Shows a message that came by Web Push, and opens its page when it is touched. */
self.addEventListener("push", (event) => {
  const message = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(message.title || "Lingka", {
      body: message.body,
      data: message.url,
      tag: message.url,
    }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(self.clients.openWindow(event.notification.data));
});
