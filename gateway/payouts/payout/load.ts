import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import type { Destination } from '../../ports/sender.ts'
import type { Behalf } from '../fees/purses.ts'
import type { NanoUsd } from '../router/policy.ts'
import type { PayoutLimits } from './limits.ts'
import { createOpenPayments, type OpenPayment } from './openPayments.ts'
import type { Payout } from './payout.ts'
import type { PayoutRecords } from './payoutRecords.ts'
import { createSlotMeters } from './slotMeters.ts'
import { isLightning, isPayee, type Whom, whomOf } from './whom.ts'

const HOUR_MS = 3_600_000
const NANO_PER_USD = 1_000_000_000n

/** What is under way for each party and to each payee, and what more may be. It is made from what is open, so a restart knows it. */
export type Load = Readonly<{
  /** Refuses a payout of somebody who has too much under way, with `too_many_open`. */
  admit(wanted: Readonly<{ behalf: Behalf; amount: Money; destinations: readonly Destination[] }>): void
  /** Takes a slot for a payout that may be paid over Lightning; false when its party or a payee has all that it may. */
  takeSlot(payout: Payout): boolean
  /** Gives the slot back, unless the payout has a try on its way. */
  leaveSlot(payout: Payout['id']): void
}>

type Parts = Readonly<{
  records: Pick<PayoutRecords, 'get' | 'open' | 'onChange'>
  clock: Clock
  limits: PayoutLimits
  readInvoice: InvoiceReader
  /** Throws `rail_unavailable` when the asset cannot be priced now. */
  worth: (amount: Money) => NanoUsd
}>

export function createLoad({ records, clock, limits, readInvoice, worth }: Parts): Load {
  const shareOf = (whom: Whom) => (isPayee(whom) ? limits.payee : limits.party)
  const aDayMs = (whom: Whom) => shareOf(whom).slotHoursADay * HOUR_MS
  const meters = createSlotMeters({ now: clock.now, aDayMs })
  const open = createOpenPayments({
    records,
    describe: (payout) => ({ whom: whomOf(payout, readInvoice), worthNano: worthOf(payout.amount) }),
    onSlotEnd(payment) {
      const usedMs = overGrace(payment)
      if (usedMs > 0) for (const whom of payment.whom) meters.add(whom, usedMs)
    },
  })

  function overGrace({ slotSince }: OpenPayment): number {
    return slotSince === undefined ? 0 : max(clock.now() - slotSince - limits.slotGraceMs, 0)
  }

  function isTired(whom: Whom): boolean {
    const used = open.of(whom).reduce((sum, payment) => sum + (payment.sent ? overGrace(payment) : 0), meters.used(whom))
    return used >= aDayMs(whom)
  }

  function isFull(whom: Whom): boolean {
    return open.of(whom).filter(({ slotSince }) => slotSince !== undefined).length >= shareOf(whom).slotsMax
  }

  /** What cannot be priced now is not paid now, and weighs nothing. */
  function worthOf(amount: Money): NanoUsd {
    try {
      return worth(amount)
    } catch (error) {
      if (isGatewayError(error, 'rail_unavailable')) return 0n
      throw error
    }
  }

  return {
    admit(wanted) {
      const worthNano = worthOf(wanted.amount)
      for (const whom of whomOf(wanted, readInvoice)) {
        const { openMax, openNanoMax, slotHoursADay } = shareOf(whom)
        const theirs = open.of(whom)
        const openNano = theirs.reduce((sum, payment) => sum + payment.worthNano, worthNano)
        if (theirs.length >= openMax) throw tooMany(whom, `${openMax} payouts without an end`)
        if (openNano > openNanoMax) throw tooMany(whom, `payouts worth ${openNanoMax / NANO_PER_USD} USD without an end`)
        if (wanted.destinations.every(isLightning) && isTired(whom)) {
          throw tooMany(whom, `${slotHoursADay} slot-hours of held Lightning payments`)
        }
      }
    },
    takeSlot({ id }) {
      const payment = open.get(id)
      if (!payment) return false
      if (payment.slotSince !== undefined) return true
      if (payment.whom.some((whom) => isFull(whom) || isTired(whom))) return false
      payment.slotSince = clock.now()
      return true
    },
    leaveSlot(id) {
      const payment = open.get(id)
      if (payment && !payment.sent) payment.slotSince = undefined
    },
  }
}

function tooMany(whom: Whom, what: string): GatewayError {
  return new GatewayError('too_many_open', `There are ${what} for ${whom}, the most that there may be`, { meta: { of: whom } })
}
