import { GatewayError } from '../../errors/gatewayError.ts'
import type { Asset } from '../../money/asset.ts'
import type { AccountPath } from '../../ports/books.ts'
import type { BatchContext } from './context.ts'
import type { RefusedData, RowData } from './facts.ts'
import { amountOf, type Judged, takesOf } from './judgeRows.ts'

type Timing = Readonly<{ source: AccountPath; asset: Asset; judged: Judged; deliverBy: number | undefined }>
/** A row that no rail pays in time; `earliest`: when the fastest would (ms). */
type Late = Readonly<{ refused: RefusedData; earliest: number }>

/**
 * Refuses each row whose payee no rail here would give good funds by the row's deadline, or that of the batch, if it were sent now. Rows that no rail would pay
 * at all now are left: they may be paid when their turn comes. Asks the rails only where there is a deadline.
 */
export async function refuseLate({ payouts }: Pick<BatchContext, 'payouts'>, o: Timing): Promise<Judged & Readonly<{ earliest?: number }>> {
  const { source, asset, judged } = o
  const { good } = judged
  if (!good.some((row) => deadlineOf(row, o) !== undefined)) return judged
  const rows = good.map((row) => ({ amount: amountOf(row, asset), destinations: row.destinations }))
  const plan = await payouts.asking(source, () => payouts.plan({ source, rows }))
  const late = good.map((row, i) => lateRow(row, { by: deadlineOf(row, o), earliest: plan.earliest(i) }))
  const [kept, gone] = [good.filter((_, i) => !late[i]), late.flatMap((one) => one ?? [])]
  if (gone.length === 0) return judged
  const refused = [...judged.refused, ...gone.map((one) => one.refused)].sort((a, b) => a.row - b.row)
  const sum = (of: (row: RowData) => bigint) => kept.reduce((all, row) => all + of(row), 0n)
  const sums = { units: sum(takesOf), feeUnits: sum(({ feeMax = '0' }) => BigInt(feeMax)) }
  return { good: kept, refused, ...sums, earliest: Math.max(...gone.map(({ earliest }) => earliest)) } // not money: a time
}

/** By when a row's payee has to have good funds: as it says itself, or as its batch says. */
export function deadlineOf(row: Pick<RowData, 'deliverBy'>, batch: Readonly<{ deliverBy?: number | undefined }>): number | undefined {
  return row.deliverBy ?? batch.deliverBy
}

/** A batch of which every row is too late; `earliest`: when the last of its payees could have good funds (ms). */
export function refuseAllLate(earliest: number): never {
  const at = new Date(earliest).toISOString()
  throw new GatewayError('deadline_unreachable', `The last of its payees would have good funds at ${at} at the earliest`, {
    meta: { earliest: at },
  })
}

function lateRow({ row }: RowData, { by, earliest }: Readonly<{ by: number | undefined; earliest: number | undefined }>): Late | undefined {
  if (by === undefined || earliest === undefined || earliest <= by) return undefined
  const detail = `The payee would have good funds at ${new Date(earliest).toISOString()} at the earliest`
  return { refused: { row, code: 'deadline_unreachable', detail }, earliest }
}
