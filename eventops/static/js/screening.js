// Screening by keyboard: j and k walk through the applications, a letter answers, the counts above follow.
const form = document.querySelector('[data-screening]');
const rows = form ? [...form.querySelectorAll('[data-row]')] : [];
const ANSWERS = { a: 'A', b: 'B', c: 'C', x: 'declined', 0: '' };

const here = () => rows.findIndex((row) => row.contains(document.activeElement));

function walk(step) {
  const next = rows[Math.max(0, Math.min(rows.length - 1, here() + step))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

function answer(value) {
  const box = [...(rows[here()]?.querySelectorAll('input[type=radio]') ?? [])].find((one) => one.value === value);
  if (!box) return;
  box.checked = true;
  count();
  walk(1);
}

function count() {
  const given = rows.map((row) => row.querySelector('input[type=radio]:checked')?.value ?? '');
  for (const shown of document.querySelectorAll('[data-count]')) {
    shown.textContent = given.filter((value) => value === shown.dataset.count).length;
  }
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.matches('input:not([type=radio]), textarea, select')) return;
  if (event.key === 'j') walk(1);
  else if (event.key === 'k') walk(-1);
  else if (event.key in ANSWERS && here() >= 0) answer(ANSWERS[event.key]);
  else return;
  event.preventDefault();
});
form?.addEventListener('change', count);
