import { describe, expect, test } from 'vitest'
import { boot, type Merchant, type Outside, outside, type Parts } from '../../test/merchant/merchantWorld.ts'
import { stoppingJournal } from '../../test/payout/stoppingJournal.ts'
import { USD } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'
import type { JournalStore } from '../ports/journal.ts'
import type { LinkPrice, PaymentLink } from './link.ts'
import { createLinkRecords } from './linkRecords.ts'
import { createPaymentLinks, type NewLink, type PaymentLinks } from './paymentLinks.ts'

const nothing = () => ({ claims: [], facts: [] })
let keys = 0
const keyed = () => ({ claims: [{ key: `key ${keys++}`, fingerprint: '' }], facts: [] })
const usd = (amount: string) => parseAmount(amount, USD)
const FIXED: LinkPrice = { kind: 'fixed', amount: usd('5') }

const open = (parts: Parts): PaymentLinks => createPaymentLinks({ ...parts, records: createLinkRecords(parts.books, parts.assetOf) })
type World = Awaited<ReturnType<typeof live>>

async function live(o: Outside = outside(), journal: JournalStore = o.journal) {
  const w = await boot(o, open, journal)
  return { ...w, o, links: w.opened }
}

async function link({ links, party }: World, terms: Partial<NewLink> = {}): Promise<PaymentLink> {
  const payee = { kind: 'party', id: await party() } as const
  const whole = { payee, price: FIXED, about: {}, metadata: { shop: 'north' }, payWithinS: 900, usesMax: undefined, expiresAt: undefined }
  let made: PaymentLink | undefined
  const along = (one: PaymentLink) => {
    made = one
    return nothing()
  }
  await links.create({ ...whole, ...terms }, { by: 'operator', along })
  return made!
}

const visit = (n: number) => `vi_${`${n}`.padStart(32, '0')}`
const begin = ({ links }: World, { id }: PaymentLink, n: number, chosen?: string, from = '192.0.2.1') =>
  links.begin(id, { visit: visit(n), chosen: chosen === undefined ? undefined : usd(chosen), from })
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code: string; meta: { status?: string } }) => [error.code, error.meta.status].join(' ').trim(),
  )
const counts = ({ links }: World, { id }: PaymentLink) => {
  const { made, open: waiting, paid } = links.get(id)
  return [made, waiting, paid, links.statusOf(links.get(id))]
}

async function lapse({ clock, intents, intentRecords }: Merchant, id: string): Promise<void> {
  const { expiresAt } = intents.get(id)
  clock.set(expiresAt + 1)
  expect(intentRecords.due(clock.now(), 9).map((intent) => intent.id)).toContain(id)
  await intents.cancel(id)
}

test('a payer gets an intent of the link, once for each visit, with what its seller said of it', async () => {
  const w = await live()
  const one = await link(w, { about: { seller: 'Heron', description: 'A ticket', returnUrl: 'https://heron.example' } })
  const ids = await Promise.all([begin(w, one, 1), begin(w, one, 1), begin(w, one, 2)])
  expect([ids[0] === ids[1], ids[0] === ids[2], w.facts('intent.created').length]).toEqual([true, false, 2])
  expect(w.intents.get(ids[0]!)).toMatchObject({ origin: one.id, amount: usd('5'), metadata: { shop: 'north' }, about: one.about })
  expect(counts(w, one)).toEqual([2, 2, 0, 'active'])
})

test('of few uses no more are held than there are, so that parallel payers cannot pass them', async () => {
  const w = await live()
  const one = await link(w, { usesMax: 3 })
  const payer = await w.party('100')
  const all = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => begin(w, one, n)))
  const begun = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  expect(new Set(begun).size).toBe(3)
  for (const each of all)
    if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'payment_link_closed', meta: { status: 'held' } })
  await Promise.all(begun.map((id) => w.pay(id, payer)))
  expect([w.facts('intent.created').length, w.facts('intent.settled').length]).toEqual([3, 3])
  expect(counts(w, one)).toEqual([3, 0, 3, 'used_up'])
  expect(await refusal(begin(w, one, 99))).toBe('payment_link_closed used_up')
  // Nothing was taken of the one too many.
  expect(w.balance(payer)).toBe(100_000_000n - 3n * 4_000_000n)
})

test('a use that is held and not paid in its time is another payer’s', async () => {
  const w = await live()
  const one = await link(w, { usesMax: 1 })
  const first = await begin(w, one, 1)
  expect(await refusal(begin(w, one, 2))).toBe('payment_link_closed held')
  await lapse(w, first)
  const second = await begin(w, one, 2)
  const payer = await w.party('100')
  await w.pay(second, payer)
  await expect(w.pay(first, payer)).rejects.toMatchObject({ code: 'intent_closed' })
  expect(counts(w, one)).toEqual([2, 0, 1, 'used_up'])
})

describe('who holds uses and does not pay', () => {
  const P_MS = 900_000

  /** One line asks for the only use again and again, whenever it is free; how much of the time others could have had it. */
  test('has them ever less of the time, and others have them in between', async () => {
    const w = await live()
    const one = await link(w, { usesMax: 1 })
    let n = 0
    const gapsMs: number[] = []
    for (let hold = 0; hold < 6; hold++) {
      const freeSince = w.clock.now()
      let wait = 0
      for (; ; wait++) {
        const answer = await begin(w, one, n++).then(
          (intent) => ({ intent }),
          (error: { code: string; meta: { retry_after_s: number } }) => error,
        )
        if ('intent' in answer) {
          gapsMs.push(w.clock.now() - freeSince)
          await lapse(w, answer.intent)
          break
        }
        expect([answer.code, w.links.statusOf(w.links.get(one.id))]).toEqual(['rate_limited', 'active'])
        w.clock.ahead(answer.meta.retry_after_s * 1_000)
      }
      expect(wait).toBeLessThanOrEqual(1)
    }
    expect(gapsMs.slice(0, 3)).toEqual([0, 0, 0])
    for (const [i, doubled] of [1, 3, 7].entries()) expect(gapsMs[3 + i]).toBeGreaterThanOrEqual(doubled * P_MS - 2_000)
    expect(await refusal(begin(w, one, 900))).toBe('rate_limited')
    expect(await refusal(begin(w, one, 901, undefined, '198.51.100.7'))).toBe('none')
  })

  test('is heard again after he has paid one, and a network holds no more than four lines of it', async () => {
    const w = await live()
    const one = await link(w, { usesMax: 20 })
    for (let n = 0; n < 3; n++) await begin(w, one, n)
    expect(await refusal(begin(w, one, 3))).toBe('rate_limited')
    // A form that was sent before is answered as it was, and waits for nothing.
    const first = await begin(w, one, 0)
    await w.pay(first, await w.party('100'))
    expect(await refusal(begin(w, one, 3))).toBe('none')
    const ends = []
    for (let n = 10; n < 24; n++) ends.push(await refusal(begin(w, one, n, undefined, `203.0.113.${n}`)))
    expect(ends.filter((end) => end === 'none')).toHaveLength(12)
    expect(ends.slice(12)).toEqual(['rate_limited', 'rate_limited'])
  })

  test('of a link that anybody may pay by as often as he likes nobody waits', async () => {
    const w = await live()
    const one = await link(w)
    for (let n = 0; n < 20; n++) expect(await refusal(begin(w, one, n))).toBe('none')
  })
})

test.each([
  ['4.99', 'invalid_amount'],
  [undefined, 'invalid_amount'],
  ['20.000001', 'invalid_amount'],
  ['5', 'none'],
  ['20', 'none'],
])('of a link with two amounts %s is answered %s', async (chosen, answer) => {
  const w = await live()
  const one = await link(w, { price: { kind: 'chosen', least: usd('5'), most: usd('20') } })
  expect(await refusal(begin(w, one, 1, chosen))).toBe(answer)
  expect(w.facts('intent.created').map(({ data }) => data.amount)).toEqual(
    answer === 'none' ? [expect.objectContaining({ units: `${usd(chosen!).units}` })] : [],
  )
})

test('a price that is fixed cannot be chosen', async () => {
  const w = await live()
  const one = await link(w)
  expect(await refusal(begin(w, one, 1, '4'))).toBe('invalid_amount')
  expect(await refusal(begin(w, one, 1, '5'))).toBe('none')
})

test('one that is closed or over takes nobody new, who has begun goes on, and it can be opened again', async () => {
  const w = await live()
  const one = await link(w, { expiresAt: w.clock.now() + 60_000 })
  const first = await begin(w, one, 1)
  for (let i = 0; i < 2; i++) await w.links.setActive(one.id, false, { by: 'operator', along: keyed })
  expect(await refusal(begin(w, one, 2))).toBe('payment_link_closed inactive')
  await w.pay(first, await w.party('100'))
  await w.links.setActive(one.id, true, { by: 'operator', along: keyed })
  await begin(w, one, 3)
  w.clock.ahead(60_000)
  expect(await refusal(begin(w, one, 4))).toBe('payment_link_closed expired')
  // A form that was sent before is answered as it was.
  expect(await begin(w, one, 1)).toBe(first)
  expect(w.facts('payment_link.deactivated').length).toBe(1)
})

test('who has as many active links as there may be makes none and opens none again, and what is open is closed', async () => {
  let active = 0
  const o = outside()
  const counted = (parts: Parts): PaymentLinks => {
    const records = createLinkRecords(parts.books, parts.assetOf)
    return createPaymentLinks({ ...parts, records: { ...records, activeOf: () => active } })
  }
  const booted = await boot(o, counted, o.journal)
  const w: World = { ...booted, o, links: booted.opened }
  const [closed, open_] = [await link(w), await link(w)]
  const set = (id: string, to: boolean) => refusal(w.links.setActive(id, to, { by: 'operator', along: keyed }))
  expect(await set(closed.id, false)).toBe('none')
  active = 10_000
  expect([await refusal(link(w)), await set(closed.id, true), await set(open_.id, true)]).toEqual([
    'too_many_active',
    'too_many_active',
    'none',
  ])
  expect([w.links.get(closed.id).active, await set(open_.id, false)]).toEqual([false, 'none'])
})

test('many that are made at once are no more than there may be', async () => {
  const o = outside()
  const counted = (parts: Parts): PaymentLinks => {
    const records = createLinkRecords(parts.books, parts.assetOf)
    return createPaymentLinks({ ...parts, records: { ...records, activeOf: (payee, now) => 9_999 + records.activeOf(payee, now) } })
  }
  const booted = await boot(o, counted, o.journal)
  const w: World = { ...booted, o, links: booted.opened }
  const payee = { kind: 'party', id: await w.party() } as const
  const made = await Promise.all(Array.from({ length: 5 }, () => refusal(link(w, { payee }))))
  expect(made.toSorted()).toEqual(['none', ...Array(4).fill('too_many_active')])
})

test('of many visits at once no more than there may be wait to be paid', async () => {
  const o = outside()
  const nearlyFull = (parts: Parts): PaymentLinks => {
    const records = createLinkRecords(parts.books, parts.assetOf)
    const get = (id: string) => {
      const one = records.get(id)
      return one && Object.assign({}, one, { open: 998 + one.open })
    }
    return createPaymentLinks({ ...parts, records: { ...records, get } })
  }
  const booted = await boot(o, nearlyFull, o.journal)
  const w: World = { ...booted, o, links: booted.opened }
  const one = await link(w)
  const found = await Promise.all(Array.from({ length: 5 }, (_, n) => refusal(begin(w, one, n))))
  expect(found.toSorted()).toEqual(['none', 'none', ...Array(3).fill('too_busy')])
})

test('a link that is used up or over by its time does not count among the active ones, whatever was done with it, also after a restart', async () => {
  const o = outside()
  let records: ReturnType<typeof createLinkRecords> | undefined
  const kept = (parts: Parts): PaymentLinks => {
    records = createLinkRecords(parts.books, parts.assetOf)
    return createPaymentLinks({ ...parts, records })
  }
  const booted = await boot(o, kept, o.journal)
  const w: World = { ...booted, o, links: booted.opened }
  const [payee, payer] = [{ kind: 'party', id: await w.party() } as const, await w.party('100')]
  const active = () => records!.activeOf(payee.id, o.clock.now())
  const until = o.clock.now() + 60_000
  const [once, short, later] = [
    await link(w, { payee, usesMax: 1 }),
    await link(w, { payee, expiresAt: until }),
    await link(w, { payee, expiresAt: until + 600_000 }),
  ]
  const both = await link(w, { payee, usesMax: 1, expiresAt: until })
  expect(active()).toBe(4)
  const held = await begin(w, both, 1)
  await w.pay(await begin(w, once, 1), payer)
  expect(active()).toBe(3)
  const set = (id: string, to: boolean) => w.links.setActive(id, to, { by: 'operator', along: keyed })
  await set(once.id, false)
  await set(once.id, true)
  expect(active()).toBe(3)
  o.clock.ahead(60_000)
  expect(active()).toBe(1)
  await w.pay(held, payer)
  await set(short.id, false)
  await set(short.id, true)
  expect(active()).toBe(1)
  await boot(o, kept, o.journal)
  expect(active()).toBe(1)
  await set(later.id, false)
  o.clock.ahead(600_000)
  await boot(o, kept, o.journal)
  expect(active()).toBe(0)
})

test('a death at any append leaves no use held twice and none lost', async () => {
  let deaths = 0
  for (let append = 3; append < 8; append++)
    for (const moment of ['before', 'after'] as const) {
      const o = outside()
      const seeded = await live(o)
      const one = await link(seeded, { usesMax: 2 })
      const payer = await seeded.party('100')
      await seeded.books.close()
      const stopping = stoppingJournal(o.journal, { append: append - 2, moment })
      const w = await live(o, stopping.journal)
      const work = (async () => {
        for (const n of [1, 2]) await w.pay(await begin(w, one, n), payer)
        return false
      })()
      work.catch(() => undefined)
      const died = await Promise.race([work, stopping.died.then(() => true)])
      if (died) deaths++
      const again = await live(o)
      // The browsers send their forms again.
      for (const n of [1, 2]) {
        const id = await begin(again, one, n)
        if (again.intents.get(id).status === 'open') await again.pay(id, payer)
      }
      expect(counts(again, one)).toEqual([2, 0, 2, 'used_up'])
      expect(again.balance(payer)).toBe(100_000_000n - 2n * 4_000_000n)
      expect(await refusal(begin(again, one, 3))).toBe('payment_link_closed used_up')
    }
  expect(deaths).toBeGreaterThanOrEqual(6)
})
