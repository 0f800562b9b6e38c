import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { readPass } from '../../payins/challenge/passToken.ts'
import type { Payment } from '../../payins/claim/admission.ts'
import type { Runner } from '../../payins/claim/runner.ts'
import type { Proof } from '../../payins/proof/proof.ts'
import type { VerifiedProof } from '../../payins/proof/verifiedProof.ts'
import { verifyPass } from '../../payins/proof/verifyPass.ts'
import type { ReceiptId } from '../../ports/ids.ts'
import { paidFor } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import { type AskedRequest, guardedOf, type PricedRoute } from './pricedRoute.ts'
import type { Told } from './sessionPayment.ts'
import { nameHash, standingOfName } from './standingOfName.ts'

/**
 * `leave`: others may go on once the payment is claimed, or will never be. `unmetered`: under a pass for a time the work may run as often as it is asked for,
 * and nothing is written down of it.
 */
export type Paying =
  | Told
  | Readonly<{ kind: 'payment'; payment: Payment; leave?: () => void }>
  | Readonly<{ kind: 'unmetered'; receipt: ReceiptId; proof: VerifiedProof }>

type Named = Readonly<{ key: string | undefined; fingerprint: string; runner: Runner | undefined }>

/**
 * A use of the pass that this token stands for, which the first use buys. Each request is another use, but one that names itself by an Idempotency-Key, or
 * whose runner asks again, is the same as before.
 */
export async function payByPass(
  faces: PaidFaces,
  { route, request, proof }: Readonly<{ route: PricedRoute; request: AskedRequest; proof: Extract<Proof, { scheme: 'l402' }> }>,
  { key, fingerprint, runner }: Named,
): Promise<Paying> {
  const { clock, ids } = faces.ground
  const expected = { keys: faces.payins.challengeKeys, route: route.passDigest, guarded: guardedOf(request), now: clock.now() }
  const verified = verifiedBy(faces, proof, expected)
  const { payee, seller, price: asked, upto: metered } = route
  const bought = { payee, seller, resource: `${route.publicUrl}${route.url}`, price: asked, metered }
  if (route.upto && verified.pass.kind !== 'budget')
    throw new GatewayError('proof_unsupported', 'this is paid by its use: of passes a budget alone pays it')
  const onBought = () => paidFor(faces, route, request)
  const use = await faces.payins.passes.use(verified, { ...bought, onBought })
  if (use.kind === 'unmetered') return { kind: 'unmetered', receipt: use.receipt, proof: verified.proof }
  const name = nameOf(verified, key ?? runner?.name)
  // A use whose work was cut off was given back: the request that named itself takes another one in its place.
  const { claim: claimKey, standing } =
    name === undefined
      ? { claim: `pass:${use.pass.id}:${ids.next('us_')}`, standing: undefined }
      : await standingOfName(faces.payins.findRequest, `pass:${use.pass.id}:${nameHash(name)}`, key === undefined ? undefined : fingerprint)
  const { price, credit, fund, leave } = use
  const payer = use.pass.id
  const common = { claimKey, standing, fingerprint, keyed: key !== undefined, payer, price, credit, metered, proof: verified.proof }
  return { kind: 'payment', payment: { ...common, funding: fund }, leave }
}

type Token = Extract<Proof, { scheme: 'l402' }>

/** The refusal of the very token that bought a budget, once that has ended, says that money is kept for its payer. */
function verifiedBy({ payins }: PaidFaces, proof: Token, expected: Parameters<typeof verifyPass>[1]): ReturnType<typeof verifyPass> {
  try {
    return verifyPass(proof, expected)
  } catch (error) {
    if (!isGatewayError(error, 'challenge_expired')) throw error
    const token = readPass(proof.token, expected.keys)
    const pass = token?.isWhole ? payins.passes.find(`lightning:${token.paymentHash}`)?.pass : undefined
    if (!pass || pass.backMsat === 0n) throw error
    throw new GatewayError(error.code, error.shortMessage, { meta: { receipt: pass.receipt, refund_kept: true } })
  }
}

/** What a request calls itself among those of the same part of a pass: who holds another part has another use by it. */
function nameOf({ pass }: ReturnType<typeof verifyPass>, name: string | undefined): string | undefined {
  const part = pass.limits.at(-1)?.id
  return name === undefined || part === undefined ? name : JSON.stringify([part, name])
}
