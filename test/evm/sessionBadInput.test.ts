import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { FastifyInstance } from 'fastify'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { channelOf, type SessionSigner, signDeposit, signVoucher } from '../../gateway/client/session/channelSignatures.ts'
import { openSession, type PayingSession } from '../../gateway/client/session/openSession.ts'
import { readSessionOffers, type SessionOffer } from '../../gateway/client/session/sessionOffer.ts'
import { LIMITS, openGuard } from '../../gateway/guard/openGuard.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { usd } from '../../gateway/seller/price.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { random32 } from './payer.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'

// What strangers and careless payers send of a session. Whatever it is, no handler runs, no voucher stands and nothing is deposited.
const DEPOSIT = 4_000_000n
const PRICE = 2_000n
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let served = 0
let party: PartyId
/** Of this test's payer, with one request paid; and channels that are not its own, or to another payee. */
let own: PayingSession
let others: PayingSession
let elsewhere: PayingSession
let offer: SessionOffer
let otherOffer: SessionOffer

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 })
  const [id, other] = [(await yard.party('seller')).id, (await yard.party('other')).id]
  party = id
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  const price = parseAmount('0.002', USD)
  const sell = (path: string, payee: PartyId) =>
    app.get(path, { config: { price, payee, session: true } }, async () => `${path} ${++served}`)
  sell('/joke', id)
  sell('/other', other)
  app.get('/plain', { config: { price, payee: id } }, async () => `plain ${++served}`)
  const metered = { price: { upto: parseAmount('0.05', USD) }, payee: id, session: { step: usd('0.01') } }
  app.get('/chat', { config: metered }, async (request) => `${request.meter.add(usd('0.03')).units} left, ${++served}`)
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  const session = (customer: number, path: string) =>
    openSession({ url: `${url}${path}`, signer: signer(customer), trusted: [chain], depositUnits: DEPOSIT })
  own = await session(0, '/joke')
  others = await session(1, '/joke')
  elsewhere = await session(0, '/other')
  offer = await offerOf('/joke')
  otherOffer = await offerOf('/other')
  expect((await own.fetch(`${url}/joke`)).status).toBe(200)
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

const signer = (customer: number) => privateKeyToAccount(chain.customers[customer]!.privateKey)
const payer = (): SessionSigner => signer(0)
const offerOf = async (path: string) => readSessionOffers((await fetch(`${url}${path}`)).headers.get('www-authenticate')!)[0]!
const credential = (challenge: object, payload: unknown) =>
  `Payment ${Buffer.from(JSON.stringify({ challenge, payload })).toString('base64url')}`

type Payload = Record<string, unknown>
/** A voucher that would pay the next request, with something wrong in it. */
async function voucher(changes: Payload = {}, by: SessionSigner = payer(), sum = 2n * PRICE, channelId = own.channelId): Promise<Payload> {
  return { action: 'voucher', channelId, cumulativeAmount: `${sum}`, signature: await signVoucher(by, offer, channelId, sum), ...changes }
}

/** A deposit into the payer's own channel, with something wrong in it. */
async function topUp(changes: Payload = {}, authorization: Payload = {}): Promise<Payload> {
  const validBefore = BigInt(Math.floor(Date.now() / 1_000) + 300)
  const signed = await signDeposit(payer(), offer, { channelId: own.channelId, salt: random32(), value: DEPOSIT, validBefore })
  const deposit = { ...signed, authorization: { ...signed.authorization, ...authorization } }
  return { action: 'topUp', channelId: own.channelId, additionalDeposit: `${DEPOSIT}`, ...deposit, ...changes }
}

async function opening(changes: Payload = {}, authorization: Payload = {}): Promise<Payload> {
  const made = await topUp({}, authorization)
  return {
    ...made,
    action: 'open',
    cumulativeAmount: '0',
    voucherSignature: await signVoucher(payer(), offer, own.channelId, 0n),
    ...changes,
  }
}

/** The twin of a signature, which nobody but its maker would take. */
function twinOf(signature: Hex): Hex {
  const [r, s, v] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)]
  const high = secp256k1.Point.Fn.ORDER - s
  return `0x${r}${high.toString(16).padStart(64, '0')}${v === '1b' ? '1c' : '1b'}`
}

/** What a payer of the draft's own escrow signs. */
const drafted = () =>
  signer(0).signTypedData({
    domain: { name: 'EVM Payment Channel', version: '1', chainId: chain.chainId, verifyingContract: chain.hub },
    types: {
      Voucher: [
        { name: 'channelId', type: 'bytes32' },
        { name: 'cumulativeAmount', type: 'uint128' },
      ],
    },
    primaryType: 'Voucher',
    message: { channelId: own.channelId, cumulativeAmount: 2n * PRICE },
  })

type Row = readonly [what: string, status: number, code: string, payload: () => Promise<unknown>, challenge?: () => object, path?: string]
const rows: readonly Row[] = [
  ['no payload', 402, 'credential_malformed', async () => undefined],
  ['no action', 402, 'credential_malformed', () => voucher({ action: undefined })],
  ['an action that nobody knows', 402, 'credential_malformed', () => voucher({ action: 'pay' })],
  ['an action of a prototype', 402, 'credential_malformed', () => voucher({ action: '__proto__' })],
  ['no channel', 402, 'credential_malformed', () => voucher({ channelId: undefined })],
  ['a channel id that is short', 402, 'credential_malformed', () => voucher({ channelId: own.channelId.slice(0, -2) })],
  ['no sum', 402, 'credential_malformed', () => voucher({ cumulativeAmount: undefined })],
  ['a sum that is a number', 402, 'credential_malformed', () => voucher({ cumulativeAmount: 4_000 })],
  ['a sum with a fraction', 402, 'credential_malformed', () => voucher({ cumulativeAmount: '4000.5' })],
  ['a sum below zero', 402, 'credential_malformed', () => voucher({ cumulativeAmount: '-4000' })],
  ['a sum of more than 128 bits', 402, 'credential_malformed', () => voucher({ cumulativeAmount: `${2n ** 128n}` })],
  ['no signature', 402, 'credential_malformed', () => voucher({ signature: undefined })],
  ['a signature that is not hex', 402, 'credential_malformed', () => voucher({ signature: '0xzz' })],
  ['a sum that was not signed', 402, 'session_bad_signature', () => voucher({ cumulativeAmount: '4001' })],
  ['a short signature', 402, 'session_bad_signature', async () => voucher({ signature: `${(await voucher()).signature}`.slice(0, -2) })],
  [
    'a signature in the upper half',
    402,
    'session_bad_signature',
    async () => voucher({ signature: twinOf((await voucher()).signature as Hex) }),
  ],
  ['a signature of another account', 402, 'session_bad_signature', () => voucher({}, signer(1))],
  [
    'a signature over another channel',
    402,
    'session_bad_signature',
    async () => voucher({ signature: await signVoucher(payer(), offer, elsewhere.channelId, 2n * PRICE) }),
  ],
  [
    'a signature for another hub',
    402,
    'session_bad_signature',
    async () => voucher({ signature: await signVoucher(payer(), { ...offer, hub: `0x${'11'.repeat(20)}` }, own.channelId, 2n * PRICE) }),
  ],
  [
    'a signature for another chain',
    402,
    'session_bad_signature',
    async () => voucher({ signature: await signVoucher(payer(), { ...offer, chainId: 1 }, own.channelId, 2n * PRICE) }),
  ],
  [
    "a signature in the domain of the draft's own escrow",
    402,
    'session_bad_signature',
    async () => voucher({ signature: await drafted() }),
  ],
  ['the voucher that has paid already', 402, 'session_balance_low', () => voucher({}, payer(), PRICE)],
  ['a voucher below the one that stands', 402, 'session_balance_low', () => voucher({}, payer(), 1n)],
  ['a lower voucher that somebody else signed', 402, 'session_bad_signature', () => voucher({}, signer(1), 1n)],
  ['a voucher that adds too little', 402, 'session_delta_small', () => voucher({}, payer(), PRICE + 1n)],
  ['a voucher over the deposit', 402, 'voucher_over_deposit', () => voucher({}, payer(), DEPOSIT + 1n)],
  ['a voucher of a channel of somebody else', 402, 'session_bad_signature', () => voucher({}, payer(), 2n * PRICE, others.channelId)],
  ['a voucher of a channel to another payee', 410, 'session_not_found', () => voucher({}, payer(), 2n * PRICE, elsewhere.channelId)],
  ['a voucher of a channel that does not exist', 410, 'session_not_found', () => voucher({}, payer(), 2n * PRICE, `0x${'77'.repeat(32)}`)],
  ['a challenge without its id', 402, 'credential_malformed', () => voucher(), () => ({ ...offer.challenge, id: undefined })],
  ['a challenge of another id', 402, 'challenge_altered', () => voucher(), () => ({ ...offer.challenge, id: 'AAAA' })],
  ['a challenge of another realm', 402, 'challenge_altered', () => voucher(), () => ({ ...offer.challenge, realm: 'evil.example' })],
  [
    'a challenge that lives longer',
    402,
    'challenge_altered',
    () => voucher(),
    () => ({ ...offer.challenge, expires: '2999-01-01T00:00:00.000Z' }),
  ],
  [
    'a challenge with another request',
    402,
    'challenge_altered',
    () => voucher(),
    () => ({ ...offer.challenge, request: otherOffer.challenge.request }),
  ],
  ['a challenge with a digest', 402, 'challenge_altered', () => voucher(), () => ({ ...offer.challenge, digest: 'sha-256=:AAAA:' })],
  ['a charge turned into a session', 402, 'proof_unsupported', () => voucher(), () => ({ ...offer.challenge, intent: 'charge' })],
  ['a session of another method', 402, 'proof_unsupported', () => voucher(), () => ({ ...offer.challenge, method: 'tempo' })],
  ['the challenge of another route', 402, 'challenge_wrong_route', () => voucher(), () => otherOffer.challenge],
  ['a session on a route that sells none', 402, 'challenge_wrong_route', () => voucher(), () => offer.challenge, '/plain'],
  ['a deposit of another type', 402, 'credential_malformed', () => topUp({ type: 'permit2' })],
  ['a deposit by its transaction', 402, 'credential_malformed', () => topUp({ type: 'hash', hash: `0x${'11'.repeat(32)}` })],
  ['a deposit without a message', 402, 'credential_malformed', () => topUp({ authorization: undefined })],
  ['a deposit that says another sum', 402, 'credential_malformed', () => topUp({ additionalDeposit: '1' })],
  ['a deposit to somebody else', 402, 'proof_wrong_payee', () => topUp({}, { to: signer(1).address })],
  ['a deposit from somebody else', 402, 'session_bad_signature', () => topUp({}, { from: signer(1).address })],
  ['a deposit of another nonce', 402, 'proof_wrong_nonce', () => topUp({}, { nonce: random32() })],
  ['a deposit with another salt', 402, 'proof_wrong_nonce', () => topUp({ salt: random32() })],
  ['a deposit for another channel', 402, 'proof_wrong_nonce', () => topUp({ channelId: others.channelId }, { from: signer(1).address })],
  [
    'a deposit of a sum that was not signed',
    402,
    'proof_bad_signature',
    () => topUp({ additionalDeposit: '5000000' }, { value: '5000000' }),
  ],
  ['a deposit that has ended', 402, 'proof_expires_soon', () => topUp({}, { validBefore: '1' })],
  ['a deposit that begins later', 402, 'proof_not_yet_valid', () => topUp({}, { validAfter: '4102444800' })],
  ['a deposit into a channel that does not exist', 410, 'session_not_found', () => topUp({ channelId: `0x${'77'.repeat(32)}` })],
  ['an opening with a salt of more than 96 bits', 402, 'credential_malformed', () => opening({ salt: `0x${'11'.repeat(32)}` })],
  [
    'an opening by another signer of vouchers',
    402,
    'credential_malformed',
    () => opening({ salt: `0x${'0'.repeat(63)}1`, authorizedSigner: signer(1).address }),
  ],
  ['an opening of a channel that its terms do not make', 402, 'proof_wrong_nonce', () => opening({ salt: `0x${'0'.repeat(63)}1` })],
  ['a close by another account', 402, 'session_bad_signature', () => voucher({ action: 'close' }, signer(1))],
  [
    'a close of a channel to another payee',
    410,
    'session_not_found',
    () => voucher({ action: 'close' }, payer(), PRICE, elsewhere.channelId),
  ],
  ['a close that is not worth its gas', 422, 'close_not_worth', () => voucher({ action: 'close' }, payer(), PRICE)],
]

/** All that a session could change. */
function standing() {
  const { ledger, ground, payins } = yard.gateway()
  return [own, others, elsewhere].map(({ channelId }) => {
    const rail = evmRail(chain.chainId)
    const { debitsPosted, creditsPosted, creditsPending } = ledger.books.balance(accounts.session(rail, channelId), ground.bookAsset)
    const { accepted, deposit, closing } = payins.channels.records.of(rail, channelId)!
    return { accepted, deposit, closing, debitsPosted, creditsPosted, creditsPending, served }
  })
}

for (const row of rows) {
  test(`${row[0]} is answered ${row[1]} ${row[2]}`, () => refused(row))
}

async function refused([, status, code, payload, challenge = () => offer.challenge, path = '/joke']: Row): Promise<void> {
  const before = standing()
  const answer = await fetch(`${url}${path}`, { headers: { authorization: credential(challenge(), await payload()) } })
  const problem = (await answer.json()) as Record<string, string>
  expect([answer.status, problem.code]).toEqual([status, code])
  if (code.startsWith('session_')) expect(problem.type).toMatch(/^https:\/\/paymentauth\.org\/problems\/session\//)
  if (status === 402) expect(answer.headers.get('www-authenticate')).toContain('Payment ')
  expect(answer.headers.get('payment-receipt')).toBeNull()
  expect(standing()).toEqual(before)
}

test('a voucher sent by HEAD is taken, serves nothing, and pays for the next request with the same credential', async () => {
  const headers = { authorization: credential(offer.challenge, await voucher()) }
  const [ran, before] = [served, standing()]
  const head = await fetch(`${url}/joke`, { method: 'HEAD', headers })
  expect([head.status, served]).toEqual([200, ran])
  expect(standing()[0]).toMatchObject({ accepted: before[0]!.accepted + PRICE, creditsPosted: before[0]!.creditsPosted })
  expect((await fetch(`${url}/joke`, { headers })).status).toBe(200)
  const again = await fetch(`${url}/joke`, { headers })
  expect([again.status, (await again.json()).requiredCumulative]).toEqual([402, `${3n * PRICE}`])
  expect(served).toBe(ran + 1)
})

test('the same request under its Idempotency-Key is paid once', async () => {
  const headers = { authorization: credential(offer.challenge, await voucher({}, payer(), 3n * PRICE)), 'idempotency-key': 'k1' }
  const answers = await Promise.all(Array.from({ length: 5 }, () => fetch(`${url}/joke`, { headers })))
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(new Set(texts).size).toBe(1)
  expect(standing()[0]).toMatchObject({ accepted: 3n * PRICE, creditsPosted: 3n * PRICE, creditsPending: 0n })
})

test('a network that opens sessions with empty accounts has 50 deposits tried at once', async () => {
  const gateway = yard.gateway()
  const strict = newApp({ publicUrl: 'http://localhost' })
  const guard = openGuard({ clock: { now: () => 1_800_000_000_000 } }, { limits: LIMITS, onRefused: () => {} })
  paidRoutes(strict, { ...gateway, guard }, { publicUrl: () => 'http://127.0.0.1:1' })
  strict.get('/joke', { config: { price: parseAmount('0.002', USD), payee: party, session: true } }, async () => `joke ${++served}`)
  const asked = await strict.inject('/joke')
  const challenges = [asked.headers['www-authenticate']].flat().join(', ')
  const strictOffer = readSessionOffers(challenges)[0]!
  const codes: string[] = []
  for (let n = 0; n < 60; n++) {
    const stranger = privateKeyToAccount(generatePrivateKey())
    const salt: Hex = `0x${'0'.repeat(62)}01`
    const channelId = channelOf(strictOffer, stranger.address, salt)
    const validBefore = BigInt(Math.floor(Date.now() / 1_000) + 300)
    const deposit = await signDeposit(stranger, strictOffer, { channelId, salt, value: DEPOSIT, validBefore })
    const voucherSignature = await signVoucher(stranger, strictOffer, channelId, 0n)
    const payload = { action: 'open', channelId, cumulativeAmount: '0', voucherSignature, ...deposit }
    const answer = await strict.inject({ url: '/joke', headers: { authorization: credential(strictOffer.challenge, payload) } })
    codes.push(answer.json().code)
  }
  expect(codes).toEqual([...Array(50).fill('session_reverted'), ...Array(10).fill('too_busy')])
  await strict.close()
})

test('an opening that vouches for the request is served at once, and the same again opens nothing more', async () => {
  const salt: Hex = `0x${'0'.repeat(62)}77`
  const channelId = channelOf(offer, signer(2).address, salt)
  const validBefore = BigInt(Math.floor(Date.now() / 1_000) + 300)
  const deposit = await signDeposit(signer(2), offer, { channelId, salt, value: DEPOSIT, validBefore })
  const voucherSignature = await signVoucher(signer(2), offer, channelId, PRICE)
  const payload = { action: 'open', channelId, cumulativeAmount: `${PRICE}`, voucherSignature, ...deposit }
  const headers = { authorization: credential(offer.challenge, payload) }
  const [first, again] = [await fetch(`${url}/joke`, { headers }), await fetch(`${url}/joke`, { headers })]
  expect([first.status, again.status, (await again.json()).code]).toEqual([200, 402, 'session_balance_low'])
  const { accepted, deposit: deposited } = yard.gateway().payins.channels.records.of(evmRail(chain.chainId), channelId)!
  expect([accepted, deposited]).toEqual([PRICE, DEPOSIT])
})

test('a whole answer that uses more than is vouched for is withheld, and paid by the vouchers that cover it', async () => {
  const chat = await offerOf('/chat')
  const send = async (sum: bigint) => {
    const payload = {
      action: 'voucher',
      channelId: own.channelId,
      cumulativeAmount: `${sum}`,
      signature: await signVoucher(payer(), chat, own.channelId, sum),
    }
    return fetch(`${url}/chat`, { headers: { authorization: credential(chat.challenge, payload), accept: 'text/event-stream' } })
  }
  const { accepted, creditsPosted } = standing()[0]!
  const withheld = await send(accepted + 10_000n)
  expect([withheld.status, (await withheld.json()).code]).toEqual([402, 'session_balance_low'])
  expect(standing()[0]).toMatchObject({ creditsPosted, creditsPending: 0n })
  const given = await send(accepted + 30_000n)
  expect([given.status, await given.text()]).toEqual([200, `20000 left, ${served}`])
  expect(standing()[0]).toMatchObject({ creditsPosted: creditsPosted + 30_000n, creditsPending: 0n })
})
