// Keeps the page for when there is no network: as it was fetched last. Only the page itself is kept; its text is kept
// by the page. With a network, everything comes from there, so that nobody sees an old page.

const KEPT = "party-editor";
const FILES = ["/", "/dist/main.js", "/style.css", "/icon.svg"];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)));
});

addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  // Every address leads to the same page.
  const file = mode === "navigate" ? "/" : pathname;
  if (method === "GET" && origin === location.origin && FILES.includes(file)) event.respondWith(answer(event, file));
});

/** Returns the answer of the network, which is kept; without one, what was kept before. */
async function answer(event, file) {
  const cache = await caches.open(KEPT);
  const fresh = await fetch(event.request).catch(() => Response.error());
  if (fresh.type === "error") return (await cache.match(file)) ?? fresh;
  // What is in between may have answers of its own, such as a hotel's page to sign in.
  if (fresh.ok && !fresh.redirected) event.waitUntil(cache.put(file, fresh.clone()));
  return fresh;
}
