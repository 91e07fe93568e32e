/** Handing text or files over to the next page of this browser tab's site: too large for a link. */

const STORE = "minplan-handover";
const KEY = "next";

export interface Handed {
  text?: string;
  files?: File[];
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(STORE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
  });
}

/** Keep something for the next page. */
export async function hand(what: Handed): Promise<void> {
  const database = await opened();
  const transaction = database.transaction(STORE, "readwrite");
  transaction.objectStore(STORE).put(what, KEY);
  await done(transaction);
  database.close();
}

/** What the page before kept, once; null when there is nothing. */
export async function handed(): Promise<Handed | null> {
  const database = await opened();
  const transaction = database.transaction(STORE, "readwrite");
  const store = transaction.objectStore(STORE);
  const request = store.get(KEY);
  request.onsuccess = () => store.delete(KEY);
  await done(transaction);
  database.close();
  return (request.result as Handed | undefined) ?? null;
}
