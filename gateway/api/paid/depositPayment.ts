import { GatewayError } from '../../errors/gatewayError.ts'
import { BTC } from '../../money/asset.ts'
import { ceilDiv } from '../../money/integers.ts'
import { convert } from '../../money/rate.ts'
import type { Payment, Purse } from '../../payins/claim/admission.ts'
import { depositNeeded, depositScope } from '../../payins/pass/deposits.ts'
import type { Pass } from '../../payins/pass/pass.ts'
import type { DepositCredential } from '../../payins/proof/proof.ts'
import { depositReceiptJson, sessionReceipt } from '../../payins/proof/receiptHeaders.ts'
import type { StreamTaken } from '../../payins/proof/verifiedProof.ts'
import { type DepositPromise, verifyDeposit } from '../../payins/proof/verifyDeposit.ts'
import { refundUrl } from '../../payins/refund/refundLink.ts'
import { REFUND_HEADER } from '../http/problem.ts'
import { paidFor } from './invoicing.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'
import { firstStep, type Told } from './sessionPayment.ts'
import { nameHash, standingOfName } from './standingOfName.ts'

type Sent = Readonly<{ route: PricedRoute; request: AskedRequest; credential: DepositCredential }>
type Named = Readonly<{ key: string | undefined; fingerprint: string }>
type Deposits = PaidFaces['payins']['passes']['deposits']

const MSAT_PER_SAT = 1_000n

/** Does what the credential of a lightning session says, and resolves to one request out of its deposit; to how it stands where no work is asked for. */
export async function payByDeposit(faces: PaidFaces, sent: Sent, named: Named): Promise<Told | { kind: 'payment'; payment: Payment }> {
  const { route, request, credential } = sent
  const { clock } = faces.ground
  const keys = faces.payins.challengeKeys
  const promise = verifyDeposit(credential, { realm: route.realm, route: route.passDigest, now: clock.now(), keys })
  if (!route.session || !faces.returns) throw new GatewayError('proof_unsupported', 'sessions are not sold here any more')
  const pass = await sessionOf(faces, sent, promise)
  const { action } = credential.session
  if (action === 'close') return closed(faces, route, pass, credential.session.sessionId)
  const sessionId = action === 'open' ? promise.paymentHash : credential.session.sessionId
  if (action === 'topUp') return told(depositReceiptJson(sessionId, clock.now(), {}), '{"status":"ok"}')
  if (request.method === 'HEAD') {
    const receipt = depositReceiptJson(sessionId, clock.now(), { spent: spentSat(faces.payins.passes.deposits, pass) })
    return told(receipt, receipt)
  }
  return { kind: 'payment', payment: await paymentOf(faces, sent, { promise, pass, sessionId, ...named }) }
}

/** The session, once what the credential brings was taken. */
async function sessionOf(faces: PaidFaces, { route, request, credential }: Sent, promise: DepositPromise): Promise<Pass> {
  const { session } = credential
  const { deposits } = faces.payins.passes
  const scope = depositScope(route.realm, route.payee)
  const { paymentHash, deposit, price, network } = promise
  const resource = `${route.publicUrl}${route.url}`
  const onBought = () => paidFor(faces, route, request)
  const paid = { paymentHash, deposit, price, scope, payee: route.payee, seller: route.seller, resource, onBought }
  if (session.action === 'open') return deposits.open(paid, { invoice: session.returnInvoice, network })
  const pass = deposits.find(session.sessionId, { scope, toEnd: session.action === 'close' })
  if (session.action === 'topUp') await deposits.topUp(pass, paid)
  return pass
}

type Standing = Named & Readonly<{ promise: DepositPromise; pass: Pass; sessionId: string }>

/** One request. That of an `open` which comes again is the same one, as is that of a name. */
async function paymentOf(faces: PaidFaces, { route, request, credential }: Sent, o: Standing): Promise<Payment> {
  const { pass, promise, key, fingerprint, sessionId } = o
  const { ground, payins } = faces
  const { rates, usd, bookAsset } = ground
  const inMsat = (price: typeof route.price) => convert(price, rates.rate(usd, BTC), 'up')
  const whole = inMsat(route.price)
  if (whole.units > promise.most)
    throw new GatewayError('proof_wrong_amount', `A request costs ${whole.units} msat now, and the challenge says ${promise.most}`)
  const base = `pass:${pass.id}`
  const name = key ?? (credential.session.action === 'open' ? `open ${credential.challenge.id}` : undefined)
  const { claim: claimKey, standing } =
    name === undefined
      ? { claim: `${base}:${ground.ids.next('us_')}`, standing: undefined }
      : await standingOfName(payins.findRequest, `${base}:${nameHash(name)}`, fingerprint)
  const price = firstStep(faces, route, request) ?? route.price
  const amount = inMsat(price)
  const purse = purseOf(payins.passes.deposits, pass, sessionId)
  const told = (at: number, stream?: StreamTaken) => {
    const taken = stream
      ? { spent: inSat(stream.units), units: stream.steps }
      : { intent: 'session', spent: spentSat(payins.passes.deposits, pass) }
    return depositReceiptJson(sessionId, at, taken)
  }
  const common = { price, claimKey }
  return {
    ...common,
    payer: pass.id,
    standing,
    fingerprint,
    keyed: name !== undefined,
    credit: convert(price, rates.rate(usd, bookAsset), 'up'),
    metered: route.upto,
    proof: { ...common, kind: 'session', rail: 'lightning', scheme: 'mpp-session', amount, told },
    funding: () => purse.fund(amount),
    purse,
  }
}

function purseOf(deposits: Deposits, pass: Pass, sessionId: string): Purse {
  return {
    fund: (amount) => deposits.fund(pass, amount),
    lacking: (units) => ({ sessionId, ...depositNeeded(deposits.stateOf(pass), units) }),
    changed: (signal) => deposits.changed(pass, signal),
    lowCode: 'session_deposit_low',
    asks: 'payment-need-topup',
    gaveUp: 'session-timeout',
  }
}

/** Ends the session and pays back what is left; who asks again is told what became of that. */
async function closed(faces: PaidFaces, route: PricedRoute, pass: Pass, sessionId: string): Promise<Told> {
  const { deposits } = faces.payins.passes
  await deposits.end(pass)
  const refundStatus = await faces.returns!.payBack(pass) // Looked at by who calls.
  const refundSats = Number(deposits.backSat(deposits.stateOf(pass).pass)) // not money: what a payer is told, in satoshi
  const receipt = depositReceiptJson(sessionId, faces.ground.clock.now(), { refundSats, refundStatus })
  const link = refundUrl(faces.payins.challengeKeys.refund, pass.receipt, route.publicUrl)
  return told(receipt, JSON.stringify({ status: 'closed', refundSats, refundStatus }), refundStatus === 'failed' ? link : undefined)
}

function told(receipt: string, body: string, refund?: string): Told {
  const headers = [['cache-control', 'private'] as const, sessionReceipt(receipt)]
  return { kind: 'told', body, headers: refund === undefined ? headers : [...headers, [REFUND_HEADER, refund] as const] }
}

function spentSat(deposits: Deposits, pass: Pass): number {
  const { spent, held } = deposits.stateOf(pass)
  return inSat(spent + held)
}

function inSat(msat: bigint): number {
  return Number(ceilDiv(msat, MSAT_PER_SAT)) // not money: what a payer is told, in satoshi
}
