import { expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { openPaidRoute, USDC } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// A seller who pays its own route could wait how the rate moves and have its work fail when the bitcoin is worth more than what it was credited.
const PAID_MSAT = 200_000n
const CREDITED = 200_000n
const LATER_MS = 23 * 3_600_000

/** Work that failed over Lightning when its payee had spent what it was given, and fails once more when USDC is worth `usdcUsd`. */
async function failsAgain(o: Readonly<{ usdcUsd: string; afterMs: number; sold: number }>) {
  let usdcUsd = '1'
  const world = await openPaidRoute({ finishedKept: 3, usdcUsd: () => usdcUsd })
  onTestFinished(() => world.close())
  const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
  const overLightning = async (url: string) => {
    const { macaroon, invoice } = askedOf(await get(url))
    return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` }
  }
  const party = accounts.party(world.seller)
  world.fails(1, () => world.payOut(party))
  const proof = await overLightning('/flaky')
  const receipt = String((await get('/flaky', proof)).headers['switchyard-receipt'])
  world.fails(0, async () => {})
  for (let i = 0; i < o.sold; i++) await get('/flaky', await overLightning('/flaky'))
  usdcUsd = o.usdcUsd
  world.pass(o.afterMs)
  const before = world.has(party, USDC)
  world.fails(1, async () => {})
  await get('/flaky', proof)
  return { gave: before - world.has(party, USDC), got: world.has(accounts.surplus(receipt), BTC) }
}

test('what goes back a day later costs its payee what the bitcoin is worth then, and its payer has all of it', async () => {
  expect(await failsAgain({ usdcUsd: '0.5', afterMs: LATER_MS, sold: 2 })).toEqual({ gave: 2n * CREDITED, got: PAID_MSAT })
})

test('what goes back a day later costs its payee no less than it was given', async () => {
  expect(await failsAgain({ usdcUsd: '2', afterMs: LATER_MS, sold: 2 })).toEqual({ gave: CREDITED, got: PAID_MSAT })
})

test('what its payee can not pay for at the rate of that day stays, and nothing goes back', async () => {
  expect(await failsAgain({ usdcUsd: '0.5', afterMs: LATER_MS, sold: 1 })).toEqual({ gave: 0n, got: 0n })
})

test('within the life of an offer what goes back costs its payee what it was given, because its rate was promised so long', async () => {
  expect(await failsAgain({ usdcUsd: '0.5', afterMs: 60_000, sold: 1 })).toEqual({ gave: CREDITED, got: PAID_MSAT })
})
