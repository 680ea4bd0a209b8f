// What stands around the cells of the board: reasons, figures. It may come a moment later than the cells.
const AT_LEAST = 300; // whoever made the step asks at once and has it made; the others find it there
const AGAIN = 500;
let timer = null;

export const boardIn = (text) => new DOMParser().parseFromString(text, 'text/html').querySelector('[data-board]');

export function askForSides(url, within, show) {
  const pause = within === 0 ? 0 : AT_LEAST + Math.random() * within;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const response = await fetch(url).catch(() => null);
    if (response?.status === 204) { askForSides(url, AGAIN, show); return; } // it is being made for somebody else
    const fresh = response?.ok ? boardIn(await response.text()) : null;
    if (fresh) show(fresh);
  }, pause);
}

export function showSides(root, fresh) {
  const focused = document.activeElement.closest?.('.unplaced [data-meeting]')?.dataset.meeting;
  const top = root.querySelector('[data-board-side]')?.scrollTop;
  const isOpen = root.querySelector('[data-board-quality]')?.open;
  root.querySelector('.board-layout').className = fresh.querySelector('.board-layout').className;
  const homes = { notes: root, side: root.querySelector('.board-layout'), foot: root, quality: root };
  Object.entries(homes).forEach(([name, home]) => {
    const [old, now] = [root, fresh].map((one) => one.querySelector(`[data-board-${name}]`));
    if (old && now) old.replaceWith(now); else if (now) home.append(now); else old?.remove();
  });
  const side = root.querySelector('[data-board-side]');
  if (side) side.scrollTop = top ?? 0;
  if (isOpen) root.querySelector('[data-board-quality]')?.setAttribute('open', '');
  const broken = fresh.dataset.broken.split(' ');
  root.querySelectorAll('.cell [data-meeting]').forEach((one) => one.classList.toggle('is-broken', broken.includes(one.dataset.meeting)));
  if (focused) side?.querySelector(`[data-meeting="${focused}"]`)?.focus();
}
