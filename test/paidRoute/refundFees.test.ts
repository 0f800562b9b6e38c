import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { accounts } from '../../gateway/ledger/journal/accounts.ts'
import { BTC } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import { foreignInvoice } from '../wallet/walletWorld.ts'
import { openPaidRoute, type PaidRouteWorld } from './paidRouteWorld.ts'
import { askedOf } from './proofs.ts'

// The payer chooses the node that is paid last, which may ask for any fee: a stranger must not earn the operator's fees by having work fail.
const SAT = 1_000n
/** The price of /broken. */
const PRICE = 2n * SAT

let world: PaidRouteWorld
beforeEach(async () => {
  world = await openPaidRoute({ finishedKept: 3 })
  onTestFinished(() => world.close())
})

type Refund = Readonly<{
  state: string
  last_try: { status: string; reasons: string[] } | null
  minWithdrawable?: number
  maxWithdrawable?: number
}>
type Told = Readonly<{ status: string; reason?: string }>

const get = (url: string, headers: Record<string, string> = {}) => world.app.inject({ method: 'GET', url, headers })
const pathOf = (link: string) => new URL(link).pathname
const look = async (link: string) => (await get(pathOf(link))).json<Refund>()
const fees = () => -world.has('fee:paid:lightning', BTC)
const kept = (receipt: string) => world.has(accounts.surplus(receipt), BTC)

/** Work that fails after so much has been paid for it. */
async function failed(paidMsat = PRICE) {
  const { macaroon, invoice } = askedOf(await get('/broken'))
  const answer = await get('/broken', { authorization: `L402 ${macaroon}:${world.lightning.pay(invoice, paidMsat - PRICE)}` })
  return { link: String(answer.headers['switchyard-refund']), receipt: String(answer.headers['switchyard-receipt']) }
}

async function fetchOf(link: string, msat: bigint): Promise<Told> {
  return (await get(`${pathOf(link)}/invoice?${new URLSearchParams({ k1: link.slice(-32), pr: foreignInvoice(msat) })}`)).json()
}

/** How the last try ended. */
async function ended(link: string, msat: bigint): Promise<string> {
  const told = await fetchOf(link, msat)
  if (told.status !== 'OK') return told.reason ?? told.status
  await expect.poll(async () => (await look(link)).last_try?.status, { timeout: 20_000 }).toMatch(/^(?:settled|failed)$/)
  const { last_try } = await look(link)
  return last_try?.status === 'failed' ? last_try.reasons.join() : 'settled'
}

function asks(feeMsat: bigint): void {
  const { lightning } = world.payers
  lightning.terms = { fee: money(BTC, feeMsat), feeMax: money(BTC, feeMsat) }
  lightning.fee = money(BTC, feeMsat)
}

describe('what a refund costs the operator', () => {
  test.each([
    ['two satoshi', 20n * SAT, 2n * SAT],
    ['a hundredth, where that is more', 1_000n * SAT, 10n * SAT],
    ['half of what was paid, where that is less', PRICE, SAT],
  ])('is at most %s', async (_, paid, most) => {
    const { link, receipt } = await failed(paid)
    asks(most + 1n)
    expect(await ended(link, paid)).toBe('fee_above_budget')
    expect([kept(receipt), (await look(link)).state, fees()]).toEqual([paid, 'due', 0n])
    asks(most)
    expect(await ended(link, paid)).toBe('settled')
    expect([kept(receipt), (await look(link)).state, fees()]).toEqual([0n, 'refunded', most])
  })

  test('is bounded for all its tries together', async () => {
    const paid = 20n * SAT
    const { link } = await failed(paid)
    asks(1_500n)
    expect(await ended(link, paid / 2n)).toBe('settled')
    asks(501n)
    expect(await ended(link, paid / 2n)).toBe('fee_above_budget')
    asks(500n)
    expect(await ended(link, paid / 2n)).toBe('settled')
    expect([(await look(link)).state, fees()]).toEqual(['refunded', 2n * SAT])
  })

  test('comes out of purses of refunds, and leaves that of all other payouts alone', async () => {
    const { link } = await failed()
    expect(await ended(link, PRICE)).toBe('settled')
    expect(
      world
        .purses()
        .filter((path) => path.startsWith('budget:fees'))
        .sort(),
    ).toEqual([`budget:fees:refund:${world.seller}`, 'budget:fees:refunds'])
  })
})

describe('an invoice for a refund', () => {
  test('is over all that is left or half of it at least, and the link says so', async () => {
    const paid = 21n * SAT
    const { link, receipt } = await failed(paid)
    expect(await look(link)).toMatchObject({ minWithdrawable: 11_000, maxWithdrawable: 21_000 })
    expect(await fetchOf(link, 10_499n)).toMatchObject({ status: 'ERROR', reason: expect.stringMatching(/at least 0\.000000105 BTC/) })
    expect([kept(receipt), world.payers.lightning.heard]).toEqual([paid, []])
    expect(await ended(link, 10_500n)).toBe('settled')
    expect(await look(link)).toMatchObject({ state: 'due', minWithdrawable: 6_000, maxWithdrawable: 10_500 })
  })

  test('is paid when no other of the same refund is on its way', async () => {
    const { link } = await failed(20n * SAT)
    world.payers.lightning.manner = 'stuck'
    expect(await fetchOf(link, 10n * SAT)).toEqual({ status: 'OK' })
    await expect.poll(async () => (await look(link)).state).toBe('unknown')
    expect(await fetchOf(link, 10n * SAT)).toMatchObject({ status: 'ERROR', reason: expect.stringContaining('may have arrived') })
    expect((await look(link)).maxWithdrawable).toBeUndefined()
    world.payers.lightning.release()
    await expect.poll(async () => (await look(link)).state).toBe('due')
    world.payers.lightning.manner = 'pay'
    expect(await ended(link, 10n * SAT)).toBe('settled')
  })
})
