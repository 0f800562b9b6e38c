import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Relay, startRelay } from '../../world/relay/relay.ts'
import { byLightning, byX402, fromBalance } from '../e2e/traffic.ts'
import { balanceOf, partyWith, startYard, until, verified, type Yard } from '../e2e/yard.ts'
import { afterSales } from './afterSales.ts'
import { addressPaid, intents, paidRequests, topUps, vouchers } from './moneyIn.ts'
import { appPays, exchanges, payouts, withdrawLinks } from './moneyOut.ts'
import { sessions, streams } from './shop/paidBySession.ts'
import { customerInvoice, customerPays, post, settles, type Traffic } from './traffic.ts'

/** Forty, unless the environment says how many. */
const KILLS = Number(process.env.SWITCHYARD_KILLS ?? 40)
/** What each party that spends bitcoin begins with. */
const FUNDED_SAT = 100_000n

let relay: Relay
let yard: Yard
beforeAll(async () => {
  relay = await startRelay()
  yard = await startYard({
    extra: { nwc: { relays: [relay.url] } },
    program: new URL('./shop/sellingGateway.ts', import.meta.url),
  })
})
afterAll(async () => {
  await yard?.close()
  await relay?.close()
})

const someAddress = () => `0x${randomBytes(20).toString('hex')}` as const

/** Twenty dollars for a party, by an intent that is paid over Lightning. */
async function earn(party: { id: string }): Promise<void> {
  type Intent = { id: string; status: string; offers: { rail: string; pay: { invoice?: string } }[] }
  const body = { amount: { asset: 'USD', amount: '20' }, payee: party.id }
  const made = await post<Intent>(yard, '/v1/payment_intents', { body })
  await settles(yard, made.id, made.offers.find(({ rail }) => rail === 'lightning')!.pay.invoice!)
}

/** A party with a Lightning Address, which `FUNDED_SAT` were sent to when it is to spend. */
async function addressed(name: string, funded: boolean): Promise<{ id: string; key: string }> {
  const party = await partyWith(yard, { name })
  await post(yard, '/v1/lightning_addresses', { body: { name, party: party.id, description: name } })
  if (!funded) return party
  const { body } = await yard.call<{ pr: string }>('GET', `/lnurl/pay/${name}?amount=${FUNDED_SAT}000`, { key: null })
  await customerPays(yard, body.pr)
  await until('the funds', async () => (await balanceOf(yard, party.id, 'BTC')) === '0.001')
  return party
}

async function walletApp(): Promise<Traffic> {
  const party = await addressed('app', true)
  const body = { party: party.id, name: 'player', budget: { asset: 'BTC', amount: '0.0009' } }
  const { id } = await post<{ id: string }>(yard, '/v1/wallet_apps', { body, key: party.key })
  const made = await yard.call<{ connection: string }>('GET', `/v1/wallet_apps/${id}`, { key: party.key })
  return appPays(yard, { party, fundedSat: FUNDED_SAT, connection: made.body.connection })
}

async function payoutsOfAllKinds(): Promise<Traffic[]> {
  const party = await partyWith(yard, { name: 'worker' })
  const earns = () => earn(party)
  await earns()
  const paidTo = someAddress()
  const onChain = { destinations: [{ kind: 'evm_address', address: paidTo }] }
  const iban = { destinations: [{ kind: 'iban', iban: yard.world.bank.customers[0]!.iban, name: 'Worker' }] }
  const node = { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId }
  const invoice = async () => ({ destinations: [{ kind: 'lightning_invoice', invoice: (await customerInvoice(yard, 50_000n)).invoice }] })
  const netted = { destinations: [node], netting: { max_count: 8, max_age_s: 5 } }
  return [
    payouts(yard, { earn: earns, kind: 'payout on chain', party, amount: '0.01', order: async () => onChain, paidTo }),
    payouts(yard, { earn: earns, kind: 'payout to an invoice', party, amount: '0.05', order: invoice }),
    payouts(yard, { earn: earns, kind: 'payout at the bank', party, amount: '0.05', order: async () => iban }),
    payouts(yard, { earn: earns, kind: 'netted payout', party, amount: '0.01', order: async () => netted }),
  ]
}

async function allTraffic(): Promise<Traffic[]> {
  const payer = await partyWith(yard, { name: 'payer', eur: '50.00' })
  const seller = await partyWith(yard, { name: 'seller' })
  const regular = await partyWith(yard, { name: 'regular' })
  const owner = await partyWith(yard, { name: 'owner' })
  const made = await yard.call<{ id: string; top_up_reference: string }>('POST', '/v1/parties', { body: { name: 'saver' } })
  const saver = { id: made.body.id, key: made.headers.get('switchyard-api-key')! }
  return [
    paidRequests('request from a balance', () => fromBalance(yard, payer.key)),
    paidRequests('request by x402', () => byX402(yard)),
    paidRequests('request by L402', () => byLightning(yard)),
    intents(yard, { seller, payer }),
    addressPaid(yard, { name: 'bob', owner: await addressed('bob', false) }),
    await vouchers(yard),
    await afterSales(yard, { seller: await partyWith(yard, { name: 'shop' }), payer: regular, earn: () => earn(regular) }),
    topUps(yard, { party: saver, remittance: made.body.top_up_reference }),
    ...(await payoutsOfAllKinds()),
    exchanges(yard, { owner, address: someAddress() }),
    await walletApp(),
    withdrawLinks(yard, { party: await addressed('carol', true), fundedSat: FUNDED_SAT }),
    sessions(yard, { customer: 4 }),
    streams(yard, { customer: 5 }),
  ]
}

test('after forty kills in the middle of all traffic, what was acknowledged is there once and every rail agrees', async () => {
  const traffic = await allTraffic()
  let stopping = false
  const workers = traffic.map(async ({ errand }) => {
    while (!stopping) await errand()
  })
  // One that fails ends the test at once, and not when all kills are done.
  const failed = Promise.all(workers).then(() => undefined)
  for (let kill = 0; kill < KILLS; kill++) {
    // A different moment each time, spread over what a request, a commit, a collection and a payout take.
    await Promise.race([failed, new Promise((resolve) => setTimeout(resolve, 300 + (kill % 20) * 90))])
    await yard.kill()
    await yard.start()
  }
  stopping = true
  await failed
  for (const { check } of traffic) await check()
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter(({ verdict }) => verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
  console.log(`${KILLS} kills: ${traffic.map(({ kind, acknowledged }) => `${kind} ${acknowledged()}`).join(', ')}`)
})
