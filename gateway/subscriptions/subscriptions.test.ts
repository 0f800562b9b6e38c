import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { outside } from '../../test/merchant/merchantWorld.ts'
import { begun, COST, DAY_MS, got, grant, live, order, settle, status, subscribed, usd } from '../../test/merchant/subscriptionWorld.ts'
import { dueAt, intentOf } from './subscription.ts'

test('a period is taken out of the balance when it begins, on the last day of a month that has no 31st, and once', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { id, payee } = await subscribed(w)
  for (const day of [
    '2027-02-28T09:29:59Z',
    '2027-02-28T09:30:00Z',
    '2027-03-30T23:00:00Z',
    '2027-03-31T09:30:00Z',
    '2027-04-30T09:30:00Z',
  ])
    await w.at(day)
  expect(begun(w)).toEqual([
    ['2027-01-31', 0],
    ['2027-02-28', 1],
    ['2027-03-31', 2],
    ['2027-04-30', 3],
  ])
  expect([got(w, payee), w.facts('intent.settled').length, status(w, id)]).toEqual([4n, 4, 'active'])
  const { intent } = w.subscriptions.get(id).current!
  expect(w.intents.get(intent)).toMatchObject({
    id: intentOf(w.subscriptions.get(id), 3),
    origin: id,
    metadata: { shelf: '3' },
    status: 'settled',
  })
})

test('nothing is taken before its payer has consented, nor in a trial, nor more than he allows', async () => {
  const w = await live()
  const { id, payer } = await subscribed(w, { trialDays: 14, consents: false })
  expect(status(w, id)).toBe('needs_consent')
  await expect(w.subscriptions.consent(id, usd('4.99'), order())).rejects.toMatchObject({ code: 'invalid_amount' })
  await w.subscriptions.consent(id, usd('5'), order())
  await w.at(w.clock.now() + 14 * DAY_MS - 1)
  expect([status(w, id), w.balance(payer)]).toEqual(['trialing', 100_000_000n])
  await w.at(w.clock.now() + 1)
  expect([status(w, id), w.balance(payer)]).toEqual(['active', 100_000_000n - COST])
})

test('a trial that passed before the consent begins the first period with the consent', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id } = await subscribed(w, { trialDays: 1, consents: false })
  await w.at('2027-03-05T12:00:00Z')
  expect(w.facts('intent.created')).toEqual([])
  await w.subscriptions.consent(id, usd('5'), order())
  await settle(w)
  expect(begun(w)).toEqual([['2027-03-05', 0]])
  expect(new Date(dueAt(w.subscriptions.get(id))!).toISOString()).toBe('2027-04-05T12:00:00.000Z')
})

test('a balance that is too small is asked again on other days, four times, and then the subscription rests until somebody says so', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id, payee, payer } = await subscribed(w, { euros: '3' })
  const tried = () => w.facts('subscription.tried').map(({ at }) => new Date(at).toISOString().slice(0, 10))
  expect([status(w, id), tried()]).toEqual(['past_due', ['2027-01-01']])
  for (let day = 2; day <= 9; day++) await w.at(`2027-01-0${day}T00:00:01Z`)
  expect(tried()).toEqual(['2027-01-01', '2027-01-02', '2027-01-04', '2027-01-08'])
  expect([status(w, id), w.facts('subscription.paused').length]).toEqual(['paused', 1])
  await w.at('2027-02-15T00:00:00Z')
  expect([begun(w).length, w.balance(payee)]).toEqual([1, 0n])
  await grant(w, payer)
  await w.subscriptions.resume(id, order())
  await settle(w)
  // The month that was not paid is not asked for again; the next lasts whole from the day on which it goes on.
  expect([begun(w).at(-1), got(w, payee), status(w, id)]).toEqual([['2027-02-15', 1], 1n, 'active'])
  await w.at('2027-03-14T23:59:59Z')
  expect(got(w, payee)).toBe(1n)
  await w.at('2027-03-15T00:00:00Z')
  expect(got(w, payee)).toBe(2n)
})

test('money that comes meanwhile pays at the next try', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id, payee, payer } = await subscribed(w, { euros: '3' })
  await grant(w, payer)
  await w.at('2027-01-01T23:59:59Z')
  expect(got(w, payee)).toBe(0n)
  await w.at('2027-01-02T00:00:00Z')
  expect([got(w, payee), status(w, id), begun(w).length]).toEqual([1n, 'active', 1])
})

test('each period that passed while the gateway was away is made up for once, and none is left out', async () => {
  const o = outside('2027-01-31T09:30:00Z')
  const first = await live(o)
  const { payee } = await subscribed(first)
  await first.subscriptions.close()
  o.clock.set('2027-06-10T00:00:00Z')
  const w = await live(o)
  await settle(w)
  expect(begun(w)).toEqual([
    ['2027-01-31', 0],
    ['2027-06-10', 1],
    ['2027-06-10', 2],
    ['2027-06-10', 3],
    ['2027-06-10', 4],
  ])
  expect(got(w, payee)).toBe(5n)
  await w.at('2027-06-30T09:30:00Z')
  expect([begun(w).at(-1), got(w, payee)]).toEqual([['2027-06-30', 5], 6n])
})

test('a clock that is put forward begins what is due without anybody else, however many periods that is', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { payee } = await subscribed(w, { every: { unit: 'day', count: 1 }, euros: '1000' })
  w.clock.ahead(40 * DAY_MS)
  while (got(w, payee) < 41n) await turn()
  expect([begun(w).map(([, period]) => period), got(w, payee)]).toEqual([[...Array(41).keys()], 41n])
})

test('of what is made up for no more is taken than there is, and a page that nobody pays is one page', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const [balance, page] = [await subscribed(w, { euros: '10' }), await subscribed(w, { page: true })]
  await w.pay(w.subscriptions.get(page.id).current!.intent, page.payer)
  await w.at('2027-12-31T09:30:00Z')
  expect([got(w, balance.payee), status(w, balance.id)]).toEqual([2n, 'past_due'])
  expect([w.subscriptions.get(page.id).current!.index, status(w, page.id)]).toEqual([1, 'active'])
  await w.at('2028-01-10T00:00:00Z')
  expect([status(w, balance.id), status(w, page.id)]).toEqual(['paused', 'paused'])
})

test('a clock that jumps back and forth makes no period twice', async () => {
  const w = await live(outside('2027-01-31T09:30:00Z'))
  const { payee } = await subscribed(w)
  for (const day of [
    '2027-02-28T10:00:00Z',
    '2027-01-15T00:00:00Z',
    '2027-02-28T09:30:00Z',
    '2026-01-01T00:00:00Z',
    '2027-03-01T00:00:00Z',
  ])
    await w.at(day)
  expect([got(w, payee), w.facts('intent.created').length]).toEqual([2n, 2])
})

test('its payer ends it at once: nothing is taken any more, and what was open is canceled in the same commit', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id, payee, payer } = await subscribed(w, { euros: '3' })
  const { intent } = w.subscriptions.get(id).current!
  for (let i = 0; i < 2; i++) await w.subscriptions.cancel(id, 'now', order())
  expect([status(w, id), w.intents.get(intent).status, w.facts('subscription.canceled').length]).toEqual(['canceled', 'canceled', 1])
  await grant(w, payer)
  await w.at('2027-03-01T00:00:00Z')
  expect([got(w, payee), w.facts('intent.created').length]).toEqual([0n, 1])
  await expect(w.subscriptions.consent(id, usd('9'), order())).rejects.toMatchObject({ code: 'subscription_canceled' })
  await expect(w.subscriptions.resume(id, order())).rejects.toMatchObject({ code: 'subscription_canceled' })
})

test('a cancel at the same moment as a payment comes before it or after it, and never in between', async () => {
  for (let round = 0; round < 10; round++) {
    const w = await live(outside('2027-01-31T09:30:00Z'))
    const { id, payee } = await subscribed(w)
    w.clock.set('2027-02-28T09:30:00Z')
    w.subscriptions.look()
    await Promise.all([...Array.from({ length: round }, () => Promise.resolve()), w.subscriptions.cancel(id, 'now', order())])
    const [taken, events] = [got(w, payee), w.facts('subscription.canceled')]
    await settle(w)
    await w.at('2027-04-01T00:00:00Z')
    expect([events.length, got(w, payee), status(w, id)]).toEqual([1, taken, 'canceled'])
  }
})

test('without a balance each period has a page, late when it is not paid in a day, and whoever pays it renews it', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id, payee, payer } = await subscribed(w, { page: true })
  const { intent } = w.subscriptions.get(id).current!
  expect([status(w, id), w.intents.get(intent).status]).toEqual(['active', 'open'])
  await w.at('2027-01-02T00:00:00Z')
  expect([status(w, id), w.facts('subscription.tried').map(({ data }) => data.reason)]).toEqual(['past_due', ['not_paid']])
  await w.pay(intent, payer)
  expect([status(w, id), got(w, payee)]).toEqual(['active', 1n])
  await w.at('2027-02-01T00:00:00Z')
  await w.at('2027-02-09T00:00:01Z')
  expect([status(w, id), begun(w).length]).toEqual(['paused', 2])
})

test('a day that is not paid is over when the next begins', async () => {
  const w = await live(outside('2027-01-01T00:00:00Z'))
  const { id } = await subscribed(w, { every: { unit: 'day', count: 1 }, euros: '3' })
  await w.at('2027-01-02T00:00:01Z')
  expect([status(w, id), begun(w).length]).toEqual(['paused', 1])
})
