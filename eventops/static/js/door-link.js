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

  /** The answer to what is asked with the station's key, or why there is none. */
  async reach(url, options, patience) {
    let response;
    try {
      response = await fetch(url, {
        ...options,
        headers: { Authorization: `Station ${this.station.key}`, Accept: 'application/json', ...options.headers },
        signal: AbortSignal.timeout(patience),
        cache: 'no-store',
        credentials: 'omit',
      });
    } catch {
      return this.lose();
    }
    if (response.status === 401) { this.become('refused'); throw new Refused(); }
    if (response.status === 429) throw new TooOften();
    return response.ok ? response : this.lose();
  }

  async ask(url, options = {}, patience = PATIENCE) {
    const asked = Date.now();
    const answer = await (await this.reach(url, options, patience)).json().catch(() => this.lose());
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

  /** What a desk wants done now or not at all. */
  post(url, values) {
    return this.ask(url, this.posting(values), LONG_PATIENCE);
  }

  /** A paper, or in words why there is none. */
  async paper(url, values) {
    const response = await this.reach(url, this.posting(values), LONG_PATIENCE);
    const isPaper = response.headers.get('Content-Type')?.startsWith('application/pdf');
    return (isPaper ? response.blob() : response.json()).catch(() => this.lose());
  }

  posting(values) {
    return { method: 'POST', body: JSON.stringify(values), headers: { 'Content-Type': 'application/json' } };
  }

  book() { return this.ask(this.snapshot, {}, LONG_PATIENCE); }

  send(items, { unsent = 0, since = 0 } = {}) {
    const batch = this.posting({ sent_at: Date.now(), unsent, since, items });
    return this.ask(this.sync, batch, items.length > 1 ? LONG_PATIENCE : PATIENCE);
  }
}
