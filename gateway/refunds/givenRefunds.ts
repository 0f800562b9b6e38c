import { nextWord, unlessSpokenOver, untilSaid } from '../audit/receipt/receiptChain.ts'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { drive, type Steps } from '../ledger/process/drive.ts'
import { createInTurn } from '../ledger/process/inTurn.ts'
import { submitUntilKnown } from '../ledger/process/submit.ts'
import { createUnderWay } from '../ledger/process/underWay.ts'
import { min } from '../money/integers.ts'
import { toRefundFact } from '../payins/refund/facts.ts'
import { refundLink } from '../payins/refund/refundLink.ts'
import type { KnownPayment } from '../payins/status/statusReader.ts'
import { REFUSED_FOR_GOOD } from '../payouts/payout/createPayout.ts'
import type { Claim, Fact } from '../ports/books.ts'
import type { Destination } from '../ports/sender.ts'
import { beginToPay } from './beginToPay.ts'
import { type CreateRefund, createRefund, giverOf, requireRoom, wantedOf } from './createRefund.ts'
import { endRefund } from './endRefund.ts'
import { type GivenRefund, isFree, isOf, refundStatus } from './givenRefund.ts'
import { nextEffect, type RefundEffect } from './nextEffect.ts'
import type { RefundContext } from './refundContext.ts'

/** Steps at once; each is a commit or two. */
const WIDTH = 16
const RETRY_MS = 1_000
/** When it is looked whether a chain has brought again what it took back. */
const TAKEN_BACK_RETRY_MS = 30_000
/** More steps than any refund takes without waiting. */
const STEPS_MAX = 8
/** Timers count to 2^31 - 1 ms; what waits longer looks again. */
const WAIT_MS_MAX = 86_400_000

/** Refunds as things of their own, each driven to its end. Its records must have been made before the books started. */
export function createGivenRefunds(context: RefundContext & Readonly<{ onFatal?: ((error: unknown) => void) | undefined }>) {
  const { records, clock, log } = context
  /** One of a payment at a time: they write to one chain of entries of its receipt. */
  const inTurn = createInTurn()
  const inTurnOf = <T>({ data }: GivenRefund, work: () => Promise<T>) => inTurn(data.receipt, work)
  const driven = drive<GivenRefund, RefundEffect>({
    name: 'refund',
    records,
    next: (refund) => nextEffect(refund, clock.now()),
    steps: stepsOf(context, inTurnOf),
    width: WIDTH,
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log,
    clock,
    onFatal: context.onFatal,
  })

  const known = (id: string) => knownIn(records, id)

  return {
    /** One refund or dispute of a payment at a time, by its receipt. */
    inTurn,
    /** The payment by its receipt or its intent. Throws `not_found` for who may not give it back. */
    payment: (of: string, asker: string | undefined): Promise<KnownPayment> => ownPayment(context, of, asker),
    /** What of it would go back. */
    wanted: (payment: KnownPayment, o: Pick<CreateRefund, 'amount' | 'asker'>) => wantedOf(context, payment, o),
    /** Puts aside what goes back, and begins to pay it. Throws `too_many_open` and what `createRefund` does. */
    create: creation(context, inTurn),
    get: known,
    /** One that is not this party's is as if it were not there. */
    own(id: string, asker: string | undefined): GivenRefund {
      const refund = records.get(id)
      if (!refund || (asker !== undefined && !isOf(refund, asker)))
        throw new GatewayError('not_found', 'There is nothing of yours under this id')
      return refund
    },
    /** What opens it for its payer: a secret that stands nowhere. */
    linkOf: ({ id }: Pick<GivenRefund, 'id'>): string => refundLink(context.challengeKeys.refund, id),
    /** Pays it there. See `beginToPay`. */
    pay: (refund: GivenRefund, to: Destination) => inTurnOf(refund, () => beginToPay(context, known(refund.id), to)),
    /** What waits goes back to whoever has paid for it. Throws `refund_not_due` where something is on its way or was paid. */
    async cancel(id: string, by: string, along: Along): Promise<void> {
      await inTurnOf(known(id), async () => {
        const refund = known(id)
        if (refund.data.dispute !== undefined)
          throw new GatewayError('refund_not_due', 'A dispute has decided it, so it cannot be taken back')
        const done =
          isFree(refund) &&
          (await endRefund(context, refund, {
            outcome: 'canceled',
            by,
            along: along({ ...refund, end: { outcome: 'canceled', at: clock.now() } }),
          }))
        if (!done) throw new GatewayError('refund_not_due', `The refund is ${refundStatus(known(id))}, and cannot be canceled`)
      })
    },
    start(): void {
      records.onChange(driven.wake)
      void driven.resume()
    },
    close: driven.close,
  }
}

function creation(context: RefundContext, inTurn: ReturnType<typeof createInTurn>) {
  const making = createUnderWay()
  return async (o: Omit<CreateRefund, 'payment'> & Readonly<{ of: string }>): Promise<GivenRefund> => {
    const payment = await ownPayment(context, o.of, o.asker)
    const [{ id }, giver] = [payment.receipt, giverOf({ payment, asker: o.asker })]
    requireRoom(context, making, giver)
    return making.during(giver === undefined ? [] : [giver], () =>
      inTurn(id, async () => createRefund(context, { ...o, payment: await ownPayment(context, id, o.asker) })),
    )
  }
}

function knownIn(records: RefundContext['records'], id: string): GivenRefund {
  const refund = records.get(id)
  if (!refund) throw new GatewayError('not_found', `There is no refund ${id.slice(0, 60)}`)
  return refund
}

async function ownPayment(context: RefundContext, of: string, asker: string | undefined): Promise<KnownPayment> {
  const receipt = of.startsWith('pi_') ? receiptOf(context, of) : of
  const payment = receipt === undefined ? undefined : await context.findPayment(receipt)
  const { payee, parts } = payment?.receipt ?? {}
  const isOwn = asker === undefined || payee === asker || parts?.some(({ to }) => to === asker)
  if (!payment || !isOwn) throw new GatewayError('not_found', 'There is nothing of yours under this id')
  return payment
}

function receiptOf({ intents }: RefundContext, id: string): string | undefined {
  try {
    return intents.get(id).paid?.receipt
  } catch (error) {
    if (isGatewayError(error, 'not_found')) return undefined
    throw error
  }
}

type Along = (canceled: GivenRefund) => Readonly<{ claims: readonly Claim[]; facts: readonly Fact[] }>

type InTurnOf = <T>(refund: GivenRefund, work: () => Promise<T>) => Promise<T>

function stepsOf(context: RefundContext, inTurnOf: InTurnOf): Steps<GivenRefund, RefundEffect> {
  const { records, clock, log } = context
  return {
    none: () => 'wait',
    wait: () => 'wait',
    claim: (_, { untilMs }) => min(untilMs - clock.now(), WAIT_MS_MAX),
    async pay(refund, { to }) {
      try {
        await inTurnOf(refund, () => beginToPay(context, records.get(refund.id)!, to))
      } catch (error) {
        // Something else has begun with it, which says what is next, or its chain has taken the payment back.
        if (isGatewayError(error, 'refund_not_due')) {
          const now = records.get(refund.id)!
          if (isFree(now) && clock.now() < now.expiresAt) return TAKEN_BACK_RETRY_MS
          if (isFree(now)) await inTurnOf(now, () => endRefund(context, now, { outcome: 'expired', by: 'gateway' }))
          return undefined
        }
        if (!REFUSED_FOR_GOOD.some((code) => isGatewayError(error, code))) throw error
        log.warn(
          { refund: refund.id, detail: String(error) },
          'a refund cannot be paid to where it was to go: it is with those who have paid for it again',
        )
        await inTurnOf(refund, () => endRefund(context, records.get(refund.id)!, { outcome: 'failed', by: 'gateway' }))
      }
      return undefined
    },
    reopen: (refund) => inTurnOf(refund, () => reopen(context, refund)),
    async end(refund, { outcome }) {
      await inTurnOf(refund, () => endRefund(context, records.get(refund.id)!, { outcome, by: 'gateway' }))
      return undefined
    },
  }
}

/** What was with its payer came back: the books say so, and it waits again. */
async function reopen(context: RefundContext, refund: GivenRefund): Promise<undefined> {
  const { books, clock } = context
  const { request, receipt } = refund.data
  await untilSaid(async () => {
    const head = await context.headOf(receipt)
    const at = clock.now()
    const word = nextWord(head, at, { state: 'refund_due', reason: 'refund_returned' })
    const outcome = await submitUntilKnown(books, {
      claims: [{ key: `refund:${refund.id}:reopened:${refund.tries.length}`, fingerprint: 'reopened' }, ...word.claims],
      facts: [toRefundFact({ type: 'refund.reopened', id: refund.id, at, data: { request } }), ...word.facts],
    })
    return unlessSpokenOver(outcome)
  })
  return undefined
}
