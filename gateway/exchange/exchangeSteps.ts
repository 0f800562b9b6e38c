import { invariant } from '../errors/invariant.ts'
import type { StepAnswer, Steps } from '../ledger/process/drive.ts'
import type { ExchangeContext } from './context.ts'
import type { Exchange, HeldPay, IntentPay } from './exchange.ts'
import { toFact } from './facts.ts'
import type { ExchangeEffect } from './nextEffect.ts'
import type { PayIn } from './payIn.ts'
import { createPayOut, type PayoutMade } from './payOut.ts'
import { submitStep } from './submitStep.ts'

/** What each step of an exchange does. */
export function exchangeSteps(context: ExchangeContext, payIn: PayIn): Steps<Exchange, ExchangeEffect> {
  const payOut = createPayOut(context)

  /**
   * A payout that is refused has moved nothing: what waits goes back, and what is booked becomes the party's. What is booked waits for a day with room; a
   * payer whose payment only waits is not kept waiting for one.
   */
  function after(x: Exchange, made: PayoutMade): StepAnswer | Promise<StepAnswer> {
    if (made === 'made') return undefined
    if (x.pay.kind === 'hold') return payIn.give(x, x.pay, 'payout_failed')
    return made === 'day_full' ? context.policy.dayFullMs : payOut.credit(x)
  }

  return {
    none: () => 'wait',
    wait: () => 'wait',
    watch: (x) => payIn.watch(x, heldPay(x)),
    guard: (x, { byMs }) => payIn.guard(x, heldPay(x), byMs),
    give: (x, { reason }) => payIn.give(x, heldPay(x), reason),
    take: (x) => payIn.take(x, heldPay(x)),
    pay: async (x, { sendBy }) => after(x, await payOut.pay(x, sendBy)),
    doubt: (x, { decideBy }) => doubt(context, x, decideBy),
    cover: (x) => payOut.cover(x, heldPay(x)),
    forget: (x) => payOut.forget(x, heldPay(x)),
    credit: (x) => payOut.credit(x),
    refund: async (x) => after(x, await payOut.refund(x, intentPay(x))),
  }
}

/** The time to decide is over. It is written before it is done, so that the books say why a payment was taken without a certain payout. */
async function doubt(context: ExchangeContext, x: Exchange, decideBy: number): Promise<undefined> {
  const { clock, log } = context
  await submitStep(context, { facts: [toFact({ type: 'exchange.doubted', id: x.id, at: clock.now(), data: { decideBy } })] })
  log.error({ exchange: x.id, payout: x.leg.payout }, 'the payout has no outcome in time, and may have moved: its payment is taken')
}

function heldPay({ id, pay }: Exchange): HeldPay {
  invariant(pay.kind === 'hold', `${id} is paid by a payment that waits`)
  return pay
}

function intentPay({ id, pay }: Exchange): IntentPay {
  invariant(pay.kind === 'intent', `${id} is paid by an intent`)
  return pay
}
