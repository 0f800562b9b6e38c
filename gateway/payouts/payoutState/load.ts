import type { NanoUsd } from '../../costs/policy.ts'
import type { FirstDays } from '../../guard/firstDays/firstDays.ts'
import { max } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import type { Clock } from '../../ports/clock.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import { isAskedRefund } from '../fees/purses.ts'
import { createAdmission, type InNet, type Wanted } from './admission.ts'
import type { PayoutLimits } from './limits.ts'
import { createOpenPayments, type OpenPayment } from './openPayments.ts'
import type { Payout } from './payout.ts'
import type { PayoutRecords } from './payoutRecords.ts'
import { createSlotMeters } from './slotMeters.ts'
import { isPayee, type Whom, whomOf } from './whom.ts'

const HOUR_MS = 3_600_000

/** What is under way for each party and to each payee, and what more may be. It is made from what is open, so a restart knows it. */
export type Load = Readonly<{
  /** See `createAdmission`. */
  admit(wanted: Wanted, inNet?: InNet): () => void
  /** Refuses with `too_many_open` what will never find room, because it is worth too much by itself. */
  fits(wanted: Wanted): void
  /** A payout that is in the books as a member of a net, until `end` is told. */
  stand(member: Wanted, inNet: InNet): void
  end(member: string): void
  /** Takes a slot for a payout that may be paid over Lightning; false when its party or a payee has all that it may. */
  takeSlot(payout: Payout): boolean
  /** Gives the slot back, unless the payout has a try on its way. */
  leaveSlot(payout: Payout['id']): void
}>

type Parts = Readonly<{
  records: Pick<PayoutRecords, 'get' | 'open' | 'onChange'>
  clock: Clock
  limits: PayoutLimits
  /** See the policy. */
  openMax: number
  readInvoice: InvoiceReader
  /** What a gateway's first days allow; all where it is absent. */
  firstDays?: Pick<FirstDays, 'fitsPayout' | 'admitPayout'>
  /** Throws `rail_unavailable` when the asset cannot be priced now. */
  worth: (amount: Money) => NanoUsd
}>

export function createLoad({ records, clock, limits, openMax, readInvoice, firstDays, worth }: Parts): Load {
  const shareOf = (whom: Whom) => (isPayee(whom) ? limits.payee : limits.party)
  const aDayMs = (whom: Whom) => shareOf(whom).slotHoursADay * HOUR_MS
  const meters = createSlotMeters({ now: clock.now, aDayMs })
  const admission = createAdmission({ limits, openMax, readInvoice, worth, isTired })
  const open = createOpenPayments({
    records,
    whomOf: (payout) => whomOf(payout, readInvoice),
    onOpen: (payout) => admission.stand(payout),
    onEnd: admission.end,
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

  return {
    admit(wanted, inNet) {
      open.fill()
      // What the books have already was admitted.
      const isNew = !isGivenBack(wanted) && records.get(wanted.id) === undefined
      const counts = isNew ? firstDays?.admitPayout(wanted.id, wanted.amount) : undefined
      try {
        const ends = admission.admit(wanted, inNet)
        return () => {
          counts?.()
          ends()
        }
      } catch (error) {
        counts?.()
        throw error
      }
    },
    fits(wanted) {
      if (!isGivenBack(wanted)) firstDays?.fitsPayout(wanted.amount)
      admission.refuseTooLarge(wanted)
    },
    stand: admission.stand,
    end: admission.end,
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

/** The payment of a net, whose members were admitted, and what operators have decided to give back. */
function isGivenBack({ source, behalf }: Wanted): boolean {
  return source.startsWith('netting:') || (source.startsWith('surplus:') && !isAskedRefund(behalf))
}
