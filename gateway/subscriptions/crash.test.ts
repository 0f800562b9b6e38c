import { expect, test } from 'vitest'
import { outside } from '../../test/merchant/merchantWorld.ts'
import { got, live, order, settle, subscribed, usd, type World } from '../../test/merchant/subscriptionWorld.ts'
import { stoppingJournal } from '../../test/payout/stoppingJournal.ts'

/** Orders and days, as a life has them; a process that dies in one of them takes no more. */
async function month(w: World, id: string): Promise<void> {
  await w.subscriptions.consent(id, usd('5'), order())
  for (const day of ['2027-01-31T09:31:00Z', '2027-02-28T09:30:00Z', '2027-03-31T09:30:00Z']) if (!w.isDead()) await w.at(day)
}

test('a death at any append makes no period and no payment twice, and loses none', async () => {
  let deaths = 0
  for (let append = 1; append < 12; append++)
    for (const moment of ['before', 'after'] as const) {
      const o = outside('2027-01-31T09:30:00Z')
      const seeded = await live(o)
      const { id, payee } = await subscribed(seeded, { consents: false })
      await seeded.subscriptions.close()
      const stopping = stoppingJournal(o.journal, { append, moment })
      const w = await live(o, stopping.journal)
      const alive = month(w, id).then(() => false)
      const died = await Promise.race([alive, stopping.died.then(() => true)])
      w.die()
      if (died) deaths++
      o.clock.set('2027-01-31T09:30:00Z')
      const again = await live(o)
      if (again.facts('subscription.consented').length === 0) await again.subscriptions.consent(id, usd('5'), order())
      await settle(again)
      for (const day of ['2027-02-28T09:30:00Z', '2027-03-31T09:30:00Z']) await again.at(day)
      expect([append, moment, got(again, payee), again.facts('intent.settled').length]).toEqual([append, moment, 3n, 3])
      expect(again.facts('intent.created').length).toBe(3)
      await again.subscriptions.close()
    }
  expect(deaths).toBeGreaterThanOrEqual(12)
})
