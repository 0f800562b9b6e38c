import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, x402 } from './proofs.ts'

// Work that failed, and whose money its payees hold: the same proof has it done again, and nobody pays twice.
const hash = (byte: string) => `0x${byte.repeat(32)}` as const
const TRANSACTION = hash('7a')
const DAY_MS = 86_400_000

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const payment = async (id: unknown) => (await get(`/v1/payments/${String(id)}`)).json<{ status: string; reason: string | null }>()

/** A proof of x402 for this route, whose money the chain takes before the work. */
async function collectedFirst(url: string): Promise<Record<string, string>> {
  const evidence = { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION } as const
  world.chain.says({ kind: 'settled', evidence, fee: money(USDC, 0n) })
  return x402(askedOf(await get(url)))
}

async function overLightning(url: string): Promise<Record<string, string>> {
  const { macaroon, invoice } = askedOf(await get(url))
  return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` }
}

describe('work that failed, and whose money a contract has bound to payees,', () => {
  test('is done again for the same proof, and its answer stands then', async () => {
    world.fails(2)
    const proof = await collectedFirst('/flaky-duet')
    const first = await get('/flaky-duet', proof)
    expect([first.statusCode, world.ran()]).toEqual([500, 0])
    expect(await payment(first.headers['switchyard-receipt'])).toMatchObject({ reason: 'not_served' })
    expect((await get('/flaky-duet', proof)).statusCode).toBe(500)
    const served = await get('/flaky-duet', proof)
    expect([served.statusCode, served.body, served.headers['idempotent-replayed']]).toEqual([200, 'flaky 1', undefined])
    expect(served.headers['switchyard-receipt']).toBe(first.headers['switchyard-receipt'])
    const again = await get('/flaky-duet', proof)
    expect([again.body, again.headers['idempotent-replayed'], world.ran()]).toEqual(['flaky 1', 'true', 1])
    expect(world.chain.collected).toHaveLength(1)
    expect(await payment(first.headers['switchyard-receipt'])).toMatchObject({ reason: null })
  })

  test('is done once for 50 that ask at the same time', async () => {
    world.fails(1)
    const proof = await collectedFirst('/flaky-duet')
    expect((await get('/flaky-duet', proof)).statusCode).toBe(500)
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('/flaky-duet', proof)))
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))).toEqual(new Set(['200 flaky 1']))
    expect([world.ran(), answers.filter(({ headers }) => !headers['idempotent-replayed']).length]).toEqual([1, 1])
  })

  test('that fails again is done once for 20 that ask at the same time, and all have its answer', async () => {
    world.fails(50)
    const proof = await collectedFirst('/flaky-duet')
    await get('/flaky-duet', proof)
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/flaky-duet', proof)))
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1)
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
  })

  test('is done again long after an offer ends, and after a day no more', async () => {
    world.fails(2)
    const proof = await collectedFirst('/flaky-duet')
    await get('/flaky-duet', proof)
    world.pass(DAY_MS / 2)
    expect((await get('/flaky-duet', proof)).statusCode).toBe(500)
    world.pass(DAY_MS / 2 + 1)
    const late = await get('/flaky-duet', proof)
    expect([late.statusCode, late.json<{ code: string }>().code, world.ran()]).toEqual([402, 'proof_used', 0])
  })

  test('is done ten times more at most', async () => {
    world.fails(50)
    const proof = await collectedFirst('/flaky-duet')
    const answers = []
    for (let i = 0; i < 14; i++) answers.push(await get('/flaky-duet', proof))
    const ran = answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)
    expect([ran.length, new Set(answers.map(({ statusCode }) => statusCode))]).toEqual([11, new Set([500])])
  })

  test('is not done for another request by the same proof', async () => {
    world.fails(1)
    const proof = await collectedFirst('/flaky-duet')
    await get('/flaky-duet', proof)
    expect((await get('/flaky-duet?other', proof)).statusCode).toBe(402)
    expect(world.ran()).toBe(0)
  })
})

describe('work that failed, and whose money goes back,', () => {
  test('is not done again: over Lightning it waits for its payer', async () => {
    world.fails(1)
    const proof = await overLightning('/flaky')
    const first = await get('/flaky', proof)
    const id = String(first.headers['switchyard-receipt'])
    expect([first.statusCode, world.has(accounts.surplus(id), BTC) > 0n]).toEqual([500, true])
    const again = await get('/flaky', proof)
    expect([again.statusCode, again.headers['idempotent-replayed'], world.ran()]).toEqual([500, 'true', 0])
  })

  test('is done again where the payee has spent it, until its money can go back', async () => {
    world.fails(2, () => world.payOut(accounts.party(world.seller)))
    const proof = await overLightning('/flaky')
    const first = await get('/flaky', proof)
    const id = String(first.headers['switchyard-receipt'])
    expect([first.statusCode, world.has(accounts.surplus(id), BTC)]).toEqual([500, 0n])
    expect((await get('/flaky', proof)).headers['idempotent-replayed']).toBeUndefined()
    expect((await get('/flaky', proof)).body).toBe('flaky 1')
  })
})
