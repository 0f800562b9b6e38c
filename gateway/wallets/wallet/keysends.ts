import { BTC } from '../../money/asset.ts'
import { type Money, money } from '../../money/money.ts'
import { readArrival } from '../../payins/settlement/facts.ts'
import type { Books, Fact, Json } from '../../ports/books.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { TlvRecord } from '../../ports/sender.ts'
import type { LightningAddresses } from './lightningAddresses.ts'

/** The record by which a keysend names one payee of many behind a node, as podcast apps write it. */
export const NAME_RECORD = '696969'
/** What a podcast app says that it pays for (bLIP-10), as JSON. */
const PODCAST_RECORD = '7629169'

/** Whose a keysend is, by the records that came with it. */
type KeysendOwner = Readonly<{ party: PartyId; name: string; podcast: string | undefined }>

/** A payment without an invoice to one of our names. */
export type Keysend = Readonly<{ paymentHash: string; to: string; amount: Money; at: number; podcast: Json }>

export type Keysends = ReturnType<typeof createKeysends>

/** Of each name so many are kept for those who ask; the journal keeps all. */
const SHOWN_MAX = 50

/** Payments that wallets make without asking for an invoice, to the names of Lightning Addresses. */
export function createKeysends(o: { books: Books; addresses: LightningAddresses }) {
  const byName = new Map<string, Keysend[]>()

  o.books.remember({
    name: 'wallet.keysends',
    form: 1,
    tables: { byName },
    apply(fact) {
      booked(fact)
    },
  })

  function booked(fact: Fact): void {
    const arrived = readArrival(fact)
    if (arrived?.keysend === undefined) return
    const { keysend: to, reference, units, podcast } = arrived
    const made = { paymentHash: reference, to, amount: money(BTC, units), at: fact.at }
    const all = [{ ...made, podcast: podcast === undefined ? null : jsonOf(podcast) }, ...(byName.get(to) ?? [])]
    byName.set(to, all.slice(0, SHOWN_MAX))
  }

  return {
    /** The payee that the records name; undefined when they name none. */
    ownerOf(records: readonly TlvRecord[]): KeysendOwner | undefined {
      const name = textOf(records, NAME_RECORD)?.toLowerCase()
      const address = name === undefined ? undefined : o.addresses.find(name)
      return address && { party: address.party, name: address.name, podcast: textOf(records, PODCAST_RECORD) }
    },
    /** The latest to a name, the newest first. */
    list: (name: string): readonly Keysend[] => byName.get(name) ?? [],
  }
}

function textOf(records: readonly TlvRecord[], type: string): string | undefined {
  const record = records.find((r) => r.type === type)
  return record && Buffer.from(record.value, 'hex').toString('utf8')
}

/** The JSON of a stranger's app, or null when it is none. */
function jsonOf(text: string): Json {
  try {
    return JSON.parse(text) as Json // `JSON.parse` makes nothing else.
  } catch {
    return null
  }
}
