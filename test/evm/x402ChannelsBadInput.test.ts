import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newApp } from '../../gateway/api/app.ts'
import { paidRoutes } from '../../gateway/api/paid/paidRoute.ts'
import { LIMITS, openGuard } from '../../gateway/guard/openGuard.ts'
import type { Hex, PartyId } from '../../gateway/ports/ids.ts'
import type { X402ChannelConfig } from '../../gateway/ports/x402Channels.ts'
import { usd } from '../../gateway/seller/price.ts'
import { rpc } from './chainProcess.ts'
import { type GatewayOnChain, startGateway } from './gatewayOnChain.ts'
import { accountOf } from './permits.ts'
import { type QuietChain, startQuietChain } from './quietChain.ts'
import { type ChannelEntry, channelEntry, channelPayer, paying } from './x402Payer.ts'

// Every field of a payment by a channel that is wrong: nothing is sent to the chain, nothing is booked and no handler runs.
const DEPOSIT = 3_000_000n
const OTHER: Hex = `0x${'c1'.repeat(20)}`
let chain: QuietChain
let yard: GatewayOnChain
let app: FastifyInstance
let url: string
let entry: ChannelEntry
let served = 0
let party: PartyId
/** Of a channel that has a deposit and has paid once. */
let payer: ReturnType<typeof channelPayer>

beforeAll(async () => {
  chain = await startQuietChain()
  yard = await startGateway(chain, { depth: 0 }, {}, { batchSettlement: { withdrawDelayS: 900 } })
  const { id } = await yard.party('seller')
  party = id
  const { id: other } = await yard.party('other')
  app = newApp({ publicUrl: 'http://localhost' })
  paidRoutes(app, yard.gateway(), { publicUrl: () => 'http://127.0.0.1:1' })
  app.get('/song', { config: { price: usd('0.002'), payee: id } }, async () => ({ served: ++served }))
  app.get('/film', { config: { price: usd('0.003'), payee: id } }, async () => ({ served: ++served }))
  app.get('/other', { config: { price: usd('0.002'), payee: other } }, async () => ({ served: ++served }))
  app.get('/used', { config: { price: { upto: usd('0.002') }, payee: id } }, async () => ({ served: ++served }))
  url = await app.listen({ host: '127.0.0.1', port: 0 })
  entry = (await channelEntry(`${url}/song`))!
  // A seller is written down when its first price is asked for.
  await fetch(`${url}/other`)
  payer = channelPayer(chain, 1)
  const first = await fetch(`${url}/song`, { headers: paying(await payer.deposit(entry, DEPOSIT, 2_000n)) })
  expect(first.status).toBe(200)
  // Its gas is booked.
  await vi.waitUntil(async () => (await yard.gateway().audit.verify()).ok, { timeout: 30_000 })
}, 60_000)
afterAll(async () => {
  await app?.close()
  await yard?.close()
  await chain?.stop()
})

type Json = Record<string, unknown>
type Row = readonly [what: string, status: number, code: string, payment: () => Promise<object>, path?: string]

/** The payment with one value of it changed; left out where `to` is undefined. */
function withAt(payment: object, path: string, to: unknown): object {
  const copy = JSON.parse(JSON.stringify(payment)) as Json
  const names = path.split('.')
  const last = names.pop()!
  const at = names.reduce((place, name) => place[name] as Json, copy)
  if (to === undefined) delete at[last]
  else at[last] = to
  return copy
}

const voucher = () => payer.voucher(entry, 4_000n)
const deposit = () => payer.deposit(entry, DEPOSIT, 4_000n)
const CONFIG = ['payer', 'payerAuthorizer', 'receiver', 'receiverAuthorizer', 'token', 'withdrawDelay', 'salt']
const OF_VOUCHER = [
  'type',
  ...CONFIG.map((name) => `channelConfig.${name}`),
  'voucher.channelId',
  'voucher.maxClaimableAmount',
  'voucher.signature',
]
const OF_DEPOSIT = [
  'amount',
  ...['validAfter', 'validBefore', 'salt', 'signature'].map((name) => `authorization.erc3009Authorization.${name}`),
]

const shaped: Row[] = [
  ...OF_VOUCHER.map((name): [string, () => Promise<object>] => [`payload.${name}`, voucher]),
  ...OF_DEPOSIT.map((name): [string, () => Promise<object>] => [`payload.deposit.${name}`, deposit]),
].flatMap(([path, right]): Row[] => [
  [`without ${path}`, 400, 'proof_malformed', async () => withAt(await right(), path, undefined)],
  [`whose ${path} is a boolean`, 400, 'proof_malformed', async () => withAt(await right(), path, true)],
  [`whose ${path} is in a list`, 400, 'proof_malformed', async () => withAt(await right(), path, ['0'])],
])

const spelled: Row[] = ['0xfa0', ' 4000', '04000', '-1', '4e3', `${2n ** 256n}`].map((text) => [
  `over ${JSON.stringify(text)}`,
  400,
  'proof_malformed',
  async () => withAt(await voucher(), 'payload.voucher.maxClaimableAmount', text),
])

/** A channel with other terms, signed so. */
const foreign = (what: string, status: number, code: string, changes: Partial<X402ChannelConfig>): Row => [
  `of a channel ${what}`,
  status,
  code,
  async () => channelPayer(chain, 1, changes).deposit(entry, DEPOSIT, 2_000n),
]
const channels: Row[] = [
  foreign('of another token', 402, 'proof_wrong_token', { token: OTHER }),
  foreign('that pays somebody else', 402, 'proof_wrong_payee', { receiver: OTHER }),
  foreign('that somebody else claims', 402, 'proof_wrong_spender', { receiverAuthorizer: OTHER }),
  foreign('with a shorter delay', 422, 'channel_not_accepted', { withdrawDelay: 899 }),
  foreign('with a longer delay', 422, 'channel_not_accepted', { withdrawDelay: 901 }),
  foreign('without a key for its vouchers', 422, 'channel_not_accepted', { payerAuthorizer: `0x${'00'.repeat(20)}` }),
  foreign('with another key for its vouchers', 402, 'proof_bad_signature', { payerAuthorizer: OTHER }),
  foreign('of another payer', 402, 'proof_bad_signature', { payer: OTHER }),
  [
    'that names another channel',
    422,
    'channel_not_accepted',
    async () => withAt(await voucher(), 'payload.voucher.channelId', `0x${'ab'.repeat(32)}`),
  ],
  ['of a channel that has nothing', 402, 'voucher_over_deposit', async () => channelPayer(chain, 2).voucher(entry, 2_000n)],
]

const sums: Row[] = [
  ['over the sum that has paid', 402, 'proof_wrong_amount', () => payer.voucher(entry, 2_000n), '/song?again'],
  ['over less than has paid', 402, 'proof_wrong_amount', () => payer.voucher(entry, 1_000n)],
  ['over nothing', 402, 'proof_wrong_amount', () => payer.voucher(entry, 0n)],
  ['one unit short', 402, 'proof_wrong_amount', () => payer.voucher(entry, 3_999n)],
  ['one unit over', 402, 'proof_wrong_amount', () => payer.voucher(entry, 4_001n)],
  ['for the next but one', 402, 'proof_wrong_amount', () => payer.voucher(entry, 6_000n)],
  ['over all there can be', 402, 'proof_wrong_amount', () => payer.voucher(entry, 2n ** 128n - 1n)],
  ['for another price', 402, 'proof_wrong_amount', voucher, '/film'],
  ['for another seller', 402, 'proof_wrong_payee', voucher, '/other'],
  ['where work is paid by its use', 402, 'proof_unsupported', voucher, '/used'],
  ['with another amount in its offer', 402, 'proof_wrong_amount', async () => withAt(await voucher(), 'accepted.amount', '1999')],
  ['of another chain', 402, 'proof_wrong_chain', async () => withAt(await voucher(), 'accepted.network', 'eip155:1')],
  [
    'of another resource',
    402,
    'challenge_wrong_route',
    async () => ({ ...(await voucher()), resource: { url: 'http://127.0.0.1:1/film' } }),
  ],
  [
    'with a quote of its own',
    402,
    'challenge_altered',
    async () => withAt(await voucher(), 'accepted.extra.quote', `2000.9999999999.${'A'.repeat(22)}`),
  ],
  ['signed by another key', 402, 'proof_bad_signature', () => payer.voucher(entry, 4_000n, accountOf(chain, 2))],
  [
    'with the signature of another sum',
    402,
    'proof_bad_signature',
    async () => withAt(await voucher(), 'payload.voucher.signature', (await payer.voucher(entry, 6_000n)).payload.voucher.signature),
  ],
  ['for a refund beyond what was paid', 402, 'proof_wrong_amount', async () => payer.refund(entry, 4_000n)],
  ['for a refund of nothing', 400, 'proof_malformed', async () => payer.refund(entry, 2_000n, 0n)],
  ['for a refund of less than its gas', 402, 'channel_refund_refused', async () => payer.refund(entry, 2_000n, 1n)],
  ['for a refund of another channel', 402, 'channel_refund_refused', async () => channelPayer(chain, 1).refund(entry, 0n)],
  ['for a refund where work is paid by its use', 402, 'proof_unsupported', async () => payer.refund(entry, 2_000n), '/used'],
]

const now = () => Math.floor(Date.now() / 1000)
const authorization = 'payload.deposit.authorization.erc3009Authorization'
const deposits: Row[] = [
  ['with a deposit of nothing', 402, 'proof_wrong_amount', async () => withAt(await deposit(), 'payload.deposit.amount', '0')],
  [
    'with a deposit beyond 128 bits',
    402,
    'proof_wrong_amount',
    async () => withAt(await deposit(), 'payload.deposit.amount', `${2n ** 128n}`),
  ],
  [
    'with a deposit of one unit more',
    402,
    'proof_bad_signature',
    async () => withAt(await deposit(), 'payload.deposit.amount', `${DEPOSIT + 1n}`),
  ],
  [
    'with a deposit that has ended',
    402,
    'proof_expires_soon',
    async () => withAt(await deposit(), `${authorization}.validBefore`, `${now() - 1}`),
  ],
  [
    'with a deposit that ends late',
    402,
    'proof_ends_late',
    async () => withAt(await deposit(), `${authorization}.validBefore`, `${now() + 90_000}`),
  ],
  [
    'with a deposit that is not yet good',
    402,
    'proof_not_yet_valid',
    async () => withAt(await deposit(), `${authorization}.validAfter`, `${now() + 60}`),
  ],
  ['with another salt', 402, 'proof_bad_signature', async () => withAt(await deposit(), `${authorization}.salt`, `0x${'77'.repeat(32)}`)],
  ['with a deposit that its gas would eat', 422, 'deposit_too_small', () => payer.deposit(entry, 1n, 4_000n)],
  ['with a deposit and a sum out of turn', 402, 'proof_wrong_amount', () => payer.deposit(entry, DEPOSIT, 8_000n)],
  ['with a deposit above the balance', 402, 'insufficient_balance', () => payer.deposit(entry, 10n ** 15n, 4_000n)],
]

for (const [what, status, code, payment, path = '/song'] of [...shaped, ...spelled, ...channels, ...sums, ...deposits]) {
  test(`a payment ${what} is refused, and nothing moves`, async () => {
    const [runs, head, nonce] = [served, yard.gateway().ledger.books.head().seq, await sent()]
    const answer = await fetch(`${url}${path}`, { headers: paying(await payment()) })
    const body = (await answer.json()) as { code: string }
    expect([answer.status, body.code]).toEqual([status, code])
    expect([served, yard.gateway().ledger.books.head().seq, await sent()]).toEqual([runs, head, nonce])
  })
}

/** How many transactions the gateway has sent. */
const sent = () => rpc(chain.rpcUrl, 'eth_getTransactionCount', [entry.extra.receiverAuthorizer, 'pending'])

test('a network that names channels with nothing in them makes us ask the chain 50 times at once, and who has paid is not kept waiting', async () => {
  const gateway = yard.gateway()
  const strict = newApp({ publicUrl: 'http://localhost' })
  const guard = openGuard({ clock: { now: () => 1_800_000_000_000 } }, { limits: LIMITS, onRefused: () => {} })
  paidRoutes(strict, { ...gateway, guard }, { publicUrl: () => 'http://127.0.0.1:1' })
  const work = vi.fn(async () => 'film')
  strict.get('/film', { config: { price: usd('0.002'), payee: party } }, work)
  const codes: string[] = []
  for (let n = 0; n < 60; n++) {
    const stranger = channelPayer(chain, 3)
    const answer = await strict.inject({ url: '/film', headers: paying(await stranger.voucher(entry, 2_000n)) })
    codes.push(answer.json().code)
  }
  expect(codes).toEqual([...Array(50).fill('voucher_over_deposit'), ...Array(10).fill('too_busy')])
  expect(work).not.toHaveBeenCalled()
  expect((await strict.inject({ url: '/film', headers: paying(await voucher()) })).statusCode).toBe(200)
  await strict.close()
})

test('after all of them the channel pays the next request', async () => {
  const answer = await fetch(`${url}/song?last`, { headers: paying(await payer.voucher(entry, 6_000n)) })
  expect(answer.status).toBe(200)
})
