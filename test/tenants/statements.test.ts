import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BTC, EUR } from '../../gateway/money/asset.ts'
import type { Leg } from '../../gateway/ports/books.ts'
import { OPERATOR_KEY } from '../localConfig.ts'
import { openPeopleWorld, type PeopleWorld } from './peopleWorld.ts'

// Alice has received and paid; Bob has a key here too.
const SMALL = 45
const DAY_MS = 86_400_000

let w: PeopleWorld
let alice: { id: string; secret: string }
let bob: { id: string; secret: string }
let days: string
beforeAll(async () => {
  w = await openPeopleWorld()
  ;[alice, bob] = [await w.party('Alice only'), await w.party('Bob')]
  const { ledger, ground } = w.gateway()
  const book = async (payment: string, legs: readonly Leg[]) => {
    const outcome = await ledger.books.submit({ entry: { id: ground.ids.entry(), payment, legs } })
    expect(outcome.kind).toBe('applied')
  }
  const own = `party:${alice.id}`
  await book(alice.id, [{ kind: 'move', debit: 'rail:bank:account', credit: own, asset: EUR, units: 20_000_000n }])
  await book('grant', [{ kind: 'move', debit: 'capital:operator', credit: own, asset: BTC, units: 1_000n }])
  for (let i = 0; i < SMALL; i++)
    await book(`po_${`${i}`.padStart(32, '0')}`, [{ kind: 'move', debit: own, credit: 'transit:payout', asset: EUR, units: 10_000n }])
  const now = ground.clock.now()
  const [from, to] = [now - DAY_MS, now + DAY_MS].map((ms) => new Date(ms).toISOString().slice(0, 10))
  days = `from=${from}&to=${to}`
}, 60_000)
afterAll(() => w?.close())

type Statement = {
  party: string
  status: string
  balances: { asset: string; opening: string; in: string; out: string; closing: string }[]
  data: {
    asset: string
    amount: string
    balance: string
    of: string
    worth: { amount: string; asset: string; rate_source: string; rate_at: null }
  }[]
  has_more: boolean
  next?: string
}
const read = async (secret: string, query: string) => {
  const answer = await w.ask('GET', `/v1/statements?${days}${query}`, secret)
  return { ...answer, body: answer.body as unknown as Statement }
}
const fileOf = async (secret: string, query: string, accept?: string) => {
  const headers = { authorization: `Bearer ${secret}`, ...(accept === undefined ? {} : { accept }) }
  return w.app().inject({ method: 'GET', url: `/v1/statements?${days}${query}`, headers })
}

describe('whose it is', () => {
  test('a party reads its own, and an operator anybody’s', async () => {
    const { status, body } = await read(alice.secret, '')
    expect([status, body.party, body.status]).toEqual([200, alice.id, 'preliminary'])
    expect(body.balances.map(({ asset, opening, closing }) => [asset, opening, closing])).toEqual([
      ['EUR', '0', '19.55'],
      ['BTC', '0', '0.00000001'],
    ])
    expect((await read(alice.secret, `&party=${alice.id}`)).body).toEqual(body)
    expect((await read(OPERATOR_KEY, `&party=${alice.id}`)).body).toEqual(body)
    expect(await read(OPERATOR_KEY, '')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: expect.stringContaining('party') },
    })
  })

  test.each(['json', 'csv', 'camt053', 'mt940'])(
    'nobody reads another’s, as %s or otherwise, and nothing of it is in one’s own',
    async (format) => {
      const query = `&format=${format}&asset=EUR`
      expect(await read(bob.secret, `${query}&party=${alice.id}`)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
      const own = await fileOf(bob.secret, query)
      expect(own.statusCode).toBe(200)
      expect(own.body).not.toContain(alice.id.slice(3))
      expect(own.body).not.toMatch(/Alice|19[.,]55/)
      const unknown = await read(OPERATOR_KEY, `${query}&party=pa_${'0'.repeat(32)}`)
      expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found' } })
    },
  )

  test('a key reads them that may read balances, and no other', async () => {
    const may = await w.key(alice.secret, { can: { balances: 'read' } })
    expect((await read(may.secret, '')).status).toBe(200)
    const mayNot = await w.key(alice.secret, { can: { payouts: 'read' } })
    expect(await read(mayNot.secret, '')).toMatchObject({ status: 403, body: { code: 'key_not_allowed' } })
  })
})

describe('what it says', () => {
  test.each([1, 7, 45, 200])('pages of %i are one statement: every movement once, each balance after the one before', async (limit) => {
    const found: Statement['data'] = []
    let next: string | undefined
    do {
      const { body } = await read(alice.secret, `&limit=${limit}${next === undefined ? '' : `&after=${next}`}`)
      expect(body.data.length).toBeLessThanOrEqual(limit)
      found.push(...body.data)
      next = body.next
      expect(body.has_more).toBe(next !== undefined)
    } while (next !== undefined)
    expect(found.map(({ asset, amount }) => `${amount} ${asset}`)).toEqual(['20 EUR', ...Array(SMALL).fill('-0.01 EUR'), '0.00000001 BTC'])
    expect(found.slice(0, 3).map(({ balance }) => balance)).toEqual(['20', '19.99', '19.98'])
    expect(found[0]!.worth).toEqual({ amount: '21.6', asset: 'USD', rate_source: 'configuration', rate_at: null })
  })

  test('each format has its type, by its name and by Accept', async () => {
    const csv = await fileOf(alice.secret, '&format=csv')
    expect(csv.headers['content-type']).toMatch(/^text\/csv/)
    expect(csv.body.split('\r\n')).toHaveLength(1 + 3 + SMALL + 3 + 1)
    expect((await fileOf(alice.secret, '', 'text/csv')).body).toBe(csv.body)
    const camt = await fileOf(alice.secret, '&asset=EUR', 'application/xml')
    expect([camt.headers['content-type'], camt.body]).toEqual([
      expect.stringMatching(/^application\/xml/),
      expect.stringContaining('camt.053.001.08'),
    ])
    const mt = await fileOf(alice.secret, '&asset=EUR&format=mt940')
    expect(mt.body.match(/^:61:/gm)).toHaveLength(1 + SMALL)
    expect(mt.headers['content-disposition']).toMatch(/^attachment; filename="statement-pa_[0-9a-f]+-[0-9-]+\.sta"$/)
  })

  test.each([
    ['bitcoin in a bank’s format', '&format=mt940&asset=BTC', /BTC is no currency/],
    ['a bank’s format without a currency', '&format=camt053', /no currency that banks write/],
    ['a cursor of nothing', '&after=3-1', /no place in this statement/],
    ['a cursor that is none', '&after=x', /not what `next`/],
    ['a zone that is none', '&time_zone=Moon', /no time zone/],
    ['what cannot be asked', '&currency=EUR', /currency/],
  ])('%s is refused with what to change', async (_, query, said) => {
    const { status, body } = await read(alice.secret, query)
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(said)])
  })

  test.each([
    ['from=2099-01-01&to=2099-01-02', /still to come/],
    ['from=2026-02-01&to=2026-01-01', /is before/],
    ['from=2024-01-01&to=2026-01-01', /days/],
    ['from=2026-02-30&to=2026-03-01', /from/],
  ])('%s is no period', async (query, said) => {
    const { status, body } = await w.ask('GET', `/v1/statements?${query}`, alice.secret)
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringMatching(said)])
  })
})
