import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, x402 } from './proofs.ts'

// The chain has taken the money before the work, and is told to the books only after the work has failed: a node behind, a busy machine.
const TRANSACTION = `0x${'7a'.repeat(32)}` as const
const BLOCK = `0x${'0b'.repeat(32)}`
const PRICE = 200_000n

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3, bookedWithinMs: 100 })
  onTestFinished(() => world.close())
})

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const sellerHas = () => world.has(accounts.party(world.seller), USDC)

async function failedUnbooked(times = 1) {
  const evidence = { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION } as const
  world.chain.says({ kind: 'settled', evidence, fee: money(USDC, 0n) })
  world.fails(times)
  const proof = await x402(askedOf(await get('/flaky')))
  const first = await get('/flaky', proof)
  expect([first.statusCode, first.headers['switchyard-refund']]).toEqual([500, undefined])
  const receipt = String(first.headers['switchyard-receipt'])
  const payment = async () => (await get(`/v1/payments/${receipt}`)).json<{ status: string; final: boolean; reason: string | null }>()
  return { proof, receipt, payment }
}

/** The stream of the chain tells what it took, and the books have it when this resolves. */
async function told(): Promise<void> {
  const { from, nonce, value } = world.chain.collected[0]!
  const about = { kind: 'received', place: 'receiver', reference: `auth:${from}:${nonce}`, payer: from } as const
  const before = world.has('rail:evm:31337:receiver', USDC)
  world.chain.report({ ...about, id: `${TRANSACTION}:3:${BLOCK}`, amount: money(USDC, value) })
  while (world.has('rail:evm:31337:receiver', USDC) === before) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe('money that is booked after its work has failed', () => {
  test('goes back to its payer, who is told by the same proof where it is', async () => {
    const { proof, receipt, payment } = await failedUnbooked()
    await told()
    expect(await payment()).toMatchObject({ status: 'refund_due', final: false, reason: 'not_served' })
    expect([sellerHas(), world.has(accounts.surplus(receipt), USDC)]).toEqual([0n, PRICE])
    const again = await get('/flaky', proof)
    expect([again.statusCode, again.headers['switchyard-refund']]).toEqual([500, expect.any(String)])
    expect(world.ran()).toBe(0)
    expect(world.updates(receipt).at(-1)).toMatchObject({ state: 'refund_due', reason: 'not_served' })
  })

  test('goes back after two runs that failed, once', async () => {
    const { proof, receipt } = await failedUnbooked(2)
    expect((await get('/flaky', proof)).statusCode).toBe(500)
    await told()
    expect([sellerHas(), world.has(accounts.surplus(receipt), USDC)]).toEqual([0n, PRICE])
  })

  test('stays when the work was done for the same proof meanwhile', async () => {
    const { proof, receipt, payment } = await failedUnbooked()
    expect((await get('/flaky', proof)).body).toBe('flaky 1')
    await told()
    expect(await payment()).toMatchObject({ status: 'settled', final: true, reason: null })
    expect([sellerHas(), world.has(accounts.surplus(receipt), USDC)]).toEqual([PRICE, 0n])
  })
})
