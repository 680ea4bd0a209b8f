// The verdict over the whole screen for a moment, then as a line; the next scan never waits for either.
import { sound } from './scan-sounds.js';

const SHOWN_FOR = { ok: 2500, out: 2500, already: 5000, attention: 12000, invalid: 8000 };
const place = document.querySelector('[data-verdict-place]');
let timer = 0;

function fill(section, answer, acts) {
  const set = (mark, text) => { section.querySelector(`[data-verdict-${mark}]`).textContent = text ?? ''; };
  set('word', answer.word);
  set('name', answer.name);
  set('kana', answer.kana);
  set('org', answer.org);
  const line = (kind) => (text) => Object.assign(document.createElement('span'), { className: kind, textContent: text });
  section.querySelector('[data-verdict-note]').replaceChildren(
    ...answer.lines.map(line('verdict-line')), ...answer.small.map(line('verdict-small')));
  section.querySelector('[data-verdict-act]').replaceChildren(...acts);
}

export function show(answer, acts = []) {
  const template = document.querySelector(`[data-verdict-template="${answer.tone}"]`);
  const section = template.content.firstElementChild.cloneNode(true);
  fill(section, answer, acts);
  section.dataset.scan = answer.scan ?? '';
  place.replaceChildren(section);
  sound(answer.tone);
  clearTimeout(timer);
  timer = setTimeout(hide, SHOWN_FOR[answer.tone]);
}

export function hide() {
  clearTimeout(timer);
  place.replaceChildren();
}

place.addEventListener('click', (event) => {
  if (event.target.closest('[data-verdict-close]')) event.preventDefault();
  else if (event.target.closest('form, button, a')) return;
  hide();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hide();
});
if (place.firstElementChild) timer = setTimeout(hide, SHOWN_FOR.attention); // the page was opened by a plain form
