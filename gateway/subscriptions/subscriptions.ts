import { GatewayError } from '../errors/gatewayError.ts'
import { drive } from '../ledger/process/drive.ts'
import { createDueIndex } from '../ledger/process/dueIndex.ts'
import { type Money, money } from '../money/money.ts'
import type { SubscriptionContext } from './context.ts'
import { nextEffect, type SubscriptionEffect } from './nextEffect.ts'
import { subscriptionSteps } from './steps.ts'
import { dueAt, type Subscription, type SubscriptionStatus, statusOf } from './subscription.ts'
import { requireEnough, subscriptionOrders } from './subscriptionOrders.ts'

/** Steps at once; each is a commit. */
const WIDTH = 16
/** After a refusal, such as no rate: thousands may be due at one time, and none of them is in a hurry. */
const RETRY_MS = 60_000
/** More steps than a subscription takes without waiting, unless it makes up for many periods. */
const STEPS_MAX = 32
/** Looks into the index, and those that one look takes out. */
const LOOK_EVERY_MS = 1_000
const LOOK_MAX = 500

type Parts = SubscriptionContext & Readonly<{ onFatal?: ((error: unknown) => void) | undefined }>

export type Subscriptions = ReturnType<typeof createSubscriptions>

/** Subscriptions, each driven by the calendar. Its records must have been made before the books started. */
export function createSubscriptions(context: Parts) {
  const { clock, records, usd } = context

  function get(id: string): Subscription {
    const s = records.get(id)
    if (!s) throw new GatewayError('not_found', `There is no subscription ${id.slice(0, 60)}`)
    return s
  }

  return {
    get,
    statusOf: (s: Subscription): SubscriptionStatus => statusOf(s, clock.now()),
    /** What its payer lets be taken in a period. */
    most: ({ mostUnits }: Subscription): Money | undefined => (mostUnits === undefined ? undefined : money(usd, mostUnits)),
    /** See there: before another person is asked. */
    requireEnough: (id: string, most: Money): void => requireEnough(context, get(id), most),
    ...subscriptionOrders(context),
    ...running(context),
  }
}

/** What drives them: an index by the next time, and a look at it each second. */
function running(context: Parts) {
  const { clock, records, log, onFatal } = context
  const due = createDueIndex()
  const driven = drive<Subscription, SubscriptionEffect>({
    name: 'subscription',
    records,
    next: (s) => nextEffect(s, clock.now()),
    steps: subscriptionSteps(context),
    width: WIDTH,
    placeOf: ({ payee }) => ({ lane: '', owner: payee }),
    retryMs: RETRY_MS,
    stepsMax: STEPS_MAX,
    log,
    onFatal,
  })
  let timer: NodeJS.Timeout | undefined
  let unmoved: (() => void) | undefined

  function look(): void {
    for (const id of due.take(clock.now(), LOOK_MAX)) driven.wake(id)
  }

  return {
    /** Does what is due: by itself every second, and when a clock was put forward. */
    look,
    start(): void {
      const keep = (id: string) => due.set(id, dueAt(records.get(id)!))
      for (const { id } of records.open()) keep(id)
      records.onChange((id) => {
        keep(id)
        look()
      })
      timer = setInterval(look, LOOK_EVERY_MS)
      timer.unref()
      unmoved = clock.onMoved?.(look)
      look()
    },
    async close(): Promise<void> {
      clearInterval(timer)
      unmoved?.()
      await driven.close()
    },
  }
}
