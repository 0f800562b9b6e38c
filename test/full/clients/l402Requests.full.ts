import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentOf } from '../../clients/shop.ts'
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

type Answered = { status: number; body: { served: number }; receipt: string; paid: number }[]

test('l402-requests pays an invoice for a request, and one for the three of a pass, whose token it keeps', async () => {
  const paths = ['/joke', '/stories', '/stories', '/stories', '/stories']
  const answers = await runPython<Answered>(packages, 'l402Requests.py', { url: shop.url, control: shop.controlUrl, paths })
  expect(answers.map(({ status, paid }) => [status, paid])).toEqual([
    [200, 1],
    [200, 2],
    [200, 2],
    [200, 2],
    [200, 3],
  ])
  expect(new Set(answers.map(({ body }) => body.served)).size).toBe(5)
  expect(await paymentOf(shop, answers[0]!.receipt)).toMatchObject({ status: 'settled', final: true })
})
