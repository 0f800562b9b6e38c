import { GatewayError } from '../../errors/gatewayError.ts'
import { floorDivCount, max } from '../../money/integers.ts'
import type { Batch } from './batch.ts'
import type { BatchRecords } from './batchRecords.ts'
import type { BatchPolicy } from './policy.ts'

type Size = Readonly<{ rows: number; text: number }>

/**
 * Room for the rows that are kept in memory. With what it asks for, no party has more of it than stays free: the first may have half, the next a quarter, so
 * few take ever smaller shares of it and whoever comes new finds room.
 */
export function roomFor({
  records,
  policy,
}: Readonly<{ records: Pick<BatchRecords, 'open' | 'openOf' | 'openCount'>; policy: BatchPolicy }>) {
  /** Those that are being written down, by their party. */
  const coming = new Map<string, Size>()
  const add = (a: Size, b: Size): Size => ({ rows: a.rows + b.rows, text: a.text + b.text })

  function used(batches: readonly Batch[], under: readonly Size[]): Size {
    return [...batches.map(({ taken, text }) => ({ rows: taken, text })), ...under].reduce(add, { rows: 0, text: 0 })
  }

  return {
    take(party: string, size: Size): () => void {
      const own = records.openOf(party)
      if (own.length >= policy.openOfOneMax) throw tooMany(party, `${policy.openOfOneMax} batches`)
      if (own.length + 1 > policy.openMax - records.openCount() - coming.size - 1)
        throw own.length > 0 ? tooMany(party, `${own.length} batches`) : busy(`${records.openCount()} batches have no end yet`)
      const [mine, all] = [used(own, []), used(records.open(), [...coming.values()])]
      const rows = roomOf(mine.rows, policy.openRowsMax - all.rows)
      const text = roomOf(mine.text, policy.openTextMax - all.text)
      if (size.rows > rows || size.text > text) {
        const most = {
          hint: `Nothing was taken. A batch of ${rows} rows or fewer, of ${text} characters in all, would be; or wait until others end.`,
        }
        const has = `${mine.rows} rows in batches`
        throw mine.rows > 0
          ? tooMany(party, has, most)
          : busy(`${all.rows} rows of batches have no end yet, which leaves ${rows} for one more party`, most)
      }
      coming.set(party, size)
      return () => void coming.delete(party)
    },
  }
}

/** The most that may be added to what one has, so that as much stays free as it has then. */
function roomOf(has: number, free: number): number {
  return max(floorDivCount(free - has, 2), 0)
}

function tooMany(party: string, what: string, said: Readonly<{ hint?: string }> = {}): GatewayError {
  return new GatewayError('too_many_open', `${party} has ${what} without an end, and no room for so much more`, {
    meta: { of: party },
    ...said,
  })
}

function busy(what: string, said: Readonly<{ hint?: string }> = {}): GatewayError {
  return new GatewayError('too_busy', what, said)
}
