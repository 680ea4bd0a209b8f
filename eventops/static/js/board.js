// The timetable board: pick a meeting up by mouse, touch or keyboard, see where it may go, put it down; every step is the server's.
const said = document.querySelector('[data-board-said]');
const token = document.querySelector('input[name="csrf_token"]')?.value ?? '';
const STATES = ['is-free', 'is-better', 'is-worse', 'is-forbidden'];
let root = document.querySelector('[data-board]');
let held = null; // {id, name, from: the element it was picked up from, cells: Map('slot:table' → answer)}
let drag = null;
let isBusy = false; // a step is on its way: a second one would only know the old revision

const say = (text) => { said.textContent = text ?? ''; };
const cells = () => [...root.querySelectorAll('.cell')];
const keyOf = (cell) => `${cell.dataset.slot}:${cell.dataset.table}`;
const editable = () => root.dataset.editable === 'yes';
const meetingIn = (element) => element?.querySelector?.('[data-meeting]') ?? null;

async function ask(url, fields) {
  const options = { headers: { Accept: 'application/json', 'X-CSRFToken': token } };
  if (fields) Object.assign(options, { method: 'POST', body: new URLSearchParams({ ...fields, revision: root.dataset.revision }) });
  const response = await fetch(url, options);
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status });
  return answer;
}

async function refresh() {
  const place = root.querySelector('.cell[tabindex="0"]');
  const scroll = root.querySelector('.board-scroll');
  const kept = { key: place && keyOf(place), left: scroll.scrollLeft, top: scroll.scrollTop, zoom: root.querySelector('.board').dataset.zoom };
  const had = root.contains(document.activeElement);
  const response = await fetch(root.dataset.part);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector('[data-board]');
  if (!fresh || fresh.dataset.making === 'yes') { location.reload(); return; }
  root.replaceWith(fresh);
  root = fresh;
  root.querySelector('.board').dataset.zoom = kept.zoom;
  Object.assign(root.querySelector('.board-scroll'), { scrollLeft: kept.left, scrollTop: kept.top });
  const cell = cells().find((one) => keyOf(one) === kept.key);
  if (cell) { moveTo(cell, had); }
  search();
}

async function step(url, fields, text) {
  if (isBusy) return;
  isBusy = true;
  try {
    await ask(url, fields);
    drop();
    await refresh();
    say(text);
  } catch (error) {
    drop();
    if (error.status === 409) await refresh();
    say(error.message && error.status ? error.message : root.dataset.saysLost);
  } finally { isBusy = false; }
}

async function pick(meeting) {
  if (!editable() || isBusy) return;
  if (meeting.dataset.locked === '1') { say(root.dataset.saysLocked); return; }
  drop();
  const name = meeting.querySelector('b').textContent;
  held = { id: meeting.dataset.meeting, name, from: meeting, cells: new Map() };
  meeting.classList.add('is-held');
  say(root.dataset.saysHeld.replace('{name}', name));
  try {
    const mine = held;
    const answer = await ask(root.dataset.options + mine.id);
    if (held !== mine) return;
    answer.cells.forEach((one) => mine.cells.set(`${one.slot}:${one.table}`, one));
    cells().forEach(paint);
  } catch { drop(); say(root.dataset.saysLost); }
}

function paint(cell) {
  const answer = held.cells.get(keyOf(cell));
  if (!answer || answer.verdict === 'here') return;
  cell.classList.add(`is-${answer.verdict}`);
  cell.title = answer.why;
}

function drop() {
  if (!held) return;
  held.from.classList.remove('is-held');
  cells().forEach((cell) => { cell.classList.remove(...STATES, 'is-over'); cell.removeAttribute('title'); });
  held = null;
}

function putInto(cell) {
  const answer = held.cells.get(keyOf(cell));
  if (answer?.verdict === 'here') { drop(); say(''); return; }
  if (answer?.verdict === 'forbidden') { say(`${root.dataset.saysForbidden}${answer.why}`); return; }
  moveTo(cell, false);
  step(root.dataset.put, { application_id: held.id, slot_id: cell.dataset.slot, table_id: cell.dataset.table }, root.dataset.saysPut);
}

function moveTo(cell, focus = true) {
  root.querySelectorAll('.cell[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
  cell.tabIndex = 0;
  if (focus) cell.focus();
  if (held) {
    const answer = held.cells.get(keyOf(cell));
    if (answer && focus) say(`${cell.dataset.name}: ${verdictOf(answer)}`);
  }
}

function verdictOf(answer) {
  const words = { better: root.dataset.saysBetter, free: root.dataset.saysFree, worse: root.dataset.saysWorse, here: root.dataset.saysHere };
  return words[answer.verdict] ?? `${root.dataset.saysForbidden}${answer.why}`;
}

function walk(cell, key) {
  const row = [...cell.parentElement.querySelectorAll('.cell')];
  const rows = [...root.querySelectorAll('tbody tr')].filter((one) => one.querySelector('.cell'));
  const column = row.indexOf(cell);
  const line = rows.indexOf(cell.parentElement);
  const next = {
    ArrowLeft: row[column - 1], ArrowRight: row[column + 1], Home: row[0], End: row.at(-1),
    ArrowUp: rows[line - 1]?.querySelectorAll('.cell')[column], ArrowDown: rows[line + 1]?.querySelectorAll('.cell')[column],
  }[key];
  if (next) moveTo(next);
}

function current() {
  return held ? held.from : meetingIn(root.querySelector('.cell[tabindex="0"]'));
}

const acts = {
  undo: () => step(root.dataset.undo, {}, root.dataset.saysBack),
  redo: () => step(root.dataset.redo, {}, root.dataset.saysAgain),
  lock: () => {
    const meeting = current();
    if (!meeting) return;
    const locked = meeting.dataset.locked === '1';
    step(root.dataset.lock, { application_id: meeting.dataset.meeting, locked: locked ? 0 : 1 }, locked ? root.dataset.saysUnlock : root.dataset.saysLock);
  },
  out: () => {
    const meeting = current();
    if (meeting && meeting.closest('.cell')) step(root.dataset.takeOut, { application_id: meeting.dataset.meeting }, root.dataset.saysOut);
  },
};

// Whatever brings the focus into a cell (arrows, a click, a screen reader): the acts are about that cell.
document.addEventListener('focusin', (event) => {
  const cell = event.target.closest?.('.cell');
  if (cell && root.contains(cell) && cell.tabIndex !== 0) moveTo(cell, false);
});

document.addEventListener('keydown', (event) => {
  const cell = event.target.closest?.('.cell');
  if (event.key === 'Escape' && held) { drop(); say(''); return; }
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(Arrow|Home|End)/.test(event.key)) { event.preventDefault(); walk(cell, event.key); return; }
  if (!editable()) return;
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault();
    if (held) putInto(cell); else if (meetingIn(cell)) pick(meetingIn(cell));
  } else if (event.key === 'l' || event.key === 'L') acts.lock();
  else if (event.key === 'u' || event.key === 'U') acts.undo();
  else if (event.key === 'Delete') acts.out();
});

document.addEventListener('pointerdown', (event) => {
  drag = null;
  if (event.button !== 0 || event.pointerType !== 'mouse' || !root.contains(event.target)) return; // a finger scrolls; it taps to move
  const meeting = event.target.closest('[data-meeting]');
  drag = meeting && !held ? { meeting, x: event.clientX, y: event.clientY, moved: false } : null;
});

document.addEventListener('pointermove', (event) => {
  if (!drag) return;
  if (!drag.moved && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 6) {
    drag.moved = true;
    pick(drag.meeting);
  }
  if (!drag.moved) return;
  event.preventDefault();
  root.querySelectorAll('.is-over').forEach((one) => one.classList.remove('is-over'));
  document.elementFromPoint(event.clientX, event.clientY)?.closest('.cell')?.classList.add('is-over');
});

document.addEventListener('pointerup', (event) => {
  if (event.button !== 0) return;
  const dragged = drag?.moved;
  drag = null;
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.('.cell');
  if (dragged) { if (held && cell) putInto(cell); else { drop(); say(''); } return; }
  if (!root.contains(event.target)) return;
  if (held) { if (cell) putInto(cell); return; }
  const meeting = event.target.closest('[data-meeting]');
  if (cell) moveTo(cell);
  if (meeting) pick(meeting);
});

document.addEventListener('click', (event) => {
  const act = event.target.closest('[data-act]');
  if (act) acts[act.dataset.act]();
  const aside = event.target.closest('button[data-meeting]');
  if (aside && event.detail === 0) { pick(aside); root.querySelector('.cell[tabindex="0"]')?.focus(); } // by keyboard: on to the board
  const zoom = event.target.closest('[data-zoom-to]');
  if (zoom) root.querySelector('.board').dataset.zoom = zoom.dataset.zoomTo;
});

const box = document.querySelector('[data-board-search]');
function search() {
  const wanted = box?.value.normalize('NFKC').trim();
  root.querySelectorAll('[data-meeting]').forEach((one) => {
    const hit = wanted && one.dataset.search.normalize('NFKC').includes(wanted);
    one.classList.toggle('is-lit', Boolean(hit));
    one.classList.toggle('is-dim', Boolean(wanted) && !hit);
  });
}
box?.addEventListener('input', search);
