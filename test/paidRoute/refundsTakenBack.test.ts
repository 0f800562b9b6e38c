import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, x402 } from './proofs.ts'

// What was collected for work that failed waits for its payer, and then the chain replaces the block that it came in.
const T = `0x${'7a'.repeat(32)}` as const
const BLOCKS = ['0b', '0c', '0d'].map((byte) => `0x${byte.repeat(32)}`)
let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 1 })
  onTestFinished(() => world.close())
})
const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const seller = () => world.has(accounts.party(world.seller), USDC)

/** The seller has earned with other work. `comes` and `leaves` tell of the money in the n-th block that it is in; `goes`: it has left before the work fails. */
async function waiting({ goes = false } = {}) {
  world.chain.says({ kind: 'settled', evidence: { rail: 'evm:31337', id: T, at: 1, proof: T }, fee: money(USDC, 0n) })
  for (let i = 0; i < 110; i++) {
    const { macaroon, invoice } = askedOf(await get('/joke'))
    await get('/joke', { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` })
  }
  const earned = seller()
  const known = Promise.withResolvers<void>()
  world.fails(1, async () => {
    if (!goes) return
    await known.promise
    comes(0)
    await expect.poll(seller).toBe(earned + 200_000n)
    leaves(0)
    await expect.poll(seller).toBe(earned)
  })
  const asked = get('/flaky', await x402(askedOf(await get('/flaky'))))
  await expect.poll(() => world.chain.collected.length).toBe(1)
  const { from, nonce, value } = world.chain.collected[0]!
  const movement = { place: 'receiver', amount: money(USDC, value), reference: `auth:${from}:${nonce}`, payer: from } as const
  const idIn = (n: number) => `${T}:3:${BLOCKS[n]}`
  const comes = (n: number) => world.chain.report({ kind: 'received', id: idIn(n), ...movement })
  const leaves = (n: number) =>
    world.chain.report({ kind: 'demoted', id: `${idIn(n)}:gone`, takesBack: { kind: 'received', id: idIn(n) }, ...movement })
  known.resolve()
  if (!goes) comes(0)
  const { headers } = await asked
  const path = goes ? '' : new URL(String(headers['switchyard-refund'])).pathname
  const receipt = String(headers['switchyard-receipt'])
  return {
    comes,
    leaves,
    isLinked: headers['switchyard-refund'] !== undefined,
    fetch: () => world.app.inject({ method: 'POST', url: path }),
    link: async () => (await get(path)).json(),
    payment: async () => (await get(`/v1/payments/${receipt}`)).json(),
    told: () => world.updates(receipt).map(({ n, state }) => `${n} ${state}`),
  }
}

describe('what the chain has taken back', () => {
  test('is not paid back out of other money of the seller', async () => {
    const { leaves, fetch, link, payment } = await waiting()
    const before = seller()
    leaves(0)
    await expect.poll(payment).toMatchObject({ status: 'held', final: false })
    expect((await fetch()).json()).toMatchObject({ code: 'refund_not_due' })
    expect(await link()).toMatchObject({ state: 'none' })
    expect([seller(), world.payers.chain.paid.length]).toEqual([before, 0])
  })

  test('before the work failed is not put aside out of other money of the seller', async () => {
    const { isLinked, payment } = await waiting({ goes: true })
    expect([seller(), isLinked]).toEqual([220_000n, false])
    expect(await payment()).toMatchObject({ status: 'held', final: false })
  })

  test('and brings again waits for its payer as often as it comes, once', async () => {
    const { leaves, comes, fetch, link, payment, told } = await waiting()
    const before = seller()
    for (const n of [0, 1]) {
      leaves(n)
      await expect.poll(payment).toMatchObject({ status: 'held' })
      comes(n + 1)
      await expect.poll(payment).toMatchObject({ status: 'refund_due', reason: 'not_served', final: false })
      const due = { asset: USDC.id, amount: '0.2' }
      expect(await link()).toMatchObject({ state: 'due', amount: due, left: due })
    }
    expect(told()).toEqual(['2 settled', '3 refund_due', '4 held', '5 refund_due', '6 held', '7 refund_due'])
    await fetch()
    await expect.poll(link).toMatchObject({ state: 'refunded' })
    expect(await payment()).toMatchObject({ status: 'refunded' })
    expect([seller(), world.payers.chain.paid.length]).toEqual([before, 1])
  })

  test('after it was paid back stays paid back, and is no loss of the seller', async () => {
    const { leaves, comes, fetch, link, payment } = await waiting()
    const before = seller()
    await fetch()
    await expect.poll(link).toMatchObject({ state: 'refunded' })
    leaves(0)
    await expect.poll(() => world.exceptions()).toHaveLength(1)
    expect(await payment()).toMatchObject({ status: 'refunded' })
    comes(1)
    await expect.poll(() => world.exceptions().filter((one) => one.resolved_by === undefined)).toHaveLength(0)
    expect(await payment()).toMatchObject({ status: 'refunded' })
    expect([seller(), world.payers.chain.paid.length]).toEqual([before, 1])
  })
})
