import { createHash } from 'node:crypto'
import { parseBip21 } from '@getalby/lightning-tools/bip21'
import { LightningAddress } from '@getalby/lightning-tools/lnurl'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { readBolt11 } from '../../adapters/lightning/bolt11.ts'
import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { signAuth } from '../../gateway/wallets/lnurl/auth.ts'
import { readLnurl } from '../../gateway/wallets/lnurl/lnurlText.ts'
import { requestInvoice } from '../../gateway/wallets/lnurl/payeeInvoice.ts'
import { fetchPayTerms } from '../../gateway/wallets/lnurl/payTerms.ts'
import { linkingKey } from '../lnurl/linkingKey.ts'
import { fetchWithdrawTerms, withdrawTo } from '../lnurl/withdrawClient.ts'
import { balanceOf, control, partyWith, startYard, until, verified, type Yard } from './yard.ts'

let yard: Yard
let alice: { id: string; key: string }
const host = () => new URL(yard.url()).host
const parts = () => ({ http: openPublicHttp({ localHosts: [host()] }), readInvoice: readBolt11 })
const customerPays = (invoice: string) => control<{ preimage: string }>(yard.world.lightning.controlUrl, '/pay', { invoice })
const customerInvoice = (amountMsat: string) =>
  control<{ invoice: string; paymentHash: string }>(yard.world.lightning.controlUrl, '/invoice', { amountMsat, description: 'test' })
const customerMsat = async () =>
  BigInt((await control<{ customer: { ownMsat: string } }>(yard.world.lightning.controlUrl, '/status')).customer.ownMsat)

type Payout = { id: string; status: string; rail?: string; amount: { amount: string }; failure?: unknown }
async function paidOut(destination: object, amount: { asset: string; amount: string }, key = alice.key): Promise<Payout> {
  const made = await yard.call<Payout>('POST', '/v1/payouts', {
    key,
    body: { party: alice.id, amount, destinations: [destination], reference: 'thanks' },
  })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
  return until('the payout', async () => {
    const { body } = await yard.call<Payout>('GET', `/v1/payouts/${made.body.id}`)
    return body.status === 'settled' || body.status === 'failed' ? body : undefined
  })
}

beforeAll(async () => {
  yard = await startYard({ chains: 1 })
  alice = await partyWith(yard, { name: 'Alice' })
  const body = {
    name: 'alice',
    party: alice.id,
    description: 'Songs by Alice',
    comment_max: 20,
    payer_data: { name: { mandatory: false } },
    success: { tag: 'message', message: 'Thank you!' },
  }
  const made = await yard.call('POST', '/v1/lightning_addresses', { key: alice.key, body })
  expect(made.status, JSON.stringify(made.body)).toBe(201)
}, 90_000)
afterAll(() => yard?.close())
afterEach(() => vi.unstubAllGlobals())

describe('a Lightning Address of ours', () => {
  test('is paid by an unmodified client, to the msat, and the payee reads the comment', async () => {
    // The client insists on TLS and a public name: this stands for a name server and a TLS proxy in front of the gateway.
    const real = globalThis.fetch
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => real(url.replace('https://pay.example.com', yard.url()), init))
    const address = new LightningAddress('alice@pay.example.com', { proxy: false })
    await address.fetch()
    expect(address.lnurlpData).toMatchObject({ description: 'Songs by Alice', min: 1_000, commentAllowed: 20 })
    const invoice = await address.requestInvoice({ satoshi: 21, comment: 'lovely', payerdata: { name: 'Carol' } })
    expect([invoice.satoshi, invoice.successAction, await invoice.isPaid()]).toEqual([21, { tag: 'message', message: 'Thank you!' }, false])
    const { preimage } = await customerPays(invoice.paymentRequest)
    await until('the credit', async () => (await balanceOf(yard, alice.id, 'BTC')) === '0.00000021')
    expect([await invoice.isPaid(), invoice.preimage, invoice.validatePreimage(preimage)]).toEqual([true, preimage, true])
    const { body } = await yard.call<{ payments: object[] }>('GET', '/v1/lightning_addresses/alice', { key: alice.key })
    expect(body.payments).toEqual([
      expect.objectContaining({
        to: 'alice',
        comment: 'lovely',
        payer_data: { name: 'Carol' },
        amount: { asset: 'BTC', amount: '0.00000021' },
      }),
    ])
  })

  test('commits its invoices to the metadata and the payer data, also under a tag', async () => {
    const terms = await fetchPayTerms(`alice+tips@${host()}`, parts())
    expect(terms.identifier).toBe(`alice+tips@${host()}`)
    const taken = await requestInvoice(terms, { amountMsat: 1_234n, payerData: { name: 'Carol' } }, parts())
    expect(taken.read).toMatchObject({ amountMsat: 1_234n, network: 'regtest', description: undefined })
    expect(taken.read.descriptionHash).toBe(createHash('sha256').update(`${terms.metadata}{"name":"Carol"}`).digest('hex'))
  })

  test.each([
    ['/.well-known/lnurlp/nobody', 404, 'There is no Lightning Address nobody here'],
    ['/lnurl/pay/alice?amount=999', 200, 'The amount must be 1000 to 1000000000 msat'],
    ['/lnurl/pay/alice?amount=1.5', 200, 'The parameter amount is not a number of millisatoshi'],
    ['/lnurl/pay/alice', 200, 'The parameter amount Invalid input: expected string, received undefined'],
    [`/lnurl/pay/alice?amount=1000&comment=${'x'.repeat(21)}`, 200, 'The comment is longer than 20 characters'],
    ['/lnurl/pay/alice?amount=1000&payerdata=%7B%22name%22%3A7%7D', 200, 'payerdata.name is not a text of at most 200 characters'],
    [`/lnurl/verify/${'0'.repeat(64)}`, 404, 'Not found'],
  ])('answers %s with a reason', async (path, status, reason) => {
    const answer = await yard.call('GET', path, { key: null })
    expect([answer.status, answer.body]).toEqual([status, { status: 'ERROR', reason }])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test('is given away once: not to another, and not again after its end', async () => {
    const bob = await partyWith(yard, { name: 'Bob' })
    const body = { name: 'bob', party: bob.id, description: 'Bob' }
    expect((await yard.call('POST', '/v1/lightning_addresses', { key: bob.key, body: { ...body, name: 'alice' } })).body).toMatchObject({
      code: 'address_taken',
    })
    expect((await yard.call('POST', '/v1/lightning_addresses', { key: alice.key, body })).body).toMatchObject({ code: 'forbidden' })
    expect((await yard.call('POST', '/v1/lightning_addresses', { key: bob.key, body })).status).toBe(201)
    expect((await yard.call('POST', '/v1/lightning_addresses/bob/close', { key: bob.key })).body).toMatchObject({ status: 'closed' })
    expect((await yard.call('GET', '/.well-known/lnurlp/bob', { key: null })).status).toBe(404)
    expect((await yard.call('POST', '/v1/lightning_addresses', { key: bob.key, body })).body).toMatchObject({ code: 'address_taken' })
  })
})

test('a podcast app pays a name by keysend, and the payee reads what for', async () => {
  const real = globalThis.fetch
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => real(url.replace('https://pay.example.com', yard.url()), init))
  const address = new LightningAddress('alice@pay.example.com', { proxy: false })
  await address.fetch()
  vi.unstubAllGlobals()
  const { destination: nodeId, customKey, customValue } = address.keysendData!
  expect([customKey, customValue]).toEqual(['696969', 'alice'])
  const hex = (text: string) => Buffer.from(text).toString('hex')
  const podcast = { podcast: 'Two sats', episode: 'One', action: 'boost', value_msat: 3_000 }
  const records = [
    { type: customKey, value: hex(customValue) },
    { type: '7629169', value: hex(JSON.stringify(podcast)) },
  ]
  const before = await balanceOf(yard, alice.id, 'BTC')
  await control(yard.world.lightning.controlUrl, '/keysend', { nodeId, amountMsat: '3000', records })
  await until('the credit', async () => (await balanceOf(yard, alice.id, 'BTC')) !== before)
  const { body } = await yard.call<{ payments: object[] }>('GET', '/v1/lightning_addresses/alice', { key: alice.key })
  expect(body.payments[0]).toMatchObject({ to: 'alice', amount: { amount: '0.00000003' }, podcast })
})

test('a standing offer under a name is paid as often as anybody likes, and others’ offers are paid', async () => {
  const ask = () => yard.call<{ offer: string; uri: string }>('POST', '/v1/lightning_addresses/alice/offer', { key: alice.key })
  const [{ body: made }, { body: again }] = [await ask(), await ask()]
  expect([made.offer.slice(0, 4), made.uri, again.offer]).toEqual(['lno1', `bitcoin:?lno=${made.offer}`, made.offer])
  const before = btcUnits(await balanceOf(yard, alice.id, 'BTC'))
  const world = yard.world.lightning.controlUrl
  for (const amountMsat of ['5000', '7000']) await control(world, '/payOffer', { offer: parseBip21(made.uri)!.lno, amountMsat })
  await until('the credit', async () => btcUnits(await balanceOf(yard, alice.id, 'BTC')) === before + 12_000n)
  const { body } = await yard.call<{ payments: object[] }>('GET', '/v1/lightning_addresses/alice', { key: alice.key })
  expect(body.payments.slice(0, 2)).toMatchObject([{ amount: { amount: '0.00000007' } }, { to: 'alice', amount: { amount: '0.00000005' } }])
  const { offer } = await control<{ offer: string }>(world, '/offer', {})
  const amount = { asset: 'BTC', amount: '0.00000006' }
  expect(await paidOut({ kind: 'bitcoin_uri', uri: `bitcoin:?lno=${offer}` }, amount)).toMatchObject({
    status: 'settled',
    rail: 'lightning',
  })
})

test('a payout to a Lightning Address arrives, from bitcoin to the satoshi and from dollars', async () => {
  await partyWithBitcoin('100000000')
  const before = await customerMsat()
  const to = { kind: 'lightning_address', address: yard.world.lightning.customer.address }
  expect((await yard.call('GET', `/v1/lightning_destinations?to=${to.address}`)).body).toMatchObject({
    identifier: to.address,
    min: { amount: '0.00000001' },
    max: { amount: '0.001' },
    comment_max: 140,
  })
  expect(await paidOut(to, { asset: 'BTC', amount: '0.00012345' })).toMatchObject({
    status: 'settled',
    rail: 'lightning',
    payee_says: { text: 'The customer says thank you.' },
  })
  await until('the money', async () => (await customerMsat()) === before + 12_345_000n)
  await earnDollar()
  const between = await customerMsat()
  expect(await paidOut(to, { asset: 'USDC', amount: '0.50' })).toMatchObject({ status: 'settled', rail: 'lightning' })
  // With 100,000 USD a bitcoin.
  await until('the second', async () => (await customerMsat()) === between + 500_000n)
})

test('a unified URI is paid out to, and an address of our own is paid in the books', async () => {
  const { invoice } = await customerInvoice('5000')
  const before = await customerMsat()
  const amount = { asset: 'BTC', amount: '0.00000005' }
  expect(
    await paidOut({ kind: 'bitcoin_uri', uri: `bitcoin:?amount=0.00000005&lightning=${invoice.toUpperCase()}` }, amount),
  ).toMatchObject({
    status: 'settled',
    rail: 'lightning',
  })
  await until('the money', async () => (await customerMsat()) === before + 5_000n)
  const carol = await partyWith(yard, { name: 'Carol' })
  const body = { name: 'carol', party: carol.id, description: 'Carol' }
  await yard.call('POST', '/v1/lightning_addresses', { key: carol.key, body })
  expect(await paidOut({ kind: 'lightning_address', address: `carol@${host()}` }, amount)).toMatchObject({
    status: 'settled',
    rail: 'book',
  })
  expect(await balanceOf(yard, carol.id, 'BTC')).toBe('0.00000005')
  const other = { kind: 'bitcoin_uri', uri: `bitcoin:?amount=0.00000006&lightning=${invoice}` }
  const refused = await yard.call('POST', '/v1/payouts', { key: alice.key, body: { party: alice.id, amount, destinations: [other] } })
  expect(refused.body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('is not the amount of its invoice') })
})

test('a payout to a payee that is unknown there fails with its words, and nothing is lost', async () => {
  const before = await balanceOf(yard, alice.id, 'BTC')
  const [, world] = yard.world.lightning.customer.address.split('@')
  const failed = await paidOut({ kind: 'lightning_address', address: `nobody@${world}` }, { asset: 'BTC', amount: '0.00001' })
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
  expect(await balanceOf(yard, alice.id, 'BTC')).toBe(before)
})

test('a payout to an address inside a private network is refused by the gateway, not tried', async () => {
  const asked = await yard.call('GET', '/v1/lightning_destinations?to=alice@10.0.0.1', { key: alice.key })
  expect([asked.status, asked.body.code]).toEqual([422, 'destination_forbidden'])
  expect((await yard.call('GET', '/v1/lightning_destinations?to=alice@10.0.0.1', { key: null })).status).toBe(401)
  const failed = await paidOut({ kind: 'lnurl', lnurl: 'https://169.254.169.254/latest' }, { asset: 'BTC', amount: '0.00001' })
  expect(JSON.stringify(failed.failure)).toContain('169.254.169.254, which is not on the public internet')
})

test('a withdrawal link pays its holder within its budget, the same invoice once', async () => {
  const body = { party: alice.id, amount: { asset: 'BTC', amount: '0.0000003' }, uses: 3, description: 'change' }
  const made = await yard.call<{ id: string }>('POST', '/v1/withdraw_links', { key: alice.key, body })
  const link = await yard.call<{ lnurl: string }>('GET', `/v1/withdraw_links/${made.body.id}`, { key: alice.key })
  const terms = await fetchWithdrawTerms(link.body.lnurl, parts())
  expect(terms).toMatchObject({ minMsat: 1_000n, maxMsat: 30_000n, description: 'change' })
  const tooMuch = await customerInvoice('31000')
  await expect(withdrawTo(tooMuch.invoice, terms, parts())).rejects.toThrow('The invoice must be over 1000 to 30000 msat')
  const before = await customerMsat()
  const { invoice } = await customerInvoice('20000')
  await Promise.all([withdrawTo(invoice, terms, parts()), withdrawTo(invoice, terms, parts())])
  await until('the money', async () => (await customerMsat()) === before + 20_000n)
  expect((await fetchWithdrawTerms(link.body.lnurl, parts())).maxMsat).toBe(10_000n)
  const two = await Promise.allSettled(
    (await Promise.all([customerInvoice('10000'), customerInvoice('10000')])).map((i) => withdrawTo(i.invoice, terms, parts())),
  )
  expect(two.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  await until('the rest', async () => (await customerMsat()) === before + 30_000n)
  expect((await yard.call('GET', `/v1/withdraw_links/${made.body.id}`)).body).toMatchObject({ status: 'used', left: { amount: '0' } })
  const guess = new URL(readLnurl(link.body.lnurl, () => false)!.url)
  guess.searchParams.set('k1', '0'.repeat(64))
  expect(await (await fetch(guess)).json()).toEqual({ status: 'ERROR', reason: 'There is no such withdrawal link' })
})

test('a wallet logs in by its key for this domain, and only who asked is told', async () => {
  const made = await yard.call<{ k1: string; lnurl: string }>('POST', '/v1/logins', { key: alice.key, body: { action: 'login' } })
  const { url, kind } = readLnurl(made.body.lnurl, () => false)!
  expect([kind, url.searchParams.get('action')]).toEqual(['auth', 'login'])
  const key = linkingKey(Buffer.alloc(32, 1), url.hostname)
  const signed = signAuth(url, key)!
  const forged = new URL(signed)
  forged.searchParams.set('sig', signAuth(new URL(`${url.origin}/?tag=login&k1=${'1'.repeat(64)}`), key)!.searchParams.get('sig')!)
  expect(await (await fetch(forged)).json()).toMatchObject({ status: 'ERROR' })
  expect((await yard.call('GET', `/v1/logins/${made.body.k1}`, { key: alice.key })).body).toMatchObject({ status: 'open', key: null })
  expect(await (await fetch(signed)).json()).toEqual({ status: 'OK' })
  const told = await yard.call('GET', `/v1/logins/${made.body.k1}`, { key: alice.key })
  expect(told.body).toMatchObject({ status: 'signed', key: signed.searchParams.get('key') })
  expect((await yard.call('GET', `/v1/logins/${made.body.k1}`)).status).toBe(404)
})

test('a gateway that is killed while it pays an address pays it once or not at all', async () => {
  await partyWithBitcoin('50000000')
  const destinations = [{ kind: 'lightning_address', address: yard.world.lightning.customer.address }]
  for (const [n, delayMs] of [0, 40].entries()) {
    const before = await customerMsat()
    const sats = BigInt(1_000 + n)
    const body = { party: alice.id, amount: { asset: 'BTC', amount: `0.0000${sats}` }, destinations }
    const made = await yard.call<Payout>('POST', '/v1/payouts', { key: alice.key, body })
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    await yard.kill()
    await yard.start()
    const ended = await until('an outcome', async () => {
      const { body: now } = await yard.call<Payout>('GET', `/v1/payouts/${made.body.id}`)
      return now.status === 'settled' || now.status === 'failed' ? now : undefined
    })
    const paid = ended.status === 'settled' ? sats * 1_000n : 0n
    await until('the money', async () => (await customerMsat()) === before + paid)
  }
}, 120_000)

test('afterwards the ledger equals every rail', async () => {
  expect(await verified(yard)).toMatchObject({ ok: true })
})

/** A decimal amount of bitcoin in millisatoshi. */
function btcUnits(text: string): bigint {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(whole! + fraction.padEnd(11, '0'))
}

/** Pays Alice over her own address, so that she has bitcoin to spend. */
async function partyWithBitcoin(amountMsat: string): Promise<void> {
  const { body } = await yard.call<{ pr: string }>('GET', `/lnurl/pay/alice?amount=${amountMsat}`, { key: null })
  const before = await balanceOf(yard, alice.id, 'BTC')
  await customerPays(body.pr)
  await until('the credit', async () => (await balanceOf(yard, alice.id, 'BTC')) !== before)
}

/** Asks for a dollar in Alice's name; the customer's wallet, an unmodified parser, reads the unified URI and pays it over Lightning. */
async function earnDollar(): Promise<void> {
  const body = { amount: { asset: 'USD', amount: '1' }, payee: alice.id }
  const made = await yard.call<{ uri: string }>('POST', '/v1/payment_intents', { key: alice.key, body })
  const read = parseBip21(made.body.uri)!
  expect(read).toMatchObject({ amountSats: 1_000, unknownRequiredParams: [] })
  await customerPays(read.lightning!)
  await until('the credit', async () => (await balanceOf(yard, alice.id, 'USDC')) === '1')
}
