import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SilentProxy, startSilentProxy } from '../evm/silentProxy.ts'
import { control, partyWith, startYard, until, verified, type Yard } from './yard.ts'

type Payout = { id: string; status: string; rail?: string; attempts: { outcome: string }[] }

let yard: Yard
let proxy: SilentProxy | undefined
let payee: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard({
    // One chain, so that what it is silent about cannot go another way.
    chains: 1,
    rpcVia: async (rpcUrl) => {
      proxy = await startSilentProxy(rpcUrl)
      return proxy.url
    },
  })
  // Somebody to be paid out, with dollars that a balance has paid.
  const payer = await partyWith(yard, { name: 'payer', eur: '5.00' })
  payee = await partyWith(yard, { name: 'payee' })
  const made = await yard.call('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount: '2.00' }, payee: payee.id } })
  const paid = await yard.call('POST', `/v1/payment_intents/${made.body.id}/pay`, { body: { rail: 'book' }, key: payer.key })
  if (paid.status !== 200) throw new Error(`the payee has nothing: ${JSON.stringify(paid.body)}`)
}, 90_000)
afterAll(async () => {
  await yard?.close()
  await proxy?.close()
}, 30_000)

async function dollars(): Promise<{ available: string; held: string }> {
  const { body } = await yard.call<{ balances: { code: string; available: string; held: string }[] }>('GET', `/v1/parties/${payee.id}`)
  const { available, held } = body.balances.find((b) => b.code === 'USDC')!
  return { available, held }
}

async function payOut(amount: string, destination: object): Promise<string> {
  const body = { party: payee.id, amount: { asset: 'USDC', amount }, destinations: [destination] }
  const made = await yard.call<Payout>('POST', '/v1/payouts', { body })
  expect(made.status).toBe(201)
  return made.body.id
}

const payoutNow = async (id: string) => (await yard.call<Payout>('GET', `/v1/payouts/${id}`)).body

let silenced = ''
test('a payout whose transaction the chain takes without a word keeps its hold', async () => {
  proxy!.silence((method) => method === 'eth_sendRawTransaction' || method.startsWith('eth_getTransaction'))
  silenced = await payOut('0.5', { kind: 'evm_address', address: '0x00000000000000000000000000000000000b0b02' })
  await until('the transaction', async () => proxy!.sent().length > 0)
  expect(await payoutNow(silenced)).toMatchObject({ status: 'processing', attempts: [{ outcome: 'pending' }] })
  expect(await dollars()).toEqual({ available: '1.5', held: '0.5' })
})

/** The process that the gateway keeps its Lightning node in. */
function lightningWorker(): number {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args=']).toString().split('\n')
  const rows = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
  const worker = rows.find((row) => row?.[2] === `${yard.processId()}` && /lightning\/embedded\/process\/worker/.test(row[3]!))
  if (!worker) throw new Error('the gateway has no Lightning worker')
  return Number.parseInt(worker[1]!, 10)
}

test('a Lightning node that is killed while it pays comes back and has paid exactly once', async () => {
  const { invoice } = await control<{ invoice: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat: '500000' })
  const worker = lightningWorker()
  const id = await payOut('0.5', { kind: 'lightning_invoice', invoice })
  await until('the attempt', async () => (await payoutNow(id)).attempts.length > 0)
  process.kill(worker, 'SIGKILL')
  const end = await until(
    'the outcome',
    async () => {
      const now = await payoutNow(id)
      return (now.status === 'settled' || now.status === 'failed') && now
    },
    60_000,
  )
  expect(end).toMatchObject({ status: 'settled', rail: 'lightning' })
  expect(lightningWorker()).not.toBe(worker)
  // The other half dollar is the silent chain's.
  expect(await dollars()).toEqual({ available: '1', held: '0.5' })
}, 90_000)

test('the attempt is unknown when its deadline has passed, and settles once when the chain answers again', async () => {
  await until('the doubt', async () => (await payoutNow(silenced)).status === 'outcome_unknown', 60_000)
  expect(await payoutNow(silenced)).toMatchObject({ attempts: [{ outcome: 'unknown' }] })
  expect(await dollars()).toEqual({ available: '1', held: '0.5' })
  proxy!.silence(() => false)
  await until('the outcome', async () => (await payoutNow(silenced)).status === 'settled', 45_000)
  expect(await payoutNow(silenced)).toMatchObject({ rail: 'evm:31337', attempts: [{ outcome: 'settled' }] })
  expect(await dollars()).toEqual({ available: '1', held: '0' })
  expect(proxy!.sent()).toHaveLength(1)
}, 120_000)

test('after both, every balance agrees with every rail', async () => {
  expect(await verified(yard)).toMatchObject({ ok: true })
})

test('a 402 names the terms of a chain that does not answer, because it asks none', async () => {
  proxy!.silence(() => true)
  const answer = await fetch(yard.route(), { signal: AbortSignal.timeout(30_000) })
  expect(answer.status).toBe(402)
  const required = Buffer.from(answer.headers.get('payment-required') ?? '', 'base64').toString()
  expect(JSON.parse(required)).toMatchObject({ accepts: [{ network: `eip155:${yard.chain.chainId}` }] })
})
