import { invariant } from '../../errors/invariant.ts'
import { newEntry } from '../../ledger/process/newEntry.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { sameAsset } from '../../money/asset.ts'
import type { Money } from '../../money/money.ts'
import type { WithdrawalProgress } from '../../ports/chainWallet.ts'
import type { WithdrawalParts } from './context.ts'
import { endLegs } from './entries.ts'
import { toFact, type WithdrawalFact } from './facts.ts'
import type { Withdrawal } from './withdrawal.ts'

/** Books the end that the rail has named, once. */
export async function endWithdrawal(
  context: Pick<WithdrawalParts, 'books' | 'clock' | 'ids'>,
  withdrawal: Withdrawal,
  { outcome, transaction }: WithdrawalProgress,
): Promise<void> {
  const { id, plan } = withdrawal
  invariant(outcome.kind !== 'unknown', 'an end is known')
  // The rail signs exactly what was planned.
  if (outcome.kind === 'settled') invariant(sameMoney(outcome.fee, plan.fee), `${id} costs what was planned`)
  const at = context.clock.now()
  const ended: WithdrawalFact =
    outcome.kind === 'settled'
      ? { type: 'withdrawal.settled', id, at, data: { transaction: transaction ?? outcome.evidence.id } }
      : { type: 'withdrawal.failed', id, at, data: { detail: outcome.detail ?? outcome.reason } }
  const done = await submitUntilKnown(context.books, {
    claims: [{ key: `withdrawal:${id}:ended`, fingerprint: outcome.kind }],
    facts: [toFact(ended)],
    entry: newEntry(context, id, endLegs(withdrawal, outcome.kind)),
  })
  invariant(done.kind === 'applied' || done.kind === 'replayed', `the end of ${id} can be booked: ${done.kind}`)
}

function sameMoney(a: Money, b: Money): boolean {
  return sameAsset(a.asset, b.asset) && a.units === b.units
}
