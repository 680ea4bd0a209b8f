// Follows a running job: asks data-progress-url every second, shows bar, words and figures, goes on when the job is done.
// Answer: {"percent": 0-100 or null, "message": "…", "figures": [["配置", "120 / 150"], …], "done": false, "url": "/next"}
const EVERY = 1000;
const SLOWEST = 8000;

function show(box, answer) {
  const bar = box.querySelector('[data-progress-bar]');
  if (answer.percent === null || answer.percent === undefined) bar.removeAttribute('value');
  else bar.value = answer.percent;
  const said = box.querySelector('[data-progress-said]');
  if (said.textContent !== (answer.message ?? '')) said.textContent = answer.message ?? '';
  const figures = (answer.figures ?? []).map(([label, value]) => {
    const pair = document.createElement('div');
    pair.append(Object.assign(document.createElement('dt'), { textContent: label }));
    pair.append(Object.assign(document.createElement('dd'), { textContent: value }));
    return pair;
  });
  box.querySelector('[data-progress-figures]').replaceChildren(...figures);
}

function goOn(box, answer) {
  const next = answer.url || box.dataset.doneUrl;
  if (next) location.assign(next);
  else location.reload();
}

async function ask(box, wait) {
  try {
    const response = await fetch(box.dataset.progressUrl, { headers: { Accept: 'application/json' }, cache: 'no-store' });
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    show(box, answer);
    if (answer.done) return goOn(box, answer);
    return setTimeout(ask, EVERY, box, EVERY);
  } catch {
    box.querySelector('[data-progress-said]').textContent = box.dataset.lost ?? '';
    return setTimeout(ask, wait, box, Math.min(wait * 2, SLOWEST));
  }
}

document.querySelectorAll('[data-progress-url]').forEach((box) => ask(box, EVERY));
