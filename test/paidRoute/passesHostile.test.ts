import { expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { chanceOf } from './hostile/chance.ts'
import { type Sent, VARIANTS } from './hostile/variants.ts'
import { openPaidRoute, USDC } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

const PASSES = 12
const TRIES = 160
const BURST = 16
const [USES, PER_USE] = [10, 2_000n]

test('whatever strangers make of the token of a pass, it buys its ten uses and not one more, and its money is all there', async () => {
  const rate = { perS: 100_000, burst: 100_000 }
  const world = await openPaidRoute({ finishedKept: 100, limits: { line: rate, network: rate, caller: rate, lateMs: 600_000 } })
  onTestFinished(() => world.close())
  const chance = chanceOf(402)
  const variants = Object.values(VARIANTS)
  let other: Sent = { method: 'GET', url: '/joke', headers: {} }
  for (let n = 1; n <= PASSES; n++) {
    const { macaroon, invoice } = askedOf(await world.app.inject({ method: 'GET', url: '/ten/1' }))
    const headers = { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` }
    const right: Sent = { method: 'GET', url: '/ten/1', headers }
    const before = world.ran()
    for (let sent = 0; sent < TRIES; sent += BURST) {
      const burst = Array.from({ length: BURST }, () => chance.oneOf(variants)(right, other, chance))
      await Promise.all(
        burst.map(({ method, url, headers: sentHeaders, payload }) =>
          world.app.inject({ method, url, headers: sentHeaders, ...(payload && { payload }) }),
        ),
      )
    }
    expect(world.ran() - before).toBe(USES)
    expect(world.has(`pass:ps_${invoice.slice(0, 32)}`, USDC)).toBe(0n)
    other = right
  }
  expect(world.has(accounts.party(world.seller), USDC)).toBe(BigInt(PASSES * USES) * PER_USE)
})
