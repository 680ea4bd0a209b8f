// Fills a katakana field from what is typed into the name beside it, until the reader edits the kana by hand.
// Hook: data-kana-target="family_kana" on the name (same row), data-kana on any field to be kept in katakana.
const KANA_TYPED = /^[\u3041-\u3096\u30a1-\u30faー\u3000 ]*[a-zａ-ｚA-Z]?$/;
const typed = new WeakMap();
const byHand = new WeakSet();
const filling = new WeakSet();

export function katakana(text) {
  return text.normalize('NFKC').replace(/[\u3041-\u3096]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
}

function targetOf(input) {
  const name = input.name.replace(/[^-]*$/, input.dataset.kanaTarget);
  return input.form?.elements.namedItem(name) ?? null;
}

function fill(input, reading) {
  const target = targetOf(input);
  if (!target || byHand.has(target)) return;
  target.value = katakana(reading);
  filling.add(target);
  target.dispatchEvent(new Event('input', { bubbles: true }));
}

function source(event) {
  return event.target.closest?.('[data-kana-target]');
}

document.addEventListener('compositionstart', (event) => {
  const input = source(event);
  if (!input) return;
  const target = targetOf(input);
  if (target && target.value && !typed.has(input)) byHand.add(target);
  const done = input.value ? typed.get(input)?.done ?? '' : '';
  typed.set(input, { done, now: '' });
});

document.addEventListener('compositionupdate', (event) => {
  const input = source(event);
  const state = input && typed.get(input);
  if (!state || !KANA_TYPED.test(event.data)) return;
  state.now = event.data.replace(/[a-zａ-ｚA-Z]$/, '');
  fill(input, state.done + state.now);
});

document.addEventListener('compositionend', (event) => {
  const input = source(event);
  const state = input && typed.get(input);
  if (!state) return;
  if (event.data) state.done += state.now;
  state.now = '';
  fill(input, state.done);
});

document.addEventListener('input', (event) => {
  const field = event.target;
  if (filling.delete(field)) return;
  if (field.matches('[data-kana]')) byHand.add(field);
  if (field.matches('[data-kana-target]') && !field.value && typed.has(field)) {
    typed.set(field, { done: '', now: '' });
    fill(field, '');
  }
});
