// The timetable board: pick a meeting up by mouse, touch or keyboard, see where it may go, put it down; every step is the server's.
import { follow } from './board-live.js';
import { byCompany, keepLines } from './board-people.js';
import { askForSides, boardIn, showSides } from './board-sides.js';

const said = document.querySelector('[data-board-said]');
const heard = document.querySelector('[data-board-heard]');
const box = document.querySelector('[data-board-search]');
const why = document.querySelector('[data-board-reason]');
const token = document.querySelector('input[name="csrf_token"]')?.value ?? '';
const STATES = ['is-free', 'is-better', 'is-worse', 'is-forbidden'];
const BEST_FIRST = ['here', 'better', 'free', 'worse', 'forbidden'];
let root = document.querySelector('[data-board]');
let held = null; // {id, name, from: the element it was picked up from, cells: Map('slot:table' → answer)}
let drag = null;
let under = null; // the cell under the pointer that carries a meeting,
let over = null; // and the one that is drawn so: the same from the next frame on
let isDrawing = false;
let isBusy = false; // a step is on its way: a second one would only know the old revision
let isByCompany = location.hash === '#companies';

const say = (text) => { said.textContent = text ?? ''; };
const board = () => root.querySelector('.board:not(.by-company)');
const grid = () => root.querySelector('.board.by-company') ?? board();
const cells = () => [...grid().querySelectorAll('.cell')];
const keyOf = (cell) => `${cell.dataset.slot}:${cell.dataset.company ?? cell.dataset.table}`;
const editable = () => root.dataset.editable === 'yes';
const meetingIn = (element) => element?.querySelector?.('[data-meeting]') ?? null;
const cardOf = (id) => grid().querySelector(`[data-meeting="${id}"]`) ?? root.querySelector(`.unplaced [data-meeting="${id}"]`);
const currentCell = () => grid().querySelector('.cell[tabindex="0"]');

async function ask(url, fields) {
  const options = { headers: { Accept: 'application/json', 'X-CSRFToken': token } };
  const known = { revision: root.dataset.revision, since: root.dataset.stamp };
  if (fields) Object.assign(options, { method: 'POST', body: new URLSearchParams({ ...fields, ...known }) });
  const response = await fetch(url, options);
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.message), { status: response.status });
  return answer;
}

async function pageAt(url) {
  return boardIn(await (await fetch(url)).text());
}

// What somebody did, here or elsewhere: only the cards concerned move, so that nothing that is held or typed is lost.
async function take(news) {
  if (news.whole) { await refresh(); return; }
  Object.assign(root.dataset, { revision: news.revision, stamp: news.stamp });
  const ids = [...news.gone, ...news.cells.map((one) => one.id)].map(String);
  ids.forEach((id) => board().querySelectorAll(`[data-meeting="${id}"]`).forEach(takeAway));
  news.cells.forEach(layDown);
  if (drag && ids.includes(drag.meeting.dataset.meeting)) drag = null;
  if (held && ids.includes(held.id)) { drop(); say(''); }
  root.querySelectorAll('.is-changed').forEach((one) => one.classList.remove('is-changed'));
  news.cells.forEach((one) => root.querySelector(`.unplaced [data-meeting="${one.id}"]`)?.closest('li').remove());
  redraw();
  if (held) await colour();
}

function takeAway(card) {
  const empty = document.createElement('span');
  empty.className = 'visually-hidden';
  empty.textContent = root.dataset.saysEmpty;
  card.replaceWith(empty);
}

function layDown(one) {
  const cell = board().querySelector(`.cell[data-slot="${one.slot}"][data-table="${one.table}"]`);
  if (cell) cell.innerHTML = one.card;
}

// The other view is made again from the cells; then whatever was pointed at is found in it.
function redraw() {
  const place = currentCell();
  const kept = { key: place && keyOf(place), had: grid().contains(document.activeElement) };
  root.querySelector('.board.by-company')?.remove();
  board().hidden = isByCompany;
  if (isByCompany) {
    const { companies, wordsCompany: company, wordsHosts: hosts, wordsGuests: guests, wordsAway: away, wordsLabel: label } = board().dataset;
    board().after(byCompany(board(), JSON.parse(companies), { company, hosts, guests, away, label, empty: root.dataset.saysEmpty }));
  }
  findAgain(cells().find((one) => keyOf(one) === kept.key), kept.had);
}

function findAgain(cell, hadFocus) {
  if (cell) moveTo(cell, hadFocus);
  if (held) {
    held.from = cardOf(held.id) ?? held.from;
    held.from.classList.add('is-held');
    cells().forEach(paint);
  }
  search();
}

function showBy(company) {
  if (company === isByCompany) return;
  const chosen = held?.id ?? meetingIn(currentCell())?.dataset.meeting;
  isByCompany = company;
  history.replaceState(null, '', company ? '#companies' : location.pathname + location.search);
  redraw();
  const cell = chosen && cardOf(chosen)?.closest('.cell');
  if (cell) { moveTo(cell, false); cell.scrollIntoView({ block: 'center', inline: 'center' }); }
  showChoice();
}

function showChoice() {
  document.querySelectorAll('[data-view-to]').forEach((one) => {
    one.setAttribute('aria-pressed', String((one.dataset.viewTo === 'companies') === isByCompany));
  });
}

async function refresh() {
  const scroll = root.querySelector('.board-scroll');
  const place = currentCell();
  const kept = { key: place && keyOf(place), left: scroll.scrollLeft, top: scroll.scrollTop, zoom: board().dataset.zoom };
  const had = root.contains(document.activeElement);
  const fresh = await pageAt(root.dataset.part);
  if (!fresh || fresh.dataset.making !== root.dataset.making) { location.reload(); return; }
  root.replaceWith(fresh);
  root = fresh;
  drag = null;
  board().dataset.zoom = kept.zoom;
  if (held && !cardOf(held.id)) drop();
  redraw();
  Object.assign(root.querySelector('.board-scroll'), { scrollLeft: kept.left, scrollTop: kept.top });
  findAgain(cells().find((one) => keyOf(one) === kept.key), had);
  if (held) await colour();
}

function refreshSides(within) {
  askForSides(root.dataset.sides, within, (fresh) => { showSides(root, fresh); findAgain(null, false); });
}

const WITHIN_SECONDS = 2;
async function look() {
  if (isBusy) return;
  const since = root.dataset.stamp;
  const response = await fetch(`${root.dataset.news}?since=${since}`, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status });
  if (response.status === 204 || isBusy || root.dataset.stamp !== since) return;
  const news = await response.json();
  await take(news);
  if (!news.whole) refreshSides(WITHIN_SECONDS * 1000);
  hear(news.told.join(' ') || (root.dataset.making === 'yes' ? '' : root.dataset.saysWhole));
  news.cells.forEach((one) => cardOf(one.id)?.classList.add('is-changed'));
}

const hear = (text) => { heard.textContent = text; };
const hush = () => { if (heard.textContent === root.dataset.saysBehind) hear(''); }; // news heard meanwhile stay

async function step(url, fields, text, because = why) {
  if (isBusy) return;
  isBusy = true;
  try {
    const reason = because?.value ?? '';
    const answer = await ask(url, { ...fields, reason });
    if (because?.value === reason) because.value = ''; // what was typed meanwhile is for the next step
    drop();
    await take(answer.news);
    if (!answer.news.whole) refreshSides(0);
    say(text);
  } catch (error) {
    drop();
    isBusy = false;
    if (error.status === 409) await look();
    say(error.message && error.status ? error.message : root.dataset.saysLost);
  } finally { isBusy = false; }
}

async function pick(meeting) {
  if (!editable() || isBusy) return;
  if (meeting.dataset.locked === '1') { say(root.dataset.saysLocked); return; }
  drop();
  const name = meeting.querySelector('b').textContent;
  const { meeting: id, host, guest } = meeting.dataset;
  held = { id, name, companies: [host, guest], from: meeting, cells: new Map() };
  meeting.classList.add('is-held');
  say(root.dataset.saysHeld.replace('{name}', name));
  await colour();
}

async function colour() {
  const mine = held;
  try {
    const answer = await ask(root.dataset.options + mine.id);
    if (held !== mine) return;
    mine.cells = new Map(answer.cells.map((one) => [`${one.slot}:${one.table}`, one]));
    cells().forEach(paint);
  } catch { if (held === mine) { drop(); say(root.dataset.saysLost); } }
}

// In the line of a company any table will do: the best there is at that time, an empty one before a swap.
function answerFor(cell) {
  if (!cell.dataset.company) return held.cells.get(keyOf(cell));
  if (!held.companies.includes(cell.dataset.company)) return undefined;
  const there = [...held.cells.values()].filter((one) => String(one.slot) === cell.dataset.slot);
  const rank = (one) => 2 * BEST_FIRST.indexOf(one.verdict) + Number(one.swaps);
  return there.sort((one, other) => rank(one) - rank(other))[0];
}

function paint(cell) {
  const answer = answerFor(cell);
  cell.classList.remove(...STATES);
  cell.removeAttribute('title');
  if (!answer || answer.verdict === 'here') return;
  cell.classList.add(`is-${answer.verdict}`);
  cell.title = answer.why;
}

function drop() {
  if (!held) return;
  root.querySelectorAll('.is-held').forEach((one) => one.classList.remove('is-held'));
  cells().forEach((cell) => { cell.classList.remove(...STATES); cell.removeAttribute('title'); });
  held = null;
  pointAt(null);
}

function putInto(cell) {
  const answer = answerFor(cell);
  if (answer?.verdict === 'here') { drop(); say(''); return; }
  if (cell.dataset.company && !answer) { say(board().dataset.wordsOther); return; }
  if (answer?.verdict === 'forbidden') { say(`${root.dataset.saysForbidden}${answer.why}`); return; }
  moveTo(cell, false);
  const spot = answer ?? { slot: cell.dataset.slot, table: cell.dataset.table };
  step(root.dataset.put, { application_id: held.id, slot_id: spot.slot, table_id: spot.table }, root.dataset.saysPut);
}

function moveTo(cell, focus = true) {
  grid().querySelectorAll('.cell[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
  cell.tabIndex = 0;
  if (focus) cell.focus();
  if (held) {
    const answer = answerFor(cell);
    if (answer && focus) say(`${cell.dataset.name}: ${verdictOf(answer)}`);
  }
}

function verdictOf(answer) {
  const words = { better: root.dataset.saysBetter, free: root.dataset.saysFree, worse: root.dataset.saysWorse, here: root.dataset.saysHere };
  return words[answer.verdict] ?? `${root.dataset.saysForbidden}${answer.why}`;
}

function walk(cell, key) {
  const row = [...cell.parentElement.querySelectorAll('.cell')];
  const rows = [...grid().querySelectorAll('tbody tr')].filter((one) => !one.hidden && one.querySelector('.cell'));
  const column = row.indexOf(cell);
  const line = rows.indexOf(cell.parentElement);
  const next = {
    ArrowLeft: row[column - 1], ArrowRight: row[column + 1], Home: row[0], End: row.at(-1),
    ArrowUp: rows[line - 1]?.querySelectorAll('.cell')[column], ArrowDown: rows[line + 1]?.querySelectorAll('.cell')[column],
  }[key];
  if (next) moveTo(next);
}

function current() {
  return held ? held.from : meetingIn(currentCell());
}

const acts = {
  undo: () => step(root.dataset.undo, {}, root.dataset.saysBack, null),
  redo: () => step(root.dataset.redo, {}, root.dataset.saysAgain, null),
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
  if (cell && root?.contains(cell) && cell.tabIndex !== 0) moveTo(cell, false);
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
  if (event.button !== 0 || event.pointerType !== 'mouse' || !root?.contains(event.target)) return; // a finger scrolls; it taps to move
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
  pointAt(event.target.closest?.('.board .cell') ?? null);
});

// Pointers report more often than the screen is drawn, and mostly from the cell they are in already.
function pointAt(cell) {
  under = cell;
  if (isDrawing || under === over) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    over?.classList.remove('is-over');
    over = held ? under : null;
    over?.classList.add('is-over');
  });
}

document.addEventListener('pointerup', (event) => {
  if (event.button !== 0) return;
  const dragged = drag?.moved;
  drag = null;
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest?.('.cell');
  if (dragged) { if (held && cell) putInto(cell); else { drop(); say(''); } return; }
  if (!root?.contains(event.target)) return;
  if (held) { if (cell) putInto(cell); return; }
  const meeting = event.target.closest('[data-meeting]');
  if (cell) moveTo(cell);
  if (meeting) pick(meeting);
});

document.addEventListener('click', (event) => {
  if (!root) return;
  const act = event.target.closest('[data-act]');
  if (act) acts[act.dataset.act]();
  const aside = event.target.closest('button[data-meeting]');
  if (aside && event.detail === 0) { pick(aside); currentCell()?.focus(); } // by keyboard: on to the board
  const zoom = event.target.closest('[data-zoom-to]');
  if (zoom) root.querySelectorAll('.board').forEach((one) => { one.dataset.zoom = zoom.dataset.zoomTo; });
  const view = event.target.closest('[data-view-to]');
  if (view) showBy(view.dataset.viewTo === 'companies');
});

function search() {
  const wanted = box?.value.normalize('NFKC').trim();
  if (isByCompany) keepLines(grid(), wanted);
  root.querySelectorAll('[data-meeting]').forEach((one) => {
    const hit = wanted && (one.dataset.search ?? `${one.title} ${one.dataset.code}`).normalize('NFKC').includes(wanted);
    one.classList.toggle('is-lit', Boolean(hit));
    one.classList.toggle('is-dim', Boolean(wanted) && !hit);
  });
}

if (root) {
  box?.addEventListener('input', search);
  if (isByCompany) redraw();
  document.querySelector('[data-views]').hidden = false;
  showChoice();
  follow(look, { lost: () => hear(root.dataset.saysBehind), back: hush, over: () => hear(root.dataset.saysSignedOut) });
}
