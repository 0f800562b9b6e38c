import { createEnds } from '../../ledger/process/ends.ts'
import type { Asset } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { AccountPath, Books, Fact } from '../../ports/books.ts'
import type { Cursor } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import { createDemotedRecords } from './demotedRecords.ts'
import { type BookedFact, type DemotedFact, readSettlementFact } from './facts.ts'
import { createUnmatched, type Unmatched } from './unmatched.ts'
import { createVoucherChannelRecords } from './voucherChannelRecords.ts'

export type SettlementRecords = ReturnType<typeof createSettlementRecords>

/** What the journal says arrived: the cursor of each rail, and what waits for its owner. */
export function createSettlementRecords(books: Books, assetOf: (id: string) => Asset) {
  const cursors = new Map<string, Cursor>()
  const suspense = createUnmatched()
  const waiters = createEnds()
  /** What the hub's pot of a split received in all, per chain and split: the base of the next cumulative division. */
  const received = new Map<string, bigint>()
  const potKey = (rail: string, splitId: string) => `${rail} ${splitId.toLowerCase()}`
  const demotions = createDemotedRecords(assetOf)
  const { apply: applyToChannels, tables: ofChannels, ...channels } = createVoucherChannelRecords(books)

  const tables = { cursors, ...suspense.tables, received, ...demotions.tables, ...ofChannels }
  books.remember({ name: 'settlement.view', form: 2, tables, apply })

  function apply(fact: Fact): void {
    const known = readSettlementFact(fact)
    if (!known) return
    applyToChannels(known)
    if (known.type === 'settlement.booked' || known.type === 'settlement.demoted') reported(known)
    // What was taken back is not there to be matched any more.
    if (known.type === 'settlement.matched' || (known.type === 'settlement.demoted' && known.data.outcome === 'taken_back'))
      suspense.leave(known.data.settlement)
    if (known.type === 'suspense.taken') suspense.take(known.data.item, BigInt(known.data.units))
    if (known.type === 'suspense.put') {
      const { rail, asset, units, note } = known.data
      const amount = money(assetOf(asset), BigInt(units))
      suspense.add({ id: known.id, rail, amount, at: known.at, reference: '', payer: '', remittance: '', note })
    }
  }

  function reported(known: BookedFact | DemotedFact): void {
    const { rail, cursor, potReceived, splitId } = known.data
    demotions.apply(known)
    cursors.set(rail, cursor)
    if (potReceived) received.set(potKey(rail, splitId!), BigInt(potReceived))
    const item = known.type === 'settlement.booked' ? inSuspense(known, assetOf) : undefined
    if (!item) return
    suspense.add(item)
    waiters.notify(item.reference)
  }

  return {
    /** What stands on an account that was credited first. */
    standing(path: AccountPath, asset: Asset): bigint {
      const { creditsPosted, debitsPosted } = books.balance(path, asset)
      return creditsPosted - debitsPosted
    },
    cursor: (rail: RailName): Cursor => cursors.get(rail) ?? '',
    potReceived: (rail: RailName, splitId: string): bigint => received.get(potKey(rail, splitId)) ?? 0n,
    unmatched: suspense.all,
    waiting: suspense.get,
    exceptions: demotions.exceptions,
    demoted: demotions.demoted,
    channels,
    byReference: suspense.byReference,
    /** Waits until money with this reference is booked, at most `deadlineMs`; undefined when it did not come. */
    async waitFor(reference: string, deadlineMs: number): Promise<Unmatched | undefined> {
      if (!suspense.byReference(reference)) await waiters.wait(reference, { timeoutMs: deadlineMs })
      return suspense.byReference(reference)
    },
  }
}

function inSuspense({ id, at, data }: BookedFact, assetOf: (id: string) => Asset): Unmatched | undefined {
  const { rail, asset, units, reference = '', payer = '', remittance = '', suspense: note } = data
  if (!note) return undefined
  return { id, rail, amount: money(assetOf(asset!), BigInt(units!)), at, reference, payer, remittance, note }
}
