import { beforeEach, expect, test } from 'vitest'
import { closeWings, startWings, type Wings } from './wingOrder.ts'

let done: string[] = []
beforeEach(() => {
  done = []
})

/** Says that it was called, at once and when it has its end. */
const slowly = (name: string) => async () => {
  done.push(name)
  await new Promise((resolve) => setImmediate(resolve))
  done.push(`${name} over`)
}
const atOnce = (name: string) => () => void done.push(name)

const wings: Wings = {
  live: { start: atOnce('live') },
  books: {
    start: async () => {
      await slowly('books')()
      return { seq: 3, facts: 2, restored: 1 }
    },
    close: slowly('books'),
  },
  projector: { start: slowly('projector'), close: slowly('projector') },
  rails: { close: slowly('rails') },
  events: { close: slowly('events') },
  parties: { keys: { start: atOnce('keys'), close: slowly('keys') } },
  payins: {
    start: async () => {
      await slowly('payins')()
      return { interrupted: 1, collecting: 2 }
    },
    expireIntents: atOnce('expiry'),
    stop: atOnce('payins stop'),
    close: slowly('payins'),
  },
  payouts: { start: slowly('payouts'), close: slowly('payouts') },
  exchanges: { start: atOnce('exchanges'), close: slowly('exchanges') },
  subscriptions: { start: atOnce('subscriptions'), close: slowly('subscriptions') },
  approvals: { start: atOnce('approvals'), close: slowly('approvals') },
  orders: { start: atOnce('orders'), close: slowly('orders') },
  facilitator: { start: atOnce('facilitator'), close: atOnce('facilitator stop') },
  suspense: { start: atOnce('suspense'), close: slowly('suspense') },
  reconciliation: { start: atOnce('reconciliation'), close: slowly('reconciliation') },
  testMode: undefined,
  firstDays: { text: () => 'small at first' },
  disputes: { start: atOnce('disputes'), close: slowly('disputes') },
  refunds: { given: { start: atOnce('refunds'), close: slowly('refunds') } },
  returns: { start: atOnce('returns'), close: slowly('returns') },
  webhooks: { start: atOnce('webhooks'), close: slowly('webhooks') },
}
const over = (...names: string[]) => names.flatMap((name) => [name, `${name} over`])

test('no intent expires before payouts are taken up, which may take as long as a rail is silent', async () => {
  const lines: string[] = []
  await startWings(wings, { step: (line) => lines.push(line), onFatal: () => undefined })
  expect(done).toEqual([
    ...over('books'),
    'live',
    ...over('projector'),
    'keys',
    ...over('payins', 'payouts'),
    'exchanges',
    'subscriptions',
    'facilitator',
    'suspense',
    'reconciliation',
    'approvals',
    'orders',
    'refunds',
    'disputes',
    'returns',
    'webhooks',
    'expiry',
  ])
  expect(lines).toEqual([
    'journal: 2 facts after block 1 of 3 replayed, hash chain unbroken',
    'recovered: 1 interrupted requests, 2 authorizations to collect',
    'small at first',
  ])
})

test('nothing is begun by itself while the rest closes, and the books close when nobody writes any more', async () => {
  await closeWings(wings)
  expect(done).toEqual([
    'payins stop',
    'facilitator stop',
    ...over(
      'orders',
      'returns',
      'disputes',
      'refunds',
      'reconciliation',
      'suspense',
      'approvals',
      'exchanges',
      'subscriptions',
      'payouts',
      'payins',
      'rails',
      'webhooks',
      'keys',
      'books',
      'events',
      'projector',
    ),
  ])
})
