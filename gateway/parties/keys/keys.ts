import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { createUnderWay } from '../../ledger/process/underWay.ts'
import { min } from '../../money/integers.ts'
import type { Books, Claim, Fact, Submission } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import { toKeyFact } from './facts.ts'
import { isOver, type Key, type KeyTerms } from './key.ts'
import { createKeyRecords, keyOf } from './keyRecords.ts'
import { createKeyUses } from './keyUses.ts'
import { hashKey, hintOf, newSecret } from './secret.ts'

/** Good ones of one holder. */
const GOOD_MAX = 50

/**
 * `by`: who asks for it. `along`: what becomes durable with it, such as the answer that is kept for a repeat. `onConflict`: nothing of it did, because this
 * claim of those was taken by another.
 */
type Hand = Readonly<{
  by: string
  along: (key: Key) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>
  onConflict?: (taken: Claim) => void
}>
type Order = KeyTerms & Readonly<{ holder: string; name: string; metadata?: Metadata }>
/** A secret that somebody else has already, by its hash and how it ends. */
type Known = Readonly<{ hash: string; hint: string }>

export type Keys = ReturnType<typeof createKeys>

/** The register of API keys. `firstKeyOf`: the key that a party got with its registration. */
export function createKeys(o: { books: Books; clock: Clock; ids: IdSource; firstKeyOf: (fact: Fact) => Key | undefined }) {
  const { books, clock, ids } = o
  const records = createKeyRecords(books, o.firstKeyOf)
  const uses = createKeyUses({ books, clock })
  const making = createUnderWay()

  function get(id: string): Key {
    const key = records.find(id)
    if (!key) throw new GatewayError('not_found', `There is no key ${id.slice(0, 60)}`)
    return key
  }

  /** The key of a secret's hash, while it is good. */
  function ofHash(hash: string): Key | undefined {
    const key = records.ofHash(hash)
    return key && !isOver(key, clock.now()) ? key : undefined
  }

  /** Makes a key, and with it what else happens. `ending`: how many good ones end with it. Answers its secret, unless that is `known`. */
  async function make(
    order: Order,
    { by, along, onConflict }: Hand,
    { withIt, ending, known }: Readonly<{ withIt: readonly Fact[]; ending: number; known?: Known }>,
  ): Promise<string> {
    const { holder, name } = order
    const now = clock.now()
    const good = records.ofHolder(holder).filter((key) => !isOver(key, now)).length
    if (good - ending + making.of(holder) >= GOOD_MAX) throw new GatewayError('too_many_keys', `This holder has ${GOOD_MAX} good keys`)
    const secret = newSecret(order.publishable ? 'pk_' : 'sk_')
    const { hash, hint } = known ?? { hash: hashKey(secret), hint: hintOf(secret) }
    const data = { holder, name, hash, hint, by, ...termsOf(order), ...saidMetadata(order.metadata) }
    const made = { type: 'key.created' as const, id: ids.next('key_'), at: now, data }
    const { claims, facts } = along(keyOf(made))
    await making.during([holder], () => submit(books, { claims, facts: [toKeyFact(made), ...withIt, ...facts] }, onConflict))
    return secret
  }

  return {
    ...uses,
    get,
    list: records.list,
    /** Makes a key. Its secret is returned this once. Refuses with `too_many_keys`. */
    create: (order: Order, hand: Hand): Promise<string> => make(order, hand, { withIt: [], ending: 0 }),
    /** Makes a key whose secret a program has already. Refuses with `too_many_keys`. */
    createKnown: async (order: Order, known: Known, hand: Hand): Promise<void> =>
      void (await make(order, hand, { withIt: [], ending: 0, known })),
    /**
     * Makes another of the same name, terms and metadata; the old one ends after `overlapMs`, or sooner where it would have anyway. The new secret is returned
     * this once. Refuses with `key_ended`.
     */
    async rotate(id: string, overlapMs: number, hand: Hand): Promise<string> {
      const old = get(id)
      const now = clock.now()
      if (isOver(old, now)) throw new GatewayError('key_ended', `The key ${old.id} has ended`)
      const endsAt = min(now + overlapMs, old.endsAt ?? now + overlapMs)
      const end = toKeyFact({ type: 'key.ended', id: old.id, at: now, data: { endsAt, by: hand.by, revoked: overlapMs === 0 } })
      return make(old, hand, { withIt: [end], ending: overlapMs === 0 ? 1 : 0 })
    },
    /** Ends a key at once. One that has ended stays as it is. */
    async revoke(id: string, { by, along }: Hand): Promise<void> {
      const old = get(id)
      const now = clock.now()
      const isDone = isOver(old, now)
      const { claims, facts } = along(isDone ? old : { ...old, endsAt: now, revokedAt: now })
      const end = toKeyFact({ type: 'key.ended', id: old.id, at: now, data: { endsAt: now, by, revoked: true } })
      await submitUntilKnown(books, { claims, facts: isDone ? facts : [end, ...facts] })
    },
    ofHash,
  }
}

async function submit(books: Books, submission: Submission, onConflict: Hand['onConflict']): Promise<void> {
  const outcome = await submitUntilKnown(books, submission)
  if (outcome.kind === 'conflict') onConflict?.(outcome.with)
}

/** What is said of its terms, and nothing of those that are not. */
function termsOf({ can, addresses, endsAt, person, role, publishable, agent }: KeyTerms) {
  return {
    ...(can ? { can } : {}),
    ...(addresses ? { addresses } : {}),
    ...(endsAt === undefined ? {} : { endsAt }),
    ...(person === undefined ? {} : { person }),
    ...(role ? { role } : {}),
    ...(publishable ? { publishable } : {}),
    ...(agent === undefined ? {} : { agent }),
  }
}
