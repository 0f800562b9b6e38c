import { describe, expect, onTestFinished, test } from 'vitest'
import { boot, PAYEE, START, to, USDC, type World } from '../../../test/payout/payoutWorld.ts'
import { money } from '../../money/money.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'

const good: CreatePayout = { source: PAYEE, amount: money(USDC, 10_000n), destinations: [to.evm], reference: '', createdBy: 'test' }
const WAIT = { timeoutMs: 20_000 }

async function world(o: Parameters<typeof boot>[0] = {}): Promise<World> {
  const made = await boot(o)
  onTestFinished(() => made.payouts.close())
  return made
}

/** As the HTTP layer does it: the key's claim, and the answer as a fact. */
const keyed = (key: string, fingerprint: string): CreatePayout => ({
  ...good,
  along: (made) => ({
    claims: [{ key, fingerprint }],
    facts: [{ type: 'idempotency.answered', id: key, at: 1, data: { body: JSON.stringify(made) } }],
  }),
})

describe('creating a payout', () => {
  test('makes the hold, the key and its answer durable together', async () => {
    const w = await world()
    w.rails.evm.estimates = 'hang'
    const view = await w.payouts.create(keyed('idem:1', 'a'))
    expect(view).toMatchObject({ status: 'processing', amount: { amount: '0.01', asset: USDC.id }, attempts: [] })
    expect(w.books.claim('idem:1')).toMatchObject({ fingerprint: 'a' })
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(10_000n)
  })

  test('a hundred times at once under one key makes one payout', async () => {
    const w = await world()
    const views = await Promise.all(Array.from({ length: 100 }, () => w.payouts.create(keyed('idem:1', 'a'))))
    expect(new Set(views.map((v) => v.id)).size).toBe(1)
    await w.payouts.wait(views[0]!.id, WAIT)
    expect(w.rails.evm.paid.length).toBe(1)
    expect(w.payouts.list({ limit: 10 }).length).toBe(1)
  })

  test('under a key of another request is refused', async () => {
    const w = await world()
    await w.payouts.create(keyed('idem:1', 'a'))
    await expect(w.payouts.create(keyed('idem:1', 'b'))).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  })

  test('twice under one id is one payout, and another payout under it is refused', async () => {
    const w = await world()
    const id = 'po_00000000000000000000000000000007'
    const [first, second] = await Promise.all([w.payouts.create({ ...good, id }), w.payouts.create({ ...good, id })])
    expect(first.id).toBe(second.id)
    await expect(w.payouts.create({ ...good, id, amount: money(USDC, 5n) })).rejects.toMatchObject({ code: 'idempotency_key_reused' })
    await w.payouts.wait(id, WAIT)
    expect(w.rails.evm.paid.length).toBe(1)
  })

  test('is refused when the balance does not cover it, and says what is there', async () => {
    const w = await world()
    const over = w.payouts.create({ ...good, amount: money(USDC, START.usdc + 1n) })
    await expect(over).rejects.toMatchObject({ code: 'insufficient_balance', meta: { available: '1000 USDC', needed: '1000.000001 USDC' } })
    expect(w.payouts.list({ limit: 1 })).toEqual([])
  })

  test('is refused when too many are open', async () => {
    const w = await world({ policy: { openMax: 1 } })
    w.rails.evm.manner = 'stuck'
    await w.payouts.create(good)
    await expect(w.payouts.create(good)).rejects.toMatchObject({ code: 'too_busy' })
  })

  test('is refused to a party that has too many open, and to no other', async () => {
    const w = await world()
    const other = 'party:pa_00000000000000000000000000000009'
    const legs = [{ kind: 'move', debit: PAYEE, credit: other, asset: USDC, units: 20_000n } as const]
    await w.books.submit({ entry: { id: `en_${'3'.repeat(32)}`, payment: 'seed', legs } })
    w.rails.evm.manner = 'stuck'
    let refused: unknown
    for (let i = 0; !refused && i < 600; i++) await w.payouts.create({ ...good, amount: money(USDC, 1_000n) }).catch((e) => (refused = e))
    expect(refused).toMatchObject({ code: 'too_many_open', status: 429, hint: expect.stringContaining('netting') })
    await w.payouts.create({ ...good, source: other })
  })

  test.each<[string, Partial<CreatePayout>, string]>([
    ['of nothing', { amount: money(USDC, 0n) }, 'invalid_amount'],
    ['from an account that is no balance', { source: 'rail:evm:wallet' }, 'invalid_request'],
    ['without a destination', { destinations: [] }, 'invalid_request'],
    [
      'to nine destinations',
      { destinations: Array.from({ length: 9 }, (_, i) => ({ ...to.evm, address: `0x${i}` }) as const) },
      'invalid_request',
    ],
    ['to one destination twice', { destinations: [to.evm, to.evm] }, 'invalid_request'],
    ['to a malformed destination', { destinations: [to.evm, { ...to.iban, iban: 'malformed' }] }, 'invalid_request'],
    ['to the source itself', { destinations: [{ kind: 'party', party: 'pa_00000000000000000000000000000001' }] }, 'invalid_request'],
    ['with a long reference', { reference: 'x'.repeat(141) }, 'invalid_request'],
  ])('%s is refused', async (_, wrong, code) => {
    const w = await world()
    await expect(w.payouts.create({ ...good, ...wrong })).rejects.toMatchObject({ code })
    expect(w.books.balance(PAYEE, USDC).debitsPending).toBe(0n)
  })

  test('to a kind of destination that no rail here pays is refused', async () => {
    const w = await world()
    const rails = { ...w.rails, evm: { ...w.rails.evm, serves: [] } }
    const without = await world({ rails })
    await expect(without.payouts.create(good)).rejects.toMatchObject({
      code: 'no_rail',
      meta: { candidates: [{ destination: 0, reason: 'not_served' }] },
    })
  })
})
