import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Along } from '../../parties/party/parties.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import { saidMetadata } from '../../ports/metadata.ts'
import type { Address } from './address.ts'
import { readWalletFact, toWalletFact, type WalletFact } from './facts.ts'

type NewAddress = Omit<Address, 'createdAt'> & Readonly<{ along?: Along<Address> }>

export type LightningAddresses = ReturnType<typeof createLightningAddresses>

/** A name is given away once and for ever: what was printed on a wall must never lead to somebody else. */
export function createLightningAddresses(o: { books: Books; clock: Clock }) {
  const byName = new Map<string, Address>()
  const closed = new Set<string>()

  o.books.remember({
    name: 'wallet.lightningAddresses',
    form: 1,
    tables: { byName, closed },
    apply(fact) {
      const own = readWalletFact(fact)
      if (own?.type === 'lightning_address.created') byName.set(own.id, addressOf(own))
      else if (own?.type === 'lightning_address.closed') closed.add(own.id)
    },
  })

  const find = (name: string): Address | undefined => (closed.has(name) ? undefined : byName.get(name))

  return {
    async create({ along, ...wanted }: NewAddress): Promise<Address> {
      const address: Address = { ...wanted, createdAt: o.clock.now() }
      const { name, minMsat, maxMsat, success, metadata, createdAt: at, ...rest } = address
      const data = {
        ...rest,
        minMsat: minMsat.toString(),
        maxMsat: maxMsat.toString(),
        success: success ?? null,
        ...saidMetadata(metadata),
      }
      const extra = along?.(address) ?? { claims: [], facts: [] }
      const claims = [{ key: `lightning_address:${name}`, fingerprint: address.party }, ...extra.claims]
      const fact = toWalletFact({ type: 'lightning_address.created', id: name, at, data })
      // Claims are all or none: a name that stands is refused here, before the caller's key is taken.
      if (o.books.claim(claims[0]!.key)) throw taken(name)
      const outcome = await submitUntilKnown(o.books, { claims, facts: [fact, ...extra.facts] })
      if (outcome.kind === 'conflict') throw taken(name)
      return address
    },
    /** Ends an address; its name stays taken. */
    async close(name: string, along?: ReturnType<Along<Address>>): Promise<void> {
      const fact = toWalletFact({ type: 'lightning_address.closed', id: name, at: o.clock.now(), data: {} })
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

function addressOf(fact: Extract<WalletFact, { type: 'lightning_address.created' }>): Address {
  const { minMsat, maxMsat, success, ...rest } = fact.data
  return { ...rest, name: fact.id, minMsat: BigInt(minMsat), maxMsat: BigInt(maxMsat), success: success ?? undefined, createdAt: fact.at }
}
