import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { headersOfPairs, paidToken } from './tokens.ts'

// Many sellers have passes open at one gateway, and none has the room or the turn of another.
let world: PaidRouteWorld
const rate = { perS: 100_000, burst: 100_000 }
const limits = { line: rate, network: rate, caller: rate, lateMs: 600_000 }
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100, limits, passes: { openMax: 250 } })
  onTestFinished(() => world.close())
})

const DAY_MS = 86_400_000
type Reply = Readonly<{ kind: string; headers: readonly (readonly [string, string])[]; body: string }>
const ask = (url: string, headers: Readonly<Record<string, string>> = {}) => world.app.inject({ method: 'GET', url, headers })

/** What the other seller is told of a request for its route. */
async function admit(more: object, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const request = { method: 'GET', url: 'https://other.example/news', route: '/news', headers }
  const payload = { attempt: crypto.randomUUID(), request, ...more }
  const authorization = `Bearer ${world.customer.key}`
  return (await world.app.inject({ method: 'POST', url: '/v1/admissions', payload, headers: { authorization } })).json<Reply>()
}

/** Sells and begins one pass of the other seller; false where none is sold. */
async function sellsOne(more: object): Promise<boolean> {
  const asked = await admit(more)
  if (!JSON.parse(asked.body).offers.find(({ rail }: { rail: string }) => rail === 'lightning')?.pass) return false
  const { shown } = paidToken(world, headersOfPairs(asked.headers))
  expect(['run', 'open']).toContain((await admit(more, shown)).kind)
  return true
}

test('passes that cannot end do not keep those of others from ending', async () => {
  await world.close()
  world = await openPaidRoute({ finishedKept: 100, limits, passes: { openMax: 1_000 } })
  const more = { pass: { budget: { amount: '0.004' }, for_ms: 60_000 }, price: { amount: '0.002' } }
  for (let n = 0; n < 200; n++) expect(await sellsOne(more)).toBe(true)
  const { shown, account } = paidToken(world, await ask('/ten-shared'))
  expect((await ask('/ten-shared', shown)).statusCode).toBe(200)
  // Nothing converts to bitcoin now; what is left of uses needs none.
  await world.payOut(accounts.fx(BTC, USDC))
  world.pass(3 * DAY_MS)
  await expect.poll(() => world.has(account, USDC), { timeout: 5_000 }).toBe(0n)
}, 30_000)

test('one seller does not take the room of all for a year', async () => {
  await world.close()
  world = await openPaidRoute({ finishedKept: 100, limits, passes: { openMax: 10 } })
  const year = { pass: { for_ms: 365 * DAY_MS, price: { amount: '0.000001' } }, price: { amount: '0.000001' } }
  let open = 0
  while (await sellsOne(year)) open++
  expect(open).toBe(5)
  world.pass(300 * DAY_MS)
  for (let n = 0; n < 2; n++) {
    const asked = await ask('/ten/1')
    expect(asked.json().offers.find(({ rail }: { rail: string }) => rail === 'lightning')?.pass).toBeDefined()
    expect((await ask('/ten/1', paidToken(world, asked).shown)).statusCode).toBe(200)
  }
  // Whose passes have ended has the room again.
  world.pass(70 * DAY_MS)
  await expect.poll(() => sellsOne(year), { timeout: 5_000 }).toBe(true)
})
