import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { checkReceipt } from '../../gateway/audit/receipt/receipt.ts'
import type { ReceiptUpdate } from '../../gateway/audit/receipt/receiptUpdate.ts'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { CUSTOMER_UNITS, openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, x402 } from './proofs.ts'

// A seller gives back what a served request has paid, of its own will.
const TRANSACTION = `0x${'7a'.repeat(32)}` as const

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

type Headers = Record<string, string>
type Told = Readonly<{ amount: { amount: string }; refunded: { amount: string }; left: { amount: string }; code?: string; detail?: string }>
const get = (url: string, headers: Headers = {}) => world.app.inject({ method: 'GET', url, headers })
const pathOf = (link: unknown) => new URL(String(link)).pathname
const stateOf = async (receipt: string) => (await get(`/v1/payments/${receipt}`)).json<{ status: string; reason: string | null }>()
const has = (account: string, asset = USDC) => world.has(account, asset)
const seller = () => accounts.party(world.seller)
/** What waits on the accounts of all refunds of a payment. */
function waits(receipt: string): bigint {
  return world.payers.records.ofPayment(receipt).reduce((sum, { id }) => sum + has(accounts.surplus(id), BTC), 0n)
}

let keys = 0
async function give(body: object, { key = `refund-key-${++keys}`, by = world.sellerKey, process = '' } = {}) {
  const headers = { authorization: `Bearer ${by}`, 'idempotency-key': key }
  const answer = await world.app.inject({ method: 'POST', url: `${process}/v1/refunds`, headers, payload: body })
  return { status: answer.statusCode, told: answer.json<Told>(), link: answer.headers['switchyard-refund'], answer }
}

async function overLightning(url = '/joke', moreMsat = 0n): Promise<string> {
  const { macaroon, invoice } = askedOf(await get(url))
  const served = await get(url, { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice, moreMsat)}` })
  expect(served.statusCode).toBe(200)
  return String(served.headers['switchyard-receipt'])
}

async function fromBalance(key: string): Promise<string> {
  const served = await get('/joke', { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': key })
  expect(served.statusCode).toBe(200)
  return String(served.headers['switchyard-receipt'])
}

/** A payment that was collected before its work, and is booked. */
async function onChain(url = '/opera') {
  const evidence = { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION } as const
  world.chain.says({ kind: 'settled', evidence, fee: money(USDC, 0n) })
  const proof = await x402(askedOf(await get(url)))
  const asked = get(url, proof)
  await expect.poll(() => world.chain.collected.length).toBe(1)
  const { from, nonce, value } = world.chain.collected[0]!
  const id = `${TRANSACTION}:3:${`0x${'0b'.repeat(32)}`}`
  const reference = `auth:${from}:${nonce}`
  world.chain.report({ kind: 'received', id, place: 'receiver', amount: money(USDC, value), reference, payer: from })
  const receipt = String((await asked).headers['switchyard-receipt'])
  await expect.poll(async () => [(await stateOf(receipt)).status, has(seller())]).toEqual(['settled', value])
  return { receipt, from, value }
}

async function fetched(link: unknown, invoice: string) {
  const { callback, k1 } = (await get(pathOf(link))).json<{ callback: string; k1: string }>()
  return (await get(`${new URL(callback).pathname}?${new URLSearchParams({ k1, pr: invoice })}`)).json<{ status: string }>()
}

describe('a seller gives back a payment', () => {
  test('over Lightning: out of its balance, by a link that the payer fetches it by, with a signed entry of the receipt', async () => {
    const receipt = await overLightning()
    const earned = has(seller())
    expect(earned).toBe(2_000n)
    const { status, told, link } = await give({ receipt, reason: 'not what was asked for', metadata: { ticket: '7' } })
    expect([status, told]).toMatchObject([201, { object: 'refund', receipt, reason: 'not what was asked for', metadata: { ticket: '7' } }])
    expect([told.left.amount, told.amount.amount]).toEqual(['0', told.refunded.amount])
    const due = waits(receipt)
    expect([has(seller()), due, await stateOf(receipt)]).toMatchObject([0n, 2_000n, { status: 'refund_due', reason: 'given_back' }])
    expect(await fetched(link, foreignInvoice(due))).toEqual({ status: 'OK' })
    await expect.poll(async () => (await stateOf(receipt)).status).toBe('refunded')
    expect(world.payers.lightning.sent()).toBe(due)
    const [given, last] = world.updates(receipt) as [ReceiptUpdate, ReceiptUpdate] // As it is told next.
    expect(world.updates(receipt)).toHaveLength(2)
    expect([given, last]).toMatchObject(
      ['refund_due', 'refunded'].map((state) => ({ state, reason: 'given_back', amount: { amount: told.amount.amount } })),
    )
    expect(checkReceipt(world.signer.signUpdate(last), world.signer.publicKeyPem)).toBe(true)
  })

  test('on a chain: to the account that paid, by itself, in as many parts as there are', async () => {
    const { receipt, from, value } = await onChain()
    const part = await give({ receipt, amount: { asset: 'USDC', amount: '0.05' } })
    expect([part.status, part.told.left.amount, await stateOf(receipt)]).toMatchObject([
      201,
      '0.15',
      { status: 'settled', reason: 'given_back_in_part' },
    ])
    await expect.poll(() => world.payers.chain.paid.length).toBe(1)
    const rest = await give({ receipt })
    expect([rest.status, rest.told.refunded.amount, rest.told.left.amount]).toEqual([201, '0.2', '0'])
    await expect.poll(() => world.payers.chain.paid.map(({ amount }) => amount.units)).toEqual([50_000n, value - 50_000n])
    expect(world.payers.chain.paid.map(({ destination }) => 'address' in destination && destination.address)).toEqual([
      from.toLowerCase(),
      from.toLowerCase(),
    ])
    await expect.poll(async () => (await stateOf(receipt)).status).toBe('refunded')
    expect(has(seller())).toBe(0n)
  })

  test('that was converted: later than its offer lived, for what it is worth then and never less than it brought', async () => {
    let usdcUsd = '1'
    await world.close()
    world = await openPaidRoute({ finishedKept: 3, usdcUsd: () => usdcUsd })
    const [first, second] = [await overLightning(), await overLightning()]
    expect(has(seller())).toBe(4_000n)
    usdcUsd = '0.5'
    world.pass(6 * 60_000)
    expect((await give({ receipt: first })).status).toBe(201)
    expect([waits(first), has(seller())]).toEqual([2_000n, 0n])
    expect(await give({ receipt: second })).toMatchObject({ status: 402, told: { code: 'insufficient_balance' } })
    expect(waits(second)).toBe(0n)
  })

  test('out of a balance: it is there again at once', async () => {
    const receipt = await fromBalance('request-one')
    expect((await give({ receipt, amount: { asset: USDC.id, amount: '0.0005' } })).status).toBe(201)
    expect([has(seller()), has(accounts.party(world.customer.id))]).toEqual([1_500n, CUSTOMER_UNITS - 1_500n])
    expect((await give({ receipt })).status).toBe(201)
    expect([has(seller()), has(accounts.party(world.customer.id))]).toEqual([0n, CUSTOMER_UNITS])
    expect(await stateOf(receipt)).toMatchObject({ status: 'refunded', reason: 'given_back' })
    expect(world.updates(receipt).map(({ n, state, amount }) => [n, state, amount?.amount])).toEqual([
      [2, 'refunded', '0.0005'],
      [3, 'refunded', '0.0015'],
    ])
  })
})

describe('never more than was paid', () => {
  test('by 50 at once, for all of it', async () => {
    const receipt = await overLightning()
    await overLightning()
    const all = await Promise.all(Array.from({ length: 50 }, () => give({ receipt })))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(all.filter(({ status }) => status !== 201).map(({ told }) => told.code))).toEqual(new Set(['not_refundable']))
    expect([has(seller()), waits(receipt)]).toEqual([2_000n, 2_000n])
  })
  test('by 50 at once, for parts of it, at its own rate to the unit', async () => {
    const receipt = await overLightning()
    await overLightning()
    const part = { asset: 'BTC', amount: '0.00000000150' }
    const all = await Promise.all(Array.from({ length: 50 }, () => give({ receipt, amount: part })))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(13)
    expect(new Set(all.filter(({ status }) => status !== 201).map(({ told }) => told.code))).toEqual(new Set(['invalid_amount']))
    expect((await give({ receipt })).told.left.amount).toBe('0')
    expect([has(seller()), waits(receipt)]).toEqual([2_000n, 2_000n])
  })
  test('by two processes over the same books', async () => {
    const receipt = await overLightning()
    await overLightning()
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => give({ receipt }, { process: i % 2 === 0 ? '' : '/second' })))
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = new Set(all.flatMap(({ status, told }) => (status === 201 ? [] : [told.code])))
    expect(refused).toEqual(new Set(['request_in_progress', 'not_refundable']))
    expect([has(seller()), waits(receipt)]).toEqual([2_000n, 2_000n])
  })
  test('by one key, 50 times', async () => {
    const receipt = await fromBalance('request-one')
    const all = await Promise.all(
      Array.from({ length: 50 }, () => give({ receipt, amount: { asset: 'USDC', amount: '0.001' } }, { key: 'the-same-key' })),
    )
    expect(new Set(all.map(({ status, told }) => told.code ?? status))).toEqual(new Set([201, 'request_in_progress']))
    const again = await give({ receipt, amount: { asset: 'USDC', amount: '0.001' } }, { key: 'the-same-key' })
    expect([again.status, again.answer.headers['idempotent-replayed'], again.told.left.amount]).toEqual([201, 'true', '0.001'])
    expect((await give({ receipt }, { key: 'the-same-key' })).told.code).toBe('idempotency_key_reused')
    expect(has(seller())).toBe(1_000n)
  })
  test('and what was paid above the price is the payer’s besides', async () => {
    const receipt = await overLightning('/joke', 5_000n)
    expect((await give({ receipt })).status).toBe(201)
    expect([has(seller()), waits(receipt)]).toEqual([0n, 7_000n])
  })
})

describe('it is refused, and nothing moves', () => {
  test('to who is not its payee, as if there were no such payment', async () => {
    const receipt = await overLightning()
    const strangers = [await give({ receipt }, { by: world.customer.key }), await give({ receipt: `rc_${'0'.repeat(32)}` })]
    expect(strangers.map(({ status, told, link }) => [status, told.detail, link])).toEqual(
      Array.from({ length: 2 }, () => [404, expect.stringContaining('nothing of yours'), undefined]),
    )
    expect((await world.app.inject({ method: 'POST', url: '/v1/refunds', payload: { receipt } })).statusCode).toBe(401)
    expect(has(seller())).toBe(2_000n)
  })
  test.each<[string, object, string]>([
    ['more than was paid', { amount: { asset: 'BTC', amount: '0.00000002001' } }, 'invalid_amount'],
    ['nothing', { amount: { asset: 'BTC', amount: '0' } }, 'invalid_amount'],
    ['a part of a unit', { amount: { asset: 'BTC', amount: '0.000000000001' } }, 'invalid_amount'],
    ['another asset', { amount: { asset: 'USDC', amount: '0.001' } }, 'unknown_asset'],
    ['a field that is not known', { amount_max: '1' }, 'invalid_request'],
    ['a reason that is too long', { reason: 'x'.repeat(141) }, 'invalid_request'],
    ['metadata that are no text', { metadata: { a: 1 } }, 'invalid_request'],
  ])('for %s', async (_, body, code) => {
    const receipt = await overLightning()
    expect((await give({ receipt, ...body })).told.code).toBe(code)
    expect([has(seller()), waits(receipt)]).toEqual([2_000n, 0n])
  })
  test('where the balance has less', async () => {
    const receipt = await overLightning()
    await world.payOut(seller())
    expect((await give({ receipt })).told.code).toBe('insufficient_balance')
    expect(waits(receipt)).toBe(0n)
  })
  test('while its work runs, after it failed, and for a promise that is not collected', async () => {
    const slow = get('/slow', { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'slow-work' })
    const running = await give({ receipt: await world.slow.began() })
    world.slow.end()
    await slow
    const failed = await get('/broken', { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'broken-work' })
    const promised = await get('/joke', await x402(askedOf(await get('/joke'))))
    const receiptOf = ({ headers }: typeof failed) => String(headers['switchyard-receipt'])
    const refused = [running, await give({ receipt: receiptOf(failed) }), await give({ receipt: receiptOf(promised) })]
    expect(refused.map(({ told }) => told.code)).toEqual(Array.from({ length: 3 }, () => 'not_refundable'))
    // Asked again later, the first and the third may be given.
    expect(refused.map(({ answer }) => answer.headers['retry-after'])).toEqual(['5', undefined, '5'])
  })
  test('for a pass, and for a use of one', async () => {
    const { macaroon, invoice } = askedOf(await get('/ten/1'))
    const used = await get('/ten/1', { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` })
    expect(used.statusCode).toBe(200)
    const [earned, ids] = [has(seller()), new Set(world.receipts.map(({ id }) => id))]
    expect(ids.size).toBe(2)
    for (const receipt of ids) expect((await give({ receipt })).told.code).toBe('not_refundable')
    expect(has(seller())).toBe(earned)
  })
})
