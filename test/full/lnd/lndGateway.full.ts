// Needs the program go: real LND and btcd are built once into the user's cache folder.

import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  cancelHodlInvoice,
  createHodlInvoice,
  createInvoice,
  getChainBalance,
  getInvoice,
  payViaPaymentDetails,
  settleHodlInvoice,
} from 'lightning'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { balanceOf, type Json, partyWith, startYard, until, verified, type Yard } from '../../e2e/yard.ts'
import { leastMacaroons, payAs } from './lndWorld.ts'
import { type LndNetwork, startNetwork } from './startNetwork.ts'

/** What the payouts take, at the world's price of bitcoin: 20,000 msat. */
const PAYOUT = { asset: 'USDC', amount: '0.02' }
const PAYOUT_MSAT = '20000'

let network: LndNetwork
let yard: Yard
let files: string
beforeAll(async () => {
  network = await startNetwork()
  files = mkdtempSync(join(tmpdir(), 'switchyard-lnd-files-'))
  // As an operator has them: the files of LND, by their paths.
  const { receive, pay } = await leastMacaroons(network.alice)
  const file = (name: string, base64: string) => {
    writeFileSync(join(files, name), Buffer.from(base64, 'base64'), { mode: 0o600 })
    return join(files, name)
  }
  const macaroon = { receive: file('receive.macaroon', receive), pay: file('pay.macaroon', pay) }
  const lnd = { socket: network.alice.socket, cert: file('tls.cert', network.alice.cert), macaroon }
  yard = await startYard({ extra: { lightning: { lnd } } })
}, 1_200_000)
afterAll(async () => {
  await yard?.close()
  await network?.close()
  if (files) rmSync(files, { recursive: true, force: true })
}, 60_000)

type Intent = { id: string; status: string; offers: { rail: string; pay: { invoice?: string } }[] }

/** A party that a customer has paid over Lightning. */
async function paidParty(name: string, usd: string): Promise<string> {
  const { id } = await partyWith(yard, { name })
  const body = { amount: { asset: 'USD', amount: usd }, payee: id }
  const made = await yard.call<Intent>('POST', '/v1/payment_intents', { body })
  const offer = made.body.offers.find(({ rail }) => rail === 'lightning')
  await payAs(network.carol, offer!.pay.invoice!)
  await until('the money is there', async () => (await balanceOf(yard, id, 'USDC')) !== '0')
  return id
}

async function payout(party: string, invoice: string): Promise<string> {
  const destinations = [{ kind: 'lightning_invoice', invoice }]
  const made = await yard.call<{ id: string }>('POST', '/v1/payouts', { body: { party, amount: PAYOUT, destinations } })
  expect(made).toMatchObject({ status: 201 })
  return made.body.id
}

const statusOf = async (id: string) => (await yard.call<{ status: string }>('GET', `/v1/payouts/${id}`)).body.status
const ended = (id: string) =>
  until('the payout has an end', async () => {
    const status = await statusOf(id)
    return (status === 'settled' || status === 'failed') && status
  })

test('a gateway on LND is paid and pays, and its books equal the channels to the msat', async () => {
  const party = await paidParty('seller', '1')
  const { request } = await createInvoice({ lnd: network.carol.lnd, mtokens: PAYOUT_MSAT })
  expect(await ended(await payout(party, request))).toBe('settled')
  const verification = await verified(yard)
  expect(verification.rails.find(({ account }) => account === 'rail:lightning:node')).toMatchObject({ verdict: 'equal' })
  expect(verification.ok).toBe(true)
  expect(await yard.call<Json>('GET', '/v1/lightning')).toMatchObject({ status: 200 })
}, 120_000)

test.each([
  ['settled while it was down', true],
  ['refused while it was down', false],
])(
  'a gateway that is killed with a payment under way learns that it was %s',
  async (_, settles) => {
    const party = await paidParty(`seller ${settles}`, '1')
    const preimage = randomBytes(32)
    const { lnd } = network.carol
    const id = createHash('sha256').update(preimage).digest('hex')
    const { request } = await createHodlInvoice({ lnd, id, mtokens: PAYOUT_MSAT })
    const paying = await payout(party, request)
    await until('Carol holds it', async () => (await getInvoice({ lnd, id })).is_held === true)
    await yard.kill()
    await (settles ? settleHodlInvoice({ lnd, secret: preimage.toString('hex') }) : cancelHodlInvoice({ lnd, id }))
    await yard.start()
    expect(await ended(paying)).toBe(settles ? 'settled' : 'failed')
    expect((await verified(yard)).ok).toBe(true)
  },
  180_000,
)

test('a keysend that names somebody is credited, and he reads what for', async () => {
  const alice = await partyWith(yard, { name: 'Alice' })
  const address = { name: 'alice', party: alice.id, description: 'Songs by Alice' }
  expect(await yard.call('POST', '/v1/lightning_addresses', { key: alice.key, body: address })).toMatchObject({ status: 201 })
  const preimage = randomBytes(32)
  const id = createHash('sha256').update(preimage).digest('hex')
  const hex = (text: string) => Buffer.from(text).toString('hex')
  const podcast = { podcast: 'Two sats', action: 'boost', value_msat: 47_000 }
  const messages = [
    { type: '5482373484', value: preimage.toString('hex') },
    { type: '696969', value: hex('alice') },
    { type: '7629169', value: hex(JSON.stringify(podcast)) },
  ]
  const paying = { lnd: network.carol.lnd, id, destination: network.alice.nodeId, mtokens: '47000', messages }
  await payViaPaymentDetails({ ...paying, max_fee_mtokens: '10000', max_paths: 1 })
  await until('the credit', async () => (await balanceOf(yard, alice.id, 'BTC')) !== '0')
  expect(await balanceOf(yard, alice.id, 'BTC')).toBe('0.00000047')
  const { body } = await yard.call<{ payments: object[] }>('GET', '/v1/lightning_addresses/alice', { key: alice.key })
  expect(body.payments[0]).toMatchObject({ to: 'alice', amount: { amount: '0.00000047' }, podcast })
  expect((await verified(yard)).ok).toBe(true)
}, 120_000)

test('LND’s own coins are shown, and in the books; to send them is the operator’s', async () => {
  const { body } = await yard.call<{ on_chain: { confirmed_msat: string } }>('GET', '/v1/lightning')
  const { chain_balance } = await getChainBalance({ lnd: network.alice.lnd })
  expect(body.on_chain).toMatchObject({ confirmed_msat: `${chain_balance}000`, unexplained: [] })
  const { rails } = await verified(yard)
  expect(rails.find(({ account }) => account === 'rail:lightning:wallet')).toMatchObject({ verdict: 'equal' })
  const wish = { address: 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx', amount_sat: '10000' }
  expect(await yard.call<Json>('POST', '/v1/lightning/withdrawals', { body: wish })).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
})

test('an exchange holds the customer’s payment at LND until the coins are there', async () => {
  const owner = await partyWith(yard, { name: 'owner' })
  const order = {
    party: owner.id,
    from: { rail: 'lightning' },
    amount: { asset: 'USDC', amount: '3.25' },
    destinations: [{ kind: 'evm_address', address: '0x00000000000000000000000000000000000e0e02' }],
  }
  const made = await yard.call<{ id: string; pay: { invoice: string } }>('POST', '/v1/exchanges', { body: order, key: owner.key })
  expect(made).toMatchObject({ status: 201 })
  const paid = payAs(network.carol, made.body.pay.invoice)
  await until('the exchange is complete', async () => {
    const { body } = await yard.call<{ status: string }>('GET', `/v1/exchanges/${made.body.id}`, { key: owner.key })
    return body.status === 'completed'
  })
  await paid
  expect((await verified(yard)).ok).toBe(true)
}, 120_000)
