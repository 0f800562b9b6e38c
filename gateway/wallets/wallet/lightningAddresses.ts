import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Books, Fact, Json } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { PartyId } from '../../ports/ids.ts'

/** What the payer is asked about himself (LUD-18). */
export type PayerWishes = Readonly<Record<string, { mandatory: boolean }>>
/** Shown to the payer afterwards (LUD-09). */
export type AddressSuccess = Readonly<{ tag: 'message'; message: string }> | Readonly<{ tag: 'url'; description: string; url: string }>

/** A name under which a party is paid over Lightning: `name@` this gateway's host. Amounts in msat. */
export type Address = Readonly<{
  name: string
  party: PartyId
  description: string
  minMsat: bigint
  maxMsat: bigint
  commentMax: number
  payerData: PayerWishes
  success: AddressSuccess | undefined
  createdAt: number
}>

export type NewAddress = Omit<Address, 'createdAt'> & Readonly<{ along?: Along<Address> }>

export type LightningAddresses = ReturnType<typeof createLightningAddresses>

type AddressData = Omit<Address, 'name' | 'createdAt' | 'minMsat' | 'maxMsat' | 'success'> & {
  minMsat: string
  maxMsat: string
  success: AddressSuccess | null
}

/** A name is given away once and for ever: what was printed on a wall must never lead to somebody else. */
export function createLightningAddresses(o: { books: Books; clock: Clock }) {
  const byName = new Map<string, Address>()
  const closed = new Set<string>()

  o.books.remember({
    ...{ name: 'wallet.lightningAddresses', form: 1, tables: { byName, closed } },
    apply(fact) {
      if (fact.type === 'lightning_address.created') byName.set(fact.id, read(fact))
      else if (fact.type === 'lightning_address.closed') closed.add(fact.id)
    },
  })

  const find = (name: string): Address | undefined => (closed.has(name) ? undefined : byName.get(name))

  return {
    async create({ along, ...wanted }: NewAddress): Promise<Address> {
      const address: Address = { ...wanted, createdAt: o.clock.now() }
      const { name, minMsat, maxMsat, success, createdAt: at, ...rest } = address
      const data: AddressData = { ...rest, minMsat: minMsat.toString(), maxMsat: maxMsat.toString(), success: success ?? null }
      const extra = along?.(address) ?? { claims: [], facts: [] }
      const claims = [{ key: `lightning_address:${name}`, fingerprint: address.party }, ...extra.claims]
      const fact: Fact = { type: 'lightning_address.created', id: name, at, data: data as unknown as { readonly [key: string]: Json } }
      // Claims are all or none: a name that stands is refused here, before the caller's key is taken.
      if (o.books.claim(claims[0]!.key)) throw taken(name)
      const outcome = await submitUntilKnown(o.books, { claims, facts: [fact, ...extra.facts] })
      if (outcome.kind === 'conflict') throw taken(name)
      return address
    },
    /** Ends an address; its name stays taken. */
    async close(name: string, along?: ReturnType<Along<Address>>): Promise<void> {
      const fact: Fact = { type: 'lightning_address.closed', id: name, at: o.clock.now(), data: {} }
      await submitUntilKnown(o.books, { claims: along?.claims ?? [], facts: [fact, ...(along?.facts ?? [])] })
    },
    find,
    get(name: string): Address {
      const address = find(name)
      if (!address) throw new GatewayError('not_found', `There is no Lightning Address ${name.slice(0, 60)} here`)
      return address
    },
    list: (): readonly Address[] => [...byName.values()].filter(({ name }) => !closed.has(name)),
  }
}

function taken(name: string): GatewayError {
  return new GatewayError('address_taken', `The name ${name.slice(0, 64)} is or was a Lightning Address here`)
}

function read(fact: Fact): Address {
  const { minMsat, maxMsat, success, ...rest } = fact.data as unknown as AddressData
  return { ...rest, name: fact.id, minMsat: BigInt(minMsat), maxMsat: BigInt(maxMsat), success: success ?? undefined, createdAt: fact.at }
}
