import { expect, test } from 'vitest'
import { outside } from '../../test/merchant/merchantWorld.ts'
import { begun, COST, got, grant, live, order, settle, status, subscribed, usd } from '../../test/merchant/subscriptionWorld.ts'
import type { Subscription } from './subscription.ts'

test('it ends with the period that was paid, and an end that was not meant is undone', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { id, payee } = await subscribed(w)
  for (let i = 0; i < 2; i++) await w.subscriptions.cancel(id, 'period_end', order())
  expect([status(w, id), w.subscriptions.get(id).ending, w.facts('subscription.ending').length]).toEqual(['active', true, 1])
  await w.subscriptions.resume(id, order())
  await w.at('2027-02-28T09:30:00Z')
  expect([status(w, id), got(w, payee)]).toEqual(['active', 2n])
  await w.subscriptions.cancel(id, 'period_end', order())
  await w.at('2027-03-31T09:29:59Z')
  expect(status(w, id)).toBe('active')
  await w.at('2027-03-31T09:30:00Z')
  expect([status(w, id), got(w, payee)]).toEqual(['canceled', 2n])
  await w.at('2027-08-31T09:30:00Z')
  expect([got(w, payee), w.facts('intent.created').length, w.facts('subscription.canceled').length]).toEqual([2n, 2, 1])
})

test('one that is to end with a period that is open can still be paid, and is over without it', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const [paid, unpaid] = [await subscribed(w, { page: true }), await subscribed(w, { page: true })]
  for (const { id } of [paid, unpaid]) await w.subscriptions.cancel(id, 'period_end', order())
  await w.pay(w.subscriptions.get(paid.id).current!.intent, paid.payer)
  await w.at('2027-01-10T00:00:00Z')
  expect([status(w, paid.id), status(w, unpaid.id), w.facts('subscription.paused').length]).toEqual(['active', 'canceled', 0])
  await w.at('2027-02-01T00:00:00Z')
  expect([status(w, paid.id), got(w, paid.payee)]).toEqual(['canceled', 1n])
})

test('one in which nothing runs ends at once, also where it should end with its period', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const trial = await subscribed(w, { trialDays: 30 })
  await w.subscriptions.cancel(trial.id, 'period_end', order())
  await w.at('2027-06-01T00:00:00Z')
  expect([status(w, trial.id), w.facts('intent.created').length]).toEqual(['canceled', 0])
})

test('a rest takes nothing and is not paid for; within the period that was paid it moves no day', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { id, payee } = await subscribed(w)
  await w.subscriptions.pause(id, order())
  await w.at('2027-02-10T00:00:00Z')
  await w.subscriptions.resume(id, order())
  await w.at('2027-02-28T09:30:00Z')
  expect([status(w, id), got(w, payee)]).toEqual(['active', 2n])
  await w.subscriptions.pause(id, order())
  await w.at('2027-07-15T12:00:00Z')
  expect([status(w, id), got(w, payee)]).toEqual(['paused', 2n])
  await w.subscriptions.resume(id, order())
  await settle(w)
  expect([begun(w).at(-1), got(w, payee)]).toEqual([['2027-07-15', 2], 3n])
  await w.at('2027-08-15T11:59:59Z')
  expect(got(w, payee)).toBe(3n)
  await w.at('2027-08-15T12:00:00Z')
  expect(got(w, payee)).toBe(4n)
})

test('what its payer has let rest or end nobody else lets go on, and whoever is paid says it in vain', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { id, payee, payer } = await subscribed(w)
  const by = (who: string) => ({ ...order<Subscription>(), by: who })
  await w.subscriptions.pause(id, by(payee))
  await w.subscriptions.pause(id, by(payer))
  await expect(w.subscriptions.resume(id, by(payee))).rejects.toMatchObject({ code: 'forbidden' })
  await w.subscriptions.resume(id, by(payer))
  await w.subscriptions.cancel(id, 'period_end', by(payer))
  await w.subscriptions.pause(id, by(payee))
  await expect(w.subscriptions.resume(id, by(payee))).rejects.toMatchObject({ code: 'forbidden' })
  await w.at('2027-02-28T09:30:00Z')
  expect([status(w, id), got(w, payee)]).toEqual(['canceled', 1n])
})

test('a new price is of the periods that begin after it, and above the limit of its payer he is asked anew', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const [{ id, plan, payee }, page] = [await subscribed(w, { most: '7' }), await subscribed(w, { page: true })]
  await w.plans.reprice(plan.id, usd('7'), order())
  await w.plans.reprice(page.plan.id, usd('50'), order())
  expect(w.intents.get(w.subscriptions.get(page.id).current!.intent).amount).toEqual(usd('5'))
  expect(w.balance(payee)).toBe(COST)
  await w.at('2027-02-28T09:30:00Z')
  const cost = () => w.intents.get(w.subscriptions.get(id).current!.intent).amount
  expect([status(w, id), cost()]).toEqual(['active', usd('7')])
  await w.plans.reprice(plan.id, usd('7.000001'), order())
  await w.at('2027-03-31T09:30:00Z')
  expect([status(w, id), cost(), w.facts('subscription.lapsed').length]).toEqual(['needs_consent', usd('7'), 1])
  await w.at('2027-04-20T10:00:00Z')
  await expect(w.subscriptions.consent(id, usd('7'), order())).rejects.toMatchObject({ code: 'invalid_amount' })
  await w.subscriptions.consent(id, usd('8'), order())
  await settle(w)
  expect([status(w, id), cost(), begun(w).at(-1)]).toEqual(['active', usd('7.000001'), ['2027-04-20', 2]])
})

test('a limit that is lowered under what is open is kept', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { id, plan, payee, payer } = await subscribed(w, { euros: '3' })
  await w.plans.reprice(plan.id, usd('1'), order())
  await w.subscriptions.consent(id, usd('1'), order())
  await grant(w, payer)
  await w.at('2027-02-01T09:30:00Z')
  expect([w.facts('subscription.tried').at(-1)!.data.reason, got(w, payee)]).toEqual(['above_amount_max', 0n])
})

test('money that comes late is its payer’s, and renews nothing', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id, payee, payer } = await subscribed(w, { page: true })
  const { intent } = w.subscriptions.get(id).current!
  await w.at('2027-01-09T00:00:01Z')
  await expect(w.pay(intent, payer)).rejects.toMatchObject({ code: 'intent_closed' })
  expect([status(w, id), got(w, payee), w.facts('subscription.collected').length]).toEqual(['paused', 0n, 0])
})

test('no more are made than one payee may have of one payer', async () => {
  const w = await live()
  const { plan, payer } = await subscribed(w)
  const make = () => w.subscriptions.create({ plan, subscriber: payer, metadata: {} }, order())
  for (let i = 0; i < 18; i++) await make()
  const refusals = await Promise.all(
    Array.from({ length: 5 }, () =>
      make().then(
        () => 'none',
        ({ code }) => code,
      ),
    ),
  )
  expect(refusals).toEqual(['none', ...Array(4).fill('too_many_active')])
})
