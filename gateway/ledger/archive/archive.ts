import { invariant } from '../../errors/invariant.ts'
import type { Archive } from '../../ports/books.ts'
import { addItem, findItem, type KeyStore, TEXT_MAX } from './keyStore.ts'
import { fromText, toText } from './plainText.ts'

/** All that rooms put is of one kind; `seq` and the like are for the books' own items. */
const ENDED = { kind: 1, count: 0, seq: 0, group: 0 }
const KINDS = [ENDED.kind]

/** The archive of one memory, in the key store that all share. */
export function createArchive(keyStore: KeyStore, name: string): Archive {
  return {
    put(key, thing) {
      const item = { ...ENDED, key: `${name} ${key}`, value: toText(thing) }
      invariant(item.key.isWellFormed(), 'a key comes back from UTF-8 as it was')
      if (item.key.length + item.value.length > TEXT_MAX) return false
      addItem(keyStore, item)
      return true
    },
    get(key) {
      const item = findItem(keyStore, KINDS, `${name} ${key}`)
      return item && fromText(item.value)
    },
  }
}
