// Sends scans one after the other, each with a number of its own: what the network swallows is kept and sent again.
const KEPT = 'eventops-unsent-scans';
const PATIENCE = 8000;
const WAITS = [1000, 2000, 4000, 8000];

function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(14))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export class Sending {
  /** `on` holds answered(answer, scan), lost(count), back(), signedOut(count), refused(message). */
  constructor({ url, csrf, on }) {
    Object.assign(this, { url, csrf, on });
    this.queue = this.kept();
    this.isBusy = false;
    this.isLost = false;
    this.failures = 0;
    addEventListener('online', () => this.hurry());
    this.run();
  }

  kept() {
    try { return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]').filter((scan) => scan.url === this.url); } catch { return []; }
  }

  save() {
    sessionStorage.setItem(KEPT, JSON.stringify(this.queue));
  }

  add(scan) {
    this.queue.push({ ...scan, url: this.url, nonce: newNonce() });
    this.save();
    this.hurry();
    this.run();
  }

  hurry() {
    this.wake?.();
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.queue.length) {
      const outcome = await this.send(this.queue[0]);
      if (outcome === 'stop') break;
      if (outcome === 'again') await this.pause();
    }
    this.isBusy = false;
  }

  async send(scan) {
    const { url, ...body } = scan;
    let response;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': this.csrf },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE),
      });
      return await this.settle(scan, response, await response.json());
    } catch {
      return this.lose();
    }
  }

  async settle(scan, response, answer) {
    if (response.status >= 500 || response.status === 429) return this.lose();
    this.failures = 0;
    if ([401, 403].includes(response.status) || answer.error === 'csrf') {
      this.on.signedOut(this.queue.length);
      return 'stop';
    }
    this.queue.shift();
    this.save();
    if (this.isLost && !this.queue.length) { this.isLost = false; this.on.back(); }
    if (response.ok) this.on.answered(answer, scan); else this.on.refused(answer.message);
    return 'done';
  }

  lose() {
    this.failures += 1;
    this.isLost = true;
    this.on.lost(this.queue.length);
    return 'again';
  }

  pause() {
    const wait = WAITS[Math.min(this.failures, WAITS.length) - 1];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }
}
