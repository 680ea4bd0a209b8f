// Each verdict has a sound and a shake of its own, so that the desk knows without looking.
const TUNES = { // [hertz, from, seconds]
  ok: { wave: 'sine', notes: [[880, 0, 0.09], [1320, 0.1, 0.16]] },
  out: { wave: 'sine', notes: [[1320, 0, 0.09], [880, 0.1, 0.16]] },
  already: { wave: 'triangle', notes: [[620, 0, 0.12], [620, 0.2, 0.12]] },
  attention: { wave: 'triangle', notes: [[740, 0, 0.14], [560, 0.18, 0.14], [740, 0.36, 0.14]] },
  invalid: { wave: 'square', notes: [[196, 0, 0.55]] },
};
const SHAKES = { ok: [60], out: [60], already: [60, 80, 60], attention: [180, 80, 180], invalid: [400] };
let audio = null;

function ready() {
  audio ??= globalThis.AudioContext ? new AudioContext() : null;
  if (audio?.state === 'suspended') audio.resume().catch(() => undefined);
}

/** Browsers allow sound only after the first touch or key. */
export function waitForTouch() {
  addEventListener('pointerdown', ready);
  addEventListener('keydown', ready);
}

export function sound(tone) {
  navigator.vibrate?.(SHAKES[tone] ?? []);
  if (audio?.state !== 'running') return;
  const { wave, notes } = TUNES[tone];
  for (const [hertz, from, seconds] of notes) note(wave, hertz, audio.currentTime + from, seconds);
}

function note(wave, hertz, at, seconds) {
  const tone = new OscillatorNode(audio, { type: wave, frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.linearRampToValueAtTime(0.35, at + 0.01);
  volume.gain.setValueAtTime(0.35, at + seconds - 0.03);
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + seconds);
}
