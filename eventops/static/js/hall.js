// The clock of the hall. It runs on the server's time: the page says what time it is, and is asked again every minute.
const ASK_AGAIN = 60_000;
const LAST_MINUTES = 5;
const HALF_A_DAY = 12 * 3600; // further away than this there is nothing to count down to

const box = document.querySelector('[data-hall]');
let ahead = 0;
let slots = [];
let breaks = [];

function read(from, waited) {
  ahead = Number(from.dataset.now) + waited - Date.now();
  slots = JSON.parse(from.dataset.slots);
  breaks = JSON.parse(from.dataset.breaks);
}

function two(number) {
  return String(number).padStart(2, '0');
}

function clock(seconds) {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
  return parts.format(new Date(seconds * 1000));
}

function day(seconds) {
  const parts = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: 'Asia/Tokyo', month: 'long', day: 'numeric', weekday: 'short' });
  return parts.format(new Date(seconds * 1000));
}

function countdown(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function put(name, text) {
  const place = box.querySelector(`[data-hall-${name}]`);
  if (place.textContent !== text) place.textContent = text;
}

function state(now) {
  const current = slots.find(([start, end]) => start <= now && now < end);
  const next = slots.find(([start]) => start > now);
  const says = box.dataset;
  if (current) {
    const isLast = current[1] - now <= LAST_MINUTES * 60;
    return { mood: isLast ? 'last' : 'meeting', word: isLast ? says.saysLast : says.saysMeeting, what: says.saysUntil, left: current[1] - now, next };
  }
  if (!next) return { mood: 'over', word: says.saysOver, what: '', left: null, next };
  if (next[0] - now > HALF_A_DAY) return { mood: 'before', word: day(next[0]), what: '', left: null, next };
  const isBefore = next === slots[0];
  const isBreak = breaks.some(([start, end]) => start <= now && now < end);
  const word = isBefore ? says.saysBefore : isBreak ? says.saysBreak : says.saysChange;
  return { mood: isBefore ? 'before' : isBreak ? 'break' : 'change', word, what: says.saysStart, left: next[0] - now, next };
}

function show() {
  const now = (Date.now() + ahead) / 1000;
  const seen = state(now);
  box.dataset.mood = seen.mood;
  put('clock', clock(now));
  put('state', seen.word);
  put('what', seen.what);
  const left = seen.left === null ? null : Math.max(0, Math.ceil(seen.left));
  put('left', left === null ? '' : countdown(left));
  put('next', seen.next ? `${box.dataset.saysNext} ${clock(seen.next[0])}〜${clock(seen.next[1])}` : '');
}

async function ask() {
  const asked = Date.now();
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const found = page.querySelector('[data-hall]');
    if (response.ok && found) read(found, (Date.now() - asked) / 2);
  } catch {
    // Without the network the clock goes on with what it knows.
  }
}

read(box, 0);
show();
setInterval(show, 250);
setInterval(ask, ASK_AGAIN);
