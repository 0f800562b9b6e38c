import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rpc } from '../evm/chainProcess.ts'
import { relay, signTransfer } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import { bodyOf, call, type FacilitatorWorld, openFacilitatorWorld, PAY_TO, PRICE, signedBody, termsOn } from './facilitatorWorld.ts'

// What one payer signs takes only so many of its seller's places, and so many of the questions to chains.
let chain: QuietChain
let world: FacilitatorWorld
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain, { facilitator: { waitS: 2, inFlight: 60 } })
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

test('a payer with the money for one payment has one under way, however many it signs', async () => {
  const seller = await world.seller()
  const customer = privateKeyToAccount(generatePrivateKey())
  await relay(chain, 1, await signTransfer(chain, { customer: 1, to: customer.address, value: PRICE }))
  const bodies = await Promise.all(Array.from({ length: 60 }, () => signedBody(chain, { customer })))
  const usage = () => world.yard.gateway().facilitator.usage(seller.id)
  await rpc(chain.rpcUrl, 'evm_setAutomine', [false])
  try {
    const answers = await Promise.all(bodies.map((body) => call(world.url(), 'settle', seller.key, body)))
    const said = answers.map(({ body }) => body.errorReason).sort()
    expect(said).toEqual([...Array.from({ length: 59 }, () => 'invalid_exact_evm_insufficient_balance'), 'settlement_pending'])
    expect(usage()).toMatchObject({ open: 1, taken: 1 })
    // Told before the work, too; another payer is not.
    const verified = await call(world.url(), 'verify', seller.key, await signedBody(chain, { customer }))
    expect(verified.body.invalidReason).toBe('invalid_exact_evm_insufficient_balance')
    expect((await call(world.url(), 'verify', seller.key, await signedBody(chain))).body.isValid).toBe(true)
  } finally {
    await rpc(chain.rpcUrl, 'evm_setAutomine', [true])
    await rpc(chain.rpcUrl, 'evm_mine')
  }
  await expect.poll(() => usage().open, { timeout: 60_000, interval: 25 }).toBe(0)
  // With its money it pays again.
  await relay(chain, 1, await signTransfer(chain, { customer: 1, to: customer.address, value: PRICE }))
  expect((await call(world.url(), 'settle', seller.key, await signedBody(chain, { customer }))).body.success).toBe(true)
}, 120_000)

test('an authorization that holds a place for longer than the seller waits is refused by both calls', async () => {
  const seller = await world.seller()
  for (const path of ['verify', 'settle'] as const) {
    // The terms say 300 seconds, and clocks may be ten minutes apart.
    const { body } = await call(world.url(), path, seller.key, await signedBody(chain, { validForSeconds: 960 }))
    expect(body.invalidReason ?? body.errorReason).toBe('invalid_exact_evm_payload_authorization_valid_before')
    expect((await call(world.url(), path, seller.key, await signedBody(chain, { validForSeconds: 840 }))).status).toBe(200)
  }
  const { body } = await call(world.url(), 'settle', seller.key, await signedBody(chain, { validForSeconds: 840 }))
  expect(body.success).toBe(true)
})

test('the code of payers is asked in the places that paid routes ask it in', async () => {
  const seller = await world.seller()
  const { guard } = world.yard.gateway()
  const answered: (() => void)[] = []
  for (let n = 0; n < 40; n++)
    void guard.codeQuestion(`network ${n % 10}`).then(
      (done) => answered.push(done),
      () => undefined,
    )
  await expect.poll(() => answered.length).toBe(8)
  const signed = await signTransfer(chain, { customer: 1, to: PAY_TO, value: PRICE })
  const unproved = bodyOf({ ...signed, signature: `0x${'11'.repeat(64)}1b` }, termsOn(chain))
  const { status, body } = await call(world.url(), 'verify', seller.key, unproved)
  expect([status, body.isValid, body.invalidReason]).toEqual([429, false, 'too_busy'])
  for (const done of answered) done()
  expect((await call(world.url(), 'verify', seller.key, unproved)).body.invalidReason).toBe('invalid_exact_evm_signature')
}, 60_000)

test('a payer with the money for forty payments pays them at once', async () => {
  const seller = await world.seller()
  const customer = privateKeyToAccount(generatePrivateKey())
  await relay(chain, 1, await signTransfer(chain, { customer: 1, to: customer.address, value: 40n * PRICE }))
  const bodies = await Promise.all(Array.from({ length: 40 }, () => signedBody(chain, { customer })))
  const answers = await Promise.all(bodies.map((body) => call(world.url(), 'settle', seller.key, body)))
  expect(new Set(answers.map(({ body }) => body.errorReason))).toEqual(new Set([undefined]))
}, 60_000)
