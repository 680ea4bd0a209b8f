// Reads a part of the page again every few seconds: data-live is its address, data-every the pause in milliseconds.
// Folded lists stay as the reader left them (data-keep-open); "scan:answered" on the document reads at once.
function folds(box) {
  return new Map([...box.querySelectorAll('[data-keep-open]')].map((fold) => [fold.dataset.keepOpen, fold.open]));
}

function isBusy(box) {
  return box.contains(document.activeElement) && document.activeElement !== document.body;
}

// What was read aloud already is not said again with every reading.
function sayOnce(before, now) {
  if (before && now && before.textContent === now.textContent) now.removeAttribute('role');
}

async function read(box) {
  const trouble = box.querySelector('[data-live-trouble]');
  try {
    const response = await fetch(box.dataset.live, { headers: { 'HX-Request': 'true' }, cache: 'no-store' });
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    if (isBusy(box)) return;
    const open = folds(box);
    const fresh = new DOMParser().parseFromString(text, 'text/html').body;
    for (const fold of fresh.querySelectorAll('[data-keep-open]')) fold.open = open.get(fold.dataset.keepOpen) ?? fold.open;
    sayOnce(box.querySelector('[data-live-said]'), fresh.querySelector('[data-live-said]'));
    box.replaceChildren(...fresh.childNodes);
  } catch {
    if (trouble) Object.assign(trouble, { hidden: false, textContent: box.dataset.lost ?? '' });
  }
}

// An act inside such a part changes it alone: the page around goes on, with its camera and what is typed.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  const box = form.matches('[data-live-act]') && form.closest('[data-live]');
  if (!box) return;
  event.preventDefault();
  event.stopPropagation();
  document.activeElement?.blur();
  await fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' }).catch(() => undefined);
  read(box);
}, true);

for (const box of document.querySelectorAll('[data-live]')) {
  const again = async () => {
    if (!document.hidden) await read(box);
    setTimeout(again, Number(box.dataset.every));
  };
  setTimeout(again, Number(box.dataset.every));
  document.addEventListener('scan:answered', () => read(box));
}
