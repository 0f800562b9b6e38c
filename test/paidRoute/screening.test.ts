import { expect, onTestFinished, test } from 'vitest'
import { createScreening, type Screen, type ScreenedRequest, type WhenUnknown } from '../../gateway/guard/screening/screening.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { addressOf, type CreditWorld, openCreditWorld } from './creditWorld.ts'
import { CUSTOMER_UNITS, openPaidRoute, USDC } from './paidRouteWorld.ts'

const CENT = 10_000n
const [ALICE, BOB] = [addressOf(0xa11ce), addressOf(0xb0b)]
const never: Screen = () => new Promise(() => {})

let lines: string[]
async function worldWith(screen: Screen, o: { whenUnknown?: WhenUnknown; deadlineMs?: number } = {}): Promise<CreditWorld> {
  lines = []
  const { whenUnknown = 'pay_first', deadlineMs = 2_000 } = o
  const screening = createScreening({ screen, deadlineMs, whenUnknown, log: (line) => lines.push(line) })
  const world = await openCreditWorld({ screening })
  onTestFinished(world.close)
  for (const payer of [ALICE, BOB]) world.chain.fill(payer, 100n * CENT)
  return world
}

const nonce: Hex = `0x${'77'.repeat(32)}`

test('a payer that is refused is told so, and nothing of it is held, collected or kept', async () => {
  let refused = true
  const world = await worldWith((payer) => (refused && payer === ALICE ? 'refuse' : 'serve'))
  const before = world.blocks.length
  expect(await world.serve({ payer: ALICE, units: CENT, nonce })).toBe('payer_refused')
  expect([world.blocks.length, world.requestRecords.heldKeys()]).toEqual([before, []])
  expect(await world.serve({ payer: BOB, units: CENT })).toBe('deferred')
  refused = false
  expect(await world.serve({ payer: ALICE, units: CENT, nonce })).toBe('deferred')
  await world.settled()
})

test('the check is told what is asked for, once a payment', async () => {
  const heard: [string, Omit<ScreenedRequest, 'signal'>][] = []
  const world = await worldWith(async (payer, { signal, ...request }) => {
    expect(signal.aborted).toBe(false)
    heard.push([payer, request])
    return 'serve' as const
  })
  const asked = { payer: ALICE, units: CENT, nonce, agent: 'https://agent.test' }
  expect(await world.serve(asked)).toBe('deferred')
  await world.serve(asked)
  expect(heard).toEqual([[ALICE, { rail: 'evm:1', price: '0.01', resource: '/joke', route: '/joke', agent: 'https://agent.test' }]])
  await world.settled()
})

const SILENT: readonly (readonly [string, Screen])[] = [
  ['answers too late', never],
  [
    'throws',
    () => {
      throw new Error('no list')
    },
  ],
  ['fails', async () => Promise.reject(new Error('no list'))],
  ['says another word', (() => 'perhaps') as unknown as Screen],
]
test.each(SILENT)('a check that %s lets nobody owe: who pays first is served, by default', async (_, screen) => {
  const world = await worldWith(screen, { deadlineMs: 50 })
  expect(await world.serve({ payer: ALICE, units: CENT })).toBe('paid first')
  expect(lines).toHaveLength(1)
})
test.each(SILENT)('a check that %s refuses for now where the operator says so, and keeps nothing', async (_, screen) => {
  const world = await worldWith(screen, { deadlineMs: 50, whenUnknown: 'refuse' })
  const before = world.blocks.length
  expect(await world.serve({ payer: ALICE, units: CENT })).toBe('screening_unavailable')
  expect(world.blocks.length).toBe(before)
})
test.each(SILENT)('a check that %s is passed over where the operator says so', async (_, screen) => {
  const world = await worldWith(screen, { deadlineMs: 50, whenUnknown: 'serve' })
  expect(await world.serve({ payer: ALICE, units: CENT })).toBe('deferred')
  await world.settled()
})

test('a check that is late is told that nobody waits', async () => {
  let told: AbortSignal | undefined
  const world = await worldWith(
    (_, { signal }) => {
      told = signal
      return new Promise(() => {})
    },
    { deadlineMs: 50 },
  )
  await world.serve({ payer: ALICE, units: CENT })
  expect(told?.aborted).toBe(true)
})

test('no more are asked about at a time than the check can be asked, and the next need not wait for its time', async () => {
  let asked = 0
  const screening = createScreening({
    screen: () => {
      asked++
      return new Promise(() => {})
    },
    deadlineMs: 600_000,
    whenUnknown: 'pay_first',
    log: () => {},
  })
  const request = { rail: 'evm:1', price: '0.01', resource: '/joke', route: '/joke' }
  for (let n = 0; n < 256; n++) void screening(addressOf(n), request)
  expect(await screening(ALICE, request)).toEqual({ mayOwe: false })
  expect(asked).toBe(256)
})

test('who pays from a balance is asked about by the party, and who has paid an invoice is not', async () => {
  const asked: string[] = []
  const screen: Screen = (payer) => {
    asked.push(payer)
    return 'refuse'
  }
  const screening = createScreening({ screen, deadlineMs: 2_000, whenUnknown: 'pay_first', log: () => {} })
  const world = await openPaidRoute({ finishedKept: 10, screening })
  onTestFinished(() => world.close())
  const get = (headers: Record<string, string>) => world.app.inject({ method: 'GET', url: '/joke', headers })
  const byBalance = await get({ authorization: `Bearer ${world.customer.key}`, 'idempotency-key': crypto.randomUUID() })
  expect([byBalance.statusCode, byBalance.json().code]).toEqual([403, 'payer_refused'])
  expect(asked).toEqual([world.customer.id])
  expect(world.has(accounts.party(world.customer.id), USDC)).toBe(CUSTOMER_UNITS)
  const challenge = [(await get({})).headers['www-authenticate']].flat().join()
  const [, macaroon, invoice] = /L402 macaroon="([^"]*)", invoice="lnbcrt([^"]*)"/.exec(challenge)!
  expect((await get({ authorization: `L402 ${macaroon}:${world.lightning.pay(invoice!)}` })).statusCode).toBe(200)
  expect([asked.length, world.ran()]).toEqual([1, 1])
})
