import { UptoEvmScheme } from '@x402/evm'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { accountOf, approve } from '../evm/permits.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { recordedClient } from '../evm/recordedClient.ts'
import { type GatewayProcess, startGatewayProcess } from './gatewayProcess.ts'
import { meteredExpress, meteredHono } from './meteredShops.ts'
import { startReplica } from './replica.ts'

// Streams that are paid by their use, from processes that end in the middle of them, to the unmodified client of x402's `upto`.
const WAIT = { timeout: 60_000, interval: 50 }
/** A tenth of the maximum, in words of a thousandth of a dollar. */
const STEP_WORDS = 5
let chain: QuietChain
let gateway: GatewayProcess
let party: { id: string; key: string }
beforeAll(async () => {
  chain = await startQuietChain()
  gateway = await startGatewayProcess(chain)
  party = await gateway.seller()
  await Promise.all([1, 2, 3].map((customer) => approve(chain, customer)))
}, 120_000)
afterAll(async () => {
  await gateway?.close()
  await chain?.stop()
}, 30_000)

const payer = (customer: number) => recordedClient(new UptoEvmScheme(accountOf(chain, customer)))

/** What the seller was paid, in millionths of a dollar. */
async function earned(): Promise<number> {
  const [balance] = await gateway.balances(party.id)
  return Math.round(Number(balance?.available ?? 0) * 1_000_000) // not money: a test reads the decimal
}

const statusOf = async (response: Response) =>
  (await (await fetch(`${gateway.url()}/v1/payments/${response.headers.get('switchyard-receipt')}`)).json()) as {
    status: string
    charged: { amount: string } | null
  }

/** The numbers of the words that came, as they come. */
async function* wordsOf(response: Response): AsyncGenerator<number> {
  const decoder = new TextDecoder()
  for await (const chunk of response.body!)
    for (const [, n] of decoder.decode(chunk).matchAll(/data: (\d+)/g)) yield Number.parseInt(n!, 10) // not money: a count
}

test.each([
  ['Express', meteredExpress, 1],
  ['Hono', meteredHono, 2],
])(
  '@x402/fetch, as it is, pays by upto what a route of %s has used',
  async (_, open, customer) => {
    const seller = createSeller({ gateway: gateway.url(), key: party.key, publicUrl: 'http://shop.example' })
    const shop = await open(seller, { pauseMs: 10, given: 0 })
    onTestFinished(shop.close)
    const before = await earned()
    const { get } = payer(customer)
    const used = await get(`${shop.url}/used?use=0.0042`)
    expect([used.status, await used.text()]).toEqual([200, '45800 left'])
    const streamed = await get(`${shop.url}/words?n=7`)
    expect((await streamed.text()).trim().split('\n\n')).toHaveLength(7)
    await expect.poll(async () => (await earned()) - before, WAIT).toBe(11_200)
    expect([await statusOf(used), await statusOf(streamed)]).toMatchObject([
      { status: 'settled', charged: { amount: '0.0042' } },
      { status: 'settled', charged: { amount: '0.007' } },
    ])
    expect((await gateway.verify()).ok).toBe(true)
  },
  120_000,
)

async function replica(withinS?: string) {
  const { child, url } = await startReplica(gateway.url(), party.key, withinS)
  return { child, url: `${url}/words` }
}

test('of a seller that is killed in the middle of a stream so much is taken as it had told, which is less than a step below what it gave', async () => {
  const { child, url } = await replica()
  const before = await earned()
  const response = await payer(3).get(url)
  let given = 0
  const read = async () => {
    for await (const word of wordsOf(response)) {
      given = word
      if (given === 12) child.kill('SIGKILL')
    }
  }
  await expect(read()).rejects.toThrow()
  expect(given).toBeGreaterThanOrEqual(12)
  await expect.poll(async () => (await statusOf(response)).status, WAIT).toBe('settled')
  const { charged } = await statusOf(response)
  const words = Math.round(Number(charged!.amount) * 1_000) // not money: a count
  expect(words).toBeGreaterThan(given - STEP_WORDS)
  expect(words).toBeLessThan(given + STEP_WORDS)
  await expect.poll(async () => (await earned()) - before, WAIT).toBe(words * 1_000)
  await expect.poll(async () => (await gateway.verify()).ok, WAIT).toBe(true)
}, 120_000)

test('a gateway that is killed in the middle of a stream holds it up, and is told the rest when it is back', async () => {
  const { url } = await replica('120')
  const before = await earned()
  const response = await payer(1).get(url)
  const given: number[] = []
  let back: Promise<void> | undefined
  for await (const word of wordsOf(response)) {
    given.push(word)
    if (word !== 7) continue
    await gateway.kill()
    back = gateway.start()
  }
  await back
  expect(given).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
  await expect.poll(async () => (await statusOf(response)).status, WAIT).toBe('settled')
  expect(await statusOf(response)).toMatchObject({ charged: { amount: '0.05' } })
  await expect.poll(async () => (await earned()) - before, WAIT).toBe(50_000)
  await expect.poll(async () => (await gateway.verify()).ok, WAIT).toBe(true)
}, 120_000)
