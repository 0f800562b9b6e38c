import { GatewayError } from '../../errors/gatewayError.ts'
import type { Books, Fact } from '../../ports/books.ts'
import { type KeyFact, readKeyFact } from './facts.ts'
import { isOver, type Key } from './key.ts'

/** Of those that have ended the newest of a holder, to be seen. */
const ENDED_KEPT = 50

type KeyPage = Readonly<{ limit: number; after?: string | undefined; holder?: string | undefined }>

/** The keys, as facts make them. `firstKeyOf`: the key that a party got with its registration. */
export function createKeyRecords(books: Books, firstKeyOf: (fact: Fact) => Key | undefined) {
  const byId = new Map<string, Key>()
  const byHash = new Map<string, string>()
  const byHolder = new Map<string, Set<string>>()

  /** In the order in which they were made. */
  function ofHolder(holder: string): Key[] {
    return [...(byHolder.get(holder) ?? [])].flatMap((id) => byId.get(id) ?? [])
  }

  function index({ id, hash, holder }: Key): void {
    byHash.set(hash, id)
    const others = byHolder.get(holder)
    if (others) others.add(id)
    else byHolder.set(holder, new Set([id]))
  }

  /** Those that had ended when `made` was made: by the time of a fact, so that each start forgets the same. */
  function forgetEnded(made: Key): void {
    const ended = ofHolder(made.holder).filter((key) => isOver(key, made.createdAt))
    for (const { id, hash, holder } of ended.slice(0, -ENDED_KEPT)) {
      byId.delete(id)
      byHash.delete(hash)
      byHolder.get(holder)?.delete(id)
    }
  }

  function add(key: Key): void {
    byId.set(key.id, key)
    index(key)
    forgetEnded(key)
  }

  function change(id: string, changed: Partial<Key>): void {
    const key = byId.get(id)
    if (key) byId.set(id, { ...key, ...changed })
  }

  books.remember({
    name: 'parties.keys',
    form: 1,
    tables: { byId },
    apply(fact) {
      const first = firstKeyOf(fact)
      if (first) add(first)
      const known = readKeyFact(fact)
      if (known?.type === 'key.created') add(keyOf(known))
      if (known?.type === 'key.ended') {
        const { endsAt, revoked } = known.data
        change(known.id, { endsAt, ...(revoked ? { revokedAt: known.at } : {}) })
      }
      if (known?.type === 'keys.used') for (const [id, usedAt] of Object.entries(known.data.used)) change(id, { usedAt })
    },
    derive() {
      byHash.clear()
      byHolder.clear()
      for (const key of byId.values()) index(key)
    },
  })

  return {
    ofHolder,
    find: (id: string): Key | undefined => byId.get(id),
    ofHash: (hash: string): Key | undefined => byId.get(byHash.get(hash) ?? ''),
    /** In the order in which they were made; of one holder when that is named. */
    list: ({ limit, after, holder }: KeyPage): readonly Key[] =>
      firstAfter(holder === undefined ? byId.values() : ofHolder(holder), after, limit),
  }
}

function firstAfter(keys: Iterable<Key>, after: string | undefined, limit: number): Key[] {
  const found: Key[] = []
  let begun = after === undefined
  for (const key of keys) {
    if (begun) found.push(key)
    if (found.length === limit) return found
    begun ||= key.id === after
  }
  if (!begun) throw new GatewayError('invalid_request', `There is no key ${after} to go on after`)
  return found
}

/** The key that a fact makes. */
export function keyOf({ id, at, data }: Extract<KeyFact, { type: 'key.created' }>): Key {
  const { by: _, ...terms } = data
  return { id, createdAt: at, ...terms }
}
