// What a station keeps in the browser: who it is, its book, and every look that the server has not confirmed yet.
const NAME = 'eventops-door';
const MOST_FORMER = 20;

function promised(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

function open() {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('state');
    request.result.createObjectStore('queue', { keyPath: 'sequence', autoIncrement: true });
  });
  return promised(request);
}

let database = null;

/** Runs `work(store)`; what was written is on the disk when the promise is kept. */
async function within(name, mode, work) {
  database ??= open();
  const transaction = (await database).transaction(name, mode, { durability: 'strict' });
  const done = new Promise((resolve, reject) => {
    transaction.addEventListener('complete', resolve);
    transaction.addEventListener('abort', () => reject(transaction.error));
  });
  const result = await promised(work(transaction.objectStore(name)));
  await done;
  return result;
}

export const read = (key) => within('state', 'readonly', (store) => store.get(key));
export const write = (key, value) => within('state', 'readwrite', (store) => store.put(value, key));
export const forget = (key) => within('state', 'readwrite', (store) => store.delete(key));

export const queued = () => within('queue', 'readonly', (store) => store.getAll());
/** Keeps a new item; its place in the order is its number. */
export const enqueue = (item) => within('queue', 'readwrite', (store) => store.add(item));
export const replace = (item) => within('queue', 'readwrite', (store) => store.put(item));
export const dequeue = (sequence) => within('queue', 'readwrite', (store) => store.delete(sequence));

/** The stations that this device was: the server takes over what it knows of their unsent looks. */
export async function formerStations() {
  const [station, former = []] = [await read('station'), await read('former')];
  return [...former, ...(station ? [formerly(station)] : [])].slice(-MOST_FORMER);
}

const formerly = ({ event, key }) => ({ event: event.id, key });

/** Is a station no more; its unsent looks stay and go out once the device is enrolled again. */
export async function leave() {
  const former = await formerStations();
  await write('former', former);
  await forget('station');
}

/** Browsers may clear a site's data when space is short; a station asks them not to. */
export const persist = () => navigator.storage?.persist?.().catch(() => false);
