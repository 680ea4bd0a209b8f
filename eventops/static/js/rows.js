// Adds and removes the rows of a field list in the page; without this file the same buttons go to the server.
// Hooks: data-rows="<list name>" data-least data-most, data-row, data-row-title, data-add-row, data-remove-row.
const NUMBERED = ['name', 'id', 'for', 'aria-describedby', 'value'];

function renumber(row, list, index) {
  const prefix = new RegExp(`(^| )${list}-\\d+`, 'g');
  for (const element of [row, ...row.querySelectorAll('*')]) {
    for (const attribute of NUMBERED) {
      if (attribute === 'value' && !element.matches('[data-remove-row]')) continue;
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace(prefix, `$1${list}-${index}`));
    }
  }
}

function empty(row) {
  for (const field of row.querySelectorAll('input, select, textarea')) {
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = field.hasAttribute('data-default');
    else if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else field.value = '';
    field.removeAttribute('aria-invalid');
  }
  row.querySelectorAll('.has-error').forEach((field) => field.classList.remove('has-error'));
  row.querySelectorAll('.field-error, [data-kept]').forEach((said) => said.remove());
}

function rowsOf(section) {
  return [...section.querySelectorAll('[data-row]')];
}

function settle(section) {
  const rows = rowsOf(section);
  rows.forEach((row, index) => {
    renumber(row, section.dataset.rows, index);
    row.querySelector('[data-row-title]').textContent = `${section.dataset.rowLabel} ${index + 1}`;
    row.querySelector('[data-remove-row]').hidden = rows.length <= Number(section.dataset.least);
  });
  section.querySelector('[data-add-row]').hidden = rows.length >= Number(section.dataset.most);
  section.querySelector('[data-rows-said]').textContent = `${section.dataset.rowLabel} ${rows.length}`;
  section.dispatchEvent(new CustomEvent('rows:changed', { bubbles: true, detail: { count: rows.length } }));
}

function add(section) {
  const last = rowsOf(section).at(-1);
  const row = last.cloneNode(true);
  renumber(row, section.dataset.rows, rowsOf(section).length);
  empty(row);
  last.after(row);
  settle(section);
  row.querySelector('input:not([type=hidden]), select, textarea')?.focus();
}

function remove(section, row) {
  const near = row.nextElementSibling?.matches('[data-row]') ? row.nextElementSibling : row.previousElementSibling;
  row.remove();
  settle(section);
  near?.querySelector('input:not([type=hidden]), select, textarea')?.focus();
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add-row], [data-remove-row]');
  const section = button?.closest('[data-rows]');
  if (!section || rowsOf(section).length === 0) return;
  event.preventDefault();
  if (button.matches('[data-add-row]')) add(section);
  else remove(section, button.closest('[data-row]'));
});
