import { expect, onTestFinished, test } from 'vitest'
import { isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { memoryJournal } from '../../gateway/ledger/books/memoryJournal.ts'
import { BTC, EUR, USD } from '../../gateway/money/asset.ts'
import { parseAmount } from '../../gateway/money/money.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { JournalStore } from '../../gateway/ports/journal.ts'
import { boot, makeRails, PAYEE, rates, to, USDC } from '../../test/payout/payoutWorld.ts'
import { shape } from '../config/shape.ts'
import { firstDaysLimits, openFirstDays } from './firstDaysOf.ts'

const assetOf = (id: string) => [BTC, EUR, USD, USDC].find((asset) => asset.id === id)!
const firstDays = shape.shape.firstDays.parse(undefined)
const HOUR_MS = 3_600_000

/** Payouts of a gateway with real money, whose journal began at the beginning of 1970, on a journal that may be another one's. */
async function openLive(journal: JournalStore = memoryJournal()) {
  let now = HOUR_MS
  const clock = { now: () => now }
  const limits = { network: 'mainnet', firstDays: { days: 7, paymentUsd: '250', dayUsd: '600' } } as const
  const days = (books: Books) => openFirstDays(limits, { clock, rates, usd: USD, assetOf }, { books })
  const rails = makeRails()
  const { payouts } = await boot({ journal, clock, firstDays: days, rails })
  onTestFinished(() => payouts.close())
  let last = ''
  const ended = async () => (await payouts.wait(last, { timeoutMs: 20_000 })).status
  async function pay(dollars: string, about: Partial<Parameters<typeof payouts.create>[0]> = {}): Promise<unknown> {
    const order = { source: PAYEE, amount: parseAmount(dollars, USDC), destinations: [to.evm], reference: 'r', createdBy: 'test' }
    try {
      const { id, status } = await payouts.create({ ...order, ...about })
      last = id
      return status
    } catch (error) {
      if (!isGatewayError(error)) throw error
      return [error.code, error.meta.of]
    }
  }
  const fits = (dollars: string) =>
    payouts.members.fits({
      id: 'po_row',
      source: PAYEE,
      behalf: { account: PAYEE },
      amount: parseAmount(dollars, USDC),
      destinations: [to.evm],
    })
  return { journal, rails, pay, fits, ended, close: payouts.close, later: (ms: number) => (now += ms) }
}
const REFUSED = ['too_many_open', 'first_days']

test('what is limited: mainnet alone, unless its operator lifts it', () => {
  expect(firstDaysLimits({ network: 'mainnet', firstDays })).toMatchObject({
    days: 7,
    payment: { units: 250_000_000n },
    day: { units: 2_500_000_000n },
  })
  expect(firstDaysLimits({ network: 'mainnet', firstDays: false })).toBeUndefined()
  expect(firstDaysLimits({ network: 'testnet', firstDays })).toBeUndefined()
})

test('a payout above the limit, and one more than a day holds, take nothing; a restart forgets nothing of the day', async () => {
  const first = await openLive()
  expect(await first.pay('250.01')).toEqual(REFUSED)
  const at = ['250', '250'].map((dollars) => first.pay(dollars))
  expect(await Promise.all(at)).toEqual(['processing', 'processing'])
  expect(await first.pay('100.01')).toEqual(REFUSED)
  await first.close()
  const second = await openLive(first.journal)
  expect(await second.pay('100.01')).toEqual(REFUSED)
  expect(await second.pay('100')).toBe('processing')
  expect(await second.pay('0.01')).toEqual(REFUSED)
  second.later(24 * HOUR_MS)
  expect(await second.pay('200')).toBe('processing')
})

test('many at once are one sum, and what was refused otherwise is not in it', async () => {
  const w = await openLive()
  expect(await w.pay('240', { source: 'party:pa_00000000000000000000000000000009' })).toEqual(['insufficient_balance', undefined])
  const all = await Promise.all(Array.from({ length: 9 }, () => w.pay('100')))
  expect(all.filter((one) => one === 'processing').length).toBe(6)
})

test('a payout that failed gives its part of the day back, and one that was paid does not', async () => {
  const w = await openLive()
  w.rails.evm.manner = 'refuse'
  for (let n = 0; n < 4; n++) expect([await w.pay('250'), await w.ended()]).toEqual(['processing', 'failed'])
  w.rails.evm.manner = 'pay'
  for (const dollars of ['250', '250', '100']) expect([await w.pay(dollars), await w.ended()]).toEqual(['processing', 'settled'])
  expect(await w.pay('0.01')).toEqual(REFUSED)
})

test('what is judged before it is a payout, as a row of a batch is, is refused by the limit of one payment and not by the day', async () => {
  const w = await openLive()
  for (const dollars of ['250', '250']) await w.pay(dollars)
  expect(() => w.fits('250.01')).toThrow('at most 250 USD at once')
  expect(w.fits('250')).toBeUndefined()
})
