// The station's book: looks up what the server's judge said about a code. It decides nothing of its own.
import { katakana } from './kana.js';
import * as store from './door-store.js';

const CODE = /^E[A-Z2-7]{24}$/;
const MOST_FOUND = 30;

const plain = (code) => code.normalize('NFKC').trim().toUpperCase();
const place = (attendee, part) => `${attendee}:${part}`;

async function hashed(code, salt) {
  const bytes = Uint8Array.from(salt.match(/../g), (pair) => Number.parseInt(pair, 16));
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(code)));
  return btoa(String.fromCharCode(...digest.slice(0, 10))).replace(/=+$/, '');
}

export class Book {
  constructor(pages, news = []) {
    this.pages = pages;
    this.news = news;
    this.codes = new Map(pages.codes.map(([hash, index, verdicts]) => [hash, { index, verdicts }]));
    this.indexOf = new Map(pages.people.map(([attendee], index) => [attendee, index]));
    this.inside = new Map();
    for (const [index, ...passage] of pages.inside) this.enter(pages.people[index][0], ...passage);
    for (const entry of news) this.enter(...entry);
  }

  static async kept() {
    const pages = await store.read('book');
    return pages ? new Book(pages, await store.read('news') ?? []) : null;
  }

  static async keep(pages) {
    await store.write('news', []);
    await store.write('book', pages);
    return new Book(pages);
  }

  static async burn() {
    await store.forget('book');
    await store.forget('news');
  }

  isValid(now) { return now < this.pages.expires_at; }

  /** Somebody came in or went out; without a time, what they did last is taken back. Says whether that was new. */
  enter(attendee, part, at, where, direction = 'in') {
    const key = place(attendee, part);
    const known = this.inside.get(key) ?? [];
    if (at === null) return this.takeBack(key, known);
    const before = known.findLast((one) => one.at <= at);
    if (before?.direction === direction && before.at >= this.since(part, at)) return false;
    this.inside.set(key, [...known, { at, where, direction }].sort((one, other) => one.at - other.at));
    return true;
  }

  takeBack(key, known) {
    const lastOther = known.findLastIndex((one) => one.direction !== known.at(-1)?.direction);
    this.inside.set(key, known.slice(0, lastOther + 1));
    return known.length > 0;
  }

  /** Where somebody stands: `first` is how they came in, when they are inside; `hasLeft` says that they have been. */
  stands(attendee, part, now) {
    const since = this.since(part, now);
    let first = null;
    let hasLeft = false;
    for (const one of this.inside.get(place(attendee, part)) ?? []) {
      if (one.at < since) continue;
      if (one.direction === 'out') { hasLeft ||= first !== null; first = null; } else first ??= one;
    }
    return { first, hasLeft };
  }

  async note(...entry) {
    if (!this.enter(...entry)) return;
    this.news.push(entry);
    await store.write('news', this.news);
  }

  /** Entries of before this moment are practice. */
  since(part, now) {
    const { since = 0, turns_at: turn = Infinity } = this.pages.parts.find((one) => one.id === part) ?? {};
    return now >= turn ? turn : since;
  }

  async lookUp(look, salt, now) {
    const found = look.code ? this.codes.get(await hashed(plain(look.code), salt)) : this.person(look.attendee);
    if (!found) return this.said(CODE.test(plain(look.code ?? '')) ? this.pages.missing : this.pages.unknown, look.code ?? '');
    const column = this.pages.parts.findIndex((one) => one.id === look.part);
    const letter = found.verdicts[column] ?? this.pages.missing;
    const attendee = this.pages.people[found.index][0];
    const { first, hasLeft } = this.stands(attendee, look.part, now);
    return { ...this.said(this.judged(look, letter, first, hasLeft), '', first), ...this.who(found.index), attendee };
  }

  /** The judge's letter for somebody who has not come yet, or what it says of one who has. */
  judged(look, letter, first, hasLeft) {
    if (look.direction === 'out') return first ? this.pages.left : this.pages.not_inside;
    if (!this.pages.verdicts[letter].admits) return letter;
    if (first) return this.pages.again;
    return hasLeft ? this.pages.back : letter;
  }

  person(attendee) {
    const index = this.indexOf.get(attendee);
    return index === undefined ? null : { index, verdicts: this.pages.people[index][4] };
  }

  who(index) {
    const [, name, kana, company] = this.pages.people[index];
    return { name, kana, org: this.pages.companies[company] };
  }

  said(letter, event, before) {
    const { code, tone, word, short, sentence, admits } = this.pages.verdicts[letter];
    const full = sentence.replace('{time}', before ? clock(before.at) : '').replace('{station}', before?.where ?? '').replace('{event}', event);
    return { verdict: code, admits, tone, word, short, lines: ['admit', 'left'].includes(code) ? [] : [full], small: [], name: '', kana: '', org: '' };
  }

  /** People whose name, reading or company holds every word; beginnings of readings first. */
  search(text, part, now) {
    const words = katakana(text).trim().split(/\s+/).filter(Boolean).map((word) => word.toUpperCase());
    if (!words.length) return [];
    const found = [];
    this.pages.people.forEach(([attendee, name, kana, company], index) => {
      const hay = `${name.replace(/\s/g, '')} ${kana.replace(/\s/g, '')} ${this.pages.companies[company].normalize('NFKC')}`.toUpperCase();
      if (!words.every((word) => hay.includes(word))) return;
      const { first } = this.stands(attendee, part, now);
      found.push({ attendee, ...this.who(index), inside: first ? clock(first.at) : '', starts: kana.startsWith(words[0]) ? 0 : 1 });
    });
    return found.sort((one, other) => one.starts - other.starts).slice(0, MOST_FOUND + 1);
  }
}

export const MOST = MOST_FOUND;

export function clock(milliseconds) {
  return new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' }).format(milliseconds);
}
