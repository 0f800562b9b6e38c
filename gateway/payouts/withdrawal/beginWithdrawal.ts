import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { add, showMoney } from '../../money/money.ts'
import type { Claim, Fact } from '../../ports/books.ts'
import type { WithdrawalPlan, WithdrawalWish } from '../../ports/chainWallet.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { WithdrawalParts } from './context.ts'
import { holdLegs } from './entries.ts'
import { toFact } from './facts.ts'
import { viewWithdrawal, type WithdrawalView } from './view.ts'
import type { Withdrawal } from './withdrawal.ts'

/** Withdrawals without an end at once: each is a transaction that an operator has asked for by hand. */
const OPEN_MAX = 100

/** What is wanted, with what its maker writes on it. */
export type NewWithdrawal = WithdrawalWish & Readonly<{ metadata?: Metadata }>

/** What is made durable along with the beginning, such as an idempotency key's answer. */
export type Along = (made: WithdrawalView) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

/**
 * Plans a withdrawal and makes it durable, with the hold on what it takes; the rail has not heard of it then. One at a time, so that two never choose
 * the same coins. Refuses with `not_found`, `too_busy`, `insufficient_balance`, `request_in_progress`, and as the wallet's plan does; and with
 * `outcome_unknown`, after which `late` is called once the books know.
 */
export async function beginWithdrawal(
  parts: WithdrawalParts & Readonly<{ openCount: number }>,
  wish: NewWithdrawal,
  o: Readonly<{ along: Along; late: (id: string) => void }>,
): Promise<WithdrawalView> {
  const { books, wallet, clock, ids } = parts
  if (!wallet)
    throw new GatewayError('not_found', 'This Lightning node has no wallet that the gateway spends from', {
      hint: 'The wallet of an LND is yours: `lncli sendcoins`. See docs/lightning.md.',
    })
  if (parts.openCount >= OPEN_MAX) throw new GatewayError('too_busy', `${OPEN_MAX} withdrawals have no end yet`)
  const plan = await wallet.planWithdrawal(wish)
  const [id, entry] = [ids.withdrawal(), ids.entry()]
  const about = { id, rail: wallet.rail, place: wallet.place, plan, entry, ...saidMetadata(wish.metadata), createdAt: clock.now() }
  const made = viewWithdrawal({ ...about, status: 'begun', transaction: undefined, detail: undefined, endedAt: undefined }, undefined)
  const { claims, facts } = o.along(made)
  const coins = plan.inputs.map((coin) => ({ key: `withdrawal:${wallet.rail}:${coin}`, fingerprint: id }))
  const submission = {
    claims: [...claims, ...coins],
    facts: [begunFact(about), ...facts],
    entry: { id: entry, payment: id, legs: holdLegs(about, parts.bookAsset) },
  }
  const outcome = await submitUntilKnown(books, submission, () => o.late(id))
  if (outcome.kind === 'declined') throw notOurs(plan, outcome.leg)
  if (outcome.kind === 'conflict') throw new GatewayError('request_in_progress', 'Another withdrawal takes the same coins')
  return made
}

function begunFact({
  id,
  rail,
  place,
  plan,
  entry,
  metadata,
  createdAt,
}: Omit<Withdrawal, 'status' | 'transaction' | 'detail' | 'endedAt'>): Fact {
  const { address, amount, fee, inputs } = plan
  const sums = { asset: amount.asset.id, units: amount.units.toString(), fee: fee.units.toString() }
  return toFact({
    type: 'withdrawal.begun',
    id,
    at: createdAt,
    data: { rail, place, entry, address, ...sums, inputs, ...saidMetadata(metadata) },
  })
}

function notOurs({ amount, fee }: WithdrawalPlan, leg: number): GatewayError {
  const whole = showMoney(add(amount, fee))
  const why =
    leg === 0 ? `${showMoney(amount)} is more than the operator owns of what lies there` : `${whole} is more than the books have there`
  return new GatewayError('insufficient_balance', `${why}; the rest is owed to others or on its way`, {
    hint: 'Withdraw less. What parties and payers are owed in bitcoin stays, and what is converted is the liquidity of the pair.',
    meta: { amount: amount.units, fee: fee.units },
  })
}
