import { expect, test } from 'vitest'
import { money } from '../../gateway/money/money.ts'
import { attack } from '../paidRoute/hostile/attack.ts'
import { openPaidRoute, USDC } from '../paidRoute/paidRouteWorld.ts'

const REQUESTS = 1_000_000
/** A world remembers all that was ever paid, so there are several. */
const WORLDS = 20
/** Around each payment, so that it is attacked from all sides. */
const TRIES = 400
const HASH = `0x${'ab'.repeat(32)}`
const came = { kind: 'settled', evidence: { rail: 'evm:31337', id: HASH, at: 1, proof: HASH }, fee: money(USDC, 0n) } as const

test('of a million requests around payments that were made, no payment buys twice', async () => {
  const answers = new Map<number, number>()
  const sum = { requests: 0, payments: 0, ran: 0 }
  for (let seed = 1; seed <= WORLDS; seed++) {
    const rate = { perS: 1_000_000, burst: 1_000_000 }
    const world = await openPaidRoute({ finishedKept: 100, limits: { line: rate, network: rate, caller: rate, lateMs: 600_000 } })
    world.chain.says(came)
    try {
      const report = await attack(world, { requests: REQUESTS / WORLDS, seed, tries: TRIES })
      sum.requests += report.requests
      sum.payments += report.payments
      sum.ran += report.ran
      for (const [status, times] of report.answers) answers.set(status, (answers.get(status) ?? 0) + times)
    } finally {
      await world.close()
    }
  }
  const told = [...answers].sort(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`)
  console.log(`hostile requests: ${sum.requests} around ${sum.payments} payments, which bought ${sum.ran} runs; answers ${told.join(', ')}`)
  expect(sum.requests).toBeGreaterThanOrEqual(REQUESTS)
  expect([...answers.keys()].filter((status) => status >= 500)).toEqual([])
})
