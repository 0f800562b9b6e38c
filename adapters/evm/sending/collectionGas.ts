import type { ActionTable } from './actionTable.ts'
import type { Mined } from './followNonce.ts'
import type { LiveTransaction } from './transactionTable.ts'

/** Collecting by transfer authorization on USDC, alone: 86k. What it takes lately is learnt. */
const FIRST = 86_000n
/** What a transaction of several takes beside them (docs/gas.md: `transferMany-1` less `transferMany-100`), and each of them at first, on USDC. */
const BESIDE = 33_800n
const FIRST_ROW = 57_000n
/** A payment's share of the later sweep. */
const SWEEP_SHARE = 6_000n
/** A transaction moves what is expected by so much of its distance. */
const WEIGHT = 8n

type Finish = (row: LiveTransaction, mined: Mined) => Promise<void>

/** What collecting one authorization takes in gas, by the transactions that have been final lately: less, the more go together. */
export function createCollectionGas(actions: ActionTable) {
  let each = FIRST
  let alone = FIRST
  let row = FIRST_ROW
  const moved = (from: bigint, to: bigint) => (from * (WEIGHT - 1n) + to) / WEIGHT

  function note({ actionIds }: LiveTransaction, { receipt }: Mined): void {
    const [first] = actionIds
    if (first === undefined || receipt.status !== '0x1' || actions.get(first)?.request.kind !== 'collection') return
    const rows = BigInt(actionIds.length)
    each = moved(each, receipt.gasUsed / rows)
    if (rows === 1n) alone = moved(alone, receipt.gasUsed)
    else if (receipt.gasUsed > BESIDE) row = moved(row, (receipt.gasUsed - BESIDE) / rows)
  }

  return {
    /** Looks at what is finished. */
    noting:
      (finish: Finish): Finish =>
      (row, mined) => {
        note(row, mined)
        return finish(row, mined)
      },
    expected: (): bigint => each + SWEEP_SHARE,
    /** So many together, in one transaction. */
    together: (rows: bigint): bigint => (rows === 1n ? alone : BESIDE + row * rows) + SWEEP_SHARE * rows,
  }
}
