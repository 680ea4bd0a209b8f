// After a look: taking cash and printing a badge. The server does both; nothing of either is kept here.
import { Lost, TooOften } from './door-link.js';

const root = document.querySelector('[data-door]');
const template = document.querySelector('[data-desk-acts]');

/** `link()` is the line to the server, `trouble(text)` says why something was not done, `done(answer)` shows what was. */
export class DeskActs {
  constructor({ link, says, trouble, done }) {
    Object.assign(this, { link, says, trouble, done });
  }

  /** Buttons for what can be done for the person of this look; only the server's own word can be acted on. */
  of(answer) {
    const may = {
      fee: answer.by === 'server' && answer.owes,
      badge: answer.by === 'server' && answer.can_undo && answer.direction !== 'out' && Boolean(root.dataset.badge),
    };
    const acts = [...template.content.cloneNode(true).querySelectorAll('[data-act]')].filter((act) => may[act.dataset.act]);
    for (const act of acts) act.addEventListener('click', () => this[act.dataset.act](answer, act));
    return acts;
  }

  async fee(answer, button) {
    button.disabled = true;
    try {
      const said = await this.link().post(root.dataset.fee, { of: answer.nonce });
      if (said.answer) this.done({ ...said.answer, by: 'server', nonce: answer.nonce });
      else this.trouble(said.refused);
    } catch (error) {
      this.failed(error, 'FeeLost');
    }
    button.disabled = false;
  }

  /** The window opens at the press: browsers allow no later one. */
  async badge(answer, button) {
    const sheet = window.open('', '_blank');
    button.disabled = true;
    try {
      const paper = await this.link().paper(root.dataset.badge, { of: answer.nonce, again: 'again' in button.dataset });
      if (paper instanceof Blob) this.lay(sheet, paper);
      else {
        sheet?.close();
        this.trouble(paper.refused);
        if (paper.was_printed) this.offerAgain(button);
      }
    } catch (error) {
      sheet?.close();
      this.failed(error, 'BadgeLost');
    }
    button.disabled = false;
  }

  lay(sheet, paper) {
    const address = URL.createObjectURL(paper);
    if (sheet) sheet.location = address;
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }

  offerAgain(button) {
    button.dataset.again = '';
    button.querySelector('span').textContent = this.says('BadgeAgain');
  }

  failed(error, word) {
    if (error instanceof TooOften) this.trouble(this.says('TooOften'));
    else if (error instanceof Lost) this.trouble(this.says(word));
  }
}
