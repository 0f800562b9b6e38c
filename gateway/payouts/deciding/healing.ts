import type { Money } from '../../money/money.ts'
import type { FailureReason } from '../../ports/outcome.ts'
import { type RailKind, railKind } from '../../ports/railName.ts'
import type { Change, Destination } from '../../ports/sender.ts'
import type { Again, AttemptState, Payout, Quote } from '../payoutState/payout.ts'
import type { Impossibility } from '../router/candidate.ts'

type Row = Readonly<Partial<Record<FailureReason, readonly Change[]>>>

/**
 * What the next try of the same way has otherwise, by rail and by why the last one failed: the first change that the way has not had yet, and that it can
 * have. What is not named is not tried again by this way. docs/routing.md shows this table.
 */
export const HEALING: Readonly<Record<RailKind, Row>> = {
  lightning: {
    no_route: ['more_parts', 'fee_limit'],
    fee_above_limit: ['fee_limit'],
    insufficient_liquidity: ['later'],
    rejected_by_payee: ['fresh_invoice'],
    expired: ['fresh_invoice'],
    already_used: ['fresh_invoice'],
  },
  evm: { fee_above_limit: ['fee_limit'], insufficient_liquidity: ['later'] },
  bank: { past_cut_off: ['next_window'], insufficient_liquidity: ['later'] },
  custom: { fee_above_limit: ['fee_limit'], insufficient_liquidity: ['later'] },
  book: {},
}

/** A keysend is one part, and what is paid to an offer is parted by the node alone. */
const PARTED: readonly Destination['kind'][] = ['lightning_invoice', 'lightning_address', 'lnurl']
/** Whose server or node is asked for an invoice by each try. */
const ASKED_FOR_INVOICES: readonly Destination['kind'][] = ['lightning_address', 'lnurl', 'lightning_offer']

type Way = Pick<Quote, 'rail' | 'destination'>
/** `notBefore`: when the rail takes it again, where it says so (ms). */
export type Failure = Readonly<{ reason: Impossibility; detail?: string; notBefore?: number }>

/** With which change, and from when on, a way may be tried again after a try of it has failed; undefined where it may not. */
export function healingOf(
  payout: Payout,
  { rail, destination, changed = [] }: Way & Pick<Quote, 'changed'>,
  { reason, notBefore }: Failure,
  o: Readonly<{ now: number; laterMs: number }>,
): Again | undefined {
  const { kind } = payout.destinations[destination]!
  const at = (change: Change): number | undefined => {
    if (change === 'more_parts') return PARTED.includes(kind) ? o.now : undefined
    if (change === 'fresh_invoice') return ASKED_FOR_INVOICES.includes(kind) ? o.now : undefined
    if (change === 'later') return o.now + o.laterMs
    return change === 'next_window' ? notBefore : o.now
  }
  const row = HEALING[railKind(rail)][reason as FailureReason] ?? [] // Reasons of our own are in no row.
  for (const change of row) {
    const from = changed.includes(change) ? undefined : at(change)
    if (from !== undefined && inItsTime(payout, from)) return { change, at: from }
  }
  return undefined
}

/** A payout that must be tried, or there, by then is not waited for beyond it. */
function inItsTime({ sendBy, deliverBy }: Payout, at: number): boolean {
  return (sendBy === undefined || at <= sendBy) && (deliverBy === undefined || at <= deliverBy)
}

/** All that a try after this one has otherwise than the first of its way: what it changes stays changed, so no two of them are the same. */
export function changesAfter({ changed = [], failure }: AttemptState): readonly Change[] {
  return failure?.again ? [...changed, failure.again.change] : changed
}

/** Whether a try after this one has the widest limit on its fee; `above`: the limit that was too low, where it is widened for this try. */
export function widestAfter(before: Readonly<{ tried: AttemptState }> | undefined): Readonly<{ above: Money | undefined }> | undefined {
  if (!before || !changesAfter(before.tried).includes('fee_limit')) return undefined
  return { above: before.tried.changed?.includes('fee_limit') ? undefined : before.tried.feeMax }
}

/** When the next of the ways opens that wait for their time; undefined when none does. */
export function nextOpening({ attempts }: Payout, now: number): number | undefined {
  const times = attempts.flatMap(({ failure }) => (failure?.again && failure.again.at > now ? [failure.again.at] : []))
  return times.length === 0 ? undefined : Math.min(...times) // not money: a time
}
