import { createHash } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import { BTC, USD } from '../../money/asset.ts'
import { floorDivCount } from '../../money/integers.ts'
import type { Money } from '../../money/money.ts'
import { CAPABILITY, type Narrowing, readCaveats, SERVICE } from './caveats.ts'
import type { ChallengeKeys } from './challengeKeys.ts'
import { macaroonOf, paymentHashOfToken, rootKeyOf } from './l402Token.ts'
import { type Macaroon, signMacaroon } from './macaroon.ts'
import type { PassOffer, PassTerms } from './passTerms.ts'

/** Where less may be spent than the pass has: `id` is the same for all tokens that were made of the one that the holder narrowed. */
export type PassLimit = Readonly<{ id: string; units: bigint }>

/**
 * What a token of a pass says, verified but for its preimage. `amount` of the invoice; `offeredUntil` and `endsAt` (ms) of the pass, `untilS` of this token.
 */
export type PassToken = Readonly<{
  kind: PassTerms['kind']
  /** Of a pass of uses. */
  uses: number
  price: Money
  amount: Money
  route: string
  offeredUntil: number
  endsAt: number
  paymentHash: string
  /** Nothing was added to it: it is the token that was sold, and no part that was given away. */
  isWhole: boolean
  narrowing: Omit<Narrowing, 'limits'>
  limits: readonly PassLimit[]
}>

/** What no other token of ours begins with: a holder can add caveats, and none before these. */
const FIRST = `services=${SERVICE}:0`
/** Its kind, its price in millionths of a dollar and in msat, and until when (seconds since 1970) it is sold for that. */
const PASS = /^pass=(uses|time|budget)\.([0-9]{1,30})\.([0-9]{1,30})\.([0-9]{1,11})$/
/** What its own caveats end with. */
const LAST = 'method='
const ROUTE = /^route=([0-9a-f]{64})$/
const ENDS = new RegExp(`^${SERVICE}_valid_until=([0-9]{1,11})$`)
const USES = 'uses'
const BUDGET = 'budget_micro_usd'
const LIMITS: Readonly<Record<PassTerms['kind'], string | undefined>> = { uses: USES, budget: BUDGET, time: undefined }

/** Mints the L402 token of a pass, as standard base64. */
export function mintPass(
  o: Readonly<{ paymentHash: string; tokenId: Uint8Array; amount: Money; pass: PassOffer }>,
  keys: ChallengeKeys,
): string {
  const { terms, route, method, path, offeredUntil, endsAt } = o.pass
  const { kind, price } = terms
  const size = kind === 'uses' ? [`${USES}=${terms.uses}`] : kind === 'budget' ? [`${BUDGET}=${price.units}`] : []
  const caveats = [
    FIRST,
    `pass=${kind}.${price.units}.${o.amount.units}.${floorDivCount(offeredUntil, 1000)}`,
    `route=${route}`,
    `${SERVICE}_valid_until=${floorDivCount(endsAt, 1000)}`,
    ...size,
    `${SERVICE}_capabilities=${CAPABILITY}`,
    ...(path === undefined ? [] : [`path=${path}`]),
    `${LAST}${method}`,
  ]
  return macaroonOf(o.paymentHash, o.tokenId, caveats, keys)
}

/** Whether a token says that it is a pass. */
export function isPass({ caveats }: Macaroon): boolean {
  return caveats[0] === FIRST && PASS.test(caveats[1] ?? '')
}

/** Reads the token of a pass; undefined when it was not minted here. */
export function readPass(token: Macaroon, keys: ChallengeKeys): PassToken | undefined {
  const rootKey = rootKeyOf(token, keys)
  if (!rootKey) return undefined
  const { caveats, identifier } = token
  const [pass, route, ends] = [PASS.exec(caveats[1] ?? ''), ROUTE.exec(caveats[2] ?? ''), ENDS.exec(caveats[3] ?? '')]
  invariant(caveats[0] === FIRST && pass && route && ends, 'a pass of ours has its caveats in their places')
  const kind = pass[1] as PassTerms['kind'] // As the pattern says.
  const { limits, ...narrowing } = readCaveats(caveats, { first: 3, limit: LIMITS[kind], same: caveats.slice(0, 3) })
  const [own, ...narrower] = limits
  return {
    kind,
    uses: kind === 'uses' ? Number(own!.units) : 0, // not money: a count
    price: { asset: USD, units: BigInt(pass[2]!) },
    amount: { asset: BTC, units: BigInt(pass[3]!) },
    route: route[1]!,
    offeredUntil: Number.parseInt(pass[4]!, 10) * 1_000,
    endsAt: Number.parseInt(ends[1]!, 10) * 1_000,
    paymentHash: paymentHashOfToken(token),
    isWhole: caveats.findIndex((caveat) => caveat.startsWith(LAST)) === caveats.length - 1,
    narrowing,
    limits: narrower.map(({ place, units }) => ({ id: limitId(signMacaroon(rootKey, identifier, caveats.slice(0, place + 1))), units })),
  }
}

/** The signature up to a caveat is a secret of the holder who added it: who knows it can leave out what was added after. */
function limitId(signature: Uint8Array): string {
  return createHash('sha256').update('pass limit').update(signature).digest('hex').slice(0, 32)
}
