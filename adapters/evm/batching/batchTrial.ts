import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import { refusalOf } from '../work/refusals.ts'
import { type BatchPlace, batchCall, resultsOf, TRANSACTION_GAS_MAX } from './batchCall.ts'
import type { BatchRow, RowKind } from './batchRow.ts'

type TrialParts = BatchPlace & Readonly<{ chain: Chain; operator: Hex }>

/** `go`: rows that may be sent together; `alone`: what has to be looked at by itself; `later`: there was no room for it. */
type BatchTrial = Readonly<{ go: readonly BatchRow[]; alone: readonly BatchRow[]; later: readonly BatchRow[]; burned: bigint }>

const NOTHING: BatchTrial = { go: [], alone: [], later: [], burned: 0n }

/**
 * Tells rows whose payer is a contract, or has delegated its account to one, from the others: its code would be asked, and could burn whatever a row may. The
 * contract for transfers looks by itself, when it is mined; the hub does not.
 */
export async function partByCode(chain: Chain, rows: readonly BatchRow[]): Promise<Readonly<{ plain: BatchRow[]; coded: BatchRow[] }>> {
  const payers = [...new Set(rows.map(({ authorization }) => authorization.from))]
  const codes = new Map(await Promise.all(payers.map(async (payer) => [payer, await chain.code(payer)] as const)))
  const isPlain = ({ authorization }: BatchRow) => codes.get(authorization.from) === '0x'
  return { plain: rows.filter(isPlain), coded: rows.filter((row) => !isPlain(row)) }
}

/**
 * Simulates rows of one kind together. A call that reverts as a whole is halved until the row that does it stands alone. Throws RpcSilent or RpcRefused
 * when the node does not say.
 */
export async function tryBatch(parts: TrialParts, kind: RowKind, rows: readonly BatchRow[]): Promise<BatchTrial> {
  if (rows.length === 0) return NOTHING
  if (rows.length === 1) return { ...NOTHING, alone: rows }
  const call = batchCall(parts, kind, rows)
  let answer: Hex
  try {
    answer = await parts.chain.call({ from: parts.operator, ...call, gas: TRANSACTION_GAS_MAX }, 'latest')
  } catch (error) {
    if (!refusalOf(error)) throw error
    const middle = rows.length >> 1
    const [left, right] = [await tryBatch(parts, kind, rows.slice(0, middle)), await tryBatch(parts, kind, rows.slice(middle))]
    // Neither half was tried with the other: what goes now is the larger, the rest has its turn.
    return left.go.length >= right.go.length ? joined(left, right) : joined(right, left)
  }
  const results = resultsOf(kind, answer)
  const of = (wanted: string) => rows.filter((_, i) => (results[i]?.kind ?? 'untried') === wanted)
  const later = of('untried')
  // Where there was room for none, even one is too dear for company.
  if (later.length === rows.length) return { ...NOTHING, alone: rows }
  const burned = results.reduce((sum, result) => sum + (result.kind === 'good' ? (result.gas ?? 0n) : 0n), 0n)
  return { go: of('good'), alone: of('bad'), later, burned }
}

function joined(first: BatchTrial, second: BatchTrial): BatchTrial {
  return {
    go: first.go,
    alone: [...first.alone, ...second.alone],
    later: [...first.later, ...second.later, ...second.go],
    burned: first.burned,
  }
}
