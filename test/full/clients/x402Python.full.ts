import { decodePaymentResponseHeader } from '@x402/fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { has, settled } from '../../clients/shop.ts'
import { forkWorld, type Shop } from '../../clients/world.ts'
import { INSTALL_MS_MAX, pythonPackages, runPython } from './pythonClients.ts'

let packages: string
let shop: Shop
let world: ReturnType<typeof forkWorld>
beforeAll(async () => {
  packages = await pythonPackages()
  world = forkWorld()
  shop = await world.ready
}, INSTALL_MS_MAX)
afterAll(() => world?.stop())

type Answered = { status: number; receipt: string; said: string }[]
/** Each path, and whether it is paid over Permit2. */
const PATHS = [
  ['/joke', false],
  ['/opera', false],
  ['/joke?by=permit2', true],
  ['/used?use=0.0042', false],
] as const

test.each([
  ['requests', 'x402Requests.py', 0],
  ['httpx', 'x402Httpx.py', 1],
])('x402 for Python pays with %s by EIP-3009, over Permit2 and by upto', async (_, program, customer) => {
  const before = await has(shop, customer)
  const order = { url: shop.url, key: shop.customers[customer]!.privateKey, paths: PATHS }
  const answers = await runPython<Answered>(packages, program, order)
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  const payments = await Promise.all(answers.map(({ receipt }) => settled(shop, receipt)))
  expect(decodePaymentResponseHeader(answers[1]!.said)).toMatchObject({ success: true, transaction: payments[1]!.evidence.transaction })
  expect(payments[3]).toMatchObject({ charged: { amount: '0.0042' } })
  expect(before - (await has(shop, customer))).toBe(2_000n + 200_000n + 2_000n + 4_200n)
})
