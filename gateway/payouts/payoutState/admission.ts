import type { NanoUsd } from '../../costs/policy.ts'
import { GatewayError, whereAvailable } from '../../errors/gatewayError.ts'
import type { Money } from '../../money/money.ts'
import type { InvoiceReader } from '../../ports/invoiceReader.ts'
import { isAskedRefund, ownerOf } from '../fees/purses.ts'
import type { PayoutLimits } from './limits.ts'
import type { Payout } from './payout.ts'
import { type Counted, createTally } from './tally.ts'
import { isLightning, isPayee, type Whom, whomOf } from './whom.ts'

const NANO_PER_USD = 1_000_000_000n
/** The names under which all are counted. */
const ALL = 'payouts'
const NETS = 'nets'

/** A payout that is in the books, or may come to be. */
export type Wanted = Pick<Payout, 'id' | 'source' | 'behalf' | 'amount' | 'destinations'>
/** The net that a payout joins, and how many may be open. All that join one count as one payout, and weigh as all of them. */
export type InNet = Readonly<{ net: string; openMax: number }>

type Parts = Readonly<{
  limits: PayoutLimits
  /** Payouts that may be open at once. */
  openMax: number
  readInvoice: InvoiceReader
  /** Throws `rail_unavailable` when the asset cannot be priced now. */
  worth: (amount: Money) => NanoUsd
  /** Whether it has used its slot-hours. */
  isTired: (whom: Whom) => boolean
}>

/** Counts open payouts for their parties and payees, from the moment they are admitted. */
export function createAdmission({ limits, openMax, readInvoice, worth, isTired }: Parts) {
  const tally = createTally()
  const { shareOf, worthOf, whomCounted, countedOf } = counting({ limits, readInvoice, worth })

  function refuseTooMuch(whom: Whom, counted: Counted): void {
    const share = shareOf(whom)
    const { count, worthNano } = tally.withOne(whom, counted)
    if (counted.worthNano > share.openNanoMax) throw tooLarge(whom, counted.worthNano, share.openNanoMax)
    if (count > share.openMax) throw tooMany(whom, `${share.openMax} payouts without an end`)
    if (worthNano > share.openNanoMax) throw tooMany(whom, `payouts worth ${share.openNanoMax / NANO_PER_USD} USD without an end`)
  }

  /** No party has more of what is open to a payee than is free besides, so that each who comes finds half of the rest. */
  function refuseGreedy(payee: Whom, wanted: Wanted, counted: Counted): void {
    const { openMax: most } = limits.payee
    const own = tally.withOne(partOf(payee, wanted), counted).count - 1
    if (own >= most - (tally.withOne(payee, counted).count - 1))
      throw tooMany(payee, `${own} payouts of ${ownerOf(wanted.behalf)} without an end`)
  }

  function refuseTired(whom: Whom): void {
    if (isTired(whom)) throw tooMany(whom, `${shareOf(whom).slotHoursADay} slot-hours of held Lightning payments`)
  }

  return {
    /** Refuses with `too_many_open` what is worth more by itself than its party or a payee may have without an end. */
    refuseTooLarge(wanted: Wanted): void {
      const worthNano = worthOf(wanted.amount)
      for (const whom of whomCounted(wanted)) {
        const { openNanoMax } = shareOf(whom)
        if (worthNano > openNanoMax) throw tooLarge(whom, worthNano, openNanoMax)
      }
    },
    /**
     * Refuses a payout of somebody who has too much under way with `too_many_open`, and any when too many are open with `too_busy`. One that is admitted
     * counts at once; answers how to say that the books have it, or never will.
     */
    admit(wanted: Wanted, inNet?: InNet): () => void {
      const counted = countedOf(wanted, inNet)
      // What counts already was admitted: it is asked for again because nobody knew whether the books had taken it.
      if (tally.has(wanted.id)) return tally.reserve(wanted.id, counted)
      const [all, most] = inNet ? [NETS, inNet.openMax] : [ALL, openMax]
      if (tally.withOne(all, counted).count > most) throw new GatewayError('too_busy', `${most} ${all} are open`)
      // Operators have decided on a refund, and it would wait for ever when it is worth more than a payee may have open. A payer asks again.
      const decided = wanted.source.startsWith('surplus:') && !isAskedRefund(wanted.behalf)
      const bound = decided ? [] : whomCounted(wanted)
      for (const whom of bound) {
        refuseTooMuch(whom, counted)
        if (isPayee(whom)) refuseGreedy(whom, wanted, counted)
        if (wanted.destinations.every(isLightning)) refuseTired(whom)
      }
      return tally.reserve(wanted.id, counted)
    },
    /** The books have it. */
    stand: (payout: Wanted, inNet?: InNet) => tally.stand(payout.id, countedOf(payout, inNet)),
    end: tally.end,
  }
}

/** For whom a payout counts, and how much. */
function counting({ limits, readInvoice, worth }: Pick<Parts, 'limits' | 'readInvoice' | 'worth'>) {
  /** What cannot be priced now is not paid now, and weighs nothing. */
  function worthOf(amount: Money): NanoUsd {
    return whereAvailable(() => worth(amount)) ?? 0n
  }

  /** The payment of a net counts for nobody: its members do, until it has its end. */
  function whomCounted({ source, behalf, destinations }: Wanted): readonly Whom[] {
    return source.startsWith('netting:') ? [] : whomOf({ behalf, destinations }, readInvoice)
  }

  /** All of a batch count as one, and weigh as all of them. */
  function countedOf(wanted: Wanted, inNet?: InNet): Counted {
    const whom = whomCounted(wanted)
    const names = [inNet ? NETS : ALL, ...whom, ...whom.filter(isPayee).map((payee) => partOf(payee, wanted))]
    return {
      names,
      group: inNet?.net ?? (wanted.source.startsWith('batch:') ? wanted.source : wanted.id),
      worthNano: worthOf(wanted.amount),
    }
  }

  return { shareOf: (whom: Whom) => (isPayee(whom) ? limits.payee : limits.party), worthOf, whomCounted, countedOf }
}

/** What a payee's share is used by one party. */
function partOf(payee: Whom, { behalf }: Wanted): string {
  return `${payee} of ${ownerOf(behalf)}`
}

/** One that never finds room, however long it waits. */
function tooLarge(whom: Whom, worthNano: NanoUsd, mostNano: NanoUsd): GatewayError {
  const [worth, most] = [worthNano, mostNano].map((nano) => `${nano / NANO_PER_USD} USD`)
  return new GatewayError('too_many_open', `This payout alone is worth ${worth}, and ${whom} may have ${most} under way`, {
    meta: { of: whom },
    hint: 'Nothing was taken. Pay out less at a time, or have the operator raise `payouts.party.openUsd` or `payouts.payee.openUsd`.',
  })
}

function tooMany(whom: Whom, what: string): GatewayError {
  return new GatewayError('too_many_open', `There are ${what} for ${whom}, the most that there may be`, { meta: { of: whom } })
}
