// Asks again and again whether anything has happened, while somebody looks; more slowly while the server does not answer.
const EVERY = 700;
const SLOWEST = 10000;

export function follow(ask, { lost, back }) {
  let pause = EVERY;
  let timer = null;
  let isAsking = false;

  async function turn() {
    clearTimeout(timer);
    if (document.hidden || isAsking) return;
    isAsking = true;
    try {
      await ask();
      if (pause > EVERY) back();
      pause = EVERY;
    } catch {
      pause = Math.min(SLOWEST, pause * 2);
      lost();
    }
    isAsking = false;
    timer = setTimeout(turn, pause);
  }

  document.addEventListener('visibilitychange', turn);
  timer = setTimeout(turn, EVERY);
}
