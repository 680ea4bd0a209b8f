// Looking for people: names and companies in the station's own book, numbers at the server, which alone knows them.
import { MOST } from './door-book.js';
import { Lost, TooOften } from './door-link.js';

const PAUSE = 150;
const NUMBER = /^\d[\d-]{3,}$/;

const make = (tag, fields) => Object.assign(document.createElement(tag), fields);

/** `look(text)` searches the book, `ask(text)` the server; `admit` and `substitute` are told whom somebody pressed. */
export class Search {
  constructor({ field, place, says, look, ask, admit, substitute }) {
    Object.assign(this, { field, place, says, look, ask, admit, substitute });
    let waiting = 0;
    field.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(() => this.run(), PAUSE); });
  }

  get text() { return this.field.value.trim(); }

  clear() {
    this.field.value = '';
    this.place.replaceChildren();
  }

  async run() {
    const { text } = this;
    const number = text.normalize('NFKC').replace(/[\s‐−–—ー]/g, '-');
    if (!text) this.place.replaceChildren();
    else if (NUMBER.test(number)) await this.byNumber(text, number);
    else this.show(this.look(text), this.says('Nobody', { q: text }));
  }

  async byNumber(text, number) {
    try {
      const found = await this.ask(number);
      if (this.text === text) this.show(found, this.says('NumberNobody', { q: text }));
    } catch (error) {
      if (error instanceof Lost) this.show([], this.says('NumberLost'));
      else if (error instanceof TooOften) this.show([], this.says('NumberOften'));
    }
  }

  show(found, nobody) {
    const line = (kind, words) => make('p', { className: kind, textContent: words });
    if (!found.length) { this.place.replaceChildren(line('', nobody)); return; }
    const list = make('ul', { className: 'found-list' });
    list.append(...found.slice(0, MOST).map((person) => this.row(person)));
    this.place.replaceChildren(list, ...(found.length > MOST ? [line('muted', this.says('More'))] : []));
  }

  row(person) {
    const { name, kana, org, inside } = person;
    const who = document.createElement('div');
    who.append(make('b', { textContent: name }), ' ', make('span', { className: 'kana', textContent: kana }),
      make('small', { textContent: [org, inside && this.says('Inside', { time: inside })].filter(Boolean).join('・') }));
    const acts = make('div', { className: 'found-acts' });
    if (!inside) acts.append(this.button('Substitute', person, 'btn', this.substitute));
    acts.append(this.button('Admit', person, inside ? 'btn' : 'btn btn-primary', this.admit));
    const item = document.createElement('li');
    item.append(who, acts);
    return item;
  }

  button(word, person, className, act) {
    const button = make('button', { type: 'button', className, textContent: this.says(word) });
    button.setAttribute('aria-label', this.says(`${word}Who`, { name: person.name }));
    button.addEventListener('click', () => { act(person); this.clear(); });
    return button;
  }
}
