// Pictures in, texts of QR codes out: draws a frame or photo small enough and asks the worker.
const canvas = document.createElement('canvas');
const pen = canvas.getContext('2d', { willReadFrequently: true });
const waiting = new Map();
let worker = null;
let last = 0;

function theWorker() {
  if (worker) return worker;
  worker = new Worker(new URL('./scan-decode-worker.js', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }) => {
    waiting.get(data.id)?.(data.texts);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', () => {
    for (const answer of waiting.values()) answer([]);
    waiting.clear();
    worker = null;
  });
  return worker;
}

export const warmUp = theWorker;

/** Texts of the codes in an image, video or bitmap of this size. */
export function decode(source, width, height, { longest, hard = false }) {
  const scale = Math.min(1, longest / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const id = ++last;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    const message = { id, pixels: data.buffer, width: canvas.width, height: canvas.height, hard };
    theWorker().postMessage(message, [data.buffer]);
  });
}

/** The first code in a photo, tried small and large: a close picture reads better small, a far one large. */
export async function decodePhoto(file) {
  const picture = await createImageBitmap(file);
  try {
    for (const longest of [1200, 2600]) {
      const [text] = await decode(picture, picture.width, picture.height, { longest, hard: true });
      if (text) return text;
    }
    return null;
  } finally {
    picture.close();
  }
}
