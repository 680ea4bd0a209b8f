// Asks again and again whether anything has happened, while somebody looks; more slowly while the server does not answer.
const EVERY = 450;
const APART = 100; // those who were answered at the same moment do not all come back at the same moment
const SLOWEST = 10000;
const SIGNED_OUT = [401, 403];

export function follow(ask, { lost, back, over }) {
  let pause = EVERY;
  let timer = null;
  let isAsking = false;
  let isOver = false;

  function failed(error) {
    isOver = SIGNED_OUT.includes(error.status);
    if (isOver) { over(); return; }
    pause = Math.min(SLOWEST, pause * 2);
    lost();
  }

  async function turn() {
    clearTimeout(timer);
    if (document.hidden || isAsking || isOver) return;
    isAsking = true;
    try {
      await ask();
      if (pause > EVERY) back();
      pause = EVERY;
    } catch (error) { failed(error); }
    isAsking = false;
    if (!isOver) timer = setTimeout(turn, pause + Math.random() * APART);
  }

  document.addEventListener('visibilitychange', turn);
  timer = setTimeout(turn, EVERY);
}
