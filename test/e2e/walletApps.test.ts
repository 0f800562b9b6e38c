import { createHash } from 'node:crypto'
import { NWCClient, NWCWalletService, NWCWalletServiceKeyPair } from '@getalby/sdk/nwc'
import { finalizeEvent, generateSecretKey, getPublicKey } from 'nostr-tools/pure'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type NwcClient, openNwcClient, readNwcUri } from '../../adapters/nwc/openNwcClient.ts'
import { seal } from '../../adapters/nwc/sealed.ts'
import { lightningWallet } from '../../gateway/client/lightningWallet.ts'
import { createPayer } from '../../gateway/client/payer.ts'
import { BTC, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import { type Relay, startRelay } from '../../world/relay/relay.ts'
import { balanceOf, control, partyWith, startYard, until, verified, type Yard } from './yard.ts'

let relay: Relay
let yard: Yard
let alice: { id: string; key: string }
const clients: { close: () => void }[] = []

type AppNow = { id: string; connection: string; status: string }
async function connect(o: object = {}): Promise<AppNow> {
  const body = { party: alice.id, name: 'player', budget: { asset: 'BTC', amount: '0.0000005' }, ...o }
  const made = await yard.call<AppNow>('POST', '/v1/wallet_apps', { key: alice.key, body })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return (await yard.call<AppNow>('GET', `/v1/wallet_apps/${made.body.id}`, { key: alice.key })).body
}
const alby = (app: AppNow): NWCClient => {
  const client = new NWCClient({ nostrWalletConnectUrl: app.connection })
  clients.push(client)
  return client
}
const ours = (app: AppNow): NwcClient => {
  const client = openNwcClient(app.connection)
  clients.push(client)
  return client
}
const customer = <T>(path: string, body: object) => control<T>(yard.world.lightning.controlUrl, path, body)
const customerInvoice = (amountMsat?: string) =>
  customer<{ invoice: string; paymentHash: string }>('/invoice', { ...(amountMsat ? { amountMsat } : {}), description: 'a song' })
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  )

beforeAll(async () => {
  relay = await startRelay()
  yard = await startYard({ chains: 1, extra: { nwc: { relays: [relay.url] } } })
  alice = await partyWith(yard, { name: 'Alice' })
  await yard.call('POST', '/v1/lightning_addresses', { body: { name: 'alice', party: alice.id, description: 'Alice' } })
  const { body } = await yard.call<{ pr: string }>('GET', '/lnurl/pay/alice?amount=1000000', { key: null })
  await customer('/pay', { invoice: body.pr })
  await until('the credit', async () => (await balanceOf(yard, alice.id, 'BTC')) === '0.00001')
}, 90_000)
// The unmodified client prints every refusal, also those that a test asks for.
beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
  for (const client of clients.splice(0)) client.close()
})
afterAll(async () => {
  await yard?.close()
  await relay?.close()
})

describe('an unmodified client', () => {
  test('reads the wallet, is paid, and finds the payment', async () => {
    const client = alby(await connect())
    expect(await client.getInfo()).toMatchObject({ alias: 'switchyard', network: 'regtest' })
    expect(client.encryptionType).toBe('nip44_v2')
    expect(await client.getBalance()).toEqual({ balance: 1_000_000 })
    expect(await client.getBudget()).toEqual({ used_budget: 0, total_budget: 50_000, renewal_period: 'never' })
    const told: object[] = []
    await client.subscribeNotifications((notification) => told.push(notification))
    const made = await client.makeInvoice({ amount: 7_000, description: 'a tip' })
    expect(made).toMatchObject({ type: 'incoming', state: 'pending', amount: 7_000, description: 'a tip' })
    const { preimage } = await customer<{ preimage: string }>('/pay', { invoice: made.invoice })
    const settled = await until('the settlement', async () => {
      const found = await client.lookupInvoice({ payment_hash: made.payment_hash })
      return found.state === 'settled' && found
    })
    expect(settled).toMatchObject({ preimage, amount: 7_000 })
    expect(await client.getBalance()).toEqual({ balance: 1_007_000 })
    expect((await client.listTransactions({})).transactions).toEqual([settled])
    await until('the notification', async () => told.length > 0)
    expect(told).toEqual([{ notification_type: 'payment_received', notification: settled }])
  })

  test('pays within its budget and not beyond it', async () => {
    const client = alby(await connect())
    const { invoice, paymentHash } = await customerInvoice('30000')
    const paid = await client.payInvoice({ invoice })
    expect(paid).toEqual({ preimage: expect.stringMatching(/^[0-9a-f]{64}$/), fees_paid: 0 })
    expect(await client.lookupInvoice({ payment_hash: paymentHash })).toMatchObject({
      type: 'outgoing',
      state: 'settled',
      preimage: paid.preimage,
    })
    expect(await codeOf(client.payInvoice({ invoice: (await customerInvoice('20001')).invoice }))).toBe('QUOTA_EXCEEDED')
    expect(await client.getBudget()).toMatchObject({ used_budget: 30_000 })
    await client.payInvoice({ invoice: (await customerInvoice('20000')).invoice })
    expect(await codeOf(client.payInvoice({ invoice: (await customerInvoice('1000')).invoice }))).toBe('QUOTA_EXCEEDED')
    expect((await client.listTransactions({ type: 'outgoing' })).transactions.map(({ amount }) => amount).sort()).toEqual([20_000, 30_000])
  })

  test('pays one invoice once, however often and at once it asks', async () => {
    const app = await connect()
    const { invoice } = await customerInvoice('10000')
    const before = await balanceOf(yard, alice.id, 'BTC')
    const paid = await Promise.all([alby(app), alby(app), alby(app)].map((client) => client.payInvoice({ invoice })))
    expect(new Set(paid.map(({ preimage }) => preimage)).size).toBe(1)
    expect(await alby(app).getBudget()).toMatchObject({ used_budget: 10_000 })
    const after = await balanceOf(yard, alice.id, 'BTC')
    expect(sats(before) - sats(after)).toBe(10n)
  })

  test('pays an invoice that leaves the amount open what it names itself, once, within its budget', async () => {
    const client = alby(await connect())
    const { invoice, paymentHash } = await customerInvoice()
    await expect(client.payInvoice({ invoice })).rejects.toThrow('send `amount`')
    expect(await codeOf(client.payInvoice({ invoice, amount: 50_001 }))).toBe('QUOTA_EXCEEDED')
    const { preimage } = await client.payInvoice({ invoice, amount: 3_000 })
    expect(await client.payInvoice({ invoice, amount: 3_000 })).toMatchObject({ preimage })
    await expect(client.payInvoice({ invoice, amount: 4_000 })).rejects.toThrow('this is paid 3000 msat, and once')
    expect(await client.lookupInvoice({ payment_hash: paymentHash })).toMatchObject({ state: 'settled', amount: 3_000, preimage })
    expect(await client.getBudget()).toMatchObject({ used_budget: 3_000 })
  })

  test('pays a node without an invoice, with records, and finds the payment by its preimage', async () => {
    const app = await connect()
    const client = alby(app)
    expect((await client.getInfo()).methods).toContain('pay_keysend')
    expect((await client.getWalletServiceInfo()).capabilities).toContain('pay_keysend')
    const { nodeId } = yard.world.lightning.customer
    const boost = { type: 7_629_169, value: Buffer.from('{"podcast":"a show"}').toString('hex') }
    const paid = await client.payKeysend({ amount: 9_000, pubkey: nodeId, tlv_records: [boost] })
    expect(paid).toEqual({ preimage: expect.stringMatching(/^[0-9a-f]{64}$/), fees_paid: 0 })
    const paymentHash = createHash('sha256').update(Buffer.from(paid.preimage, 'hex')).digest('hex')
    const shown = { type: 'outgoing', state: 'settled', amount: 9_000, payment_hash: paymentHash, preimage: paid.preimage }
    const { transactions } = await client.listTransactions({ type: 'outgoing' })
    expect(transactions).toMatchObject([{ ...shown, metadata: { destination: nodeId, tlv_records: [boost] } }])
    // The unmodified client finds nothing that has no invoice, whoever answers it.
    expect(await ours(app).call('lookup_invoice', { payment_hash: paymentHash })).toEqual(transactions[0])
    expect(await client.getBudget()).toMatchObject({ used_budget: 9_000 })
    expect(await codeOf(client.payKeysend({ amount: 41_001, pubkey: nodeId }))).toBe('QUOTA_EXCEEDED')
    const known = { type: 5_482_373_484, value: '00' }
    await expect(client.payKeysend({ amount: 1_000, pubkey: nodeId, tlv_records: [known] })).rejects.toThrow("not the keysend's own")
    const own = (await yard.call<{ pubkey: string }>('GET', '/.well-known/keysend/alice', { key: null })).body.pubkey
    await expect(client.payKeysend({ amount: 1_000, pubkey: own })).rejects.toThrow('of a payee held here')
  })

  test('is told what it may not do', async () => {
    const reader = alby(await connect({ methods: ['get_info', 'get_balance', 'make_invoice'] }))
    const { invoice } = await customerInvoice('1000')
    expect(await codeOf(reader.payInvoice({ invoice }))).toBe('RESTRICTED')
    const { nodeId } = yard.world.lightning.customer
    expect(await codeOf(reader.payKeysend({ amount: 1_000, pubkey: nodeId }))).toBe('RESTRICTED')
    expect(await codeOf(reader.signMessage({ message: 'x' }))).toBe('NOT_IMPLEMENTED')
    const rich = alby(await connect({ budget: { asset: 'BTC', amount: '1' } }))
    expect(await codeOf(rich.payInvoice({ invoice: (await customerInvoice('99000000')).invoice }))).toBe('INSUFFICIENT_BALANCE')
    const own = await yard.call<{ pr: string }>('GET', '/lnurl/pay/alice?amount=1000', { key: null })
    await expect(rich.payInvoice({ invoice: own.body.pr })).rejects.toThrow('of a payee held here')
    expect(await codeOf(rich.payInvoice({ invoice: 'lnbcrt1nonsense_nonsense' }))).toBe('OTHER')
    expect(await codeOf(rich.lookupInvoice({ payment_hash: '0'.repeat(64) }))).toBe('NOT_FOUND')
  })

  test('is cut off when its connection is revoked', async () => {
    const app = await connect()
    const client = ours(app)
    expect(await client.call('get_balance', {})).toHaveProperty('balance')
    await yard.call('POST', `/v1/wallet_apps/${app.id}/revoke`, { key: alice.key })
    const short = openNwcClient(app.connection, { answerMs: 500 })
    clients.push(short)
    await expect(short.call('get_balance', {})).rejects.toMatchObject({ code: 'outcome_unknown' })
  })
})

describe('the relay is not trusted', () => {
  test('a request that it sends again is not done again, and one of a stranger never', async () => {
    const app = await connect()
    const { invoice } = await customerInvoice('5000')
    await ours(app).payInvoice({ invoice })
    const requests = relay.taken().filter(({ kind }) => kind === 23_194)
    const answers = () => relay.taken().filter(({ kind }) => kind === 23_195).length
    const before = answers()
    for (const event of requests) relay.inject(event)
    // The app's own words under another id and time, which its signature does not cover.
    relay.inject({ ...requests.at(-1)!, id: 'f'.repeat(64), created_at: Math.trunc(Date.now() / 1_000) })
    const { walletKey, secret } = readNwcUri(app.connection)!
    const stranger = generateSecretKey()
    const body = { method: 'pay_invoice', params: { invoice: (await customerInvoice('6000')).invoice } }
    const made = { kind: 23_194, to: walletKey, tags: [], body }
    // Signed by somebody else; in the app's name with a signature that is not its own; and by the app, an hour ago.
    relay.inject(seal({ ...made, secret: stranger, at: Date.now() }))
    const foreign = seal({ ...made, secret: stranger, at: Date.now() })
    relay.inject({ ...foreign, pubkey: getPublicKey(secret) })
    relay.inject(seal({ ...made, secret, at: Date.now() - 3_600_000 }))
    relay.inject(
      finalizeEvent({ kind: 23_194, created_at: Math.trunc(Date.now() / 1_000), tags: [['p', walletKey]], content: 'plain' }, secret),
    )
    // A request that is answered shows that those before it were not.
    expect(await ours(app).call('get_budget', {})).toMatchObject({ used_budget: 5_000 })
    expect(answers()).toBe(before + 1)
  })

  test('after it hung up on everybody, apps are served again', async () => {
    const client = ours(await connect())
    expect(await client.call('get_balance', {})).toHaveProperty('balance')
    relay.drop()
    await until('the way back', async () => {
      const again = openNwcClient((await connect()).connection, { answerMs: 1_000 })
      clients.push(again)
      return again.call('get_balance', {}).then(
        () => true,
        () => false,
      )
    })
    expect(await client.call('get_balance', {})).toHaveProperty('balance')
  })
})

test('a 402 is paid out of a user’s wallet elsewhere, an unmodified one, within the payer’s budget', async () => {
  const [secret, walletSecret] = [generateSecretKey(), generateSecretKey()].map((key) => Buffer.from(key).toString('hex'))
  const service = new NWCWalletService({ relayUrls: [relay.url] })
  clients.push(service)
  const [clientKey, walletKey] = [secret!, walletSecret!].map((key) => getPublicKey(Uint8Array.from(Buffer.from(key, 'hex'))))
  await service.publishWalletServiceInfoEvent(walletSecret!, ['pay_invoice'], [])
  await service.subscribe(new NWCWalletServiceKeyPair(walletSecret!, clientKey!), {
    // The user's wallet is the customer's node of this world.
    async payInvoice({ invoice }) {
      const { preimage } = await customer<{ preimage: string }>('/pay', { invoice })
      return { result: { preimage, fees_paid: 0 }, error: undefined }
    },
  })
  const wallet = openNwcClient(`nostr+walletconnect://${walletKey}?relay=${encodeURIComponent(relay.url)}&secret=${secret}`)
  clients.push(wallet)
  const rate = { from: BTC, to: USD, num: 1n, den: 1n, observedAt: Date.now(), source: 'test' }
  const limit = (text: string) => parseAmount(text, USD)
  const payer = createPayer({
    wallets: [lightningWallet({ payInvoice: wallet.payInvoice, lookupInvoice: wallet.lookupInvoice, rate: () => rate })],
    budget: { perRequest: limit('0.01'), perDay: limit('1'), sites: ['127.0.0.1'] },
  })
  const response = await payer.fetch(yard.route())
  expect([response.status, await response.json()]).toEqual([200, { joke: expect.any(String) }])
})

test('after a restart the connection stands, with what was spent', async () => {
  const app = await connect()
  await ours(app).payInvoice({ invoice: (await customerInvoice('4000')).invoice })
  await yard.kill()
  await yard.start()
  // A request that comes before the gateway is back at the relay is nobody's, so it is asked again.
  const client = openNwcClient(app.connection, { answerMs: 1_000 })
  clients.push(client)
  expect(await until('the answer', () => client.call('get_budget', {}).catch(() => false as const))).toMatchObject({ used_budget: 4_000 })
})

test('afterwards the ledger equals every rail', async () => {
  expect(await verified(yard)).toMatchObject({ ok: true })
})

/** A decimal amount of bitcoin in satoshi; what is finer is cut. */
function sats(text: string): bigint {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(whole! + fraction.padEnd(8, '0').slice(0, 8))
}
