// The camera's part of a station's page: starting and stopping, choosing a camera, the torch, photos.
import { Camera } from './scan-camera.js';
import { decodePhoto } from './scan-decoder.js';

const SAME_VIEW = 2500;
const WANTED = 'door-camera-wanted';
const one = (mark) => document.querySelector(`[data-${mark}]`);

/** `says` gives the page's words, `trouble` shows them, `onCode` takes what was read. */
export function setUp({ says, trouble, onCode }) {
  // A code stays one scan for as long as it is held before the camera.
  const seen = new Map();
  const camera = new Camera(one('video'), (code) => {
    const now = performance.now();
    const isNew = now - (seen.get(code) ?? -Infinity) > SAME_VIEW;
    seen.set(code, now);
    if (isNew) onCode(code);
  });

  async function listCameras() {
    const found = await camera.cameras();
    const choice = one('camera-choice');
    choice.replaceChildren(...found.map((device, index) =>
      new Option(device.label || says('CameraN', { n: index + 1 }), device.deviceId, false, device.deviceId === camera.currentId)));
    choice.hidden = found.length < 2;
    one('torch').hidden = !camera.hasTorch;
    one('torch').setAttribute('aria-pressed', 'false');
  }

  function show(isOn) {
    one('camera').hidden = !isOn;
    one('camera-tools').hidden = !isOn;
    one('camera-label').textContent = says(isOn ? 'Stop' : 'Start');
  }

  async function start(begin = () => camera.start()) {
    if (!navigator.mediaDevices) { trouble(says('Insecure')); return; }
    show(true);
    try {
      await begin();
      await listCameras();
      localStorage.setItem(WANTED, 'yes');
    } catch {
      camera.stop();
      show(false);
      trouble(says('NoCamera'));
    }
  }

  function stop() {
    camera.stop();
    show(false);
    localStorage.removeItem(WANTED);
  }

  one('camera-button').addEventListener('click', () => (camera.isOn ? stop() : start()));
  one('camera-choice').addEventListener('change', (event) => start(() => camera.choose(event.target.value)));
  one('torch').addEventListener('click', async ({ currentTarget: button }) => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    await camera.torch(isOn).catch(() => undefined);
    button.setAttribute('aria-pressed', String(isOn));
  });
  one('photo').addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    target.value = '';
    const code = file && await decodePhoto(file).catch(() => null);
    trouble(file && !code ? says('NoCode') : '');
    if (code) onCode(code);
  });
  for (const mark of ['camera-button', 'photo-box']) one(mark).hidden = false;
  if (localStorage.getItem(WANTED)) start();
}
