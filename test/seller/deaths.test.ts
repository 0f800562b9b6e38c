import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ExactEvmScheme } from '@x402/evm'
import { wrapFetchWithPayment, x402Client } from '@x402/fetch'
import express from 'express'
import { evm, Mppx } from 'mppx/client'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createSeller } from '../../gateway/seller/createSeller.ts'
import { usd } from '../../gateway/seller/price.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { type GatewayProcess, startGatewayProcess } from './gatewayProcess.ts'
import { startReplica } from './replica.ts'

// A gateway, sellers and payers as they are deployed: processes that end at the worst moments, and other people's clients that pay.
let chain: QuietChain
let gateway: GatewayProcess
let party: { id: string; key: string }
beforeAll(async () => {
  chain = await startQuietChain()
  gateway = await startGatewayProcess(chain)
  party = await gateway.seller()
}, 120_000)
afterAll(async () => {
  await gateway?.close()
  await chain?.stop()
}, 30_000)

type Payment = { headers: Record<string, string> }

/** @x402/fetch as it is, and the headers that it paid with. */
function x402Payer(customer: number) {
  const account = privateKeyToAccount(chain.customers[customer]!.privateKey)
  const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })
  const sent: Payment[] = []
  const recording: typeof fetch = (input, init) => {
    const signature = new Request(input, init).headers.get('payment-signature')
    if (signature) sent.push({ headers: { 'payment-signature': signature } })
    return fetch(input, init)
  }
  return { pay: wrapFetchWithPayment(recording, client), sent }
}

async function expressShop(joke: () => string | Promise<string>, count = 1): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const seller = createSeller({ gateway: gateway.url(), key: party.key, publicUrl: 'http://shop.example', log: () => {} })
      const app = express()
      app.get('/joke', seller.express({ price: usd('0.002') }), async (_, res) => void res.send(await joke()))
      const server: Server = createServer(app)
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      onTestFinished(() => void server.close())
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/joke` // It listens on a port.
    }),
  )
}

const earned = async () => (await gateway.balances(party.id)).map(({ available }) => available).join()

async function until(what: string, so: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  while (!(await so())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within a minute`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test("@x402/fetch and mppx, as they are, pay a seller's route of Express", async () => {
  const [url] = await expressShop(() => 'a joke')
  const { pay } = x402Payer(1)
  const paid = await pay(url!)
  expect([paid.status, await paid.text()]).toEqual([200, 'a joke'])
  expect(paid.headers.get('payment-response')).not.toBeNull()
  const account = privateKeyToAccount(chain.customers[2]!.privateKey)
  const authorization = { name: chain.tokenName, version: chain.tokenVersion }
  const mppx = Mppx.create({ polyfill: false, methods: [evm({ account, authorization })] })
  const charged = await mppx.fetch(url!)
  expect([charged.status, await charged.text()]).toEqual([200, 'a joke'])
  // Its money is collected after the answer, and a receipt of this protocol says success.
  expect(charged.headers.get('payment-receipt')).toBeNull()
  expect(charged.headers.get('switchyard-status')).toBe(`${gateway.url()}/v1/payments/${charged.headers.get('switchyard-receipt')}`)
})

test('a gateway that is killed while the work runs is given the answer when it is back', async () => {
  let ran = 0
  const [url] = await expressShop(async () => {
    await gateway.kill()
    void gateway.start()
    return `joke ${++ran}`
  })
  const { pay, sent } = x402Payer(3)
  const answer = await pay(url!)
  const text = await answer.text()
  // Told to come back where the start takes longer than a payer waits.
  expect([200, 503]).toContain(answer.status)
  if (answer.status === 503) expect(text).toMatch(/outcome_unknown/)
  await until('the kept answer', async () => {
    const again = await fetch(url!, sent[0])
    return again.status === 200 && (await again.text()) === 'joke 1'
  })
  expect(ran).toBe(1)
  await until('equal books', async () => (await gateway.verify()).ok)
})

test('ten replicas with one proof, over kills of the gateway: the work runs once and is paid once', async () => {
  let ran = 0
  const before = Number(await earned())
  const urls = await expressShop(() => `joke ${++ran}`, 10)
  const { pay, sent } = x402Payer(4)
  // Whatever the first answer is, its payment is sent to all of them until each has the same answer.
  const first = pay(urls[0]!).catch(() => undefined)
  await until('a payment', async () => sent.length > 0)
  await gateway.kill()
  const restarted = gateway.start()
  const answers = urls.map(async (url) => {
    let text = ''
    await until('an answer', async () => {
      const response = await fetch(url, sent[0])
      text = `${response.status} ${await response.text()}`
      return response.status === 200 || text.includes('request_interrupted')
    })
    return text
  })
  await restarted
  await first
  const said = new Set(await Promise.all(answers))
  expect([...said]).toEqual(['200 joke 1'])
  expect(ran).toBe(1)
  await until('the money', async () => Number(await earned()) > before)
  expect(Number(await earned()) - before).toBeCloseTo(0.002, 6)
})

test('a seller that is killed in the work: no other replica runs it, and the money goes back when its time is over', async () => {
  const replica = () => startReplica(gateway.url(), party.key)
  const [first, second] = await Promise.all([replica(), replica()])
  const before = await earned()
  const { pay, sent } = x402Payer(5)
  const working = once(first.child, 'message')
  const asked = () =>
    pay(`${first.url}/joke`).then(
      ({ status }) => `answered ${status}`,
      () => 'cut off',
    )
  let lost = asked()
  // A gateway that was killed a moment ago says 503 on a busy machine, and its payer comes again.
  await until('the work', async () => {
    const now = await Promise.race([working.then(() => 'working'), lost])
    if (now === 'answered 503') lost = asked()
    else expect(now).toBe('working')
    return now === 'working'
  })
  first.child.kill('SIGKILL')
  expect(await lost).toBe('cut off')
  let began = false
  second.child.once('message', () => {
    began = true
  })
  // The same address for both, as behind one name; x402 names the resource that was paid for.
  const payment = { headers: { ...sent.at(-1)!.headers, host: new URL(`${first.url}/joke`).host } }
  let told = ''
  await until('the end of its time', async () => {
    told = await askAs(`${second.url}/joke`, payment)
    return told.includes('request_interrupted')
  })
  expect(began).toBe(false)
  expect(await earned()).toBe(before)
  await until('equal books', async () => (await gateway.verify()).ok)
})

/** With a Host of its own, which fetch does not send. */
async function askAs(url: string, { headers }: Payment): Promise<string> {
  const { request } = await import('node:http')
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()))
    })
      .on('error', reject)
      .end()
  })
}
