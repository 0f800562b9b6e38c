import { expect, test } from 'vitest'
import { countedChain } from '../../../test/paidRoute/countedRails.ts'
import { erc20Asset, USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import { offerMaker } from '../../payins/offer/makeOffers.ts'
import type { RateSource } from '../../ports/rates.ts'
import { chainOffers } from './chainOffers.ts'
import type { PaidFaces } from './paidFaces.ts'

const USDC = erc20Asset({ chainId: 31337, address: `0x${'c0'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })

test('a chain is asked once a second, however many ask, and at once when its rate has changed', async () => {
  const now = { ms: 1_800_000_000_000, num: 1n }
  const clock = { now: () => now.ms }
  const rates: RateSource = { rate: (from, to) => ({ from, to, num: now.num, den: 1n, observedAt: now.ms, source: 'test' }) }
  const chain = countedChain({ chainId: 31337, token: `0x${'c0'.repeat(20)}`, payTo: `0x${'aa'.repeat(20)}`, asset: USDC })
  const receivers = [chain]
  // Of the faces it takes only these.
  const faces = {
    ground: { clock, rates, usd: USD },
    payins: { receivers, makeOffers: offerMaker({ receivers, rates, clock, bookAsset: USD }) },
  }
  const terms = await chain.offer({ amount: money(USDC, 2_000n), ref: '0x', expiresAt: 0, description: '' })
  const evm = async () => [terms]
  const route = { price: money(USD, 2_000n), ref: '0x01', description: 'a joke', splitId: '0x02', evm } as const
  const offers = chainOffers(faces as unknown as PaidFaces, route)
  chain.asked.length = 0

  for (let i = 0; i < 100; i++) expect(await offers()).toMatchObject([{ rail: 'evm:31337', price: { units: 2_000n } }])
  expect(chain.asked).toEqual(['offer'])
  now.num = 2n
  await offers()
  expect(chain.asked).toHaveLength(2)
  now.ms += 1_000
  await offers()
  expect(chain.asked).toHaveLength(3)
})
