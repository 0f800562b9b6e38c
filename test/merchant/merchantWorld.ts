import { generateKeyPairSync } from 'node:crypto'
import { configuredRates } from '../../adapters/rates/configuredRates.ts'
import { uuidIds } from '../../app/open/uuidIds.ts'
import { receiptSigner } from '../../gateway/audit/receipt/receipt.ts'
import { createBooks } from '../../gateway/ledger/books/createBooks.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { EUR, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { createParties } from '../../gateway/parties/party/parties.ts'
import { createSplits } from '../../gateway/parties/party/splits.ts'
import { createIntentRecords } from '../../gateway/payins/intent/intentRecords.ts'
import { createIntents } from '../../gateway/payins/intent/intents.ts'
import { offerMaker } from '../../gateway/payins/offer/makeOffers.ts'
import { payIntentFromBalance } from '../../gateway/payins/settlement/payIntent.ts'
import type { Fact } from '../../gateway/ports/books.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { Block, JournalStore } from '../../gateway/ports/journal.ts'

const privateKeyPem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const NOTHING = { claims: [], facts: () => [] }

/** What outlives a process: what is written, and the time. */
export type Outside = ReturnType<typeof outside>

export function outside(start = '2027-01-31T09:30:00Z') {
  let now = Date.parse(start)
  const blocks: Block[] = []
  const moved = new Set<() => void>()
  const clock = {
    now: () => now,
    set(at: string | number) {
      now = typeof at === 'number' ? at : Date.parse(at)
    },
    ahead(ms: number) {
      now += ms
      for (const told of moved) told()
    },
    onMoved(told: () => void) {
      moved.add(told)
      return () => void moved.delete(told)
    },
  }
  return { blocks, clock, journal: memoryJournal(blocks) }
}

export type Merchant = Awaited<ReturnType<typeof boot>>

/** A gateway over this outside; `open` makes what is tested, before the books start. */
export async function boot<T>(o: Outside, open: (parts: Parts) => T, journal: JournalStore = o.journal) {
  const parts = partsOver(o, journal)
  const opened = open(parts)
  await parts.books.start()
  const { books, intents, parties, splits, ids } = parts
  return {
    ...parts,
    opened,
    /** A new party, with so many euros. */
    async party(euros = '0'): Promise<PartyId> {
      const { party } = await parties.create({ name: 'Heron' })
      await splits.house(party.id)
      const { units } = parseAmount(euros, EUR)
      const legs = [{ kind: 'move' as const, debit: 'capital:operator', credit: `party:${party.id}`, asset: EUR, units }]
      if (units > 0n) await books.submit({ entry: { id: ids.entry(), payment: 'grant', legs } })
      return party.id
    },
    /** Pays an intent from a balance. */
    async pay(intent: string, party: string): Promise<void> {
      const standing = intents.get(intent)
      await payIntentFromBalance(parts, standing, { party, got: standing.credit }, NOTHING)
    },
    /** In the smallest units of the euro. */
    balance(party: string): bigint {
      const { creditsPosted, debitsPosted, debitsPending } = books.balance(`party:${party}`, EUR)
      return creditsPosted - debitsPosted - debitsPending
    },
    /** All that is written, of a type. */
    facts: (type: string): readonly Fact[] => parts.heard.filter((fact) => fact.type === type),
  }
}

export type Parts = ReturnType<typeof partsOver>

function partsOver({ clock }: Outside, journal: JournalStore) {
  const books = createBooks({ journal, clock })
  const heard: Fact[] = []
  books.listen((fact) => void heard.push(fact))
  const ids = uuidIds(clock)
  const rates = configuredRates([{ asset: EUR, usd: '1.25' }], clock)
  const assetOf = (id: string) => [EUR, USD].find((asset) => asset.id === id)!
  const parties = createParties({ books, clock, ids })
  const splits = createSplits({ books, clock, ids, operator: `0x${'1'.repeat(40)}` })
  const intentRecords = createIntentRecords(books, assetOf)
  const makeOffers = offerMaker({ receivers: [], rates, clock, bookAsset: EUR })
  const log = () => undefined
  const intents = createIntents({ books, records: intentRecords, makeOffers, rates, clock, ids, usd: USD, bookAsset: EUR, splits, log })
  const receipts = receiptSigner({ privateKeyPem, clock, ids })
  return { books, clock, ids, rates, assetOf, usd: USD, bookAsset: EUR, parties, splits, intents, intentRecords, receipts, heard }
}
