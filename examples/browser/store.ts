import type { BudgetStore } from 'switchyard-client'

/** What was spent and which payments are open, in IndexedDB: it outlives the tab, so a page that is loaded again pays nothing twice. */
export async function browserStore(): Promise<BudgetStore> {
  const opening = indexedDB.open('switchyard', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('kept')
  const db = await resultOf(opening)
  return {
    get: (key) => resultOf(db.transaction('kept').objectStore('kept').get(key)),
    set: (key, value, expected) =>
      new Promise((resolve, reject) => {
        // One transaction reads and writes: of two tabs that expect the same, one writes.
        const transaction = db.transaction('kept', 'readwrite', { durability: 'strict' })
        const kept = transaction.objectStore('kept')
        const reading = kept.get(key)
        let written = false
        reading.onsuccess = () => {
          if (reading.result !== expected) return
          kept.put(value, key)
          written = true
        }
        transaction.oncomplete = () => resolve(written)
        transaction.onabort = () => reject(transaction.error)
      }),
  }
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
