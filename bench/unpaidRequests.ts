// What a 402 costs: the paywall's own work for a request without a proof, from its headers to the JSON of the body, in this process and without HTTP. With
// an invoice it is one that was made ahead, so that no node is in the figure. Many at a time must cost each no more than one at a time.
import { fileURLToPath } from 'node:url'
import { configuredRates } from '../adapters/rates/configuredRates.ts'
import { uuidIds } from '../app/open/uuidIds.ts'
import type { PaidFaces } from '../gateway/api/paid/paidFaces.ts'
import { createPaywall } from '../gateway/api/paid/paywall.ts'
import { type PricedRoute, priceRoute } from '../gateway/api/paid/pricedRoute.ts'
import { LIMITS, openGuard } from '../gateway/guard/openGuard.ts'
import { BTC, erc20Asset, USD } from '../gateway/money/asset.ts'
import { parseAmount } from '../gateway/money/money.ts'
import { challengeKeys } from '../gateway/payins/challenge/challengeKeys.ts'
import { offerMaker } from '../gateway/payins/offer/makeOffers.ts'
import type { Hex } from '../gateway/ports/ids.ts'
import { countedLightning } from '../test/paidRoute/countedRails.ts'
import { stubbedRail } from './servers/stubbedRail.ts'

const TOKEN: Hex = '0x5FbDB2315678afecb367f032d93F642f64180aa3'
const PAY_TO: Hex = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const USDC = erc20Asset({ chainId: 31337, address: TOKEN, code: 'USDC', scale: 6, ledger: 100 })
const WARM_UP = 5_000
const MEASURED = 10_000
const AT_ONCE = [1, 64, 1_000] as const

/** What says that no invoice is wanted, and what says nothing. */
const KINDS = [
  { title: 'without an invoice', headers: { 'accept-payment': 'evm/charge' } },
  { title: 'with one from the pool', headers: {} },
  { title: 'as a page in a browser', headers: { accept: 'text/html,*/*;q=0.8' } },
] as const

async function openWall(): Promise<Readonly<{ wall: ReturnType<typeof createPaywall>; route: PricedRoute }>> {
  const clock = { now: () => Date.now() }
  const ids = uuidIds(clock)
  const rates = configuredRates(
    [
      { asset: BTC, usd: '100000' },
      { asset: USDC, usd: '1' },
    ],
    clock,
  )
  const receivers = [countedLightning(), stubbedRail({ chainId: 31337, token: TOKEN, payTo: PAY_TO, asset: USDC, reports: false })]
  const used = {
    ground: { clock, ids, usd: USD, bookAsset: USDC, rates },
    guard: openGuard({ clock }, { limits: LIMITS, onRefused: () => {} }),
    parties: { splits: { get: () => ({ splitId: `0x${'51'.repeat(32)}`, key: 'sp_1' }) } },
    payins: {
      receivers,
      makeOffers: offerMaker({ receivers, rates, clock, bookAsset: USDC }),
      challengeKeys: challengeKeys({ current: Buffer.alloc(32, 7) }),
      passes: { hasRoom: () => true },
    },
  }
  const faces = used as unknown as PaidFaces // What is unpaid meets no more of it than this.
  const joke = { method: 'GET', url: '/joke', publicUrl: 'https://api.example.com', description: 'A joke about tolls' }
  const route = await priceRoute(faces, { ...joke, price: parseAmount('0.002', USD), payee: { split: 'sp_1' } })
  return { wall: createPaywall(faces), route }
}

/** Prints a line for each kind of 402 and each number at a time. */
export async function run(): Promise<void> {
  const { wall, route } = await openWall()
  let asked = 0
  const one = async (headers: Readonly<Record<string, string>>): Promise<void> => {
    // Each from a network of its own, which is given its invoice.
    const asker = `network ${asked++}`
    const request = { method: 'GET', url: '/joke?kind=toll', headers, body: '', asker, address: undefined, isMany: false, use: asker }
    const entry = await wall.admit(route, request, route.publicUrl)
    if (entry.kind !== 'unpaid') throw new Error(`A request without a proof was ${entry.kind}`)
  }
  const many = async (count: number, atOnce: number, headers: Readonly<Record<string, string>>): Promise<void> => {
    for (let done = 0; done < count; done += atOnce) await Promise.all(Array.from({ length: atOnce }, () => one(headers)))
  }
  for (const { title, headers } of KINDS) {
    for (const atOnce of AT_ONCE) {
      await many(WARM_UP, atOnce, headers)
      const before = process.cpuUsage()
      await many(MEASURED, atOnce, headers)
      const { user, system } = process.cpuUsage(before)
      console.log(
        `402  ${title.padEnd(24)} ${String(atOnce).padStart(5)} at a time  ${((user + system) / MEASURED).toFixed(0).padStart(5)} us CPU each`,
      )
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
