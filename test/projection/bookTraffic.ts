import { createHash } from 'node:crypto'
import { BTC, ETH, USD } from '../../gateway/money/asset.ts'
import type { Books, Fact, Leg, LegId } from '../../gateway/ports/books.ts'
import type { EntryId, ReceiptId } from '../../gateway/ports/ids.ts'

const ASSETS = [USD, BTC, ETH] as const
const PAYERS = 7
/** So large that balances of it leave 64 bits. */
const WEI_MANY = 9_000_000_000_000_000_000n

export type Traffic = Readonly<{ books: Books; clock: { ms: number }; seed: string; submissions: number }>

/** Numbers that follow from a seed, each below `below`. */
export function seeded(seed: string): (below: number) => number {
  let n = 0
  return (below) => createHash('sha256').update(`${seed} ${n++}`).digest().readUInt32BE(0) % below
}

/** An entry's id as the books want it: 32 hex digits, the last two free. */
export function entryId(n: number): EntryId {
  return `en_${n.toString(16).padStart(30, '0')}00`
}

export function receiptId(n: number): ReceiptId {
  return `rc_${n.toString(16).padStart(32, '0')}`
}

/** Submits moves, holds that are posted, voided or left to expire, declined entries and facts, some at once so that blocks differ in size. */
export async function runTraffic({ books, clock, seed, submissions }: Traffic): Promise<void> {
  const pick = seeded(seed)
  const holds: { id: LegId; asset: (typeof ASSETS)[number]; units: bigint }[] = []
  for (const asset of ASSETS)
    await books.submit({ entry: { id: entryId(1_000_000 + asset.ledger), payment: 'funding', legs: funding(asset) } })
  for (let n = 0; n < submissions; ) {
    const together = 1 + pick(8)
    const batch = Array.from({ length: together }, () => submission(n++, pick, holds))
    await Promise.all(batch.map((one) => books.submit(one)))
    clock.ms += pick(400)
  }
}

/** Some payers begin rich in ether and some with nothing, so that entries are declined and balances leave 64 bits. */
function funding(asset: (typeof ASSETS)[number]): Leg[] {
  return Array.from({ length: PAYERS - 1 }, (_, i) => ({
    kind: 'move',
    debit: 'rail:book:house',
    credit: `party:pa_${i}`,
    asset,
    units: asset === ETH ? WEI_MANY : 50_000n,
  }))
}

function submission(n: number, pick: (below: number) => number, holds: { id: LegId; asset: (typeof ASSETS)[number]; units: bigint }[]) {
  const asset = ASSETS[pick(ASSETS.length)]!
  const units = asset === ETH ? WEI_MANY / BigInt(1 + pick(4)) : BigInt(pick(9_000))
  const [debit, credit] = [`party:pa_${pick(PAYERS)}`, `party:seller${pick(3)}`]
  const id = entryId(n + 1)
  const legs: Leg[] = []
  const open = holds.length > 0 && pick(3) === 0 ? holds.splice(pick(holds.length), 1)[0]! : undefined
  if (open) {
    legs.push(
      pick(2) === 0
        ? { kind: 'post', pending: open.id, asset: open.asset, units: open.units / 2n }
        : { kind: 'void', pending: open.id, asset: open.asset },
    )
  } else if (pick(3) === 0) {
    legs.push({ kind: 'hold', debit, credit, asset, units, timeoutS: pick(3) })
    holds.push({ id: { entry: id, leg: 0 }, asset, units })
  } else {
    legs.push(
      { kind: 'move', debit, credit, asset, units },
      { kind: 'move', debit: credit, credit: 'fee:earned', asset, units: units / 10n },
    )
  }
  return { facts: requestFacts(n, id, asset.id, units), entry: { id, payment: receiptId(n), legs } }
}

/** What a paid request says of itself, as far as a projection reads it. */
export function requestFacts(n: number, entry: EntryId, asset: string, units: bigint): Fact[] {
  const id = receiptId(n)
  const claimKey = `book:${n}`
  const paid = { asset, amount: '0.1' }
  const receipt = {
    id,
    payment: claimKey,
    resource: '/r',
    price: paid,
    paid,
    rail: 'book',
    state: 'settled',
    payee: 'pa_seller',
    entry,
    parts: [],
  }
  return [
    { type: 'request.claimed', id, at: n, data: { claimKey, rail: 'book', payer: `pa_${n % PAYERS}`, units: units.toString(), entry } },
    { type: 'receipt.issued', id, at: n, data: receipt },
    { type: 'request.answered', id, at: n, data: { claimKey, status: 200, body: 'not copied' } },
  ]
}
