import { createHash } from 'node:crypto'
import { BTC, erc20Asset, USD } from '../../gateway/money/asset.ts'
import { money } from '../../gateway/money/money.ts'
import type { ChallengeInput } from '../../gateway/payins/challenge/buildChallenge.ts'
import { challengeKeys } from '../../gateway/payins/challenge/challengeKeys.ts'
import type { EvmOffer, LightningOffer } from '../../gateway/payins/challenge/challengeOffer.ts'
import { routeDigest } from '../../gateway/payins/challenge/requestDigest.ts'
import type { Expected } from '../../gateway/payins/proof/verifiedProof.ts'

/** A preimage that no node ever chose, with its hash: the wire formats cannot tell. */
export const EXAMPLE_PREIMAGE = '11'.repeat(32)
export const EXAMPLE_HASH = createHash('sha256').update(Buffer.from(EXAMPLE_PREIMAGE, 'hex')).digest('hex')

const USDC = erc20Asset({ chainId: 31337, address: `0x${'c0'.repeat(20)}`, code: 'USDC', scale: 6, ledger: 100 })

/** A challenge for a route of 0.002 USD with one stablecoin and one lightning offer, and what its proofs are checked against; used by tests and bench. */
export function exampleChallenge(now = 1_800_000_000_000): {
  input: ChallengeInput
  expected: Expected
  evm: EvmOffer
  lightning: LightningOffer
} {
  const expiresAt = now + 300_000
  const realm = 'api.example.com'
  const url = 'https://api.example.com/joke?kind=toll'
  const route = routeDigest('GET', '/joke')
  const price = money(USD, 2_000n)
  const keys = challengeKeys({ current: Buffer.alloc(32, 7) })
  const evm: EvmOffer = {
    rail: 'evm:31337',
    amount: money(USDC, 2_000n),
    expiresAt,
    reference: 'of_evm',
    wire: {
      kind: 'evm',
      chainId: 31337,
      token: `0x${'c0'.repeat(20)}`,
      tokenName: 'USD Coin',
      tokenVersion: '2',
      hub: `0x${'bb'.repeat(20)}`,
      splitId: `0x${'51'.repeat(32)}`,
      ref: `0x${'52'.repeat(32)}`,
      payTo: `0x${'aa'.repeat(20)}`,
    },
  }
  const lightning: LightningOffer = {
    rail: 'lightning',
    amount: money(BTC, 2_000n),
    expiresAt,
    reference: 'of_lightning',
    wire: { kind: 'bolt11', invoice: `lnbcrt20n1p${'qpzry9x8gf2tvdw0'.repeat(18)}`, paymentHash: EXAMPLE_HASH, network: 'regtest' },
  }
  const offers = [evm, lightning]
  const resource = { method: 'GET', url, description: 'A joke about tolls' }
  return {
    input: { realm, resource, route, price, offers, now, expiresAt, keys },
    expected: { realm, route, resourceUrl: url, guarded: { method: 'GET', path: '/joke' }, price, offers, now, keys },
    evm,
    lightning,
  }
}
