import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Hex } from '../../gateway/ports/ids.ts'
import { rpc } from '../evm/chainProcess.ts'
import { random32, relay, signTransfer, walletOf } from '../evm/payer.ts'
import { type QuietChain, startQuietChain } from '../evm/quietChain.ts'
import {
  type Answer,
  balanceOf,
  bodyOf,
  call,
  type FacilitatorWorld,
  openFacilitatorWorld,
  PAY_TO,
  PRICE,
  sentBy,
  signedBody,
  termsOn,
} from './facilitatorWorld.ts'

// One payment is one transaction and one answer, whoever asks for it and however often; and what each seller may cost the gateway has a bound.
const WAIT = { timeout: 60_000, interval: 25 }
const WAIT_S = 2
let chain: QuietChain
let world: FacilitatorWorld
beforeAll(async () => {
  chain = await startQuietChain()
  world = await openFacilitatorWorld(chain, { facilitator: { waitS: WAIT_S, inFlight: 60, perDay: 130, failedPerDay: 2 } })
}, 120_000)
afterAll(async () => {
  await world?.close()
  await chain?.stop()
}, 30_000)

const settle = (key: string, body: object) => call(world.url(), 'settle', key, body)
const verify = (key: string, body: object) => call(world.url(), 'verify', key, body)
const mining = (on: boolean) => rpc(chain.rpcUrl, 'evm_setAutomine', [on])
const reasonOf = ({ body }: Answer) => body.errorReason ?? body.invalidReason

/** What the seller has left, with nothing on hold. */
async function spent(path: string, before: bigint): Promise<bigint> {
  const { ledger, ground } = world.yard.gateway()
  await expect.poll(() => ledger.books.balance(path, ground.bookAsset).debitsPending, WAIT).toBe(0n)
  return before - world.yard.credit(path)
}

/** What a payment costs its seller now, in units. */
async function stated(key: string): Promise<bigint> {
  const { assets } = (await account(key)) as { assets: { fee: { amount: string } }[] }
  return BigInt(assets[0]!.fee.amount.replace(/^0\./, '').padEnd(6, '0'))
}

async function account(key: string): Promise<object> {
  return (await (await fetch(`${world.url()}/x402/account`, { headers: { authorization: `Bearer ${key}` } })).json()) as object
}

test('fifty calls of two sellers with one payment get one transaction, one answer and one fee', async () => {
  const [one, two] = [await world.seller('one'), await world.seller('two')]
  const body = await signedBody(chain)
  const [before, sent] = [await balanceOf(chain, PAY_TO), await sentBy(chain)]
  const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => settle(n % 2 === 0 ? one.key : two.key, body)))
  const said = new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body])))
  expect([...said]).toHaveLength(1)
  expect(answers[0]!.body).toMatchObject({ success: true, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/), amount: `${PRICE}` })
  expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(49)
  expect([(await balanceOf(chain, PAY_TO)) - before, (await sentBy(chain)) - sent]).toEqual([PRICE, 1])
  const fees = (await spent(one.path, 1_000_000n)) + (await spent(two.path, 1_000_000n))
  expect(fees).toBeGreaterThanOrEqual(1_000n)
  // One, as stated, though gas has other prices from block to block.
  expect(fees).toBeLessThan(2n * (await stated(one.key)))
  // Later too, for a while; but it is good for no second piece of work.
  const again = await settle(two.key, body)
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([answers[0]!.body, 'true'])
  expect(reasonOf(await verify(one.key, body))).toBe('invalid_exact_evm_nonce_already_used')
}, 60_000)

test('a payment with a nonce that is settled, or on its way, is another payment and is refused', async () => {
  const seller = await world.seller()
  const nonce = random32()
  const first = await settle(seller.key, await signedBody(chain, { nonce }))
  expect(first.body.success).toBe(true)
  const other = await signedBody(chain, { nonce, value: PRICE * 2n })
  for (const answer of [await settle(seller.key, other), await verify(seller.key, other)]) {
    expect(reasonOf(answer)).toBe('invalid_exact_evm_nonce_already_used')
  }
})

test('while no block comes a payment is pending under its transaction, still good for its work, and settled once', async () => {
  const seller = await world.seller()
  const body = await signedBody(chain)
  const [before, sent] = [await balanceOf(chain, PAY_TO), await sentBy(chain)]
  await mining(false)
  let pending: Answer
  try {
    pending = await settle(seller.key, body)
    expect([pending.status, pending.body]).toEqual([
      200,
      expect.objectContaining({
        success: false,
        errorReason: 'settlement_pending',
        transaction: expect.stringMatching(/^0x/),
        network: `eip155:${chain.chainId}`,
      }),
    ])
    expect((await settle(seller.key, body)).body).toEqual(pending.body)
    expect((await verify(seller.key, body)).body.isValid).toBe(true)
  } finally {
    await mining(true)
    await rpc(chain.rpcUrl, 'evm_mine')
  }
  await expect.poll(async () => (await balanceOf(chain, PAY_TO)) - before, WAIT).toBe(PRICE)
  // Nobody was told that it is paid, so its payer can still have the work.
  expect((await verify(seller.key, body)).body.isValid).toBe(true)
  const settled = await settle(seller.key, body)
  expect(settled.body).toMatchObject({ success: true, transaction: pending.body.transaction })
  expect(reasonOf(await verify(seller.key, body))).toBe('invalid_exact_evm_nonce_already_used')
  expect([(await balanceOf(chain, PAY_TO)) - before, (await sentBy(chain)) - sent]).toEqual([PRICE, 1])
}, 60_000)

test('payments that come while no block does go together, and each has its result', async () => {
  const seller = await world.seller()
  const bodies: object[] = []
  for (let n = 0; n < 40; n++) bodies.push(await signedBody(chain, { customer: n % 4 }))
  const [before, sent] = [await balanceOf(chain, PAY_TO), await sentBy(chain)]
  await mining(false)
  const answers = Promise.all(bodies.map((body) => settle(seller.key, body)))
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await mining(true)
  await rpc(chain.rpcUrl, 'evm_mine')
  expect((await answers).filter(({ body }) => body.success || body.errorReason === 'settlement_pending')).toHaveLength(40)
  await expect.poll(async () => (await balanceOf(chain, PAY_TO)) - before, WAIT).toBe(PRICE * 40n)
  for (const body of bodies) expect((await settle(seller.key, body)).body.success).toBe(true)
  const transactions = (await sentBy(chain)) - sent
  expect(transactions).toBeLessThanOrEqual(10)
}, 120_000)

test('a payer who takes the money away after it was verified is refused, and costs nothing', async () => {
  const seller = await world.seller()
  const { customer, address } = await richKey(PRICE)
  const body = await signedBody(chain, { customer })
  expect((await verify(seller.key, body)).body.isValid).toBe(true)
  await relay(chain, 1, await signTransfer(chain, { customer, to: chain.customers[2]!.address, value: PRICE }))
  expect(await balanceOf(chain, address)).toBe(0n)
  // Verified a moment ago, and asked about again all the same.
  expect(reasonOf(await settle(seller.key, body))).toBe('invalid_exact_evm_insufficient_balance')
  expect(await spent(seller.path, 1_000_000n)).toBe(0n)
}, 120_000)

test('what reverts after all is told so, charged and counted, and who has too much of it settles nothing more', async () => {
  const seller = await world.seller('unlucky')
  const customers = [(await richKey(PRICE)).customer, (await richKey(PRICE)).customer]
  const bodies: object[] = []
  for (const customer of customers) bodies.push(await signedBody(chain, { customer, validForSeconds: 12 }))
  await mining(false)
  const pending = await Promise.all(bodies.map((body) => settle(seller.key, body)))
  for (const { body } of pending)
    expect(body).toMatchObject({ errorReason: 'settlement_pending', transaction: expect.stringMatching(/^0x/) })
  // Dearer, so they are mined before ours, which then find nothing.
  for (const customer of customers)
    await relay(chain, 1, await signTransfer(chain, { customer, to: chain.customers[2]!.address, value: PRICE }), 10n ** 11n)
  await rpc(chain.rpcUrl, 'evm_mine')
  await mining(true)
  const mine = setInterval(() => void rpc(chain.rpcUrl, 'evm_mine'), 500)
  try {
    const today = { today: { failed: { used: 2, most: 2 } }, in_flight: { used: 0, most: 60 } }
    await expect.poll(() => account(seller.key), WAIT).toMatchObject(today)
  } finally {
    clearInterval(mine)
  }
  for (const [n, body] of bodies.entries()) {
    const told = (await settle(seller.key, body)).body
    const reason = 'invalid_exact_evm_payload_authorization_valid_before'
    expect([told.success, told.errorReason, told.transaction]).toEqual([false, reason, pending[n]!.body.transaction])
  }
  expect(await spent(seller.path, 1_000_000n)).toBeGreaterThanOrEqual(2_000n)
  for (const call of [verify, settle]) expect(reasonOf(await call(seller.key, await signedBody(chain)))).toBe('facilitator_quota')
}, 180_000)

test('a payer whose account is a contract is asked for its word, and settled once', async () => {
  const seller = await world.seller()
  const [{ address: wallet }, secret] = [await richKey(PRICE), random32()]
  // Answers ERC-1271's word if the first word of the signature is the secret: CALLDATALOAD, EQ, MUL, MSTORE, RETURN.
  const code = `0x6064357f${secret.slice(2)}147f1626ba7e${'00'.repeat(28)}0260005260206000f3`
  await rpc(chain.rpcUrl, 'hardhat_setCode', [wallet, code])
  const good = await signTransfer(chain, { customer: 1, to: PAY_TO, value: PRICE })
  const by = (word: Hex) => bodyOf({ ...good, from: wallet, signature: `${word}${'11'.repeat(32)}1b` }, termsOn(chain))
  expect(reasonOf(await verify(seller.key, by(random32())))).toBe('invalid_exact_evm_signature')
  expect((await verify(seller.key, by(secret))).body).toEqual({ isValid: true, payer: wallet.toLowerCase() })
  const before = await balanceOf(chain, PAY_TO)
  const answers = await Promise.all(Array.from({ length: 5 }, () => settle(seller.key, by(secret))))
  expect(new Set(answers.map(({ body }) => body.success))).toEqual(new Set([true]))
  expect((await balanceOf(chain, PAY_TO)) - before).toBe(PRICE)
})

test('a payer whose account has delegated its code to what knows no signatures is refused', async () => {
  const wallet = walletOf(chain, 5)
  const authorization = await wallet.signAuthorization({ contractAddress: chain.token, executor: 'self' })
  await wallet.sendTransaction({ authorizationList: [authorization], to: `0x${'1d'.repeat(20)}` })
  const seller = await world.seller()
  const body = await signedBody(chain, { customer: 5 })
  for (const call of [verify, settle]) expect(reasonOf(await call(seller.key, body))).toBe('invalid_exact_evm_signature')
})

test('what another relayer sent first is settled all the same', async () => {
  const seller = await world.seller()
  const signed = await signTransfer(chain, { customer: 3, to: PAY_TO, value: PRICE })
  const body = bodyOf(signed, termsOn(chain))
  const before = await balanceOf(chain, PAY_TO)
  await mining(false)
  const answer = settle(seller.key, body)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const hash = await relay(chain, 4, signed, 10n ** 11n)
  await rpc(chain.rpcUrl, 'evm_mine')
  await mining(true)
  await rpc(chain.rpcUrl, 'evm_mine')
  await answer
  await expect.poll(async () => (await settle(seller.key, body)).body.success, WAIT).toBe(true)
  expect((await balanceOf(chain, PAY_TO)) - before).toBe(PRICE)
  const told: Hex[] = [hash]
  expect(told).toContain((await settle(seller.key, body)).body.transaction)
}, 120_000)

test('a seller without a balance is told so by both calls before anything is done', async () => {
  const poor = await world.seller('poor', 500n)
  const body = await signedBody(chain)
  const [verified, settled] = [await verify(poor.key, body), await settle(poor.key, body)]
  expect([verified.status, verified.body.isValid, reasonOf(verified)]).toEqual([402, false, 'facilitator_unfunded'])
  expect([settled.status, settled.body.success, reasonOf(settled), settled.body.transaction]).toEqual([
    402,
    false,
    'facilitator_unfunded',
    '',
  ])
  // Another seller's balance pays for it.
  expect((await settle((await world.seller()).key, body)).body.success).toBe(true)
})

test('a seller has a limit on what is under way, which calls at once do not pass together, and on a day', async () => {
  const seller = await world.seller('busy', 9_000_000n)
  const bodies: object[] = []
  for (let n = 0; n < 70; n++) bodies.push(await signedBody(chain, { customer: n % 4 }))
  await mining(false)
  try {
    const answers = await Promise.all(bodies.map((body) => settle(seller.key, body)))
    const refused = answers.filter((answer) => reasonOf(answer) === 'facilitator_quota')
    expect(refused.map(({ status, body }) => [status, body.transaction])).toEqual(refused.map(() => [429, '']))
    expect(refused).toHaveLength(10)
    expect(new Set(answers.map(reasonOf))).toEqual(new Set(['facilitator_quota', 'settlement_pending']))
  } finally {
    await mining(true)
    await rpc(chain.rpcUrl, 'evm_mine')
  }
  await expect
    .poll(() => account(seller.key), WAIT)
    .toMatchObject({ in_flight: { used: 0, most: 60 }, today: { taken: { used: 60, most: 130 } } })
  for (let n = 0; n < 70; n++)
    expect((await settle(seller.key, await signedBody(chain, { customer: n % 4 }))).body).toMatchObject({ success: true })
  const over = await verify(seller.key, await signedBody(chain))
  expect([over.status, reasonOf(over)]).toEqual([429, 'facilitator_quota'])
}, 120_000)

test('the books agree with the chain after all of it', async () => {
  await expect.poll(async () => (await world.yard.gateway().audit.verify()).ok, WAIT).toBe(true)
}, 60_000)

async function richKey(units: bigint) {
  const { generatePrivateKey, privateKeyToAccount } = await import('viem/accounts')
  const customer = privateKeyToAccount(generatePrivateKey())
  await relay(chain, 1, await signTransfer(chain, { customer: 1, to: customer.address, value: units }))
  return { customer, address: customer.address }
}
