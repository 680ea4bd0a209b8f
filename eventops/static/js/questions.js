// Shows a conditional question only to whom it is asked. The server judges the same conditions; without this file all are shown.
// Hooks: form[data-questions], data-question="<code>", data-after="<code>", data-after-values="<keys>", rows of data-row or data-person.
const ROW = '[data-row], [data-person]';

function sourceOf(form, question) {
  const selector = `[data-question="${CSS.escape(question.dataset.after)}"]`;
  const own = question.closest(ROW)?.querySelector(selector);
  return own ?? [...form.querySelectorAll(selector)].find((found) => !found.closest(ROW));
}

function chosen(question) {
  const controls = question.querySelectorAll('input:checked, select');
  return [...controls].map((control) => control.value);
}

function applies(form, question) {
  if (!question.dataset.after) return true;
  const source = sourceOf(form, question);
  if (!source || !applies(form, source)) return false;
  const wanted = question.dataset.afterValues.split(' ');
  return chosen(source).some((value) => wanted.includes(value));
}

function settle(form) {
  for (const question of form.querySelectorAll('[data-question][data-after]')) {
    const shown = applies(form, question);
    question.hidden = !shown;
    for (const control of question.querySelectorAll('input, select, textarea')) control.disabled = !shown;
  }
}

for (const form of document.querySelectorAll('form[data-questions]')) {
  form.classList.add('has-conditions');
  form.addEventListener('change', () => settle(form));
  form.addEventListener('rows:changed', () => settle(form));
  settle(form);
}
