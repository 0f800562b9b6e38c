import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { configuredRates } from '../../../adapters/rates/configuredRates.ts'
import { BTC, ETH, EUR, erc20Asset, USD } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import { daysOf } from '../../payouts/calendar/schemes.ts'
import type { RailName } from '../../ports/railName.ts'
import type { OfferTerms, Receiver } from '../../ports/receiver.ts'
import { offerThreshold, orderOffers } from './judgeOffers.ts'
import { offerMaker } from './makeOffers.ts'
import { decideOffers } from './offerDecision.ts'
import { priceCollecting, type ToCollect } from './priceCollecting.ts'

const USDC = erc20Asset({ chainId: 8453, address: `0x${'a1'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })
const PRICE = parseAmount('10', USD)
const DAY_MS = 86_400_000
/** A Wednesday at 11:00 in Frankfurt. */
const WEDNESDAY = Date.parse('2026-11-25T10:00:00Z')

/** A chain whose gas and a bank whose days are real, and a Lightning node; 1 ETH is 3,000 USD. */
function opened(at = WEDNESDAY) {
  const now = { ms: at }
  const gas = { wei: 10n ** 12n }
  const clock = { now: () => now.ms }
  const prices = [
    { asset: BTC, usd: '100000' },
    { asset: EUR, usd: '1.08' },
    { asset: ETH, usd: '3000' },
    { asset: USDC, usd: '1' },
  ]
  const rates = configuredRates(prices, clock)
  const receiverOf = (rail: RailName, asset: Receiver['asset'], more: Partial<Receiver> = {}): Receiver => ({
    rail,
    asset,
    offer: async ({ amount, expiresAt }) =>
      ({ rail, amount, expiresAt, reference: rail, wire: { kind: 'custom', fields: {} } }) as OfferTerms,
    settlements: () => expect.unreachable('nothing is paid here'),
    ...more,
  })
  const receivers = [
    receiverOf('evm:8453', USDC, { cost: () => money(ETH, gas.wei), secondsToFunds: () => 30n }),
    receiverOf('custom:till', USDC),
    receiverOf('bank', EUR, { secondsToFunds: (ms) => BigInt(daysOf('sepa').goodFundsAt(ms) - ms) / 1_000n }),
  ]
  const makeOffers = offerMaker({ receivers, rates, clock, bookAsset: USDC })
  const ask = (expiresInMs = 7 * DAY_MS) =>
    makeOffers({ price: PRICE, ref: '0x', splitId: '0x', expiresAt: now.ms + expiresInMs, description: '' })
  async function decided() {
    const { offers, refusals } = await ask()
    const offered = offers.map(({ terms: { rail }, collecting }) => ({ id: `of_${rail}` as const, rail, collecting }))
    return { rails: offers.map(({ terms }) => terms.rail), ...decideOffers('dec_1', { price: PRICE, offered, refusals }) }
  }
  return { now, gas, receivers, rates, ask, decided }
}

describe('the order of offers', () => {
  test('flips when gas rises past the threshold that the record names, and not before', async () => {
    const { now, gas, decided } = opened()
    gas.wei = 5n * 10n ** 11n
    const before = await decided()
    expect(before.rails).toEqual(['evm:8453', 'custom:till', 'bank'])
    expect(before.wouldChangeIf).toMatchObject({ term: 'gas', inFavourOf: 1 })
    // 3,000 USD an ether: a wei is 3 * 10^-6 nano-USD, and what is there now divides.
    const rise = (BigInt(before.wouldChangeIf!.mustRiseByNano) * 1_000_000n) / 3n
    const start = gas.wei
    now.ms += 1_001
    gas.wei = start + rise - 10n ** 7n
    expect((await decided()).rails[0]).toBe('evm:8453')
    now.ms += 1_001
    gas.wei = start + rise + 10n ** 7n
    expect((await decided()).rails[0]).toBe('custom:till')
  })

  test('an offer at a rate that is in doubt lives shorter, and one of a bank as long as what it pays', async () => {
    const { receivers, rates, now } = opened()
    const doubtful = { ...rates, promiseMsMax: (_: unknown, { code }: { code: string }) => (code === 'BTC' ? undefined : 300_000) }
    const till = { ...receivers[1]!, rail: 'custom:till', asset: BTC } as const
    const makeOffers = offerMaker({
      receivers: [receivers[0]!, till, receivers[2]!],
      rates: doubtful,
      clock: { now: () => now.ms },
      bookAsset: USDC,
    })
    const { offers } = await makeOffers({ price: PRICE, ref: '0x', splitId: '0x', expiresAt: now.ms + 7 * DAY_MS, description: '' })
    const lives = Object.fromEntries(offers.map(({ terms }) => [terms.rail, terms.expiresAt - now.ms]))
    expect(lives).toEqual({ 'evm:8453': 300_000, 'custom:till': DAY_MS, bank: 7 * DAY_MS })
  })

  test('what a payer pays the same is ordered by what it costs us and the payee', async () => {
    const { ask } = opened()
    const { offers } = await ask()
    const [chain, till] = offers
    expect([chain!.fullPrice, till!.fullPrice]).toEqual([PRICE, PRICE])
    expect(chain!.collecting.wholeNano).toBeLessThan(till!.collecting.wholeNano)
  })

  test('a bank’s money is dearer over a holiday than over a night', async () => {
    const waitOf = async (at: string) => {
      const { offers } = await opened(Date.parse(at)).ask(14 * DAY_MS)
      return offers.find(({ terms }) => terms.rail === 'bank')!.collecting.terms.success.waitForFunds
    }
    // Until the next day's evening; and from Thursday at 17:00, which is too late, until the Wednesday after Easter: six days and an hour.
    const [night, easter] = [await waitOf('2026-11-25T10:00:00Z'), await waitOf('2026-04-02T15:00:00Z')]
    expect([night, easter]).toEqual([111_600_000n, 522_000_000n])
  })
})

describe('what is not offered', () => {
  test('an hour’s intent has no offer of a bank that rests over Christmas: it says so in the words of a decision', async () => {
    const { receivers, rates, now } = opened(Date.parse('2026-12-24T16:00:00Z'))
    const bank = receivers[2]!
    const late: Receiver = {
      ...bank,
      async offer(request) {
        const { GatewayError } = await import('../../errors/gatewayError.ts')
        if (BigInt(now.ms) + bank.secondsToFunds!(now.ms) * 1_000n > BigInt(request.expiresAt))
          throw new GatewayError('rail_unavailable', 'too late')
        return bank.offer(request)
      },
    }
    const makeOffers = offerMaker({ receivers: [receivers[0]!, late], rates, clock: { now: () => now.ms }, bookAsset: USDC })
    const { offers, refusals } = await makeOffers({
      price: PRICE,
      ref: '0x',
      splitId: '0x',
      expiresAt: now.ms + 3_600_000,
      description: '',
    })
    expect(offers.map(({ terms }) => terms.rail)).toEqual(['evm:8453'])
    expect(refusals).toEqual([{ rail: 'bank', reason: 'too late', word: 'arrives_too_late' }])
  })

  test('a rail without a rate, and one that breaks, say which of both it was', async () => {
    const { receivers, rates, now } = opened()
    const broken: Receiver = { ...receivers[1]!, offer: () => Promise.reject(new Error('a secret of the rail')) }
    const unpriced: Receiver = { ...receivers[0]!, asset: { ...USDC, id: 'eip155:1/erc20:0x00' } }
    const makeOffers = offerMaker({ receivers: [broken, unpriced], rates, clock: { now: () => now.ms }, bookAsset: USDC })
    const { refusals } = await makeOffers({ price: PRICE, ref: '0x', splitId: '0x', expiresAt: now.ms + DAY_MS, description: '' })
    expect(refusals.map(({ rail, word }) => [rail, word])).toEqual([
      ['custom:till', 'no_answer'],
      ['evm:8453', 'rate_unavailable'],
    ])
    expect(JSON.stringify(refusals)).not.toContain('secret')
  })
})

test('the threshold is the least rise, for any ways: one nano-dollar less changes nothing', () => {
  const cost = fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 3n))
  const way = fc.record({
    rail: fc.constantFrom<RailName>('lightning', 'evm:1', 'bank', 'book', 'custom:till'),
    feeNano: cost,
    gasNano: cost,
    batchShareNano: cost,
    secondsToFunds: fc.bigInt(0n, 400_000n),
    asset: fc.constantFrom(EUR, USDC),
  })
  const priced = (one: Omit<ToCollect, 'priceNano' | 'credited'>) => priceCollecting({ ...one, priceNano: 10n ** 10n, credited: EUR })
  fc.assert(
    fc.property(fc.array(way, { minLength: 2, maxLength: 5 }), (ways) => {
      const all = ways.map(priced)
      const order = orderOffers(all)
      const change = offerThreshold(all, order)!
      const head = order[0]!
      const headAt = (by: bigint) => {
        const { terms, successPpm, wholeNano } = all[head]!
        const isFailure = change.term in terms.failure
        // What all of it costs a success, exactly, less what it was, rounded up as a whole.
        const s = successPpm
        const total = (sum: object) => Object.values(sum).reduce((a: bigint, b: bigint) => a + b, 0n) as bigint
        const exact = s * total(terms.success) + (1_000_000n - s) * total(terms.failure) + by * (isFailure ? 1_000_000n - s : s)
        const risen = wholeNano + (exact + s - 1n) / s - (wholeNano - 10n ** 10n)
        return orderOffers(all.map((one, i) => (i === head ? { wholeNano: risen } : one)))[0]
      }
      expect(headAt(change.mustRiseByNano)).toBe(change.inFavourOf)
      if (change.mustRiseByNano > 0n) expect(headAt(change.mustRiseByNano - 1n)).toBe(head)
    }),
    { numRuns: 2_000 },
  )
})
