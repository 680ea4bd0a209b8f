// Small courtesies of every form: focus on the errors, narrow digits, katakana, one submission per press.
import { katakana } from './kana.js';
import './rows.js';

document.querySelector('[data-error-summary]')?.focus();

const NARROW = 'input[type=tel], input[type=email], input[inputmode=numeric], input[inputmode=decimal], input[inputmode=tel], input[inputmode=email], [data-narrow]';

export function narrow(text) {
  return text.normalize('NFKC').replace(/(?<=[0-9])[ー―‐−–—](?=[0-9])/g, '-').trim();
}

document.addEventListener('change', (event) => {
  const field = event.target;
  if (field.matches(NARROW)) field.value = narrow(field.value);
  else if (field.matches('[data-kana]')) field.value = katakana(field.value).trim();
});

// A second press while the first is on its way must not send twice; a download leaves the page as it is, so the guard ends.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-form]') || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener('pageshow', () => document.querySelectorAll('[data-sent]').forEach((form) => delete form.dataset.sent));
