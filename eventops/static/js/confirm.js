// Asks before a form is sent that carries a question: in the field "unasked", or "unasked:name=value" for the button of
// that name and value. The go button carries the act's own words.
const agreed = new WeakSet();

document.addEventListener('submit', (event) => {
  const form = event.target;
  const submitter = event.submitter;
  const carried = fieldOf(form, submitter);
  const question = carried?.value || form.dataset.confirm;
  const template = document.getElementById('confirm-dialog');
  if (!question || !template || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(template, question, submitter).then((yes) => {
    if (!yes) return;
    carried?.remove();
    agreed.add(form);
    form.requestSubmit(submitter);
  });
}, true);

function fieldOf(form, submitter) {
  const name = submitter?.name ? `unasked:${submitter.name}=${submitter.value}` : 'unasked';
  return form.elements.namedItem(name) || form.elements.namedItem('unasked');
}

function ask(template, question, submitter) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const go = dialog.querySelector('[value="yes"]');
  dialog.querySelector('p').textContent = question;
  const words = submitter?.textContent.trim();
  if (words) go.textContent = words;
  if (submitter?.classList.contains('btn-bad')) go.classList.replace('btn-primary', 'btn-bad');
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes');
      dialog.remove();
      submitter?.focus();
    });
  });
}
