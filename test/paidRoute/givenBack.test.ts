import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import type { Rights } from '../../gateway/parties/keys/key.ts'
import type { PartyId } from '../../gateway/ports/ids.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// Refunds as things of their own: how they stand, who claims them and where to, and that none is paid twice.
type Refund = Readonly<{
  id: string
  status: string
  sources: { from: string; amount: { amount: string } }[]
  claim_url: string | null
  code?: string
}>

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

let keys = 0
const asSeller = () => ({ authorization: `Bearer ${world.sellerKey}` })
const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const own = async (id: string) => (await get(`/v1/refunds/${id}`, asSeller())).json<Refund>()
const waits = (id: string) => world.has(accounts.surplus(id), BTC)
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  world.app.inject({ method: 'POST', url, payload, headers })

async function paid(url = '/joke'): Promise<string> {
  const { macaroon, invoice } = askedOf(await get(url))
  const served = await get(url, { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` })
  return String(served.headers['switchyard-receipt'])
}

async function given(body: object, by = world.sellerKey) {
  const answer = await post('/v1/refunds', body, { authorization: `Bearer ${by}`, 'idempotency-key': `given-key-${++keys}` })
  const link = answer.headers['switchyard-refund']
  return { status: answer.statusCode, refund: answer.json<Refund>(), link: link === undefined ? '' : new URL(String(link)).pathname }
}

describe('a refund', () => {
  test('waits for its payer, is claimed once by its link, and says so to its seller', async () => {
    const { refund, link } = await given({ payment: await paid() })
    expect([refund.status, waits(refund.id)]).toEqual(['needs_claim', 2_000n])
    const destination = { kind: 'lightning_invoice', invoice: foreignInvoice(2_000n) }
    const all = await Promise.all(Array.from({ length: 10 }, () => post(`${link}/claim`, { destination })))
    expect(all.map(({ statusCode }) => statusCode).filter((status) => status === 202)).not.toEqual([])
    await expect.poll(async () => (await own(refund.id)).status).toBe('succeeded')
    expect([world.payers.lightning.sent(), waits(refund.id)]).toEqual([2_000n, 0n])
    const another = await post(`${link}/claim`, { destination: { kind: 'lightning_invoice', invoice: foreignInvoice(2_000n) } })
    expect([another.statusCode, another.json<Refund>().code]).toEqual([409, 'refund_not_due'])
    expect(world.payers.lightning.sent()).toBe(2_000n)
  })

  test('is given by a key for refunds alone, which is not told the link by which it could send it anywhere', async () => {
    const by = { by: 'seller', along: () => ({ claims: [], facts: [] }) }
    const limited = (can: Rights) => world.keys.create({ holder: world.seller, name: 'support desk', can }, by)
    const payment = await paid()
    const body = { payment, amount: { asset: 'BTC', amount: '0.00000001' } }
    const { status, refund, link } = await given(body, await limited({ refunds: 'write' }))
    expect([status, refund.status, link]).toEqual([201, 'needs_claim', ''])
    expect((await own(refund.id)).claim_url).toContain(refund.id)
    expect((await given(body, await limited({ refunds: 'write', payouts: 'write' }))).link).toContain('/v1/refunds/rf_')
  })

  test('goes over another rail than it came by, when its payer asks for it', async () => {
    const { refund, link } = await given({ payment: await paid() })
    const address = `0x${'5e'.repeat(20)}`
    expect((await post(`${link}/claim`, { destination: { kind: 'evm_address', address } })).statusCode).toBe(202)
    await expect.poll(async () => (await own(refund.id)).status).toBe('succeeded')
    const to = [...world.payers.chain.paid, ...world.payers.rollup.paid].map(
      ({ destination }) => 'address' in destination && destination.address,
    )
    expect(to).toEqual([address])
  })

  test('is taken back by its seller while nothing was paid, and can be given again', async () => {
    const receipt = await paid()
    const { refund } = await given({ payment: receipt })
    expect(world.has(accounts.party(world.seller), USDC)).toBe(0n)
    const canceled = await post(`/v1/refunds/${refund.id}/cancel`, {}, { ...asSeller(), 'idempotency-key': `cancel-${++keys}-key` })
    expect([canceled.statusCode, canceled.json<Refund>().status, world.has(accounts.party(world.seller), USDC), waits(refund.id)]).toEqual([
      200,
      'canceled',
      2_000n,
      0n,
    ])
    expect((await get(`/v1/payments/${receipt}`)).json()).toMatchObject({ status: 'settled', reason: null })
    expect((await given({ payment: receipt })).status).toBe(201)
  })

  test('of what payees share is taken from each, to the unit, by an operator; from its own balance by one of them', async () => {
    const receipt = await paid('/duet')
    const { refund, status } = await given({ payment: receipt, amount: { asset: 'BTC', amount: '0.00000001001' } }, world.operatorKey)
    expect([status, refund.sources.length]).toEqual([201, 2])
    expect((await given({ payment: receipt }, world.operatorKey)).status).toBe(201)
    expect(world.duet.map((party) => world.has(accounts.party(party), USDC))).toEqual([0n, 0n])
    expect((await given({ payment: receipt }, world.customer.key)).status).toBe(404)
  })

  test('above what its seller lets go alone waits for another person, and nothing moves', async () => {
    const { limits } = world.payers.approvals
    const party = world.seller as PartyId // As it was created.
    const along = { claims: [], facts: [] }
    await limits.set(party, { hand: { by: party, person: party, key: undefined }, payoutsUsdMax: '0.003', along })
    const [first, second] = [await paid(), await paid()]
    expect((await given({ payment: first })).status).toBe(201)
    const { status, refund, link } = await given({ payment: second })
    expect([status, refund.status, link, world.has(accounts.party(world.seller), USDC)]).toEqual([202, 'needs_approval', '', 2_000n])
  })

  test('of somebody else is as if it were not there', async () => {
    const { refund } = await given({ payment: await paid() })
    const stranger = { authorization: `Bearer ${world.customer.key}` }
    expect([(await get(`/v1/refunds/${refund.id}`, stranger)).statusCode, (await get(`/v1/refunds/${refund.id}`)).statusCode]).toEqual([
      404, 404,
    ])
  })
})
