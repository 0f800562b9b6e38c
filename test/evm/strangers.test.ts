import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { createWalletClient, http } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestUSDC } from '../../contracts/abi/TestUSDC.ts'
import { addApi, newApp } from '../../gateway/api/app.ts'
import { TRANSFER_FIELDS } from '../../gateway/client/signer/transferTypedData.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { authorizationNonce } from '../../gateway/split/authorizationNonce.ts'
import { channelIdOf, depositNonce } from '../../gateway/split/channelId.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { callsOf, everythingDurable, type OpenApi, postsOf } from './openDoors.ts'
import { random32 } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'

// What anybody may send without a key: somebody else's name under it changes nothing, and nothing that a stranger sent stands in an honest payer's way.
const KEY = 'sk_operator_of_the_test'

type Signed = { from: Hex; value: string; valid_after: string; valid_before: string; signature: Hex }
type EvmOffer = { rail: string; pay: { kind: string; split_id: Hex; ref: Hex; units: string }; amount: { amount: string } }
type Answer = { outcome?: string; code?: string; id: string }

let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let split: { id: string; split_id: Hex }

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  await serve()
  const { id } = await yard.party('seller')
  split = (await post('/v1/splits', { payees: [{ party: id, account: chain.customers[5]!.address, shares: 1 }] }, KEY)).json()
}, 120_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

async function serve(): Promise<void> {
  app = newApp({ publicUrl: 'http://localhost' })
  await addApi(app, yard.gateway())
}

/** What is in the files while the gateway is down; it is up again afterwards. */
async function durable(): Promise<Record<string, unknown[]>> {
  await app.close()
  await yard.down()
  try {
    return everythingDurable(yard.dataDir)
  } finally {
    await yard.up()
    await serve()
  }
}

async function post(url: string, payload: unknown, key?: string) {
  // What is injected comes without I/O: the turn of the event loop ends before it.
  await turn()
  const headers = { 'idempotency-key': crypto.randomUUID(), ...(key ? { authorization: `Bearer ${key}` } : {}) }
  return app.inject({ method: 'POST', url, headers, payload: payload as object })
}

const stranger = () => privateKeyToAccount(generatePrivateKey())

/** A payer nobody has seen before, with ten dollars. */
async function newPayer(): Promise<PrivateKeyAccount> {
  const account = stranger()
  await mint(account.address, 10_000_000n)
  return account
}

function signReceive(account: PrivateKeyAccount, m: { value: bigint; nonce: Hex; validBefore: bigint }): Promise<Hex> {
  return account.signTypedData({
    domain: { name: chain.tokenName, version: chain.tokenVersion, chainId: chain.chainId, verifyingContract: chain.token },
    types: { ReceiveWithAuthorization: TRANSFER_FIELDS },
    primaryType: 'ReceiveWithAuthorization',
    message: { from: account.address, to: chain.hub, validAfter: 0n, ...m },
  })
}

const inMinutes = (minutes: number) => BigInt(Math.floor(Date.now() / 1000) + minutes * 60)

async function newIntent() {
  const body = { amount: { asset: 'USD', amount: '0.5' }, split: split.id, rails: ['evm'] }
  const intent = (await post('/v1/payment_intents', body, KEY)).json<{ id: string; offers: EvmOffer[] }>()
  const offer = intent.offers.find((one) => one.pay.kind === 'evm')!
  return { id: intent.id, nonce: authorizationNonce(offer.pay.split_id, offer.pay.ref), units: 500_000n, rail: offer.rail }
}

async function authorizationOf(account: PrivateKeyAccount, intent: { nonce: Hex; units: bigint }, minutes = 10): Promise<Signed> {
  const validBefore = inMinutes(minutes)
  const signature = await signReceive(account, { value: intent.units, nonce: intent.nonce, validBefore })
  return { from: account.address, value: `${intent.units}`, valid_after: '0', valid_before: `${validBefore}`, signature }
}

async function pay(id: string, authorization: Signed) {
  const answer = await post(`/pay/${id}/authorization`, { rail: 'evm', authorization })
  return { status: answer.statusCode, ...answer.json<Answer>() }
}

async function deposit(account: PrivateKeyAccount, { falsely = false, minutes = 10 } = {}) {
  const { closer, token } = yard.gateway().payins.chains[0]!.place
  const [salt, depositSalt, value, validBefore] = [7n, random32(), 5_000_000n, inMinutes(minutes)]
  const terms = { payer: account.address.toLowerCase() as Hex, salt, splitId: split.split_id, token, closer }
  const nonce = depositNonce(channelIdOf(terms), depositSalt)
  const signature = await signReceive(falsely ? stranger() : account, { value, nonce, validBefore })
  const times = { valid_after: '0', valid_before: `${validBefore}` }
  const body = {
    split: split.id,
    payer: account.address,
    salt: `${salt}`,
    deposit: { value: `${value}`, salt: depositSalt, ...times, signature },
  }
  return { body, honestly: () => signReceive(account, { value, nonce, validBefore }) }
}

function mint(to: Hex, units: bigint): Promise<Hex> {
  const wallet = createWalletClient({
    account: privateKeyToAccount(chain.customers[0]!.privateKey),
    chain: hardhat,
    transport: http(chain.rpcUrl),
  })
  return wallet.writeContract({ address: chain.token, abi: TestUSDC.abi, functionName: 'mint', args: [to, units] })
}

test('a false signature in the name of a payer does not keep the payer from paying', async () => {
  const intent = await newIntent()
  const honest = await authorizationOf(await newPayer(), intent)
  const other = await authorizationOf(await newPayer(), intent)
  expect(await pay(intent.id, { ...honest, signature: other.signature })).toMatchObject({ status: 402, code: 'proof_bad_signature' })
  expect(await pay(intent.id, { ...honest, value: '1', signature: other.signature })).toMatchObject({ code: 'proof_wrong_amount' })
  expect(await pay(intent.id, honest)).toMatchObject({ status: 202, outcome: 'settled' })
})

test('a payer who had too little tops up and is collected, by the same authorization or by another one', async () => {
  for (const again of ['the same', 'another'] as const) {
    const intent = await newIntent()
    const poor = stranger()
    const first = await authorizationOf(poor, intent)
    expect(await pay(intent.id, first)).toMatchObject({ status: 402, code: 'payment_not_collected' })
    await mint(poor.address, intent.units)
    const second = again === 'the same' ? first : await authorizationOf(poor, intent, 11)
    expect(await pay(intent.id, second)).toMatchObject({ status: 202, outcome: 'settled' })
  }
})

test('an authorization that would have to be tried for years is refused, for an intent and for a deposit', async () => {
  const [account, intent] = [await newPayer(), await newIntent()]
  const years = 10 * 365 * 24 * 60
  expect(await pay(intent.id, await authorizationOf(account, intent, years))).toMatchObject({ status: 402, code: 'proof_ends_late' })
  expect(await pay(intent.id, await authorizationOf(account, intent))).toMatchObject({ status: 202, outcome: 'settled' })
  const { body, honestly } = await deposit(account, { minutes: years })
  const told = await post('/v1/channels', { ...body, deposit: { ...body.deposit, signature: await honestly() } })
  expect([told.statusCode, told.json<Answer>().code]).toEqual([402, 'proof_ends_late'])
})

test('a payer whose account is a contract is asked for its word, by the chain, before anything is kept', async () => {
  const intent = await newIntent()
  const [wallet, secret] = [stranger().address, random32()]
  // Answers ERC-1271's word if the first word of the signature is the secret: CALLDATALOAD, EQ, MUL, MSTORE, RETURN.
  const code = `0x6064357f${secret.slice(2)}147f1626ba7e${'00'.repeat(28)}0260005260206000f3`
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hardhat_setCode', params: [wallet, code] })
  await fetch(chain.rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  await mint(wallet, intent.units)
  const signed = { from: wallet, value: `${intent.units}`, valid_after: '0', valid_before: `${inMinutes(10)}` }
  const by = (word: Hex): Signed => ({ ...signed, signature: `${word}${'11'.repeat(32)}1b` })
  expect(await pay(intent.id, by(random32()))).toMatchObject({ status: 402, code: 'proof_bad_signature' })
  expect(await pay(intent.id, by(secret))).toMatchObject({ status: 202, outcome: 'settled' })
})

test('two signatures of one payer at the same time are one payment, and both are told so', async () => {
  const intent = await newIntent()
  const payer = await newPayer()
  const [one, two] = await Promise.all([authorizationOf(payer, intent), authorizationOf(payer, intent, 11)])
  const answers = await Promise.all([pay(intent.id, one), pay(intent.id, two)])
  expect(answers.map(({ outcome }) => outcome)).toEqual(['settled', 'settled'])
  expect((await yard.gateway().audit.verify()).ok).toBe(true)
})

test('a false deposit in the name of a payer does not keep the payer from opening the channel', async () => {
  const { body, honestly } = await deposit(await newPayer(), { falsely: true })
  const refused = await post('/v1/channels', body)
  expect([refused.statusCode, refused.json<Answer>().code]).toEqual([402, 'proof_bad_signature'])
  const opened = await post('/v1/channels', { ...body, deposit: { ...body.deposit, signature: await honestly() } })
  expect(opened.statusCode).toBe(201)
})

test('a payer who had too little for a deposit tops up and opens the channel by the same signature', async () => {
  const poor = stranger()
  const { body } = await deposit(poor)
  expect((await post('/v1/channels', body)).json<Answer>()).toMatchObject({ code: 'payment_not_collected' })
  await mint(poor.address, 5_000_000n)
  expect((await post('/v1/channels', body)).statusCode).toBe(201)
})

test('a hundred channels of keys without money leave nothing behind', async () => {
  const before = await durable()
  const keys = Array.from({ length: 100 }, stranger)
  for (const key of keys) expect((await post('/v1/channels', (await deposit(key)).body)).json<Answer>().code).toBe('payment_not_collected')
  expect(await durable()).toEqual(before)
}, 120_000)

test('whatever is sent without a key in the name of others, to whatever POST the API describes, nothing durable changes', async () => {
  const [victim, accomplice, depositor] = [await newPayer(), await newPayer(), await newPayer()]
  const intent = await newIntent()
  const honest = await authorizationOf(victim, intent)
  const lie = await authorizationOf(accomplice, intent)
  const opened = (await post('/v1/channels', (await deposit(depositor)).body)).json<Answer>()
  const names = [victim.address, depositor.address, chain.token, chain.hub, intent.rail, split.id, KEY]
  const known = {
    ids: [intent.id, split.id, opened.id],
    texts: [...names, intent.id, opened.id, random32(), lie.signature, '0', '0.002', `${intent.units}`],
    named: { from: names, payer: names, value: [`${intent.units}`, '5000000'], valid_after: ['0'], valid_before: [honest.valid_before] },
  }
  const doors = postsOf(app.swagger() as OpenApi) // its own document.

  const before = await durable()
  expect(Object.keys(before).length).toBeGreaterThan(10)
  const head = yard.gateway().ledger.books.head()
  const codes = new Map<string, Set<string>>()
  for (const door of doors) {
    const answered = codes.set(door.path, new Set()).get(door.path)!
    const attempt = async (call: { url: string; payload: unknown }) => {
      const answer = await post(call.url, call.payload)
      const { code } = answer.json<Answer>()
      const told = `${call.url} ${JSON.stringify(call.payload)} ${answer.body}`
      expect(answer.statusCode, told).toBeGreaterThanOrEqual(call.url === CODE_FOR_ANYBODY ? 200 : 400)
      expect(code, `${call.url} ${JSON.stringify(call.payload)}`).not.toBe('internal_error')
      answered.add(code ?? '')
    }
    await fc.assert(fc.asyncProperty(callsOf(door, known), attempt), { numRuns: 200 })
  }
  expect(yard.gateway().ledger.books.head()).toEqual(head)
  expect(await durable()).toEqual(before)
  // That it came as far as the signature, wherever one is taken.
  for (const open of ['/pay/{id}/authorization', '/v1/channels', '/v1/channels/{id}/vouchers']) {
    expect([...(codes.get(open) ?? [])], open).toContain('proof_bad_signature')
  }
}, 300_000)

/** Shows anybody a code that a person can grant; it waits in memory alone. */
const CODE_FOR_ANYBODY = '/v1/device_codes'

/** Says what a device is to sign, to anybody. */
const ASKED_BY_ANYBODY = '/dashboard/login/passkey/options'
/** Of local networks alone: plays a payer of an intent that there is. */
const PANEL = '/pay/:id/test'

test('no POST is hidden from the description but forms of pages, which do nothing for who has not logged in or has no link', async () => {
  const hidden: string[] = []
  const all = newApp({ publicUrl: 'http://localhost' })
  all.addHook('onRoute', ({ method, schema, url }) => {
    if ([method].flat().includes('POST') && (schema as { hide?: boolean } | undefined)?.hide) hidden.push(url)
  })
  await addApi(all, yard.gateway())
  const head = structuredClone(yard.gateway().ledger.books.head())
  const headers = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }
  for (const url of hidden) {
    const { statusCode } = await all.inject({
      method: 'POST',
      url: url.replace(':id', 'pi_1'),
      headers,
      payload: 'key=sk_nobodys_key&form=x',
    })
    expect([url, statusCode >= 400 || statusCode === 303]).toEqual([url, url !== ASKED_BY_ANYBODY])
  }
  expect(yard.gateway().ledger.books.head()).toEqual(head)
  await all.close()
  expect(hidden.filter((url) => !url.startsWith('/dashboard/')).sort()).toEqual(['/claim/:id', '/l/:id', PANEL])
})
