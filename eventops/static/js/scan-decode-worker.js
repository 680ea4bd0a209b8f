// Reads QR codes out of pixels, away from the page: {id, pixels, width, height, hard} in, {id, texts} out.
import { prepareZXingModule, readBarcodes } from '../vendor/zxing-wasm/es/reader/index.js';

const wasm = new URL('../vendor/zxing-wasm/reader/zxing_reader.wasm', import.meta.url).href;
prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true }).catch(() => undefined);

const EASY = { formats: ['QRCode'], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: false, tryDownscale: true };
const HARD = { ...EASY, tryInvert: true };

self.addEventListener('message', async ({ data }) => {
  const { id, pixels, width, height, hard } = data;
  try {
    const picture = new ImageData(new Uint8ClampedArray(pixels), width, height);
    const found = await readBarcodes(picture, hard ? HARD : EASY);
    self.postMessage({ id, texts: found.filter((code) => code.isValid).map((code) => code.text) });
  } catch (error) {
    self.postMessage({ id, texts: [], error: String(error) });
  }
});
