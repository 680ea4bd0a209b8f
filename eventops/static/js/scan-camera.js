// The camera: starting, choosing, the torch, and an endless look for codes that nothing stops but stop().
import { decode, warmUp } from './scan-decoder.js';

const PAUSE = 60;
const LONGEST = 960;
const REMEMBERED = 'door-camera';

export class Camera {
  constructor(video, onCode) {
    this.video = video;
    this.onCode = onCode;
    this.stream = null;
    this.turn = 0;
  }

  get isOn() { return this.stream !== null; }

  get track() { return this.stream?.getVideoTracks()[0] ?? null; }

  async start(deviceId = localStorage.getItem(REMEMBERED) ?? '') {
    warmUp();
    this.stop();
    const turn = ++this.turn;
    const stream = await this.open(deviceId);
    if (turn !== this.turn) { stream.getTracks().forEach((track) => track.stop()); return; }
    this.stream = stream;
    this.video.srcObject = stream;
    this.track.addEventListener('ended', () => this.stop());
    await this.video.play();
    this.keepAwake();
    this.look(turn);
  }

  async open(deviceId) {
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    if (deviceId) {
      try {
        return await navigator.mediaDevices.getUserMedia({ video: { ...size, deviceId: { exact: deviceId } } });
      } catch (error) {
        if (error.name === 'NotAllowedError') throw error;
        localStorage.removeItem(REMEMBERED); // a camera that was unplugged: any other will do
      }
    }
    return navigator.mediaDevices.getUserMedia({ video: { ...size, facingMode: 'environment' } });
  }

  async choose(deviceId) {
    localStorage.setItem(REMEMBERED, deviceId);
    await this.start(deviceId);
  }

  stop() {
    this.turn += 1;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    this.awake?.release().catch(() => undefined);
  }

  async keepAwake() {
    this.awake = await navigator.wakeLock?.request('screen').catch(() => null);
  }

  async look(turn) {
    while (turn === this.turn) {
      const { videoWidth, videoHeight } = this.video;
      if (videoWidth && !document.hidden) {
        try {
          const [text] = await decode(this.video, videoWidth, videoHeight, { longest: LONGEST });
          if (text && turn === this.turn) this.onCode(text);
        } catch { /* one frame that cannot be read must not end the looking */ }
      }
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
  }

  async cameras() {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter((device) => device.kind === 'videoinput' && device.deviceId);
  }

  get currentId() { return this.track?.getSettings().deviceId ?? ''; }

  get hasTorch() { return Boolean(this.track?.getCapabilities?.().torch); }

  async torch(isOn) { await this.track?.applyConstraints({ advanced: [{ torch: isOn }] }); }
}
