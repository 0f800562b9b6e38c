import { ExactEvmScheme } from '@x402/evm'
import { wrapFetchWithPayment, x402Client, x402HTTPClient } from '@x402/fetch'
import { evm, Mppx } from 'mppx/client'
import { Header } from 'mppx/x402'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { type Money, money } from '../../gateway/money/money.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// What unmodified clients are told of a payment, before and after its money was collected: success is said of what is settled, and of nothing else.
const TRANSACTION = `0x${'7a'.repeat(32)}`
const BLOCK = `0x${'0b'.repeat(32)}`

let world: PaidRouteWorld
let url: string
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 100 })
  onTestFinished(() => world.close())
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
})

const account = privateKeyToAccount(generatePrivateKey())
const mined = (): Outcome => ({
  kind: 'settled',
  evidence: { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION },
  fee: money(USDC, 0n),
})
const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })

/** What a client sent as its proof, so that it can be sent again. */
const sent: Request[] = []
const recorded = (async (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init)
  sent.push(request.clone())
  return fetch(request)
}) as typeof fetch
const byX402 = wrapFetchWithPayment(recorded, client)
const byMpp = () => {
  const methods = [evm({ account, authorization: { name: 'USD Coin', version: '2' } })]
  return Mppx.create({ polyfill: false, methods, fetch: recorded })
}
const again = () => fetch(sent.at(-1)!.clone())

/** The answer as the client's own code reads it. */
function read(response: Response) {
  return new x402HTTPClient(client).getPaymentSettleResponse((name) => response.headers.get(name))
}

/** The chain reports what was collected last. */
function arrive(units: bigint) {
  const { from, nonce } = world.chain.collected.at(-1)!
  const amount: Money = money(USDC, units)
  const id = `${TRANSACTION}:3:${BLOCK}`
  world.chain.report({ kind: 'received', id, place: 'receiver', amount, reference: `auth:${from}:${nonce}`, payer: from })
}

test('x402 is told the transaction of a payment that was collected before the answer', async () => {
  world.chain.says(mined())
  const response = await byX402(`${url}/opera`)
  expect([response.status, await response.text()]).toEqual([200, 'opera 1'])
  expect(read(response)).toMatchObject({ success: true, transaction: TRANSACTION, network: 'eip155:31337', amount: '200000' })
  expect(read(await again())).toMatchObject({ success: true, transaction: TRANSACTION })
  expect(world.ran()).toBe(1)
})

test('x402 is not told success of a payment that is collected after the answer, but where to look', async () => {
  const response = await byX402(`${url}/joke`)
  expect([response.status, await response.text()]).toEqual([200, 'joke 1'])
  const id = response.headers.get('switchyard-receipt')
  const said = read(response)
  expect(said).toMatchObject({ success: false, errorReason: 'settlement_pending', transaction: '', payer: account.address.toLowerCase() })
  const status = `http://127.0.0.1:1/v1/payments/${id}`
  expect(said.extensions).toMatchObject({ 'payment-status': { info: { status: 'held', url: status } } })
  expect(response.headers.get('switchyard-status')).toBe(status)
  // Another reader of the same words takes them, too.
  expect(Header.decodePaymentResponse(response.headers.get('payment-response')!)).toMatchObject({ success: false })
})

test('x402 is told the transaction by the same proof as soon as there is one', async () => {
  const first = await byX402(`${url}/joke`)
  world.chain.says(mined())
  arrive(2_000n)
  await expect.poll(async () => read(await again())).toMatchObject({ success: true, transaction: TRANSACTION })
  expect((await again()).headers.get('switchyard-receipt')).toBe(first.headers.get('switchyard-receipt'))
  expect(world.ran()).toBe(1)
})

test('x402 is told that a payment came to nothing by the same proof', async () => {
  const first = await byX402(`${url}/joke`)
  expect(first.status).toBe(200)
  world.chain.says({ kind: 'failed', reason: 'already_used' })
  await expect
    .poll(async () => read(await again()))
    .toMatchObject({ success: false, errorReason: 'payment_not_collected', transaction: '' })
  expect(world.ran()).toBe(1)
})

test('MPP gets a receipt with the transaction of what was collected before the answer, and none of what was not', async () => {
  const deferred = await byMpp().fetch(`${url}/joke`)
  expect([deferred.status, await deferred.text()]).toEqual([200, 'joke 1'])
  expect(deferred.headers.get('payment-receipt')).toBeNull()
  expect(deferred.headers.get('switchyard-status')).toMatch(/\/v1\/payments\/rc_/)
  world.chain.says(mined())
  const settled = await byMpp().fetch(`${url}/opera`)
  expect(settled.status).toBe(200)
  const receipt = JSON.parse(Buffer.from(settled.headers.get('payment-receipt')!, 'base64url').toString())
  expect(receipt).toMatchObject({ status: 'success', method: 'evm', reference: TRANSACTION })
})
