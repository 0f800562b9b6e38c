import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld, USDC } from './paidRouteWorld.ts'
import { askedOf, x402 } from './proofs.ts'

// What was taken for work that was not delivered: its payer fetches it by a link, once.
const TRANSACTION = `0x${'7a'.repeat(32)}` as const

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

type Refund = Readonly<{
  state: string
  left: { amount: string } | null
  to: string | null
  last_try: { status: string; reasons: string[] } | null
  status?: string
  reason?: string
  tag?: string
  k1: string
  callback: string
  minWithdrawable: number
  maxWithdrawable: number
}>
type Headers = Record<string, string>

const get = (url: string, headers: Headers = {}) => world.app.inject({ method: 'GET', url, headers })
const pathOf = (link: unknown) => new URL(String(link)).pathname
const look = async (link: unknown) => (await get(pathOf(link))).json<Refund>()

async function overLightning(url: string, moreMsat = 0n): Promise<Headers> {
  const { macaroon, invoice } = askedOf(await get(url))
  return { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice, moreMsat)}` }
}

/** A request whose work fails after its money has come. */
async function failed(url: string, moreMsat = 0n) {
  const proof = await overLightning(url, moreMsat)
  const answer = await get(url, proof)
  const link = String(answer.headers['switchyard-refund'])
  return { proof, answer, link, receipt: String(answer.headers['switchyard-receipt']) }
}

/** What a wallet does with an invoice of its own (LUD-03). */
async function fetchBy(link: string, invoice: string): Promise<{ status: string; reason?: string }> {
  const { callback, k1 } = await look(link)
  return ask(callback ?? `${link}/invoice`, k1 ?? link.slice(-32), invoice)
}

async function ask(callback: string, k1: string, invoice: string): Promise<{ status: string; reason?: string }> {
  const { pathname } = new URL(callback)
  return (await get(`${pathname}?${new URLSearchParams({ k1, pr: invoice })}`)).json()
}

const stateOf = async (link: string) => (await look(link)).state
const paymentState = async (receipt: string) => (await get(`/v1/payments/${receipt}`)).json<{ status: string }>().status
const sentMsat = () => world.payers.lightning.sent()
const kept = (receipt: string) => world.has(accounts.surplus(receipt), BTC)

describe('work that failed after its money came over Lightning', () => {
  test('is answered with a link, in a header and in the problem, and so is every repeat', async () => {
    world.fails(1)
    const { proof, answer, link, receipt } = await failed('/flaky')
    expect(answer.statusCode).toBe(500)
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1\/refunds\/rf_[0-9a-f]{64}$/)
    expect(answer.json()).toMatchObject({ code: 'internal_error', refund: link })
    expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length)
    const again = await get('/flaky', proof)
    expect([again.statusCode, again.headers['switchyard-refund'], again.body]).toEqual([500, link, answer.body])
    world.pass(3_600_000)
    const late = await get('/flaky', proof)
    expect([late.statusCode, late.headers['switchyard-refund']]).toEqual([402, link])
    expect(await paymentState(receipt)).toBe('refund_due')
  })

  test('is answered with the header alone where its body is no problem', async () => {
    const { answer, link } = await failed('/broken')
    expect([answer.body, link.startsWith('http')]).toEqual(['no joke', true])
  })

  test('is answered with the link also where the answer of a seller elsewhere did not come in time', async () => {
    const url = 'http://shop.test/joke'
    const asked = (pays: Headers) =>
      world.app.inject({
        method: 'POST',
        url: '/v1/admissions',
        headers: { authorization: `Bearer ${world.sellerKey}` },
        payload: {
          attempt: crypto.randomUUID(),
          request: { method: 'GET', url, route: '/joke', headers: pays },
          price: { amount: '0.05' },
        },
      })
    type Told = { kind: string; headers: [string, string][]; body: string; receipt: string }
    const { headers } = (await asked({})).json<Told>()
    const grouped = Object.fromEntries(headers.map(([name]) => [name, headers.filter(([one]) => one === name).map(([, value]) => value)]))
    const { macaroon, invoice } = askedOf({ headers: grouped })
    const proof = { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice)}` }
    const { receipt } = (await asked(proof)).json<Told>()
    world.pass(121_000)
    await expect.poll(() => kept(receipt), { timeout: 20_000 }).toBeGreaterThan(0n)
    const late = (await asked(proof)).json<Told>()
    const link = new Map(late.headers).get('switchyard-refund')
    expect(JSON.parse(late.body)).toMatchObject({ code: 'proof_used', detail: expect.stringContaining(receipt) })
    expect(await fetchBy(link!, foreignInvoice(kept(receipt)))).toEqual({ status: 'OK' })
    await expect.poll(() => stateOf(link!)).toBe('refunded')
  })

  test('tells a wallet what it can withdraw, and pays its invoice', async () => {
    const { link, receipt } = await failed('/broken')
    const due = kept(receipt)
    expect(await look(link)).toMatchObject({ state: 'due', tag: 'withdrawRequest', minWithdrawable: 1_000, maxWithdrawable: Number(due) })
    expect(await fetchBy(link, foreignInvoice(due))).toEqual({ status: 'OK' })
    await expect.poll(() => stateOf(link)).toBe('refunded')
    expect([sentMsat(), kept(receipt), await paymentState(receipt)]).toEqual([due, 0n, 'refunded'])
    expect(await look(link)).toMatchObject({ status: 'ERROR', left: { amount: '0' }, last_try: { status: 'settled' } })
  })

  test('is paid once to 50 that ask at the same time with invoices of their own, and to one invoice shown 50 times', async () => {
    const first = await failed('/broken')
    const due = kept(first.receipt)
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetchBy(first.link, foreignInvoice(due))))
    expect(answers.filter(({ status }) => status === 'OK')).toHaveLength(1)
    const reasons = new Set(answers.flatMap(({ reason }) => reason ?? []))
    expect([...reasons].filter((reason) => !/^It (?:is on its way|was paid back) already$/.test(reason))).toEqual([])
    const second = await failed('/broken')
    const invoice = foreignInvoice(due)
    const { callback, k1 } = await look(second.link)
    const same = await Promise.all(Array.from({ length: 50 }, () => ask(callback, k1, invoice)))
    expect(new Set(same.map(({ status }) => status))).toEqual(new Set(['OK']))
    await expect.poll(() => Promise.all([stateOf(first.link), stateOf(second.link)])).toEqual(['refunded', 'refunded'])
    expect([world.payers.lightning.paid.length, sentMsat()]).toEqual([2, 2n * due])
  })

  test('is paid with what came above the price', async () => {
    const { link, receipt } = await failed('/broken', 5_000n)
    const { maxWithdrawable } = await look(link)
    expect(BigInt(maxWithdrawable)).toBe(kept(receipt))
    await fetchBy(link, foreignInvoice(kept(receipt)))
    await expect.poll(() => stateOf(link)).toBe('refunded')
  })

  test('is due again where the invoice cannot be paid, and its reason is told by its kind alone', async () => {
    const { link, receipt } = await failed('/broken')
    world.payers.lightning.manner = 'refuse'
    const invoice = foreignInvoice(kept(receipt))
    expect(await fetchBy(link, invoice)).toEqual({ status: 'OK' })
    await expect.poll(async () => (await look(link)).last_try?.status).toBe('failed')
    const { state, last_try } = await look(link)
    expect([state, last_try?.reasons.every((reason) => /^[a-z_]+$/.test(reason))]).toEqual(['due', true])
    world.payers.lightning.manner = 'pay'
    expect(await fetchBy(link, invoice)).toEqual({ status: 'OK' })
    await expect.poll(() => stateOf(link)).toBe('refunded')
    expect(world.payers.lightning.paid).toHaveLength(1)
  })

  test('is not paid again while nobody knows whether it was', async () => {
    const { link, receipt } = await failed('/broken')
    const due = kept(receipt)
    world.payers.lightning.manner = 'stuck'
    await fetchBy(link, foreignInvoice(due))
    await expect.poll(() => stateOf(link)).toBe('unknown')
    expect(await fetchBy(link, foreignInvoice(due))).toMatchObject({ status: 'ERROR', reason: expect.stringContaining('may have arrived') })
    expect(world.payers.lightning.heard).toHaveLength(1)
    world.payers.lightning.release()
    await expect.poll(() => stateOf(link)).toBe('refunded')
    expect(sentMsat()).toBe(due)
  })

  test('leaves what is below a satoshi, and says that it was refunded', async () => {
    const { link, receipt } = await failed('/broken', 999n)
    const due = kept(receipt)
    await fetchBy(link, foreignInvoice(due - (due % 1_000n)))
    await expect.poll(() => stateOf(link)).toBe('refunded')
    expect([kept(receipt), await paymentState(receipt)]).toEqual([due % 1_000n, 'refunded'])
  })

  test('has the fee counted for the payee whose work failed', async () => {
    const { link, receipt } = await failed('/broken')
    await fetchBy(link, foreignInvoice(kept(receipt)))
    await expect.poll(() => stateOf(link)).toBe('refunded')
    expect(world.purses().filter((path) => path.startsWith('budget:fees:'))).toContain(`budget:fees:refund:${world.seller}`)
  })
})

describe('work that failed after an authorization was collected', () => {
  async function collectedFirst(url: string) {
    const evidence = { rail: 'evm:31337', id: TRANSACTION, at: 1, proof: TRANSACTION } as const
    world.chain.says({ kind: 'settled', evidence, fee: money(USDC, 0n) })
    const proof = await x402(askedOf(await get(url)))
    const asked = get(url, proof)
    await expect.poll(() => world.chain.collected.length).toBe(1)
    const { from, nonce, value } = world.chain.collected[0]!
    const id = `${TRANSACTION}:3:${`0x${'0b'.repeat(32)}`}`
    world.chain.report({
      kind: 'received',
      id,
      place: 'receiver',
      amount: money(USDC, value),
      reference: `auth:${from}:${nonce}`,
      payer: from,
    })
    return { answer: await asked, proof, from, value }
  }

  test('goes back to the account that paid, on the chain where it paid, once for all who ask', async () => {
    world.fails(1)
    const { answer, from, value } = await collectedFirst('/flaky')
    const link = String(answer.headers['switchyard-refund'])
    expect(answer.json()).toMatchObject({ refund: link })
    expect(await look(link)).toMatchObject({ state: 'due', to: from.toLowerCase() })
    const asked = await Promise.all(Array.from({ length: 50 }, () => world.app.inject({ method: 'POST', url: pathOf(link) })))
    expect(new Set(asked.map(({ statusCode }) => statusCode))).toEqual(new Set([202]))
    await expect.poll(() => stateOf(link)).toBe('refunded')
    const paid = world.payers.chain.paid.map(({ amount, destination }) => [amount.units, 'address' in destination && destination.address])
    expect([paid, world.payers.rollup.paid]).toEqual([[[value, from.toLowerCase()]], []])
  })

  test('waits while its gas is more than half of it, and goes back once gas is cheaper', async () => {
    world.fails(1)
    const { answer, value } = await collectedFirst('/flaky')
    const link = String(answer.headers['switchyard-refund'])
    const tried = async (gas: bigint) => {
      world.payers.chain.terms = { fee: money(USDC, gas), feeMax: money(USDC, 2n * gas) }
      await world.app.inject({ method: 'POST', url: pathOf(link) })
      await expect.poll(async () => (await look(link)).last_try?.status).toMatch(/^(?:failed|settled)$/)
      const { state, last_try } = await look(link)
      return [state, ...(last_try?.reasons ?? [])]
    }
    expect(await tried(value / 2n + 1n)).toEqual(['due', 'fee_above_budget'])
    expect(await tried(value / 2n)).toEqual(['refunded'])
    expect(world.payers.chain.paid.map(({ feeMax }) => feeMax.units)).toEqual([value / 2n])
  })

  test('is fetched by no invoice', async () => {
    world.fails(1)
    const { answer } = await collectedFirst('/flaky')
    const link = String(answer.headers['switchyard-refund'])
    expect(await fetchBy(link, foreignInvoice(1_000n))).toMatchObject({ status: 'ERROR' })
  })

  test('has no link where a contract has bound the money to payees', async () => {
    world.fails(1)
    const { answer } = await collectedFirst('/flaky-duet')
    expect([answer.statusCode, answer.headers['switchyard-refund']]).toEqual([500, undefined])
  })
})

describe('a refund', () => {
  test('is not told of work that was delivered, and a balance has its money at once', async () => {
    const served = await get('/joke', await overLightning('/joke'))
    expect([served.statusCode, served.headers['switchyard-refund']]).toEqual([200, undefined])
    const headers = { authorization: `Bearer ${world.customer.key}`, 'idempotency-key': 'one' }
    expect((await get('/broken', headers)).headers['switchyard-refund']).toBeUndefined()
  })

  test('is opened by its link alone: not by a receipt, another link or a changed letter', async () => {
    const [one, other] = [await failed('/broken'), await failed('/broken')]
    const id = pathOf(one.link).slice('/v1/refunds/'.length)
    const otherId = pathOf(other.link).slice('/v1/refunds/'.length)
    const mixed = id.slice(0, 35) + otherId.slice(35)
    const last = id.at(-1) === '0' ? '1' : '0'
    for (const wrong of [one.receipt, mixed, id.slice(0, -1) + last, id.slice(0, 35), `${id}0`, '__proto__', 'rf_', id.toUpperCase()]) {
      const [seen, posted] = [await get(`/v1/refunds/${wrong}`), await world.app.inject({ method: 'POST', url: `/v1/refunds/${wrong}` })]
      expect([wrong, seen.statusCode, posted.statusCode]).toEqual([wrong, 404, 404])
    }
    const { callback } = await look(one.link)
    expect(await ask(callback, otherId.slice(-32), foreignInvoice(1_000n))).toMatchObject({ status: 'ERROR' })
    expect(world.payers.lightning.heard).toEqual([])
  })

  test.each([
    ['more than is due', () => foreignInvoice(10n ** 9n)],
    ['no amount', () => foreignInvoice()],
    ['nothing that is an invoice', () => `lnbcrt1${'x'.repeat(40)}`],
    ['a text that is too long', () => 'lnbcrt1'.padEnd(8_000, 'x')],
  ])('refuses an invoice over %s, and holds nothing', async (_, invoice) => {
    const { link, receipt } = await failed('/broken')
    const due = kept(receipt)
    expect(await fetchBy(link, invoice())).toMatchObject({ status: 'ERROR' })
    expect([await stateOf(link), kept(receipt), world.payers.lightning.heard]).toEqual(['due', due, []])
  })

  test('shows what concerns its payer, and is kept by nobody', async () => {
    const { link } = await failed('/broken')
    const answer = await get(pathOf(link))
    expect([answer.headers['cache-control'], answer.headers['access-control-allow-origin']]).toEqual(['no-store', '*'])
    expect(answer.body).not.toContain(world.seller)
  })

  test('is tried 20 times at most', async () => {
    const { link, receipt } = await failed('/broken')
    world.payers.lightning.manner = 'refuse'
    const due = kept(receipt)
    for (let i = 0; i < 20; i++) {
      expect(await fetchBy(link, foreignInvoice(due))).toEqual({ status: 'OK' })
      await expect.poll(async () => [kept(receipt), await stateOf(link)]).toEqual([due, 'due'])
    }
    expect(await fetchBy(link, foreignInvoice(due))).toMatchObject({ status: 'ERROR', reason: expect.stringContaining('20 times') })
  })
})
