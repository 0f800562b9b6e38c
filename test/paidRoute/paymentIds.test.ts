import { ExactEvmScheme } from '@x402/evm'
import {
  appendPaymentIdentifierToExtensions,
  generatePaymentId,
  PAYMENT_IDENTIFIER,
  validatePaymentIdentifier,
} from '@x402/extensions/payment-identifier'
import { x402Client, x402HTTPClient } from '@x402/fetch'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { money } from '../../gateway/money/money.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'

// x402's extension `payment-identifier` with the client's own code, unmodified: a payment that is tried again under its id is one payment.
let world: PaidRouteWorld
let url: string
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 2 })
  onTestFinished(() => world.close())
  url = await world.app.listen({ host: '127.0.0.1', port: 0 })
})

const payer = () => {
  const account = privateKeyToAccount(generatePrivateKey())
  const client = x402Client.fromConfig({ schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }], spendControls: false })
  return new x402HTTPClient(client)
}
type Payer = ReturnType<typeof payer>

/** What this payer signs anew for the route, under this id. */
async function signed(by: Payer, path: string, id?: string): Promise<Record<string, string>> {
  const asked = await fetch(`${url}${path}`)
  const required = by.getPaymentRequiredResponse((name) => asked.headers.get(name), await asked.json())
  expect(validatePaymentIdentifier(required.extensions?.[PAYMENT_IDENTIFIER])).toEqual({ valid: true })
  if (id !== undefined) appendPaymentIdentifierToExtensions(required.extensions!, id)
  return by.encodePaymentSignatureHeader(await by.createPaymentPayload(required))
}

async function pay(path: string, headers: Record<string, string>) {
  const response = await fetch(`${url}${path}`, { headers })
  const text = await response.text()
  const code = response.status < 400 ? undefined : JSON.parse(text).code
  return { status: response.status, text, code, response, receipt: response.headers.get('switchyard-receipt') }
}

test('the same id with the same request is charged once, whatever proof comes with it, and gets the stored answer', async () => {
  const [by, id] = [payer(), generatePaymentId()]
  const first = await pay('/joke', await signed(by, '/joke', id))
  expect([first.status, first.text]).toEqual([200, 'joke 1'])
  const told = by.getPaymentSettleResponse((name) => first.response.headers.get(name)).extensions![PAYMENT_IDENTIFIER]
  expect(told).toMatchObject({ info: { id } })
  expect(validatePaymentIdentifier(told)).toEqual({ valid: true })
  // The client has lost the answer and signs anew; of what it signs now nothing is taken.
  const again = await pay('/joke', await signed(by, '/joke', id))
  expect(again).toMatchObject({ status: 200, text: 'joke 1', receipt: first.receipt })
  expect(again.response.headers.get('idempotent-replayed')).toBe('true')
  await expect.poll(() => world.chain.collected).toHaveLength(1)
  expect(world.receipts).toHaveLength(1)
  expect(world.ran()).toBe(1)
})

test('the same id with another request is refused, nothing is taken for it, and neither is it for the same proof elsewhere', async () => {
  const [by, id] = [payer(), generatePaymentId()]
  const first = await signed(by, '/joke', id)
  expect(await pay('/joke', first)).toMatchObject({ status: 200 })
  expect(await pay('/joke?of=another', await signed(by, '/joke?of=another', id))).toMatchObject({ status: 409, code: 'payment_id_used' })
  expect(await pay('/opera', await signed(by, '/opera', id))).toMatchObject({ status: 409, code: 'payment_id_used' })
  const elsewhere = await pay('/opera', first)
  expect([402, 409]).toContain(elsewhere.status)
  expect(world.receipts).toHaveLength(1)
  expect(world.ran()).toBe(1)
})

test('twenty tries at once, each signed anew, are one payment', async () => {
  const [by, id] = [payer(), generatePaymentId()]
  const proofs = await Promise.all(Array.from({ length: 20 }, () => signed(by, '/joke', id)))
  const answers = await Promise.all(proofs.map((proof) => pay('/joke', proof)))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 joke 1']))
  expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(1)
  expect(world.ran()).toBe(1)
  await expect.poll(() => world.chain.collected).toHaveLength(1)
  // What had been claimed beside it would be collected before this.
  expect(await pay('/joke', await signed(payer(), '/joke'))).toMatchObject({ text: 'joke 2' })
  await expect.poll(() => world.chain.collected).toHaveLength(2)
})

test('an id is its payer’s own: that of another one is another payment', async () => {
  const id = generatePaymentId()
  expect(await pay('/joke', await signed(payer(), '/joke', id))).toMatchObject({ status: 200, text: 'joke 1' })
  expect(await pay('/joke', await signed(payer(), '/joke', id))).toMatchObject({ status: 200, text: 'joke 2' })
})

test('an id is found again once its request has left memory, gives its answer for a day, and never pays again', async () => {
  const [by, id] = [payer(), generatePaymentId()]
  const proof = await signed(by, '/joke', id)
  expect(await pay('/joke', proof)).toMatchObject({ status: 200, text: 'joke 1' })
  for (const _ of [1, 2, 3, 4]) await pay('/joke', await signed(payer(), '/joke'))
  world.pass(23 * 3_600_000)
  expect(await pay('/joke', proof)).toMatchObject({ status: 200, text: 'joke 1' })
  world.pass(2 * 3_600_000)
  expect(await pay('/joke', proof)).toMatchObject({ status: 409, code: 'payment_id_used' })
})

test('a payment that the chain refused before its work leaves its id to the next one', async () => {
  const [by, id] = [payer(), generatePaymentId()]
  world.chain.says({ kind: 'failed', reason: 'already_used' })
  expect(await pay('/opera', await signed(by, '/opera', id))).toMatchObject({ status: 402, code: 'payment_not_collected' })
  world.chain.says({
    kind: 'settled',
    evidence: { rail: 'evm:31337', id: `0x${'7a'.repeat(32)}`, at: 1, proof: `0x${'7a'.repeat(32)}` },
    fee: money(USDC, 0n),
  })
  expect(await pay('/opera', await signed(by, '/opera', id))).toMatchObject({ status: 200 })
  expect(await pay('/opera', await signed(by, '/opera', id))).toMatchObject({ status: 200 })
  expect(world.ran()).toBe(1)
})

test.each([
  ['too short', 'short'],
  ['with a blank', 'pay 0123456789abcdef'],
  ['a number', 1234567890123456],
])('an id that is none (%s) is refused before anything is taken', async (_, id) => {
  const headers = await signed(payer(), '/joke', generatePaymentId())
  const payload = JSON.parse(Buffer.from(Object.values(headers)[0]!, 'base64').toString())
  payload.extensions[PAYMENT_IDENTIFIER].info.id = id
  const [name] = Object.keys(headers)
  const altered = { [name!]: Buffer.from(JSON.stringify(payload)).toString('base64') }
  expect(await pay('/joke', altered)).toMatchObject({ status: 400, code: 'proof_malformed' })
  expect(world.receipts).toHaveLength(0)
})
