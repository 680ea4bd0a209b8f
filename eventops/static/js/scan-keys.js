// A USB scanner is a keyboard in a hurry: its characters and Enter are taken wherever the focus is.
const LEAST = 12;
const GAP_IN_FIELD = 60;
const GAP_ELSEWHERE = 1500;

const inField = (element) => element?.matches?.('input:not([type=checkbox], [type=radio], [type=file]), textarea, select') ?? false;

/** The character of a key, also while a Japanese input method swallows it. */
function letterOf(event) {
  if (event.key.length === 1) return event.key;
  const hidden = event.key === 'Process' || event.key === 'Unidentified';
  const found = hidden && /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  return found ? found[1] ?? found[2] : '';
}

/** What of a field's content was typed by the scanner: a code is longer than anything people search for. */
function codeIn(field) {
  return /[0-9A-Z]{20,}$/i.exec(field.value?.normalize('NFKC') ?? '')?.[0] ?? '';
}

export function listen(onCode) {
  let typed = '';
  let at = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const gap = event.timeStamp - at;
    if (gap > (inField(event.target) ? GAP_IN_FIELD : GAP_ELSEWHERE)) typed = '';
    if (event.key === 'Enter' || event.key === 'Tab') {
      const code = (inField(event.target) && codeIn(event.target)) || (typed.length >= LEAST ? typed : '');
      if (code) take(event, code);
      typed = '';
      return;
    }
    typed += letterOf(event);
    at = event.timeStamp;
  }, true);

  function take(event, code) {
    event.preventDefault();
    event.stopPropagation();
    const field = event.target;
    if (inField(field) && field.value) {
      field.value = field.value.slice(0, Math.max(0, field.value.length - code.length));
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.blur();
    }
    onCode(code);
  }
}
