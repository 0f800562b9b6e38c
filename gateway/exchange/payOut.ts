import type { ErrorCode } from '../errors/catalog.ts'
import { isGatewayError } from '../errors/gatewayError.ts'
import { isDayFull } from '../guard/firstDays/firstDays.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { REFUSED_FOR_GOOD } from '../payouts/payout/createPayout.ts'
import type { CreatePayout } from '../payouts/payoutState/createPayoutCommand.ts'
import { type ExchangeContext, once } from './context.ts'
import { coverLegs, creditLegs, exchangePath, fundsBackLegs } from './entries.ts'
import type { Exchange, HeldPay, IntentPay } from './exchange.ts'
import { toFact } from './facts.ts'
import { submitStep } from './submitStep.ts'

/** What a payout is refused with for good; anything else is tried again. */
const REFUSALS: readonly ErrorCode[] = [...REFUSED_FOR_GOOD, 'insufficient_balance', 'too_many_open']

/** `refused`: it can not be made. `day_full`: not today, by the limit of a gateway's first days. Nothing has moved then. */
export type PayoutMade = 'made' | 'refused' | 'day_full'

/** Steps on the payout's side. */
type PayOut = Readonly<{
  pay(x: Exchange, sendBy: number | undefined): Promise<PayoutMade>
  refund(x: Exchange, pay: IntentPay): Promise<PayoutMade>
  credit(x: Exchange): Promise<undefined>
  cover(x: Exchange, pay: HeldPay): Promise<undefined>
  forget(x: Exchange, pay: HeldPay): Promise<undefined>
}>

export function createPayOut(context: ExchangeContext): PayOut {
  const { clock, log, payouts } = context

  async function make(x: Exchange, command: CreatePayout): Promise<PayoutMade> {
    try {
      await payouts.create(command)
      return 'made'
    } catch (error) {
      if (!isGatewayError(error) || !REFUSALS.includes(error.code)) throw error
      const fields = { exchange: x.id, payout: command.id, code: error.code, detail: error.shortMessage }
      const isFull = isDayFull(error)
      log.warn(fields, isFull ? 'the payout of an exchange finds no room today' : 'the payout of an exchange is refused')
      return isFull ? 'day_full' : 'refused'
    }
  }

  return {
    pay(x, sendBy) {
      const { payout: id, amount, destinations, reference } = x.leg
      const source = x.pay.kind === 'hold' ? exchangePath(x) : `party:${x.party}`
      const behalf = { account: `party:${x.party}` }
      const order = { id, source, behalf, amount, destinations, reference, createdBy: x.createdBy }
      return make(x, { ...order, ...(sendBy === undefined ? {} : { sendBy }) })
    },
    refund(x, pay) {
      const { amount, reference } = x.leg
      return make(x, {
        id: pay.refund,
        source: `party:${x.party}`,
        amount,
        destinations: pay.refundTo,
        reference,
        createdBy: x.createdBy,
      })
    },
    async credit(x) {
      const fact = toFact({ type: 'exchange.credited', id: x.id, at: clock.now(), data: {} })
      const entry = x.pay.kind === 'hold' ? { entry: newEntry(context, x.id, creditLegs(x)) } : {}
      await submitStep(context, { claims: [once(x.id, 'closed', 'credited')], facts: [fact], ...entry })
      log.warn({ exchange: x.id }, 'the amount of an exchange stands on the balance of its party')
    },
    async cover(x, pay) {
      const fact = toFact({ type: 'exchange.covered', id: x.id, at: clock.now(), data: {} })
      const entry = newEntry(context, x.id, coverLegs(x, pay))
      await submitStep(context, { claims: [once(x.id, 'closed', 'covered')], facts: [fact], entry })
      log.error({ exchange: x.id }, 'a payout was made whose payment went back: the capital bears it')
    },
    async forget(x, pay) {
      const fact = toFact({ type: 'exchange.released', id: x.id, at: clock.now(), data: { reason: 'payout_failed' } })
      const entry = newEntry(context, x.id, fundsBackLegs(x, pay))
      await submitStep(context, { claims: [once(x.id, 'closed', 'released')], facts: [fact], entry })
    },
  }
}
