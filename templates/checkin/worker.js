// Keeps the files of a station, so that its page opens and scans without a network. Asks the server for nothing else.
const VERSION = {{ version|tojson }};
const KEPT = `door-${VERSION}`;
const FILES = new Set({{ files|tojson }});

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT);
    await cache.addAll([...FILES].map((path) => new Request(path, { cache: 'reload' })));
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith('door-') && name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !FILES.has(pathname)) return;
  event.respondWith((async () => {
    const kept = await (await caches.open(KEPT)).match(pathname);
    return kept ?? fetch(request);
  })());
});
