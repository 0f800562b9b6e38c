import { setImmediate as turn } from 'node:timers/promises'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { type Money, money } from '../../money/money.ts'
import type { AccountPath } from '../../ports/books.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { payoutOfRow } from './batch.ts'
import type { BatchContext } from './context.ts'
import type { BatchId, RefusedData, RowData } from './facts.ts'

/** Rows that are judged before others have their turn. */
const TOGETHER = 200
const DETAIL_MAX = 200

/** A row as it was asked for: `amount` and `feeMax` in the batch's asset. */
export type RowWish = Readonly<{
  row: number
  amount: Money
  destinations: readonly Destination[]
  reference: string
  metadata?: Metadata
  feeMax: bigint
  deliverBy?: number | undefined
}>

export type Judged = Readonly<{ good: readonly RowData[]; refused: readonly RefusedData[]; units: bigint; feeUnits: bigint }>

type Judging = Readonly<{
  id: BatchId
  party: AccountPath
  createdBy: string
  /** How many rows there are, and the row at a place; it throws what the row is refused with. */
  count: number
  rowAt: (place: number) => RowWish
}>

/** Judges each row by itself, as a payout of its own would be; moves and holds nothing. */
export async function judgeRows({ payouts }: Pick<BatchContext, 'payouts'>, o: Judging): Promise<Judged> {
  const good: RowData[] = []
  const refused: RefusedData[] = []
  let [units, feeUnits] = [0n, 0n]
  for (let place = 0; place < o.count; place++) {
    if (place > 0 && place % TOGETHER === 0) await turn()
    try {
      const wish = o.rowAt(place)
      const { amount, destinations, reference, metadata, feeMax, deliverBy } = wish
      // As it will be paid: out of the batch's account, for its party.
      const order = { source: o.party, amount, destinations, reference, createdBy: o.createdBy }
      payouts.check(order)
      payouts.members.fits({ id: payoutOfRow(o.id, place), source: o.party, behalf: { account: o.party }, amount, destinations })
      const about = { destinations, reference, ...saidMetadata(metadata), ...(deliverBy !== undefined && { deliverBy }) }
      good.push({ row: place, units: amount.units.toString(), ...about, ...(feeMax > 0n ? { feeMax: feeMax.toString() } : {}) })
      units += amount.units + feeMax
      feeUnits += feeMax
    } catch (error) {
      if (!isGatewayError(error)) throw error
      refused.push({ row: place, code: error.code, detail: reasonOf(error).slice(0, DETAIL_MAX) })
    }
  }
  return { good, refused, units, feeUnits }
}

/** A refusal that names fields says more by them. */
function reasonOf({
  shortMessage,
  meta,
}: Readonly<{ shortMessage: string; meta?: Readonly<Record<string, unknown>> | undefined }>): string {
  const errors = meta?.errors as readonly { path: string; message: string }[] | undefined // As those who refuse write it.
  const [first] = errors ?? []
  return first ? `${first.path || 'the row'} ${first.message}` : shortMessage
}

/** What a row takes out of the batch's account. */
export function takesOf({ units, feeMax = '0' }: RowData): bigint {
  return BigInt(units) + BigInt(feeMax)
}

export function amountOf(row: RowData, asset: Money['asset']): Money {
  return money(asset, BigInt(row.units))
}
