import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { memoryStore } from '../../gateway/client/budget/memoryStore.ts'
import { evmWallet } from '../../gateway/client/evmWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { usd } from '../../gateway/money/dollars.ts'
import { paymentNeeded, TOKEN } from './askingServer.ts'
import { heardServer } from './heardServer.ts'

/** More than is read ahead of a caller, who has not asked for any of it yet. */
const LONG = 1_000_000

/** A server whose paid answer is `LONG` and, while it is `cutting`, ends after `sent` bytes by hanging up. */
async function cuttingServer(sent: number) {
  const state = { cutting: true }
  const server = await heardServer(async (request, response) => {
    if (!request.headers['payment-signature']) {
      const asked = paymentNeeded({ evm: { price: '2000', amount: '2000' } })
      return void response.writeHead(402, Object.fromEntries(asked.headers)).end(await asked.text())
    }
    response.writeHead(200, { 'content-length': LONG })
    if (!state.cutting) return void response.end('x'.repeat(LONG))
    response.write('x'.repeat(sent), () => response.destroy())
  })
  const proofs = () => server.heard.flatMap(({ headers }) => headers['payment-signature'] ?? [])
  return { url: `${server.url}/joke`, state, proofs }
}

const payer = (store = memoryStore()) =>
  createPayer({
    wallets: [evmWallet({ account: privateKeyToAccount(`0x${'42'.repeat(32)}`), tokens: [{ chainId: 31337, address: TOKEN, scale: 6 }] })],
    budget: { perRequest: usd('0.01'), perDay: usd('0.1'), sites: ['127.0.0.1'] },
    store,
    sleep: async () => {},
  })

test.each([10, 900_000])('an answer that is cut off after %s bytes leaves its payment open, for the same request', async (sent) => {
  const { url, state, proofs } = await cuttingServer(sent)
  const store = memoryStore()
  const mine = payer(store)
  for (const one of [mine, mine, payer(store)]) {
    const response = await one.fetch(url)
    expect(one.receipt(response)).toMatchObject({ rail: 'evm:31337', url })
    expect(response.url).toBe(url)
    await expect(response.text()).rejects.toMatchObject({ name: 'GatewayError', code: 'outcome_unknown' })
  }
  state.cutting = false
  expect((await (await mine.fetch(url)).text()).length).toBe(LONG)
  expect([proofs().length, new Set(proofs()).size]).toEqual([4, 1])
  expect(await mine.spent()).toEqual(usd('0.002'))
  await (await mine.fetch(url)).text()
  expect(new Set(proofs()).size).toBe(2)
})

test('an answer whose caller wants no more of it ends its payment', async () => {
  const { url, state, proofs } = await cuttingServer(10)
  state.cutting = false
  const mine = payer()
  const response = await mine.fetch(url)
  await response.body?.cancel()
  await (await mine.fetch(url)).text()
  expect(new Set(proofs()).size).toBe(2)
})

test('an answer that its caller could not take leaves its payment open', async () => {
  const { url, state, proofs } = await cuttingServer(10)
  state.cutting = false
  const mine = payer()
  const response = await mine.fetch(url)
  const full = new WritableStream({
    write: () => {
      throw new Error('disk full')
    },
  })
  await expect(response.body?.pipeTo(full)).rejects.toThrow('disk full')
  await (await mine.fetch(url)).text()
  expect([proofs().length, new Set(proofs()).size]).toEqual([2, 1])
})

test('a caller who stops waiting in the middle of an answer hears the own reason, and the payment stays open', async () => {
  const { url, state, proofs } = await cuttingServer(10)
  state.cutting = false
  const mine = payer()
  const stop = new AbortController()
  const response = await mine.fetch(url, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(response.text()).rejects.toThrow('enough')
  await (await mine.fetch(url)).text()
  expect([proofs().length, new Set(proofs()).size]).toEqual([2, 1])
})
