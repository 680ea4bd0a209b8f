// The forms of a station: somebody who comes without an application, and somebody who comes instead of another.
import { Lost, TooOften } from './door-link.js';
import { newNonce } from './door-queue.js';

const root = document.querySelector('[data-door]');

/** One form. What was typed stays until the server has taken it: a lost answer is asked for again by the same number. */
export class Sheet {
  constructor(name, { link, says, done }) {
    this.section = document.querySelector(`[data-sheet="${name}"]`);
    this.url = root.dataset[name.replace(/-(.)/g, (_all, letter) => letter.toUpperCase())];
    Object.assign(this, { link, says, done, values: {}, isLost: false });
    this.form = this.section.querySelector('form');
    this.form.addEventListener('submit', (event) => this.send(event));
    this.section.querySelector('[data-sheet-cancel]').addEventListener('click', () => this.close());
  }

  one(mark) { return this.section.querySelector(`[data-sheet-${mark}]`); }

  /** `values` go along with what is typed. */
  open(values, { parts = [], who = '' } = {}) {
    if (!this.nonce || values.attendee !== this.values.attendee) this.begin();
    this.values = values;
    if (this.one('who')) this.one('who').textContent = who;
    this.one('parts')?.replaceChildren(...parts.map((part) => this.choice(part, part.id === values.part)));
    this.section.hidden = false;
    this.section.scrollIntoView();
    this.form.querySelector('input').focus();
  }

  begin() {
    this.isLost = false;
    this.form.reset();
    this.nonce = newNonce();
    this.complain({});
    if (this.one('code')) this.one('code').hidden = true;
  }

  choice({ id, title }, checked) {
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', name: 'parts', value: id, checked, className: 'choice-input' });
    const label = Object.assign(document.createElement('label'), { className: 'choice' });
    label.append(box, Object.assign(document.createElement('span'), { textContent: title }));
    return label;
  }

  /** Nothing typed about a person stays on a shared device, except while the server may have taken it unheard. */
  close() {
    this.section.hidden = true;
    if (!this.isLost) this.begin();
  }

  typed() {
    const data = new FormData(this.form);
    const typed = Object.fromEntries([...data].map(([name, text]) => [name.replace(/^.*-/, ''), text]));
    return { ...typed, parts: data.getAll('parts'), ...this.values, nonce: this.nonce };
  }

  async send(event) {
    event.preventDefault();
    event.stopPropagation();
    if (this.isSending) return;
    this.isSending = true;
    try {
      this.told(await this.link().post(this.url, this.typed()));
    } catch (error) {
      if (error instanceof TooOften) this.complain({}, this.says('TooOften'));
      else if (error instanceof Lost) { this.isLost = true; this.complain({}, this.says('SheetLost')); }
    }
    this.isSending = false;
  }

  told({ answer, errors = {}, asks_code: asksCode, refused = '' }) {
    this.isLost = false;
    if (this.one('code') && asksCode) this.one('code').hidden = false;
    if (!answer) { this.complain(errors, refused); return; }
    this.close();
    this.done({ ...answer, by: 'server' });
  }

  /** All that is wrong stands above, and the fields are marked. */
  complain(errors, text = '') {
    const said = [text, ...Object.values(errors).flat()].filter(Boolean);
    this.one('trouble').replaceChildren(...said.map((words) => Object.assign(document.createElement('span'), { textContent: words })));
    for (const field of this.form.elements) {
      if (field.name) field.toggleAttribute('aria-invalid', field.name.replace(/^.*-/, '') in errors);
    }
    if (said.length) this.section.scrollIntoView();
  }
}
