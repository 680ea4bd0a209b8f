// The station: camera, USB scanner, search and photo all end in one queue of scans, whose answers fill the screen.
import { Camera } from './scan-camera.js';
import { decodePhoto } from './scan-decoder.js';
import { listen } from './scan-keys.js';
import { Sending } from './scan-sending.js';
import { waitForTouch } from './scan-sounds.js';
import { hide, show } from './scan-verdict.js';

const SAME_VIEW = 2500;
const SEARCH_PAUSE = 200;
const WANTED = 'door-camera-wanted';

const root = document.querySelector('[data-scan]');
const one = (mark) => document.querySelector(`[data-${mark}]`);
const says = (name, values = {}) => root.dataset[`says${name}`].replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? '');
const codeField = document.querySelector('#code');
const searchField = document.querySelector('#search');

function trouble(text) {
  one('trouble').hidden = !text;
  one('trouble-said').textContent = text ?? '';
}

function actsFor(answer) {
  const forms = one('act-template').content.cloneNode(true).querySelectorAll('form');
  return [...forms].filter((form) => {
    const isFee = form.getAttribute('action') === root.dataset.fee;
    form.action = (isFee ? root.dataset.fee : root.dataset.undo).replace('/scans/0/', `/scans/${answer.scan}/`);
    return isFee ? answer.owes : answer.can_undo;
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
  show(answer, actsFor(answer).filter((form) => form.getAttribute('action').endsWith('/fee')));
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
  sending.add({ part: root.dataset.part, ...scan });
}

// A code stays one scan for as long as it is held before the camera.
const seen = new Map();
function fromCamera(code) {
  const now = performance.now();
  const isNew = now - (seen.get(code) ?? -Infinity) > SAME_VIEW;
  seen.set(code, now);
  if (isNew) add({ code, method: 'camera' });
}

const camera = new Camera(one('video'), fromCamera);

async function listCameras() {
  const found = await camera.cameras();
  const choice = one('camera-choice');
  choice.replaceChildren(...found.map((device, index) =>
    new Option(device.label || says('CameraN', { n: index + 1 }), device.deviceId, false, device.deviceId === camera.currentId)));
  choice.hidden = found.length < 2;
  one('torch').hidden = !camera.hasTorch;
  one('torch').setAttribute('aria-pressed', 'false');
}

function showCamera(isOn) {
  one('camera').hidden = !isOn;
  one('camera-tools').hidden = !isOn;
  one('camera-label').textContent = says(isOn ? 'Stop' : 'Start');
}

async function startCamera(start = () => camera.start()) {
  if (!navigator.mediaDevices) { trouble(says('Insecure')); return; }
  showCamera(true);
  try {
    await start();
    await listCameras();
    localStorage.setItem(WANTED, 'yes');
  } catch {
    camera.stop();
    showCamera(false);
    trouble(says('NoCamera'));
  }
}

function stopCamera() {
  camera.stop();
  showCamera(false);
  localStorage.removeItem(WANTED);
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
one('camera-button').addEventListener('click', () => (camera.isOn ? stopCamera() : startCamera()));
one('camera-choice').addEventListener('change', (event) => startCamera(() => camera.choose(event.target.value)));
one('torch').addEventListener('click', async ({ currentTarget: button }) => {
  const isOn = button.getAttribute('aria-pressed') !== 'true';
  await camera.torch(isOn).catch(() => undefined);
  button.setAttribute('aria-pressed', String(isOn));
});
one('photo').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  target.value = '';
  const code = file && await decodePhoto(file).catch(() => null);
  trouble(file && !code ? says('NoCode') : '');
  if (code) add({ code, method: 'camera' });
});

listen((code) => add({ code, method: 'keyboard' }));
waitForTouch();
for (const mark of ['to-search', 'camera-button', 'photo-box']) one(mark).hidden = false;
if (document.activeElement === codeField) codeField.blur();
if (localStorage.getItem(WANTED)) startCamera();
