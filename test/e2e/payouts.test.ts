import { createWalletClient, http, parseAbi, parseUnits } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { World } from '../../world/startWorld.ts'
import { tokensOf } from './tokensOf.ts'
import { balanceOf, type Json, partyWith, startYard, units, until, verified, type Yard } from './yard.ts'

type Amount = { amount: string; code: string }
type Quote = Readonly<Record<'send' | 'amount' | 'fee' | 'gas' | 'spread' | 'receive', Amount>> & {
  id: string
  status: string
  rate?: Json
}

type Planned = { rail: string; destination: number; amount: Amount; expected_cost_usd: string; why: string }
type Plan = { order: number[]; parts: Planned[] }
type Payout = {
  id: string
  status: string
  rail?: string
  decision_id: string
  amount: Amount
  paid?: Amount
  part_of?: string
  attempts: { rail: string; amount: Amount; reason?: string }[]
  fee?: Amount
  parts?: { id: string; status: string; rail?: string; amount: Amount }[]
}

/** Rooms of the two rails: some dollars of tokens, and of a channel about as many more than is kept in it. */
const TOKENS_KEPT = '100'
const CHANNEL_SAT = 300_000
const ROLLUP = 'evm:31338'
const [TOKENS, NODE] = ['rail:evm:31338:wallet', 'rail:lightning:node']
const QUOTED = '0x00000000000000000000000000000000000e0e02'
const PAYEE = '0x00000000000000000000000000000000000e0e03'
/** On the blacklist of the token of this world: a transfer to it reverts. */
const FROZEN = '0xb1ac000000000000000000000000000000000901'
const ENDS = ['settled', 'partly_settled', 'failed']

let yard: Yard
let payer: { id: string; key: string }
/** Its payouts never go over the chain that could carry them whole. */
let wholesaler: { id: string; key: string }
beforeAll(async () => {
  yard = await startYard({ channelSat: CHANNEL_SAT, before: fewTokens })
  payer = await partyWith(yard, { name: 'payer', eur: '300.00' })
  wholesaler = await partyWith(yard, { name: 'wholesaler' })
  const policy = { body: { forbid: ['evm:31337'] }, key: wholesaler.key }
  expect((await yard.call('POST', `/v1/parties/${wholesaler.id}/routing_policy`, policy)).status).toBe(200)
}, 90_000)
afterAll(() => yard?.close(), 30_000)

/** The operator's tokens of the cheap chain go elsewhere, but for a few, before the gateway knows of any. */
async function fewTokens({ chains }: World): Promise<void> {
  const { rpcUrl, token, operatorKey, customers } = chains[1]!
  const wallet = createWalletClient({ account: privateKeyToAccount(operatorKey), transport: http(rpcUrl) })
  const abi = parseAbi(['function transfer(address,uint256) returns (bool)'])
  const args = [customers[0]!.address, parseUnits('1000', 6) - parseUnits(TOKENS_KEPT, 6)] as const
  await wallet.writeContract({ chain: null, address: token, abi, functionName: 'transfer', args })
}

/** Dollars on the balance of a party, which another one pays it here from euros. */
async function dollarsTo(party: string, amount: string): Promise<void> {
  const made = await yard.call<{ id: string }>('POST', '/v1/payment_intents', { body: { amount: { asset: 'USD', amount }, payee: party } })
  const paid = await yard.call('POST', `/v1/payment_intents/${made.body.id}/pay`, { body: { rail: 'book' }, key: payer.key })
  expect(paid.status).toBe(200)
}

const payoutNow = async (id: string, key: string) => (await yard.call<Payout>('GET', `/v1/payouts/${id}`, { key })).body
const endOf = (id: string, key: string) =>
  until(`the end of ${id}`, async () => {
    const payout = await payoutNow(id, key)
    return ENDS.includes(payout.status) && payout
  })

/** What the books have on the account of each rail. */
async function onRails(): Promise<ReadonlyMap<string, string>> {
  const { body } = await yard.call<{ rails: { account: string; ledger: string }[] }>('GET', '/v1/verify')
  return new Map(body.rails.map(({ account, ledger }) => [account, ledger]))
}
const msat = (bitcoin: string) => parseUnits(bitcoin, 11)

async function expectEveryRailEqual(): Promise<void> {
  const verification = await verified(yard)
  expect([...verification.rails, ...verification.splits].filter((r) => r.verdict !== 'equal')).toEqual([])
  expect(verification).toMatchObject({ ok: true, journal: { verdict: 'unbroken' } })
}

test('a quote of euros for tokens is paid with exactly its numbers, and every rail equals the books', async () => {
  const body = {
    party: payer.id,
    send: { asset: 'EUR', amount: '5' },
    destinations: [{ kind: 'evm_address', address: QUOTED }],
    fee_bearer: 'payee',
  }
  const before = units(await balanceOf(yard, payer.id, 'EUR'))
  const made = await yard.call<Quote>('POST', '/v1/quotes', { body, key: payer.key })
  expect(made).toMatchObject({ status: 201, body: { status: 'open', send: { amount: '5', code: 'EUR' }, receive: { code: 'USDC' } } })
  const { id, amount, fee, spread, receive, gas, rate } = made.body
  expect(units(amount.amount) + units(fee.amount)).toBe(5_000_000n)
  expect([units(fee.amount), units(gas.amount), units(spread.amount)].every((part) => part > 0n)).toBe(true)
  expect(rate).toMatchObject({ source: expect.any(String), observed_at: expect.any(String) })
  expect(units(await balanceOf(yard, payer.id, 'EUR'))).toBe(before)
  const paid = await yard.call<{ id: string }>('POST', '/v1/payouts', { body: { party: payer.id, quote: id }, key: payer.key })
  expect(paid.status).toBe(201)
  const ended = await yard.call<Json>('GET', `/v1/payouts/${paid.body.id}?wait=20`, { key: payer.key })
  expect(ended.body).toMatchObject({ status: 'settled', quote: id, attempts: [{ amount: { amount: receive.amount } }] })
  expect(await tokensOf(yard, QUOTED)).toBe(units(receive.amount))
  expect(before - units(await balanceOf(yard, payer.id, 'EUR'))).toBe(5_000_000n)
  expect((await yard.call<Quote>('GET', `/v1/quotes/${id}`, { key: payer.key })).body).toMatchObject({
    status: 'used',
    payout: paid.body.id,
  })
  await expectEveryRailEqual()
}, 60_000)

const orderOf = (amount: string, address: string) => ({
  party: wholesaler.id,
  amount: { asset: 'USDC', amount },
  destinations: [
    { kind: 'evm_address', address },
    { kind: 'lightning_node', node_id: yard.world.lightning.customer.nodeId },
  ],
})

/** Such a payout of the wholesaler, when it has its end. */
async function paid(body: Json): Promise<Payout> {
  const made = await yard.call<Payout>('POST', '/v1/payouts', { body, key: wholesaler.key })
  expect(made.status).toBe(201)
  return endOf(made.body.id, wholesaler.key)
}

const balance = () => balanceOf(yard, wholesaler.id, 'USDC')
const partsNow = ({ parts = [] }: Payout) => Promise.all(parts.map(({ id }) => payoutNow(id, wholesaler.key)))
const triesOf = ({ part_of, status, attempts }: Payout) => [
  part_of,
  status,
  attempts.map(({ rail, amount }) => [rail, amount.amount, amount.code]),
]
const plannedOf = ({ parts }: Plan) => parts.map(({ rail, destination, amount }) => [rail, destination, amount.amount])

test('a part that its chain refuses leaves its money on the balance, and what Lightning has paid stands', async () => {
  await dollarsTo(wholesaler.id, '240')
  const before = await onRails()
  const payout = await paid(orderOf('240', FROZEN))
  expect(payout).toMatchObject({ status: 'partly_settled', paid: { amount: '140' }, attempts: [] })
  const [refused, settled] = await partsNow(payout)
  expect(triesOf(refused!)).toEqual([payout.id, 'failed', [[ROLLUP, '100', 'USDC']]])
  expect(triesOf(settled!)).toEqual([payout.id, 'settled', [['lightning', '0.0014', 'BTC']]])
  expect(refused).toMatchObject({ attempts: [{ reason: 'rejected_by_rail' }], failure: { code: 'attempts_failed' } })
  // No other way has room for it: what it held is free again, and the chain has moved nothing.
  expect(await balance()).toBe('100')
  const after = await onRails()
  expect([after.get(TOKENS), await tokensOf(yard, FROZEN)]).toEqual([before.get(TOKENS), 0n])
  expect(msat(before.get(NODE)!) - msat(after.get(NODE)!)).toBe(140_000_000n + msat(settled!.fee!.amount))
  await expectEveryRailEqual()
}, 60_000)

test('what no rail can carry whole is paid in parts by a chain and by Lightning, as a simulation said before', async () => {
  await dollarsTo(wholesaler.id, '50')
  const [before, order, key] = [await onRails(), orderOf('150', PAYEE), wholesaler.key]
  const simulated = await yard.call<Plan>('POST', '/v1/routing/simulate', { body: order, key })
  // Which is filled first is for the router to say: the chain has just refused a payment.
  const planned = new Map(simulated.body.parts.map(({ rail, amount }) => [rail, units(amount.amount)]))
  expect([simulated.body.order, [...planned.keys()].sort()]).toEqual([[], [ROLLUP, 'lightning']])
  expect(planned.get(ROLLUP)! + planned.get('lightning')!).toBe(150_000_000n)
  expect(await paid({ ...order, parts: 'never' })).toMatchObject({ status: 'failed', failure: { code: 'no_rail' } })
  expect(await balance()).toBe('150')

  const payout = await paid(order)
  expect(payout).toMatchObject({ status: 'settled', amount: { amount: '150' }, paid: { amount: '150' }, attempts: [], exceptions: [] })
  const parts = await partsNow(payout)
  const by = (rail: string) => parts.find((part) => part.rail === rail)!
  expect(parts.map(({ part_of, status, rail, amount }) => [part_of, status, rail, units(amount.amount)])).toEqual(
    [...planned].map(([rail, amount]) => [payout.id, 'settled', rail, amount]),
  )
  expect(parts.map(({ attempts }) => attempts.length)).toEqual([1, 1])
  expect(payout.parts).toEqual(parts.map(({ id, status, rail, amount }) => ({ id, status, rail, amount })))
  const decision = await yard.call<Plan>('GET', `/v1/decisions/${payout.decision_id}`, { key })
  expect([decision.body.order, plannedOf(decision.body)]).toEqual([[], plannedOf(simulated.body)])

  // The payee has both, the books have so much less on each rail, and the balance the whole amount.
  expect([await tokensOf(yard, PAYEE), await balance()]).toEqual([planned.get(ROLLUP), '0'])
  const after = await onRails()
  expect(units(before.get(TOKENS)!) - units(after.get(TOKENS)!)).toBe(planned.get(ROLLUP))
  // A bitcoin is 100,000 dollars here, so a millisatoshi is a unit of theirs.
  expect(msat(before.get(NODE)!) - msat(after.get(NODE)!)).toBe(planned.get('lightning')! + msat(by('lightning').fee!.amount))
  await expectEveryRailEqual()
}, 60_000)
