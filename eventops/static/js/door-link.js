// The line to the server: asks with the station's key, notices at once when nobody answers, and compares the clocks.
const PATIENCE = 2500;
const LONG_PATIENCE = 20_000;

export class Lost extends Error {}
export class Refused extends Error {}
export class TooOften extends Error {}

export class Link {
  constructor({ station, snapshot, sync, onChange }) {
    Object.assign(this, { station, snapshot, sync, onChange });
    this.state = 'unknown';
    this.best = Infinity;
  }

  get isOnline() { return this.state === 'online'; }
  get isRefused() { return this.state === 'refused'; }

  /** Who was refused stays so, whatever comes of requests that are still on their way. */
  become(state) {
    if (this.state === state || this.isRefused) return;
    this.state = state;
    this.onChange(state);
  }

  /** The server's clock, as far as it is known. */
  now() { return Date.now() - (this.station.ahead ?? 0); }

  async ask(url, options = {}, patience = PATIENCE) {
    const asked = Date.now();
    let response;
    let answer;
    try {
      response = await fetch(url, {
        ...options,
        headers: { Authorization: `Station ${this.station.key}`, Accept: 'application/json', ...options.headers },
        signal: AbortSignal.timeout(patience),
        cache: 'no-store',
        credentials: 'omit',
      });
      answer = await response.json();
    } catch {
      return this.lose();
    }
    if (response.status === 401) { this.become('refused'); throw new Refused(); }
    if (response.status === 429) throw new TooOften();
    if (!response.ok) return this.lose();
    this.compare(asked, Date.now(), answer.now);
    this.become('online');
    return answer;
  }

  lose() {
    this.become('offline');
    throw new Lost();
  }

  /** The shortest way there and back tells most about the clocks; a jump of the clock starts anew. */
  compare(asked, answered, now) {
    if (!now) return;
    const way = answered - asked;
    const ahead = Math.round((asked + answered) / 2 - now);
    const jumped = Math.abs(ahead - (this.station.ahead ?? Infinity)) > way + 2000;
    if (way > this.best && !jumped) return;
    this.best = way;
    this.station.ahead = ahead;
  }

  book() { return this.ask(this.snapshot, {}, LONG_PATIENCE); }

  send(items, { unsent = 0, since = 0 } = {}) {
    const body = JSON.stringify({ sent_at: Date.now(), unsent, since, items });
    const headers = { 'Content-Type': 'application/json' };
    return this.ask(this.sync, { method: 'POST', body, headers }, items.length > 1 ? LONG_PATIENCE : PATIENCE);
  }
}
