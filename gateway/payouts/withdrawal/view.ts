import type { WithdrawalProgress } from '../../ports/chainWallet.ts'
import type { Withdrawal } from './withdrawal.ts'

/** A withdrawal with the rail's newest word on it, which is not kept. */
export type WithdrawalView = Withdrawal & Readonly<{ confirmations: number; said: string | undefined }>

export function viewWithdrawal(withdrawal: Withdrawal, now: WithdrawalProgress | undefined): WithdrawalView {
  const said = now?.outcome.kind === 'unknown' ? now.outcome.detail : undefined
  const transaction = withdrawal.transaction ?? now?.transaction
  return { ...withdrawal, transaction, confirmations: now?.confirmations ?? 0, said }
}
