// Keeps the page for when there is no network: as it was fetched last. Only the page itself is kept, and nothing of a
// room. With a network, everything comes from there, so that nobody sees an old page.

const KEPT = "party-page";
// The page asks for this script with its language: `/offline.js?de`.
const SCRIPTS = `/dist/${location.search.slice(1)}`;
const NAMES = ["main", "parts", "qr-code"];
const FILES = ["/", ...NAMES.map((name) => `${SCRIPTS}/${name}.js`), "/dist/style.css", "/icon.svg"];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => {
  // The page need not wait until this script has started.
  const preload = registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([preload, clients.claim(), forgetOthers()]));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  // Every address leads to the same page.
  const file = mode === "navigate" ? "/" : pathname;
  if (method === "GET" && origin === location.origin && FILES.includes(file)) event.respondWith(answer(event, file));
});

// A notification that this script has shown leads to the page of its room, which then leads to the message.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showRoom(event.notification));
});

/** Shows the page of a notification's room, and says to it that the notification was clicked. */
async function showRoom({ data: address, tag }) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === address);
  if (!page) return clients.openWindow(address);
  page.postMessage({ clicked: tag });
  return page.focus();
}

/** Removes what another version of the page, or the page in another language, has kept. */
async function forgetOthers() {
  const cache = await caches.open(KEPT);
  const others = (await cache.keys()).filter(({ url }) => !FILES.includes(new URL(url).pathname));
  await Promise.all(others.map((other) => cache.delete(other)));
}

/** Returns the answer of the network, which is kept; without one, what was kept before. */
async function answer(event, file) {
  const cache = await caches.open(KEPT);
  const fresh = await network(event).catch(() => Response.error());
  // Firefox does not reject a preload that fails: it gives an error as the answer.
  if (fresh.type === "error") return (await cache.match(file)) ?? fresh;
  // What is in between may have answers of its own, such as a hotel's page to sign in.
  if (fresh.ok && !fresh.redirected) event.waitUntil(cache.put(file, fresh.clone()));
  return fresh;
}

async function network(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}
