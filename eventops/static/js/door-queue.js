// Every look is written down before it is sent, answered by the server or by the book, and kept until it is confirmed.
import { Lost, Refused, TooOften } from './door-link.js';
import * as store from './door-store.js';

const BATCH = 50;
const KEEPS_WORD = 'eventops-door-sending';

export function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(14))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Queue {
  /** `on` holds changed(), slow(); `answerAlone(item)` asks the book and says what the desk is told. */
  constructor({ link, station, answerAlone, on }) {
    Object.assign(this, { link, station, answerAlone, on });
    this.items = [];
  }

  async load() {
    const all = await store.queued();
    this.items = all.filter((item) => item.event === this.station.event.id);
    this.on.changed();
  }

  get waiting() { return this.items.filter((item) => !item.aside); }
  get unsent() { return this.waiting.length; }
  get aside() { return this.items.length - this.unsent; }
  /** Looks that were cut off before the desk was told anything. */
  get unanswered() { return this.waiting.filter((item) => item.kind === 'scan' && !item.shown); }

  async keep(fields) {
    const item = { event: this.station.event.id, nonce: newNonce(), at: Date.now(), ahead: this.station.ahead ?? null, ...fields };
    item.sequence = await store.enqueue(item);
    this.items.push(item);
    this.on.changed();
    return item;
  }

  async drop(item) {
    await store.dequeue(item.sequence);
    this.items = this.items.filter((other) => other !== item);
    this.on.changed();
  }

  async scan(look) {
    return this.answer(await this.keep({ kind: 'scan', ...look }));
  }

  /** The server's word while it answers, the book's otherwise; what the desk is told is kept with the look. */
  async answer(item) {
    if (this.link.state !== 'offline' && !this.link.isRefused) {
      try {
        const { results: [result] } = await this.link.send([this.sent(item)], { unsent: this.unsent });
        if (result.answer) {
          await this.drop(item);
          return { ...result.answer, by: 'server', nonce: item.nonce };
        }
        await this.putAside(item);
        return { tone: 'attention', word: '', short: '', lines: [result.refused], small: [], nonce: item.nonce, part: item.part };
      } catch (error) {
        if (error instanceof TooOften) this.on.slow();
        else if (!(error instanceof Lost || error instanceof Refused)) throw error;
      }
    }
    const told = await this.answerAlone(item);
    item.shown = told.verdict;
    await store.replace(item);
    this.on.changed();
    return { ...told, by: 'device', nonce: item.nonce, part: item.part };
  }

  async takeBack({ nonce, attendee, part }) {
    await this.keep({ kind: 'undo', of: nonce, shown: 'undo', attendee, part });
    await this.flush().catch(() => undefined);
  }

  /** The server counts somebody as in whom this station has taken back and not told it yet. */
  takesBack(attendee, part) {
    return this.items.some((item) => item.kind === 'undo' && item.attendee === attendee && item.part === part);
  }

  sent({ kind, nonce, part, direction, method, code, attendee, at, ahead, shown, of, sequence }) {
    return kind === 'undo' ? { kind, nonce, of, sequence } : { kind, nonce, part, direction, method, code, attendee, at, ahead, shown, sequence };
  }

  async putAside(item) {
    item.aside = true;
    await store.replace(item);
    this.on.changed();
  }

  /** Sends what has been answered, oldest first; two windows of one station take turns. */
  flush() {
    const work = () => this.flushNow();
    return navigator.locks ? navigator.locks.request(KEEPS_WORD, work) : work();
  }

  async flushNow() {
    for (;;) {
      const batch = this.waiting.filter((item) => item.shown).slice(0, BATCH);
      if (!batch.length) return;
      const { results } = await this.link.send(batch.map((item) => this.sent(item)), { unsent: this.unsent });
      for (const [index, item] of batch.entries()) {
        if (results[index]?.answer) await this.drop(item);
        else await this.putAside(item);
      }
    }
  }
}
