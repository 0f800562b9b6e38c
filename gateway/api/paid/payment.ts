import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { type Money, showMoney } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Agent } from '../../parties/agents/agent.ts'
import { isPass } from '../../payins/challenge/passToken.ts'
import { requestDigest } from '../../payins/challenge/requestDigest.ts'
import type { Payment } from '../../payins/claim/admission.ts'
import type { Counted, Funding } from '../../payins/claim/claimEntry.ts'
import { findNamed } from '../../payins/claim/claimRequest.ts'
import type { Runner } from '../../payins/claim/runner.ts'
import type { Proof } from '../../payins/proof/proof.ts'
import { readSent } from '../../payins/proof/readProof.ts'
import { statedClaimKey } from '../../payins/proof/statedClaimKey.ts'
import type { SingleUseProof } from '../../payins/proof/verifiedProof.ts'
import { verifyProofByCode } from '../../payins/proof/verifyProof.ts'
import { fundingFrom } from '../../payins/settlement/funding.ts'
import { requireAnother } from '../../payins/settlement/legs.ts'
import type { PartyId } from '../../ports/ids.ts'
import type { UsedMandate } from '../../ports/usedMandate.ts'
import { askCode } from '../http/askCode.ts'
import { bearerOf, callerId } from '../http/authenticate.ts'
import { keyOf } from '../http/idempotency.ts'
import { agreedTo } from './agentApproval.ts'
import { refundByRequest } from './channelRefund.ts'
import { payByDeposit } from './depositPayment.ts'
import { expectedOf } from './expected.ts'
import type { PaidFaces } from './paidFaces.ts'
import { type Paying, payByPass } from './passPayment.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'
import { payBySession } from './sessionPayment.ts'
import { standingOfName } from './standingOfName.ts'
import { payByVoucher } from './voucherPayment.ts'

/** How long a preimage waits for our own node's report of the same payment. */
const ARRIVAL_DEADLINE_MS = 5_000

/**
 * The payment that a request carries: an API key with an Idempotency-Key, or a proof; undefined when there is none. Verifies without asking anybody but, where
 * no key has signed, the payer's code.
 */
export async function readPayment(
  faces: PaidFaces,
  { route, request, runner }: Readonly<{ route: PricedRoute; request: AskedRequest; runner: Runner | undefined }>,
): Promise<Paying | undefined> {
  if (bearerOf(request)) {
    if (request.headers['payment-signature'] !== undefined)
      throw new GatewayError('proof_ambiguous', 'The request carries an API key and PAYMENT-SIGNATURE')
    return { kind: 'payment', payment: await fromBalance(faces, route, request) }
  }
  const proof = readSent(request.headers)
  if (!proof) return undefined
  const named = request.headers['idempotency-key']
  // Any name will do: who has paid is not refused for its form.
  const key = typeof named === 'string' && named !== '' ? named : undefined
  const fingerprint = fingerprintOf(route, request, { key, paymentId: 'paymentId' in proof ? proof.paymentId : undefined })
  if (proof.scheme === 'mpp-session') return payBySession(faces, { route, request, credential: proof }, { key, fingerprint })
  if (proof.scheme === 'mpp-deposit') return payByDeposit(faces, { route, request, credential: proof }, { key, fingerprint })
  if (proof.scheme === 'l402' && isPass(proof.token)) return payByPass(faces, { route, request, proof }, { key, fingerprint, runner })
  if (proof.scheme === 'x402-refund') return refundByRequest(faces, { route, request, asked: proof })
  if (proof.scheme === 'x402-voucher')
    return { kind: 'payment', ...(await payByVoucher(faces, { route, request, proof }, { key, fingerprint })) }
  return { kind: 'payment', payment: await byProof(faces, { route, request, proof }, { key, fingerprint }) }
}

/** A proof that pays for one request. */
async function byProof(
  faces: PaidFaces,
  { route, request, proof }: Readonly<{ route: PricedRoute; request: AskedRequest; proof: Proof }>,
  { key, fingerprint }: Readonly<{ key: string | undefined; fingerprint: string }>,
): Promise<Payment> {
  const stated = statedClaimKey(proof)
  const ofProof = stated === undefined ? undefined : await faces.payins.findRequest(stated)
  // A proof that was accepted once is checked as of then, so that a repeat gets its answer also after the challenge has expired.
  const now = ofProof?.at ?? faces.ground.clock.now()
  const expected = await expectedOf(faces, route, request, { now, paid: ofProof })
  const verified = await verifyProofByCode(proof, expected, (question) =>
    askCode(faces, question, { rail: question.rail, asker: request.asker }),
  )
  invariant(stated === verified.claimKey, 'a proof that holds takes the claim that it states')
  const named = await namedBefore(faces, { route, verified, fingerprint })
  const standing = ofProof ?? named?.standing
  if (!standing) checkPrice(route, verified.price)
  const credit = convert(verified.price, faces.ground.rates.rate(faces.ground.usd, faces.ground.bookAsset), 'up')
  const common = {
    claimKey: standing?.claimKey ?? verified.claimKey,
    standing,
    fingerprint,
    keyed: key !== undefined || named !== undefined,
    ...(named ? { name: { claim: named.claim, stands: standing !== undefined && named.standing?.receipt === standing.receipt } } : {}),
    price: verified.price,
    credit,
    metered: route.upto,
    proof: verified,
  }
  if (!standing && route.upto !== (verified.kind === 'authorization' && verified.authorization.kind === 'upto'))
    throw new GatewayError(
      'proof_unsupported',
      route.upto ? 'this is paid by its use: sign a maximum (x402 upto), or pay from a balance' : 'this has one price',
    )
  if (verified.kind === 'authorization') {
    const { rail, authorization, amount: got } = verified
    return { ...common, payer: verified.payer.toLowerCase(), funding: async () => ({ rail, authorization, got }) }
  }
  invariant(verified.kind === 'preimage', 'a voucher is paid by in its own way')
  const funding = async (): Promise<Funding | undefined> => {
    const arrived = await faces.payins.settlements.waitFor(verified.paymentHash, ARRIVAL_DEADLINE_MS)
    return arrived ? { rail: 'lightning', arrived, asked: verified.amount } : undefined
  }
  return { ...common, payer: 'lightning', funding }
}

type Named = Readonly<{ route: PricedRoute; verified: SingleUseProof; fingerprint: string }>

/** What stands under the id that its payer gave this payment, whichever proof came with it: a try that was signed anew is no other payment. */
async function namedBefore({ ledger: { books }, payins: { findRequest } }: PaidFaces, { route, verified, fingerprint }: Named) {
  if (verified.kind !== 'authorization' || verified.paymentId === undefined) return undefined
  const name = `x402-id:${route.namesOf}:${verified.payer.toLowerCase()}:${verified.paymentId}`
  return standingOfName((claim) => findNamed({ books, find: findRequest }, claim), name, fingerprint)
}

/** What makes one request dearer than another is not always in the challenge: a header may, or a body whose length is not told before it. */
function checkPrice({ price, priceOf }: PricedRoute, promised: Money): void {
  if (priceOf === 'route' || promised.units >= price.units) return
  throw new GatewayError('proof_wrong_amount', `The proof is for ${showMoney(promised)}, this request costs ${showMoney(price)}`)
}

async function fromBalance(faces: PaidFaces, route: PricedRoute, request: AskedRequest): Promise<Payment> {
  const caller = faces.callers.spender(request)
  const party = callerId(caller)
  requireAnother(route.payee, party)
  const credit = convert(route.price, faces.ground.rates.rate(faces.ground.usd, faces.ground.bookAsset), 'up')
  const { price, upto: metered } = route
  const funding = async (): Promise<Funding> => {
    const { agents } = faces.parties
    const { agent } = caller.terms
    const payee = route.payee.kind === 'party' ? route.payee.party : route.payee.split.key
    const address = `${route.publicUrl}${request.url}`
    const beside = agent === undefined ? undefined : await agents.spend(agent, { price, payee, item: address })
    const got = fundingFrom({ books: faces.ledger.books, rates: faces.ground.rates }, party, credit)
    const from = accounts.party(party)
    if (agent === undefined || !beside) return { rail: 'book', from, got, ...countedOf(faces, party, price) }
    const counted = await agreedTo(faces, { caller, agent, price, payee, request: `${request.method} ${address}`, claimKey, fingerprint })
    const mandate = usedMandate(agents.get(agent))
    return { rail: 'book', from, got, beside, spent: () => agents.spent(agent, price), ...(counted ? { counted } : {}), mandate }
  }
  const claimKey = `book:${party}:${keyOf(request)}`
  const standing = await faces.payins.findRequest(claimKey)
  const fingerprint = fingerprintOf(route, request)
  return { claimKey, standing, fingerprint, keyed: true, payer: party, price, credit, metered, proof: undefined, funding }
}

/**
 * A price is said by its seller, who may be whoever holds the key: so what a key of the party itself pays counts towards what may leave a balance in a day.
 * What an agent may spend was weighed when it was made. Refuses with `approval_needed`.
 */
function countedOf({ approvals }: PaidFaces, party: string, price: Money): Readonly<{ counted?: Counted }> {
  if (!approvals) return {}
  const { limits } = approvals
  const whose = party as PartyId // As its key says.
  const weighed = limits.weigh(whose, price)
  if (weighed.needs.length > 0)
    throw new GatewayError('approval_needed', `Nobody is asked for a single priced request, and ${weighed.why}`, {
      hint: 'Nothing was taken. Make an agent, whose budget another person agrees to (POST /v1/agents), and pay with its key.',
    })
  const counted = limits.spare(whose, weighed)
  return counted.facts.length === 0 ? {} : { counted }
}

/** What its payment shows as the ground that it was made on. */
function usedMandate({ id, mandate }: Agent): UsedMandate | undefined {
  if (!mandate) return undefined
  const { paymentSha256, checkoutSha256 } = mandate
  return { agent: id, paymentSha256, ...(checkoutSha256 === undefined ? {} : { checkoutSha256 }) }
}

type Names = Readonly<{ key?: string | undefined; paymentId?: string | undefined }>

/** A proof that is sent with a name is used for the request of that name, and for no other. */
function fingerprintOf({ publicUrl }: PricedRoute, { method, url, body }: AskedRequest, names: Names = {}): string {
  const { key, paymentId } = names
  const keyed = key === undefined ? body : `${body}\nidempotency-key: ${key}`
  return requestDigest(method, `${publicUrl}${url}`, paymentId === undefined ? keyed : `${keyed}\npayment-identifier: ${paymentId}`)
}
