// Turns a code into a station: the key comes once and stays in this browser.
import * as store from './door-store.js';

const form = document.querySelector('[data-enrol]');
const trouble = document.querySelector('[data-trouble]');

function say(name) {
  trouble.hidden = false;
  trouble.textContent = form.dataset[`says${name}`];
}

async function enrol(code) {
  const former = await store.formerStations();
  let response;
  try {
    response = await fetch(form.dataset.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': form.dataset.csrf },
      body: JSON.stringify({ code, former: former.map(({ key }) => key) }),
    });
  } catch {
    say('Lost');
    return;
  }
  if (!response.ok) { say(response.status === 429 ? 'Often' : 'Refused'); return; }
  const { now, ...station } = await response.json();
  for (const name of ['book', 'news']) await store.forget(name);
  await store.write('former', former.filter(({ event }) => event !== station.event.id));
  await store.write('station', { ...station, ahead: Date.now() - now });
  location.href = form.dataset.door;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  enrol(form.elements.code.value);
});
