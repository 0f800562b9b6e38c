import { showMoney } from '../../../gateway/money/money.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Outcome } from '../../../gateway/ports/outcome.ts'
import type { Attempt } from '../../../gateway/ports/sender.ts'

type LostParts = Readonly<{
  options: Readonly<{ chainId: number; token: Readonly<{ address: Hex }> }>
  lanes: Readonly<{ first: Readonly<{ operator: Hex }> }>
}>

const CHECK_MS = 60_000

/**
 * An attempt that was announced to a file which is not this one, or is so no more. A transaction for it may be signed, and may be mined at any time, so it is
 * neither sent nor called failed. Of several transfers to one payee nobody here can say which was meant: a person looks.
 */
export function lostPayout({ options, lanes }: LostParts, { amount, destination }: Attempt): Outcome {
  const payee = destination.kind === 'evm_address' ? destination.address : 'its payee'
  const detail =
    `the rail's own file does not know it: the file was lost, or is an older copy. It is not sent again. Look on chain ${options.chainId} for a transfer of ` +
    `${showMoney(amount)} (token ${options.token.address}) to ${payee} from ${lanes.first.operator}, then end it by hand`
  return { kind: 'unknown', checkAfterMs: CHECK_MS, stuck: true, detail }
}
