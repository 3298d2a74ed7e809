// Keeps the app itself on the phone, so that it starts in flight mode. It keeps no answers of the
// server and sends nothing: records are the page's business, which can show what became of them.
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const __SHELL__: { url: string; revision: string | null }[];
declare const __LATER__: string[];

interface Worker_ {
  addEventListener(name: string, listener: (event: ExtendableEvent_) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface ExtendableEvent_ extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
const worker = self as unknown as Worker_;
const LATER = "field-fonts"; // as it was first called: what phones have stays theirs
const BEFORE = "field-before"; // the version before this one, for pages that are still open
const PIECES = "/static/field/dist/assets/";

// The server says that its answers vary by language and cookie. These files do not; kept with that
// word they would not be found again by a request that carries other headers.
addPlugins([
  {
    cacheWillUpdate: async ({ response }) => {
      if (!response.ok) return null;
      const headers = new Headers(response.headers);
      for (const name of ["Vary", "Content-Encoding", "Content-Length"]) headers.delete(name);
      return new Response(await response.blob(), { status: response.status, headers });
    },
  },
]);
precacheAndRoute(__SHELL__);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/field/"), { allowlist: [/^\/field\/$/] }));

// Tibetan letters are heavier than the app, and few need the reader of codes: fetched after it, kept
// for good.
registerRoute(
  ({ url }) => __LATER__.includes(url.pathname),
  async ({ request }) => {
    const kept = await caches.open(LATER);
    const found = await kept.match(request, { ignoreVary: true });
    if (found) return found;
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  },
);

// A page of the version before asks for its own pieces, which are on the server no longer.
registerRoute(
  ({ url }) => url.pathname.startsWith(PIECES),
  async ({ request }) => {
    const kept = await caches.open(BEFORE);
    return (await kept.match(request, { ignoreVary: true })) ?? fetch(request);
  },
);

worker.addEventListener("install", (event) => {
  event.waitUntil(setAside().catch(() => undefined)); // without room the page begins anew instead
  void worker.skipWaiting();
});
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
// Asked by the page at every start: no request waits for it, and what was cut off is begun again.
worker.addEventListener("message", (event) => event.waitUntil((fetching ??= later().finally(() => (fetching = null)))));

let fetching: Promise<void> | null = null;

async function later(): Promise<void> {
  const kept = await caches.open(LATER);
  for (const one of await kept.keys()) {
    if (!__LATER__.includes(new URL(one.url).pathname)) await kept.delete(one);
  }
  for (const address of __LATER__) {
    if (!(await kept.match(address))) await kept.add(address).catch(() => undefined);
  }
}

/** Before the new version takes the place of what is kept. */
async function setAside(): Promise<void> {
  const ours = new Set(__SHELL__.map((one) => one.url));
  const before = await caches.open(BEFORE);
  const old = new Map<string, Response>();
  for (const name of (await caches.keys()).filter((one) => one.includes("precache"))) {
    const kept = await caches.open(name);
    for (const one of await kept.keys()) {
      const { pathname } = new URL(one.url);
      const found = pathname.startsWith(PIECES) && !ours.has(pathname) ? await kept.match(one) : undefined;
      if (found) old.set(pathname, found);
    }
  }
  if (old.size === 0) return; // nothing changes, or an earlier try has it all
  for (const one of await before.keys()) if (!old.has(new URL(one.url).pathname)) await before.delete(one);
  for (const [pathname, found] of old) await before.put(pathname, found);
}
