// Keeps the page of the day fresh, as long as nobody is about to press or type something on it.
const EVERY = 15_000;

const box = document.querySelector('[data-day-live]');

async function refresh() {
  if (document.hidden || box.contains(document.activeElement) || document.querySelector('dialog[open]')) return;
  try {
    const response = await fetch(box.dataset.live, { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.querySelector('[data-day-live]');
    if (response.ok && fresh && !box.contains(document.activeElement)) box.replaceChildren(...fresh.childNodes);
  } catch {
    // The next round tries again.
  }
}

if (box) setInterval(refresh, EVERY);
