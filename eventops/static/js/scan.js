// The station: camera, USB scanner, search and photo all end in one queue of scans, whose answers fill the screen.
import { listen } from './scan-keys.js';
import { setUp } from './scan-optics.js';
import { Sending } from './scan-sending.js';
import { waitForTouch } from './scan-sounds.js';
import { hide, show } from './scan-verdict.js';

const SEARCH_PAUSE = 200;

const root = document.querySelector('[data-scan]');
const one = (mark) => document.querySelector(`[data-${mark}]`);
const says = (name, values = {}) => root.dataset[`says${name}`].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? '');
const codeField = document.querySelector('#code');
const searchField = document.querySelector('#search');

function trouble(text) {
  one('trouble').hidden = !text;
  one('trouble-said').textContent = text ?? '';
}

function actsFor(answer, wanted = ['fee', 'undo', 'overrule']) {
  const may = { fee: answer.owes, undo: answer.can_undo, overrule: answer.can_overrule };
  const acts = one('act-template').content.cloneNode(true).querySelectorAll('[data-act]');
  return [...acts].filter((act) => {
    const address = act.matches('a') ? 'href' : 'action';
    act.setAttribute(address, act.getAttribute(address).replace('/scans/0/', `/scans/${answer.scan}/`));
    return wanted.includes(act.dataset.act) && may[act.dataset.act];
  });
}

function remember(answer) {
  one('last').hidden = false;
  one('last-strip').className = `verdict-strip verdict-${answer.tone}`;
  one('last-word').textContent = answer.word;
  one('last-name').textContent = answer.name || answer.short;
  one('last-at').textContent = answer.at;
  one('last-acts').replaceChildren(...actsFor(answer));
}

function answered(answer) {
  show(answer, actsFor(answer, ['fee', 'overrule']));
  remember(answer);
  document.dispatchEvent(new Event('scan:answered'));
}

function lost(count) {
  const text = says('Lost', { n: count });
  if (one('trouble').hidden) show({ tone: 'attention', word: says('Unsent'), lines: [text], small: [] });
  trouble(text);
}

const sending = new Sending({
  url: root.dataset.url,
  csrf: root.dataset.csrf,
  on: {
    answered: (answer) => { trouble(''); answered(answer); },
    lost,
    back: () => trouble(''),
    signedOut: (count) => trouble(says('SignedOut', { n: count })),
    refused: (message) => trouble(message),
  },
});

function add(scan) {
  one('last').hidden = false;
  one('last-strip').className = 'verdict-strip';
  one('last-word').textContent = says('Sending');
  one('last-name').textContent = '';
  one('last-acts').replaceChildren();
  sending.add({ part: root.dataset.part, direction: root.dataset.gate, ...scan });
}

async function search() {
  const text = searchField.value.trim();
  const headers = { 'HX-Request': 'true', 'X-CSRFToken': root.dataset.csrf };
  try {
    const response = await fetch(root.dataset.search, { method: 'POST', headers, body: new URLSearchParams({ q: text }) });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (searchField.value.trim() === text) one('found').replaceChildren(...page.body.childNodes);
  } catch {
    trouble(says('Lost', { n: sending.queue.length }));
  }
}

function clearSearch() {
  searchField.value = '';
  one('found').replaceChildren();
  document.activeElement?.blur();
}

async function act(form) {
  const options = { method: 'POST', headers: { Accept: 'application/json', 'X-CSRFToken': root.dataset.csrf } };
  try {
    const response = await fetch(form.action, options);
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    hide();
    remember(answer);
    document.dispatchEvent(new Event('scan:answered'));
  } catch (error) {
    trouble(error instanceof TypeError ? says('Lost', { n: sending.queue.length }) : error.message);
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('[data-code-form]')) {
    if (codeField.value.trim()) add({ code: codeField.value.trim(), method: 'keyboard' });
    codeField.value = '';
    codeField.blur();
  } else if (form.matches('[data-search-form]')) search();
  else if (form.matches('[data-scan-person]')) {
    add({ attendee: Number(form.dataset.scanPerson), method: 'search' });
    clearSearch();
  } else if (form.matches('[data-desk-act]')) act(form);
  else return;
  event.preventDefault();
});

let searching = 0;
searchField.addEventListener('input', () => {
  clearTimeout(searching);
  searching = setTimeout(search, SEARCH_PAUSE);
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.target.matches('input, textarea, select')) return;
  event.preventDefault();
  hide();
  searchField.focus();
});
one('to-search').addEventListener('click', () => { hide(); searchField.focus(); });

listen((code) => add({ code, method: 'keyboard' }));
waitForTouch();
one('to-search').hidden = false;
if (document.activeElement === codeField) codeField.blur();
setUp({ says, trouble, onCode: (code) => add({ code, method: 'camera' }) });
