// A station that goes on without a network: every look is kept first, then answered by the server or by its own book.
import { Book, clock } from './door-book.js';
import { DeskActs } from './door-desk.js';
import { Link, Lost, Refused } from './door-link.js';
import { Queue } from './door-queue.js';
import { offer, setUpOverruling } from './door-overrule.js';
import { Search } from './door-search.js';
import { Sheet } from './door-sheets.js';
import * as store from './door-store.js';
import { listen } from './scan-keys.js';
import { setUp } from './scan-optics.js';
import { waitForTouch } from './scan-sounds.js';
import { hide, show } from './scan-verdict.js';

const PULSE = 5000;
const PULSE_LOST = 3000;
const BOOK_LASTS = 180_000;
const PASSAGES = ['admit', 'unpaid', 'back_in', 'left'];

const root = document.querySelector('[data-door]');
const one = (mark) => document.querySelector(`[data-${mark}]`);
const says = (name, values = {}) => root.dataset[`says${name}`].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? '');
const codeField = document.querySelector('#code');
const searchField = document.querySelector('#search');

let station = null;
let book = null;
let link = null;
let queue = null;
let part = 0;
let direction = 'in';
let since = 0;
let counts = {};
let last = null;
let wake = () => undefined;
let troubleStays = false;
let wantsBook = false;
let actSaid = false;

/** What the line to the server says goes when the line is well again; what the camera says stays. */
function trouble(text, stays = false) {
  troubleStays = stays;
  one('trouble').hidden = !text;
  one('trouble-said').textContent = text ?? '';
}

function showState() {
  if (!queue) return;
  const state = link?.state ?? 'unknown';
  one('net').dataset.state = state;
  one('net').textContent = says({ online: 'Online', offline: 'Offline', refused: 'ShutOut' }[state] ?? 'Waiting');
  one('unsent').dataset.count = queue.unsent;
  one('unsent').textContent = queue.unsent ? says('Unsent', { n: queue.unsent }) : says('Sent');
  one('book').textContent = book ? says('Book', { time: clock(book.pages.made_at), n: book.pages.people.length }) : '';
  if (queue.aside) trouble(says('Aside', { n: queue.aside }));
  showCounts();
}

function showCounts() {
  const [inside, expected, present] = counts[part] ?? [];
  one('counters').hidden = inside === undefined;
  const own = queue.items.filter((item) => item.part === part && ['admit', 'unpaid'].includes(item.shown)).length;
  one('inside').textContent = inside + own;
  one('expected').textContent = expected;
  one('present-box').hidden = direction === 'in' && present === inside;
  one('present').textContent = present;
}

function showParts() {
  const parts = book?.pages.parts ?? [];
  if (!parts.some((other) => other.id === part)) part = parts[0]?.id ?? part;
  one('parts').hidden = parts.length < 2;
  one('parts').replaceChildren(...parts.map((other) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: other.title });
    button.setAttribute('aria-pressed', String(other.id === part));
    button.addEventListener('click', () => choosePart(other.id));
    return button;
  }));
}

function showGate() {
  for (const button of document.querySelectorAll('[data-gate]')) button.setAttribute('aria-pressed', String(button.dataset.gate === direction));
  one('gate-out').hidden = direction === 'in';
  showCounts();
}

async function chooseGate(way) {
  direction = way;
  station.direction = way;
  await store.write('station', station);
  showGate();
}

async function choosePart(id) {
  part = id;
  station.part = id;
  await store.write('station', station);
  showParts();
  showCounts();
  search.run();
}

function remember(answer) {
  last = answer;
  one('last').hidden = false;
  one('last-strip').className = `verdict-strip verdict-${answer.tone}`;
  one('last-word').textContent = answer.word;
  one('last-name').textContent = answer.name || answer.short;
  one('last-at').textContent = answer.at ?? clock(link.now());
  one('take-back').hidden = !answer.can_undo;
  one('last-more').replaceChildren(...acts.of(answer));
  offer(answer);
}

const shutOut = () => ({ verdict: 'not_on_device', tone: 'attention', word: says('ShutOut'), short: '', lines: [says('RefusedStation', { n: queue.unsent })], small: [], name: '', kana: '', org: '' });

async function answerAlone(item) {
  if (link.isRefused) return shutOut();
  const now = link.now();
  if (book && !book.isValid(now)) await burn(says('Expired'));
  if (!book) return { verdict: 'not_on_device', tone: 'attention', word: says('Offline'), short: '', lines: [says('NoBook')], small: [], name: '', kana: '', org: '' };
  const told = await book.lookUp(item, station.salt, now);
  const isPassage = told.admits || told.verdict === 'left';
  if (isPassage) await book.note(told.attendee, item.part, now, station.name, item.direction);
  return { ...told, can_undo: isPassage, small: [says('ByDevice', { time: clock(book.pages.made_at) })] };
}

async function burn(why) {
  book = null;
  await Book.burn();
  if (why) trouble(why);
}

const acts = new DeskActs({ link: () => link, says, trouble: (text) => { actSaid = true; trouble(text, true); }, done: passed });
const sheets = {
  walkIn: new Sheet('walk-in', { link: () => link, says, done: newlyIn }),
  substitute: new Sheet('substitute', { link: () => link, says, done: newlyIn }),
};
const search = new Search({
  field: searchField,
  place: one('found'),
  says,
  look: (text) => (book ? book.search(text, part, link.now()) : []),
  ask: askByNumber,
  admit: ({ attendee }) => add({ attendee, method: 'search' }),
  substitute: ({ attendee, name, org }) => sheets.substitute.open({ part, attendee }, { who: `${name}　${org}` }),
});

let order = Promise.resolve();
/** One look after the other: the second look at one ticket must see the first. Its part is that of the moment it is taken. */
function add(look) {
  const item = { part, direction, ...look };
  order = order.then(() => answer(() => queue.scan(item))).catch((error) => trouble(String(error)));
}

async function answer(ask) {
  await passed(await ask());
}

async function passed(told) {
  if (actSaid) trouble('');
  actSaid = false;
  if (told.by === 'server' && told.can_undo && told.attendee) await book?.note(told.attendee, told.part, link.now(), station.name, told.direction);
  show(told, acts.of(told));
  remember(told);
  showState();
}

async function takeBack() {
  const undone = last;
  one('take-back').hidden = true;
  await queue.takeBack(undone);
  if (undone.attendee) await book?.note(undone.attendee, undone.part, null, station.name);
  const said = { ...undone, tone: 'attention', word: says('TakenBack'), lines: [says('MayEnter')], small: [], can_undo: false };
  hide();
  remember(said);
  wake();
}

/** Whether somebody whom the server found is in already, this station knows. */
async function askByNumber(text) {
  const { people } = await link.post(root.dataset.people, { q: text });
  return people.map((person) => {
    const first = book?.stands(person.attendee, part, link.now()).first;
    return { ...person, inside: first ? clock(first.at) : '' };
  });
}

/** A new name or a new person: what lies in the book is old. */
function newlyIn(told) {
  wantsBook = true;
  wake();
  return passed(told);
}

async function freshBook() {
  const pages = { ...await link.book(), lang: document.documentElement.lang };
  wantsBook = false;
  book = await Book.keep(pages);
  since = pages.last_scan;
  for (const item of queue.waiting) await again(item);
  showParts();
}

/** What this station answered alone is not in a new book yet. */
async function again(item) {
  if (item.kind !== 'scan' || !PASSAGES.includes(item.shown)) return;
  const { attendee } = await book.lookUp(item, station.salt, link.now());
  if (attendee) await book.note(attendee, item.part, item.at - (item.ahead ?? 0), station.name, item.direction);
}

async function beat() {
  try {
    const { unsent } = queue;
    const news = await link.send([], { unsent, since });
    ({ counts } = news);
    for (const entry of news.inside) if (!queue.takesBack(...entry)) await book?.note(...entry);
    since = news.last_scan;
    one('conflicts').hidden = !news.conflicts;
    one('conflicts').textContent = says('Conflicts', { n: news.conflicts });
    await queue.flush();
    if (queue.unsent !== unsent) await link.send([], { unsent: queue.unsent, since });
    if (!book || wantsBook || link.now() - book.pages.made_at > BOOK_LASTS) await freshBook();
    await store.write('station', station);
    if (!queue.aside && !troubleStays) trouble('');
  } catch (error) {
    if (!(error instanceof Lost || error instanceof Refused)) trouble(says('Slow'));
  }
  if (book && !book.isValid(link.now())) await burn(says('Expired'));
  showState();
}

/** Nothing of anybody stays here or on the screen; looks that were not sent stay for when the device is enrolled again. */
async function dismissed() {
  const kept = await store.read('station');
  if (kept && kept.key !== station.key) { location.reload(); return; } // enrolled anew in another window
  await burn('');
  await store.leave();
  showParts();
  showState();
  search.clear();
  one('last').hidden = true;
  one('not-enrolled').hidden = false;
  trouble(says('RefusedStation', { n: queue.unsent }));
  show(shutOut());
}

/** Whatever is refused first, a look or a heartbeat, ends it. */
async function keepBeating() {
  while (!link.isRefused) {
    await beat();
    if (link.isRefused) break;
    const pause = link.isOnline ? PULSE : PULSE_LOST;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      wake = () => { clearTimeout(timer); resolve(); };
    });
  }
  order = order.catch(() => undefined).then(dismissed);
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[data-code-form]')) {
    if (codeField.value.trim()) add({ code: codeField.value.trim(), method: 'keyboard' });
    codeField.value = '';
    codeField.blur();
  } else if (form.matches('[data-search-form]')) search.run();
  else return;
  event.preventDefault();
});

function listenToTheDesk() {
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target.matches('input, textarea, select')) return;
    event.preventDefault();
    hide();
    searchField.focus();
  });
  one('to-search').addEventListener('click', () => { hide(); searchField.focus(); });
  one('to-search').hidden = false;
  one('to-walk-in').addEventListener('click', () => { hide(); sheets.walkIn.open({ part }, { parts: book?.pages.parts ?? [] }); });
  one('to-walk-in').hidden = false;
  for (const button of document.querySelectorAll('[data-gate]')) button.addEventListener('click', () => chooseGate(button.dataset.gate));
  one('take-back').addEventListener('click', takeBack);
  addEventListener('offline', () => link.become('offline'));
  addEventListener('online', () => wake());
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake(); });
  listen((code) => add({ code, method: 'keyboard' }));
  waitForTouch();
  setUpOverruling({
    says,
    ask: async (item) => (await link.send([item], { unsent: queue.unsent })).results[0],
    done: passed,
  });
  setUp({ says, trouble: (text) => trouble(text, true), onCode: (code) => add({ code, method: 'camera' }) });
}

async function begin() {
  navigator.serviceWorker?.register(root.dataset.worker, { scope: '/door/' }).catch(() => undefined);
  station = await store.read('station');
  if (!station) { one('not-enrolled').hidden = false; return; }
  one('station-name').textContent = station.name;
  one('event-title').textContent = station.event.title;
  part = station.part;
  direction = station.direction ?? 'in';
  link = new Link({ station, snapshot: root.dataset.snapshot, sync: root.dataset.sync, onChange: () => { showState(); if (link.isRefused) wake(); } });
  queue = new Queue({ link, station, answerAlone, on: { changed: showState, slow: () => trouble(says('Slow')) } });
  book = await Book.kept();
  since = book?.pages.last_scan ?? 0;
  wantsBook = book?.pages.lang !== document.documentElement.lang; // what it says is in the language it was fetched in
  await queue.load();
  root.hidden = false;
  showParts();
  showGate();
  showState();
  listenToTheDesk();
  store.persist();
  if (!navigator.onLine) link.become('offline');
  keepBeating();
  for (const item of queue.unanswered) order = order.then(() => answer(() => queue.answer(item)));
}

begin();
