import { setImmediate as turn } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { Periods } from '../../gateway/ledger/calendar/periods.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import { nextEffect } from '../../gateway/subscriptions/nextEffect.ts'
import type { Plan } from '../../gateway/subscriptions/plan.ts'
import { createPlans } from '../../gateway/subscriptions/plans.ts'
import { createPlanRecords, createSubscriptionRecords } from '../../gateway/subscriptions/records.ts'
import type { Subscription } from '../../gateway/subscriptions/subscription.ts'
import { createSubscriptions } from '../../gateway/subscriptions/subscriptions.ts'
import { boot, type Outside, outside, type Parts } from './merchantWorld.ts'

export const DAY_MS = 86_400_000
const MONTHLY: Periods['every'] = { unit: 'month', count: 1 }
/** What a period costs, in the smallest units of the euro: five dollars. */
export const COST = 4_000_000n
export const usd = (amount: string) => parseAmount(amount, USD)
const log = { warn: () => {}, error: () => {} }
/** What an order is made durable with, and what it has made. */
export function order<T>() {
  const made: T[] = []
  const along = (one: T) => {
    made.push(one)
    return { claims: [{ key: crypto.randomUUID(), fingerprint: '' }], facts: [] }
  }
  return { by: 'operator', along, made }
}

function open(parts: Parts) {
  const [plans, records] = [createPlanRecords(parts.books, parts.assetOf), createSubscriptionRecords(parts.books)]
  return {
    records,
    plans: createPlans({ ...parts, records: plans }),
    subscriptions: createSubscriptions({ ...parts, plans, records, log }),
  }
}

export type World = Awaited<ReturnType<typeof live>>

export async function live(o: Outside = outside(), journal: JournalStore = o.journal) {
  const w = await boot(o, open, journal)
  const { plans, subscriptions } = w.opened
  subscriptions.start()
  let dead = false
  // What a dead process has begun never ends, so nobody waits for it.
  onTestFinished(() => (dead ? undefined : subscriptions.close()))
  return {
    isDead: () => dead,
    die() {
      dead = true
      void subscriptions.close()
    },
    ...w,
    o,
    plans,
    subscriptions,
    /** Sets the clock and lets everything that is due be done. */
    async at(time: string | number) {
      o.clock.set(time)
      await settle(this as unknown as World)
    },
  }
}

/** Ends intents whose time is over, as their sweep does, until nothing is to be done any more. */
export async function settle(w: World): Promise<void> {
  const { records } = w.opened
  for (let busy = true; busy && !w.isDead(); ) {
    for (const intent of w.intentRecords.due(w.clock.now(), 1_000)) await w.intents.cancel(intent.id)
    w.subscriptions.look()
    await turn()
    busy = records.open().some((s) => nextEffect(s, w.clock.now()).kind !== 'none') || w.intentRecords.due(w.clock.now(), 1_000).length > 0
  }
}

type Terms = Partial<
  Readonly<{ every: Periods['every']; trialDays: number; euros: string; page: boolean; consents: boolean; most: string }>
>

export async function subscribed(
  w: World,
  { every = MONTHLY, trialDays = 0, euros = '100', page = false, consents = true, most = '5' }: Terms = {},
) {
  const [payee, payer] = [await w.party(), await w.party(euros)]
  const making = order<Plan>()
  const fresh = {
    payee: { kind: 'party' as const, id: payee },
    amount: usd('5'),
    every,
    trialDays,
    about: { seller: 'Heron' },
    metadata: {},
  }
  await w.plans.create(fresh, making)
  const creating = order<Subscription>()
  const plan = making.made[0]!
  await w.subscriptions.create({ plan, subscriber: page ? undefined : payer, metadata: { shelf: '3' } }, creating)
  const { id } = creating.made[0]!
  if (!page && consents) await w.subscriptions.consent(id, usd(most), order())
  await settle(w)
  return { id, plan, payee, payer }
}

/** Fifty euros more. */
export function grant(w: World, party: PartyId) {
  const leg = { kind: 'move' as const, debit: 'capital:operator', credit: `party:${party}`, asset: w.bookAsset, units: 50_000_000n }
  return w.books.submit({ entry: { id: w.ids.entry(), payment: 'grant', legs: [leg] } })
}

export const status = (w: World, id: string) => w.subscriptions.statusOf(w.subscriptions.get(id))
export const begun = (w: World) =>
  w.facts('subscription.begun').map(({ at, data }) => [new Date(at).toISOString().slice(0, 10), data.period])
export const got = (w: World, party: PartyId) => w.balance(party) / COST
