// Lists by keyboard (j down, k up, x tick, Enter open, / search) and the count of ticked rows.
const boxes = () => [...document.querySelectorAll('[data-row-check]')];
const rows = () => [...document.querySelectorAll('[data-list] tbody tr')];

function count() {
  const ticked = boxes().filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll('[data-bulk]')) {
    const idle = ticked === 0 && !bar.querySelector('[data-bulk-all]')?.checked;
    bar.querySelector('[data-bulk-count]').textContent = ticked;
    bar.classList.toggle('is-idle', idle);
    bar.querySelectorAll('button').forEach((button) => { button.disabled = idle; });
  }
  const all = document.querySelector('[data-check-all]');
  if (all) all.checked = ticked > 0 && ticked === boxes().length;
}

function walk(step) {
  const list = rows();
  const at = list.findIndex((row) => row.classList.contains('is-here'));
  const next = list[Math.max(0, Math.min(list.length - 1, at + step))];
  list[at]?.classList.remove('is-here');
  next?.classList.add('is-here');
  next?.scrollIntoView({ block: 'nearest' });
}

function tick() {
  const box = document.querySelector('tr.is-here [data-row-check]');
  if (!box) return;
  box.checked = !box.checked;
  count();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: tick,
  Enter: () => document.querySelector('tr.is-here a[href]')?.click(),
  '/': () => document.querySelector('[data-key="/"]')?.focus(),
};

document.addEventListener('keydown', (event) => {
  const busy = event.target.closest('input:not([data-row-check]), select, textarea, a, button, dialog, [role=grid]');
  if (busy || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !KEYS[event.key]) return;
  if (rows().length === 0 && event.key !== '/') return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-check-all]')) boxes().forEach((box) => { box.checked = event.target.checked; });
  if (event.target.matches('[data-check-all], [data-row-check], [data-bulk-all]')) count();
});
addEventListener('pageshow', count);
