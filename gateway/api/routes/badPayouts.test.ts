import { expect, test } from 'vitest'
import { KEYS, openSuspenseWorld } from '../../../test/payout/suspenseWorld.ts'
import { EUR } from '../../money/asset.ts'

const GOOD = { kind: 'iban', iban: 'DE89370400440532013000', name: 'Mia Weber' }
const plain = { amount: { asset: 'EUR', amount: '1' }, destinations: [GOOD] }
const euros = (amount: string) => ({ amount: { asset: 'EUR', amount } })

async function openApi() {
  const w = await openSuspenseWorld()
  const party = w.source.slice('party:'.length)
  let calls = 0
  const post = async (url: string, body: object) => {
    const headers = { authorization: `Bearer ${KEYS.operator}`, 'idempotency-key': `bad-payout-${calls++}` }
    const answer = await w.app.inject({ method: 'POST', url, headers, payload: body })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { ...w, party, post }
}

test('what no payout can be made of is refused in one sentence that says what to change, and moves nothing', async () => {
  const { books, source, party, post } = await openApi()
  const before = books.balance(source, EUR)
  const rows: readonly (readonly [wrong: object, code: string, said: RegExp])[] = [
    [
      { destinations: [{ kind: 'paypal', address: 'mia' }] },
      'invalid_request',
      /^destinations\.0\.kind: .*'iban' \| 'us_account' \| 'party'/,
    ],
    [{ destinations: [GOOD, GOOD] }, 'invalid_request', /destinations names a destination twice/],
    [{ destinations: [{ kind: 'evm_address', address: `0x${'1'.repeat(40)}` }] }, 'no_rail', /No rail here pays any of these/],
    [{ ...euros('0') }, 'invalid_amount', /The amount is zero/],
    [{ ...euros('1000000') }, 'too_many_open', /^This payout alone is worth 1100000 USD, and party:pa_.* may have 50000 USD under way/],
    [{ ...euros('500') }, 'insufficient_balance', /available, and the payout takes 500 EUR\. Top up the balance, or pay out less/],
    [{ fee_bearer: 'payer', fee_max: '0.000001' }, 'fee_above_limit', /may be 0\.000001 EUR\. Nothing was held\. Raise `fee_max`/],
    [{ ...euros('0.02'), fee_bearer: 'payee' }, 'invalid_amount', /The fee of 0\.2 EUR leaves nothing of 0\.02 EUR\. Send more/],
    [{ deliver_by: '2020-01-03T17:00:00+01:00' }, 'deadline_unreachable', /good funds at 20\d\d-\S+Z at the earliest/],
    [{ deliver_by: 'Friday 17:00' }, 'invalid_request', /^deliver_by: is no time with its offset, such as "2026-11-27T17:00:00\+01:00"/],
    [{ send_at: '2126-01-01T00:00:00Z' }, 'invalid_request', /send_at is more than 366 days from now/],
  ]
  for (const [wrong, code, said] of rows) {
    const { body } = await post('/v1/payouts', { party, ...plain, ...wrong })
    expect([body.code, body.detail]).toEqual([code, expect.stringMatching(said)])
  }
  expect(books.balance(source, EUR)).toEqual(before)
})

test('an amount below what each rail pays, and a policy that leaves no way, are told by rail and rule', async () => {
  const { party, post } = await openApi()
  const why = async (wish: object) => (await post('/v1/routing/simulate', { party, ...plain, ...wish })).body.candidates[0].why
  expect(await why(euros('0.004'))).toBe('Impossible: 0.004 EUR is less than 0.01 EUR, the least that bank pays.')
  await post(`/v1/parties/${party}/routing_policy`, { forbid: ['bank'] })
  expect(await why({})).toBe("Impossible: version 1 of the party's routing policy: forbid has bank.")
  const { status, body } = await post('/v1/payouts', { party, ...plain, fee_bearer: 'payer' })
  expect([status, body.code, body.detail]).toEqual([
    422,
    'no_rail',
    expect.stringContaining("No rail can pay it now: bank (version 1 of the party's routing policy: forbid has bank)."),
  ])
})

test('what a payout asks of rails beforehand is bounded by party as a quote is, and a payout that asks nothing goes on', async () => {
  const { bank, party, post } = await openApi()
  const [{ estimate }, silent, asked] = [bank, Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let calls = 0
  bank.estimate = async (query) => {
    if (++calls === 4) asked.resolve()
    await silent.promise
    return estimate(query)
  }
  const wish = { party, ...plain, fee_bearer: 'payer' }
  const first = [1, 2, 3, 4].map(() => post('/v1/payouts', wish))
  await asked.promise
  expect((await post('/v1/payouts', wish)).body).toMatchObject({ status: 429, code: 'too_busy' })
  expect((await post('/v1/payouts', { party, ...plain, deliver_by: '2027-06-01T00:00:00Z' })).body).toMatchObject({ code: 'too_busy' })
  expect((await post('/v1/routing/simulate', { party, ...plain })).body).toMatchObject({ code: 'too_busy' })
  expect(calls).toBe(4)
  expect((await post('/v1/payouts', { party, ...plain })).status).toBe(201)
  silent.resolve()
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([201, 201, 201, 201])
})
