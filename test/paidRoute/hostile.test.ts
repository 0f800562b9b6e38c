import { expect, test } from 'vitest'
import { money } from '../../gateway/money/money.ts'
import { attack } from './hostile/attack.ts'
import { openPaidRoute, USDC } from './paidRouteWorld.ts'

const REQUESTS = 2_000
const HASH = `0x${'ab'.repeat(32)}`
/** What the chain says of what is collected. */
const came = { kind: 'settled', evidence: { rail: 'evm:31337', id: HASH, at: 1, proof: HASH }, fee: money(USDC, 0n) } as const

test('of two thousand requests around payments that were made, no payment buys twice', async () => {
  const rate = { perS: 100_000, burst: 100_000 }
  const world = await openPaidRoute({ finishedKept: 100, limits: { line: rate, network: rate, caller: rate, lateMs: 600_000 } })
  world.chain.says(came)
  try {
    const report = await attack(world, { requests: REQUESTS, seed: 14 })
    expect(report.requests).toBeGreaterThanOrEqual(REQUESTS)
    // An attack that buys nothing at all would try nothing.
    expect(report.ran).toBeGreaterThan(report.payments / 2)
    expect([...report.answers.keys()].filter((status) => status >= 500)).toEqual([])
  } finally {
    await world.close()
  }
})
