import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { openStripeRail, type StripeRail } from '../../adapters/stripe/rail.ts'
import { railCases } from '../../gateway/conformance/railCases.ts'
import type { RailUnderTest } from '../../gateway/conformance/railUnderTest.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import { CLOSED_ACCOUNT } from '../../world/stripe/requests.ts'
import { startStripe, TEST_KEY } from '../../world/stripe/startStripe.ts'

const euros = (text: string) => parseAmount(text, EUR)
const accountOf = (account: string) => ({ kind: 'custom', rail: 'custom:stripe', account }) as const

type World = RailUnderTest & Readonly<{ close: () => Promise<void> }>

async function stripeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-conformance-'))
  const stripe = await startStripe({ currency: 'eur', openingCents: 50_000, feeOf: () => 27, now: () => Date.now() })
  let files = 0
  const open = () =>
    openStripeRail({
      access: { secretKey: TEST_KEY, url: stripe.url },
      asset: EUR,
      returnUrl: 'https://shop.example/thanks',
      feeOf: () => money(EUR, 0n),
      dataFile: join(folder, `stripe-${files}.db`),
      clock: { now: () => Date.now() },
      pollMs: 20,
    })
  let rail: StripeRail = await open()
  const reopen = async () => {
    await rail.close()
    rail = await open()
  }
  let payees = 0
  return {
    rail: () => rail,
    amount: euros('1.50'),
    async payee() {
      const account = `acct_${String(++payees).padStart(16, '0')}`
      return { destination: accountOf(account), got: async () => BigInt(stripe.account.got(account)) * 10_000n }
    },
    malformed: accountOf('cus_12345678'),
    refused: async () => ({ destination: accountOf(CLOSED_ACCOUNT), amount: euros('1.50') }),
    reopen,
    cut: reopen,
    async silence() {
      stripe.hush('after')
      return async () => stripe.hush('none')
    },
    async pay({ reference, wire }) {
      if (wire.kind !== 'custom') throw new Error('an offer of a custom rail has its wire')
      stripe.account.pay(Object.values(wire.fields)[0]!)
      return reference
    },
    async loseFiles() {
      await rail.close()
      files++
      rail = await open()
    },
    async close() {
      await rail.close()
      await stripe.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

describe('the rail of Stripe', () => {
  let world: World
  beforeAll(async () => {
    world = await stripeWorld()
  })
  afterAll(() => world?.close())
  for (const { name, run } of railCases(() => world, ['receives', 'silence', 'files'])) test(name, run)
})
