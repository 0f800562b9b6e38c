import type { Fact, Json } from '../../gateway/ports/books.ts'
import { plainMoney, type Teller, USDC } from './teller.ts'

const OPEN_MAX = 12
const PLANS_MAX = 4

type PlanTold = { id: string; seller: string }
type Told = { id: string; payer: string | undefined; consented: boolean; period: number; open: string | undefined; resting: boolean }

/** Plans and subscriptions without end, a step at a time: made, consented to, paid and not paid, put to rest, and canceled. */
export function* subscribers(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  const plans: PlanTold[] = []
  const open: Told[] = []
  for (;;) {
    if (plans.length === 0 || t.dice.percent(8)) yield planStep(t, { plans, seller: t.dice.pick(parties) })
    else if (open.length < OPEN_MAX && t.dice.percent(30))
      yield [begins(t, { open, plan: t.dice.pick(plans), payer: t.dice.pick(parties) })]
    else if (open.length > 0) yield step(t, { open, plans })
    else yield []
  }
}

function planStep(t: Teller, { plans, seller }: Readonly<{ plans: PlanTold[]; seller: string }>): Fact[] {
  if (plans.length >= PLANS_MAX) return [t.fact('plan.deactivated', plans.shift()!.id, { by: 'operator' })]
  const id = t.id('plan_')
  plans.push({ id, seller })
  const every = { unit: t.dice.pick(['day', 'week', 'month', 'year']), count: 1 + t.dice.below(3) }
  const payee = { kind: 'party', id: seller }
  const terms = { every, trialDays: t.dice.below(2) * 14, about: { seller: 'Ünal' }, metadata: { shop: 'north' } }
  return [
    t.fact('plan.created', id, {
      payee,
      amount: plainMoney(USDC, 5),
      every: terms.every,
      trialDays: terms.trialDays,
      about: terms.about,
      metadata: terms.metadata,
      by: 'operator',
    }),
  ]
}

function begins(t: Teller, { open, plan, payer }: Readonly<{ open: Told[]; plan: PlanTold; payer: string }>): Fact {
  const id = t.id('sub_')
  const told = { id, payer: t.dice.percent(60) ? payer : undefined, consented: false, period: -1, open: undefined, resting: false }
  open.push(told)
  const terms = { every: { unit: 'month', count: 1 }, anchor: 1_800_000_000_000, metadata: {}, by: 'operator' }
  return t.fact('subscription.created', id, {
    plan: plan.id,
    payee: plan.seller,
    subscriber: told.payer,
    every: terms.every,
    anchor: terms.anchor,
    metadata: terms.metadata,
    by: terms.by,
  })
}

/** What happens to one next. */
function step(t: Teller, { open, plans }: Readonly<{ open: Told[]; plans: readonly PlanTold[] }>): Fact[] {
  const place = t.dice.below(open.length)
  const told = open[place]!
  const own = (type: string, data: Readonly<Record<string, Json>>) => t.fact(`subscription.${type}`, told.id, data)
  const { period } = told
  if (t.dice.percent(8)) {
    open.splice(place, 1)
    return [...(told.open ? [t.fact('intent.canceled', told.open)] : []), own('canceled', { by: 'operator' })]
  }
  if (told.resting) {
    told.resting = false
    return [own('resumed', { by: 'operator' })]
  }
  if (told.payer && !told.consented) {
    told.consented = true
    return [own('consented', { mostUnits: '9', by: told.payer })]
  }
  if (told.open) return openStep(t, told)
  const deed = t.dice.below(10)
  if (deed === 0) return [t.fact('plan.repriced', t.dice.pick(plans).id, { amount: plainMoney(USDC, 3 + t.dice.below(3)), by: 'operator' })]
  if (deed === 1) return [own('ending', { by: told.payer ?? 'operator' })]
  if (deed === 2 && told.payer) {
    told.consented = false
    return [own('lapsed', { units: '10' })]
  }
  const intent = t.id('pi_')
  told.period = period + 1
  told.open = intent
  const terms = { amount: plainMoney(USDC, 5), credit: plainMoney(USDC, 5), metadata: {}, expiresAt: 1_900_000_000_000, offers: [] }
  const payee = { kind: 'party', id: plans[0]!.seller }
  return [
    t.fact('intent.created', intent, {
      amount: terms.amount,
      credit: terms.credit,
      metadata: terms.metadata,
      expiresAt: terms.expiresAt,
      offers: terms.offers,
      payee,
      origin: told.id,
    }),
    own('begun', { period: told.period, intent }),
  ]
}

/** A period that may still be paid: it is, or it is tried in vain, or its time passes. */
function openStep(t: Teller, told: Told): Fact[] {
  const [intent, { period }] = [told.open!, told]
  const own = (type: string, data: Readonly<Record<string, Json>>) => t.fact(`subscription.${type}`, told.id, data)
  if (t.dice.percent(30)) return [own('tried', { period, intent, reason: told.payer ? 'insufficient_balance' : 'not_paid' })]
  told.open = undefined
  if (t.dice.percent(30)) {
    told.resting = true
    return [t.fact('intent.expired', intent), own('paused', t.dice.percent(50) ? {} : { by: 'operator' })]
  }
  const receipt = t.id('rc_')
  const paid = { rail: 'book', settlementId: `book:${intent}`, amount: plainMoney(USDC, 5), receipt }
  return [t.fact('intent.settled', intent, paid), ...(told.payer ? [own('collected', { period, receipt })] : [])]
}
