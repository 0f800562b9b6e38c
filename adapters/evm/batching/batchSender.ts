import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { RailLog } from '../node/railLog.ts'
import type { Header } from '../node/wire.ts'
import type { LaneRefusal } from '../sending/lane.ts'
import type { Lanes } from '../sending/lanes.ts'
import type { PayersMoney } from '../work/payersMoney.ts'
import { type BatchPlace, batchCall, gasLimitOf, ROW_GAS_FIRST, rowsBelow, TRANSACTION_GAS_MAX } from './batchCall.ts'
import type { BatchRow, RowKind } from './batchRow.ts'
import { partByCode, tryBatch } from './batchTrial.ts'

export type BatchSenderParts = BatchPlace &
  Readonly<{
    chain: Chain
    operator: Hex
    lanes: Lanes
    head: () => Header
    feeCeiling: bigint
    payersMoney: Pick<PayersMoney, 'covers'>
    log: RailLog
    isClosed: () => boolean
  }>

/** What became of rows that were to go together. `refusal`: why the lane gave no nonce for those in `later`. */
type Carried = Readonly<{
  sent: readonly BatchRow[]
  alone: readonly BatchRow[]
  later: readonly BatchRow[]
  refusal?: LaneRefusal
}>

/** By the size of a transaction that nodes take (geth: 128 kB), and so that a call's answer comes in time. */
const ROWS_MAX: Readonly<Record<RowKind, number>> = { transfer: 250, receive: 120 }

/** Simulates rows together and sends those that pass in one transaction of the lane with the least before it. */
export function createBatchSender(parts: BatchSenderParts) {
  const { lanes } = parts
  /** What a row of each kind has burnt lately. */
  const rowGas = { ...ROW_GAS_FIRST }

  /** What a transaction may be given: not more than a part of a block, and never more than EIP-7825 allows. */
  const gasMax = (part: bigint): bigint => {
    const most = (parts.head().gasLimit ?? TRANSACTION_GAS_MAX * part) / part
    return most < TRANSACTION_GAS_MAX ? most : TRANSACTION_GAS_MAX
  }

  async function submit(kind: RowKind, rows: readonly BatchRow[], burned: bigint): Promise<Carried> {
    const { to, data } = batchCall(parts, kind, rows)
    const gas = gasLimitOf(kind, data, burned)
    const middle = rows.length >> 1
    if (gas > gasMax(1n) && middle > 0) {
      const first = await submit(kind, rows.slice(0, middle), burned / 2n)
      return { ...first, later: [...first.later, ...rows.slice(middle)] }
    }
    if (parts.isClosed()) return { sent: [], alone: [], later: rows }
    const actionIds = rows.map(({ id }) => id)
    const given = await lanes.laneFor('collection').submit({ actionIds, to, data, gas, feeCap: parts.feeCeiling })
    if (typeof given === 'number') return { sent: rows, alone: [], later: [] }
    return { sent: [], alone: [], later: rows, refusal: given }
  }

  return {
    /** How many rows of a kind fit into a transaction: half of a block, and what one may be given (EIP-7825). */
    sizeOf: (kind: RowKind): number => Math.min(ROWS_MAX[kind], rowsBelow(kind, gasMax(2n), rowGas[kind])),
    /** How many transactions are not mined in the lane that would take the next; no number at all while it gives no nonces. */
    unmined: (): number => lanes.laneFor('collection').load(),

    /** Throws RpcSilent or RpcRefused when the node does not say; then nothing was sent. */
    async carry(kind: RowKind, rows: readonly BatchRow[]): Promise<Carried> {
      const { plain, coded } = kind === 'receive' ? await partByCode(parts.chain, rows) : { plain: rows, coded: [] }
      const { go: good, alone: refused, later, burned } = await tryBatch(parts, kind, plain)
      const { go, short } = await partByMoney(parts, good)
      const alone = [...coded, ...refused, ...short]
      if (go.length < 2) return { sent: [], alone: [...alone, ...go], later }
      if (burned > 0n) rowGas[kind] = (rowGas[kind] * 3n + burned / BigInt(go.length)) / 4n
      const done = await submit(kind, go, burned > 0n ? burned : rowGas[kind] * BigInt(go.length))
      return { ...done, alone, later: [...done.later, ...later] }
    },
  }
}

/** Tells rows whose payer has the money besides what is on its way from the others. */
async function partByMoney({ payersMoney }: Pick<BatchSenderParts, 'payersMoney'>, rows: readonly BatchRow[]) {
  const covered = await Promise.all(rows.map(({ id, authorization }) => payersMoney.covers(id, authorization)))
  return { go: rows.filter((_, i) => covered[i]), short: rows.filter((_, i) => !covered[i]) }
}
