// Somebody in charge lets a refused person in: a reason and a number, asked of the server at once and never kept.
import { Lost, TooOften } from './door-link.js';
import { newNonce } from './door-queue.js';

const form = document.querySelector('[data-overrule-form]');
const open = document.querySelector('[data-overrule]');
const trouble = form.querySelector('[data-overrule-trouble]');
let refused = null;
let nonce = '';

function close() {
  form.hidden = true;
  form.reset();
  trouble.textContent = '';
}

/**
 * The last look is another one: only a refusal that the server knows of can be overruled. One refusal has one number
 * until it is answered: when the answer was lost, pressing again asks for the same, not for a second time.
 */
export function offer(answer) {
  refused = answer.can_overrule && answer.by === 'server' ? answer : null;
  nonce = newNonce();
  open.hidden = !refused;
  close();
}

/** `ask(item)` sends to the server, `done(answer)` shows what came of it. */
export function setUpOverruling({ says, ask, done }) {
  open.addEventListener('click', () => { form.hidden = false; form.elements.reason.focus(); });
  form.querySelector('[data-overrule-cancel]').addEventListener('click', close);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const { reason, code } = form.elements;
    const item = { kind: 'overrule', nonce, of: refused.nonce, reason: reason.value, code: code.value };
    try {
      const result = await ask(item);
      if (!result.answer) { trouble.textContent = result.refused; return; }
      close();
      done({ ...result.answer, by: 'server', nonce: item.nonce });
    } catch (error) {
      if (!(error instanceof Lost || error instanceof TooOften)) throw error;
      trouble.textContent = says(error instanceof TooOften ? 'TooOften' : 'NeedsLine');
    }
  });
}
