import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { ExposureLimits } from '../../gateway/payins/exposure/limits.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { addressOf, type CreditWorld, openCreditWorld, USDC } from './creditWorld.ts'

// Work that is done before its money came is a credit: who is given one, how much, and what the ledger keeps of it.
const CENT = 10_000n
const DOLLAR = 1_000_000n
const DAY_MS = 86_400_000
const ALICE = addressOf(0xa11ce)
const BOB = addressOf(0xb0b)

let world: CreditWorld
let engine = false
beforeEach(() => begin())

async function begin(limits: Partial<ExposureLimits> = {}): Promise<void> {
  world = await openCreditWorld({ limits, engine })
  const { close } = world
  onTestFinished(close)
}

const joke = (payer: Hex, units = CENT) => ({ payer, units })
const line = (payer: Hex) => world.has(`exposure:payer:${payer}`)

/** Has paid so much before, and has money left. */
async function makeKnown(payer: Hex, units: bigint): Promise<void> {
  world.chain.fill(payer, 100n * DOLLAR)
  for (let left = units; left > 0n; left -= 10n * CENT) {
    expect(await world.serve({ payer, units: left < 10n * CENT ? left : 10n * CENT })).toMatch(/deferred|paid first/)
    await world.settled()
  }
  expect(line(payer)).toEqual({ is: units < DOLLAR ? units : DOLLAR, held: 0n })
}

describe.each([
  ['the embedded books', false],
  ['books over an engine', true],
])('in %s all payers who never settled anything', (_, over) => {
  beforeAll(() => {
    engine = over
  })
  afterAll(() => {
    engine = false
  })

  test('are given one small limit together, hold it until their money came, and are collected first beyond it', async () => {
    await begin({ newPayersUnits: 5n * CENT })
    world.chain.stop()
    const payers = Array.from({ length: 20 }, (_, n) => addressOf(n + 1))
    for (const payer of payers) world.chain.fill(payer, DOLLAR)
    const all = Promise.all(payers.map((payer) => world.serve(joke(payer))))
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(20)
    expect(world.has('exposure:new')).toEqual({ is: 5n * CENT, held: 5n * CENT })
    world.chain.goOn()
    const how = await all
    expect([how.filter((one) => one === 'deferred').length, how.filter((one) => one === 'paid first').length]).toEqual([5, 15])
    await world.settled()
    expect(world.has('exposure:new')).toEqual({ is: 5n * CENT, held: 0n })
    for (const payer of payers) expect(line(payer)).toEqual({ is: CENT, held: 0n })
  })

  test('use it up by what they do not pay, until the next day', async () => {
    await begin({ newPayersUnits: 5n * CENT })
    const steal = async (from: number) => {
      world.chain.views.drains = true
      const how = []
      for (let n = from; n < from + 10; n++) {
        world.chain.fill(addressOf(n), DOLLAR)
        how.push(await world.serve(joke(addressOf(n))))
      }
      await world.settled()
      world.chain.views.drains = false
      return how.filter((one) => one === 'deferred' || one === 'paid first').length
    }
    expect([await steal(1), await steal(101)]).toEqual([5, 0])
    expect(world.has('exposure:new')).toEqual({ is: 0n, held: 0n })
    world.pass(DAY_MS)
    expect([await steal(201), await steal(301)]).toEqual([5, 0])
    // Of the others no work was done.
    expect(world.collections.failures()).toHaveLength(10)
  })

  test('cost at most that one limit, were they ten thousand, with money or without, and hundreds at once', async () => {
    const [keys, atOnce] = over ? [1_000, 500] : [10_000, 500]
    world.chain.views.drains = true
    const how = new Map<string, number>()
    for (let first = 1; first <= keys; first += atOnce) {
      const payers = Array.from({ length: atOnce }, (_, n) => addressOf(first + n))
      for (const payer of payers.slice(atOnce / 2)) world.chain.fill(payer, DOLLAR)
      for (const one of await Promise.all(payers.map((payer) => world.serve(joke(payer))))) how.set(one, (how.get(one) ?? 0) + 1)
    }
    await world.settled()
    expect(Object.fromEntries(how)).toEqual({ insufficient_balance: keys / 2, deferred: 100, payment_not_collected: keys / 2 - 100 })
    const cost = world.collections.failures().reduce((sum, { units }) => sum + units, 0n)
    expect([cost, world.chain.collected()]).toEqual([DOLLAR, 0])
    expect(world.has('exposure:new')).toEqual({ is: 0n, held: 0n })
  })

  test('who fill it stand in nobody’s way: others are collected first, and who has paid before is served as ever', async () => {
    await begin({ newPayersUnits: 10n * CENT })
    await makeKnown(ALICE, 50n * CENT)
    world.chain.stop()
    for (let n = 1; n <= 10; n++) {
      world.chain.fill(addressOf(n), DOLLAR)
      expect(await world.serve(joke(addressOf(n)))).toBe('deferred')
    }
    for (let n = 0; n < 20; n++) expect(await world.serve(joke(ALICE))).toBe('deferred')
    world.chain.fill(BOB, DOLLAR)
    const bob = world.serve(joke(BOB))
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(31)
    world.chain.goOn()
    expect(await bob).toBe('paid first')
  })
})

describe('a payer', () => {
  test('may owe what it has settled, to the limit of a payer', async () => {
    await begin({ newPayersUnits: 0n, payerUnits: 3n * CENT })
    world.chain.fill(ALICE, DOLLAR)
    expect(await world.serve(joke(ALICE))).toBe('paid first')
    await world.settled()
    expect(line(ALICE)).toEqual({ is: CENT, held: 0n })
    for (let n = 0; n < 5; n++) {
      expect(await world.serve(joke(ALICE))).toBe('deferred')
      await world.settled()
    }
    expect(line(ALICE)).toEqual({ is: 3n * CENT, held: 0n })
    world.chain.stop()
    for (let n = 0; n < 3; n++) expect(await world.serve(joke(ALICE))).toBe('deferred')
    expect(line(ALICE)).toEqual({ is: 3n * CENT, held: 3n * CENT })
    const fourth = world.serve(joke(ALICE))
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(4)
    world.chain.goOn()
    expect(await fourth).toBe('paid first')
  })

  test('is not served twice for the same money, however many requests come at once', async () => {
    await makeKnown(ALICE, DOLLAR)
    world.chain.fill(ALICE, 3n * CENT)
    world.chain.stop()
    const all = Promise.all(Array.from({ length: 10 }, () => world.serve(joke(ALICE))))
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(10)
    expect(line(ALICE).held).toBe(3n * CENT)
    world.chain.goOn()
    const how = await all
    // Which of the ten the money reaches is the chain's to say: three are paid in all.
    expect(how.filter((one) => one === 'deferred')).toHaveLength(3)
    await world.settled()
    expect(world.chain.collected()).toBe(10 + 3)
  })

  test('is not served twice for what Permit2 may take, however much it has', async () => {
    await makeKnown(ALICE, DOLLAR)
    world.chain.fill(ALICE, 100n * DOLLAR)
    world.chain.allow(ALICE, 3n * CENT)
    world.chain.stop()
    const all = Promise.all(Array.from({ length: 10 }, () => world.serve({ payer: ALICE, units: CENT, kind: 'permit2' })))
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(10)
    expect(line(ALICE).held).toBe(3n * CENT)
    world.chain.goOn()
    expect((await all).filter((one) => one === 'deferred')).toHaveLength(3)
    await world.settled()
    expect(world.chain.collected()).toBe(10 + 3)
  })

  test('whose account is code is never served before its money, also where the chain sees no code', async () => {
    await makeKnown(ALICE, DOLLAR)
    expect(await world.serve({ payer: ALICE, units: CENT, byCode: true })).toBe('paid first')
    expect(await world.serve(joke(ALICE))).toBe('deferred')
  })

  test('who fails to pay has no credit for a month, and then only what it settled without failing', async () => {
    await makeKnown(ALICE, 50n * CENT)
    world.chain.views.drains = true
    expect(await world.serve(joke(ALICE, 10n * CENT))).toBe('deferred')
    await world.settled()
    world.chain.views.drains = false
    expect(line(ALICE)).toEqual({ is: 40n * CENT, held: 0n })
    world.chain.fill(ALICE, DOLLAR)
    expect(await world.serve(joke(ALICE))).toBe('paid first')
    world.pass(29 * DAY_MS)
    expect(await world.serve(joke(ALICE))).toBe('paid first')
    world.pass(2 * DAY_MS)
    expect(await world.serve(joke(ALICE))).toBe('deferred')
  })

  test.each([
    ['whose account has code', () => void world.chain.views.withCode.add(ALICE), {}, 'paid first'],
    ['of whom the chain says nothing', () => (world.chain.views.silent = true), {}, 'paid first'],
    ['who has too little', () => world.chain.fill(ALICE, CENT - 1n), {}, 'insufficient_balance'],
    ['whose nonce is used', () => world.chain.spend(ALICE, addressOf(7)), { nonce: addressOf(7) }, 'proof_nonce_used'],
    ['whose authorization ends soon', () => undefined, { lifeS: 20 }, 'paid first'],
    ['who asks for much', () => undefined, { units: 10n * CENT + 1n }, 'paid first'],
  ])('%s is never served first', async (_, make, more, expected) => {
    await makeKnown(ALICE, DOLLAR)
    make()
    const { seq } = world.books.head()
    expect(await world.serve({ ...joke(ALICE), ...more })).toBe(expected)
    if (expected !== 'paid first') expect(world.books.head().seq).toBe(seq)
  })
})

describe('the limits', () => {
  test('of a route and of the gateway hold whoever asks, and leave what is free to others', async () => {
    await begin({ routeUnits: 5n * CENT, gatewayUnits: 8n * CENT })
    await makeKnown(ALICE, DOLLAR)
    await makeKnown(BOB, DOLLAR)
    world.chain.stop()
    const ask = (payer: Hex, route: string) => void world.serve({ ...joke(payer), route })
    for (let n = 0; n < 5; n++) for (const payer of [ALICE, BOB]) ask(payer, '/joke')
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(10)
    expect([world.has('exposure:route:/joke').held, line(ALICE).held + line(BOB).held]).toEqual([5n * CENT, 5n * CENT])
    for (let n = 0; n < 5; n++) ask(BOB, '/song')
    await expect.poll(() => world.requestRecords.heldKeys().length).toBe(15)
    expect([world.has('exposure:route:/song').held, line(ALICE).held + line(BOB).held]).toEqual([3n * CENT, 8n * CENT])
    world.chain.goOn()
    await world.settled()
    expect(line(ALICE).held + line(BOB).held).toBe(0n)
  })

  test('are given back by work that failed', async () => {
    await makeKnown(ALICE, DOLLAR)
    world.chain.stop()
    await world.serve(joke(ALICE), 500)
    expect([line(ALICE), world.has('exposure:route:/joke').held]).toEqual([{ is: DOLLAR, held: 0n }, 0n])
    world.chain.goOn()
  })

  test('are in the books: a restart finds what is held and fills nothing a second time, and a new size counts at once', async () => {
    await begin({ newPayersUnits: 5n * CENT })
    world.chain.views.drains = true
    for (const n of [1, 2]) {
      world.chain.fill(addressOf(n), DOLLAR)
      expect(await world.serve(joke(addressOf(n)))).toBe('deferred')
    }
    await world.settled()
    expect(world.has('exposure:new')).toEqual({ is: 3n * CENT, held: 0n })
    world.chain.views.drains = false
    const { blocks, chain } = world
    chain.fill(BOB, DOLLAR)
    const again = async (newPayersUnits: bigint) => {
      await world.close()
      world = await openCreditWorld({ limits: { newPayersUnits }, blocks, chain })
      expect(await world.serve(joke(BOB, 9n * CENT))).toMatch(/paid first|deferred/)
      return world.has('exposure:new')
    }
    expect((await again(5n * CENT)).is).toBe(3n * CENT)
    expect((await again(2n * CENT)).is).toBe(2n * CENT)
    expect((await again(6n * CENT)).is).toBe(6n * CENT)
    await world.close()
  })

  test.each(['collected', 'failed'])(
    'hold nothing of a request that was claimed before there were any, which is %s as ever',
    async (outcome) => {
      const { blocks, chain, payee, books, ids } = world
      const [nonce, entry, receipt] = [addressOf(5), ids.entry(), ids.receipt()]
      const token = addressOf(0xc0)
      const claimKey = `evm:1:${token}:${ALICE}:${nonce}`
      const authorization = { kind: 'transfer', chainId: 1, token, from: ALICE, to: token, nonce, signature: '0x', value: `${CENT}` }
      const times = { validAfter: '0', validBefore: '1900000000' }
      const claimed = { claimKey, fingerprint: 'joke', rail: 'evm:1', payer: ALICE, units: `${CENT}`, entry, settleFirst: 'no' }
      const party = payee.kind === 'party' ? payee.party : ''
      await books.submit({
        claims: [{ key: claimKey, fingerprint: 'joke' }],
        facts: [
          { type: 'request.claimed', id: receipt, at: 1, data: { ...claimed, authorization: { ...authorization, ...times } } },
          { type: 'request.answered', id: receipt, at: 2, data: { claimKey, status: 200, contentType: 'text/plain' } },
        ],
        entry: {
          id: entry,
          payment: receipt,
          legs: [{ kind: 'hold', debit: 'transit:evm:1', credit: `party:${party}`, asset: USDC, units: CENT, timeoutS: 0 }],
        },
      })
      await world.close()
      if (outcome === 'collected') chain.fill(ALICE, CENT)
      world = await openCreditWorld({ blocks, chain })
      await world.settled()
      expect(world.requestRecords.byClaim(claimKey)?.collection).toBe(outcome)
      expect(world.books.accounts('exposure')).toEqual([])
      await world.close()
    },
  )
})
