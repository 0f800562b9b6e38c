import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books, Claim, Fact } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { Key } from '../keys/key.ts'
import { hashKey, hintOf, newSecret } from '../keys/secret.ts'
import { readPartyFact, toPartyFact } from './facts.ts'

/** Someone who owes or is owed here. `reference` on a bank transfer tops up the balance. */
export type Party = Readonly<{ id: PartyId; name: string; reference: string | undefined; metadata?: Metadata; createdAt: number }>

/** What becomes durable in the same submission as the thing itself: the caller's idempotency key and its answer. */
export type Along<T> = (made: T) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

export type Parties = ReturnType<typeof createParties>

/** The API key that a party got with its registration. */
export function firstKeyOf(fact: Fact): Key | undefined {
  const known = readPartyFact(fact)
  if (known?.type !== 'party.created') return undefined
  const { keyHash, keyHint } = known.data
  // Its id is made of the party's, so that keys of old journals have one too.
  return {
    id: `key_${known.id.slice('pa_'.length)}`,
    holder: known.id,
    name: 'first key',
    hash: keyHash,
    createdAt: known.at,
    ...(keyHint ? { hint: keyHint } : {}),
  }
}

type PartyPage = Readonly<{ limit: number; after?: string | undefined }>

function pageOf(byId: ReadonlyMap<string, Party>, { limit, after }: PartyPage): Party[] {
  if (after !== undefined && !byId.has(after)) throw new GatewayError('invalid_request', `There is no party ${after} to go on after`)
  const found: Party[] = []
  let begun = after === undefined
  for (const party of byId.values()) {
    if (begun) found.push(party)
    if (found.length === limit) break
    begun ||= party.id === after
  }
  return found
}

/** The register of parties. `topUpReference` asks the bank rail for a remittance reference, when there is a bank. */
export function createParties(o: {
  books: Books
  clock: Clock
  ids: IdSource
  topUpReference?: ((party: PartyId) => Promise<string>) | undefined
}) {
  const byId = new Map<string, Party>()
  const byReference = new Map<string, Party>()

  function index(party: Party): void {
    if (party.reference) byReference.set(party.reference, party)
  }

  o.books.remember({
    name: 'party.parties',
    form: 2,
    tables: { byId },
    apply(fact) {
      const known = readPartyFact(fact)
      if (known?.type !== 'party.created') return
      const { name, reference, metadata } = known.data
      const party: Party = { id: known.id, name, reference, ...saidMetadata(metadata), createdAt: known.at }
      byId.set(party.id, party)
      index(party)
    },
    derive() {
      byReference.clear()
      for (const party of byId.values()) index(party)
    },
  })

  return {
    /** Registers a party. The API key is returned this once; only its hash is kept. */
    async create(command: { name: string; metadata?: Metadata; along?: Along<Party> }): Promise<{ party: Party; apiKey: string }> {
      const id = o.ids.party()
      const apiKey = newSecret()
      const reference = await o.topUpReference?.(id)
      const keyHash = hashKey(apiKey)
      const at = o.clock.now()
      const { name } = command
      const said = saidMetadata(command.metadata)
      const data = { name, keyHash, keyHint: hintOf(apiKey), ...(reference ? { reference } : {}), ...said }
      const party: Party = { id, name, reference, ...said, createdAt: at }
      const along = command.along?.(party)
      await submitUntilKnown(o.books, {
        claims: along?.claims ?? [],
        facts: [toPartyFact({ type: 'party.created', id, at, data }), ...(along?.facts ?? [])],
      })
      return { party, apiKey }
    },
    get(id: string): Party {
      const party = byId.get(id)
      if (!party) throw new GatewayError('not_found', `There is no party ${id.slice(0, 60)}`)
      return party
    },
    find: (id: string): Party | undefined => byId.get(id),
    byReference: (reference: string): Party | undefined => byReference.get(reference),
    /** So many parties in the order in which they were registered, after this one when it is named. */
    list: (page: PartyPage): readonly Party[] => pageOf(byId, page),
  }
}
