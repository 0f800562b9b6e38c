import type { ActionTable } from './actionTable.ts'
import type { Mined } from './followNonce.ts'
import type { LiveTransaction } from './transactionTable.ts'

/** Collecting by transfer authorization on USDC, alone: 86k. What it takes lately is learnt. */
const FIRST = 86_000n
/** A payment's share of the later sweep. */
const SWEEP_SHARE = 6_000n
/** A transaction moves what is expected by so much of its distance. */
const WEIGHT = 8n

type Finish = (row: LiveTransaction, mined: Mined) => Promise<void>

/** What collecting one authorization takes in gas, by the transactions that have been final lately: less, the more go together. */
export function createCollectionGas(actions: ActionTable) {
  let each = FIRST

  function note({ actionIds }: LiveTransaction, { receipt }: Mined): void {
    const [first] = actionIds
    if (first === undefined || receipt.status !== '0x1' || actions.get(first)?.request.kind !== 'collection') return
    each = (each * (WEIGHT - 1n) + receipt.gasUsed / BigInt(actionIds.length)) / WEIGHT
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
  }
}
