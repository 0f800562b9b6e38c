import { GatewayError } from '../../errors/gatewayError.ts'
import { min } from '../../money/integers.ts'
import { type Money, money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Payment, Purse } from '../../payins/claim/admission.ts'
import { SESSION_CLAIM } from '../../payins/claim/paidRequest.ts'
import type { SessionAction, SessionCredential } from '../../payins/proof/proof.ts'
import { sessionReceipt, sessionReceiptJson } from '../../payins/proof/receiptHeaders.ts'
import type { SessionReceipt } from '../../payins/proof/verifiedProof.ts'
import { verifySession } from '../../payins/proof/verifySession.ts'
import { type Sessions, voucherNeeded } from '../../payins/session/sessions.ts'
import type { VoucherChannel } from '../../payins/settlement/voucherChannelRecords.ts'
import type { VoucherChannelChain } from '../../payins/vouchers/voucherChannelChain.ts'
import type { Hex } from '../../ports/ids.ts'
import { depositNonce } from '../../split/channelId.ts'
import type { PaidFaces } from './paidFaces.ts'
import type { AskedRequest, PricedRoute } from './pricedRoute.ts'
import { nameHash, standingOfName } from './standingOfName.ts'

/** How a session stands, told to who has changed something of it and has asked for no work. */
export type Told = Readonly<{ kind: 'told'; body: string; headers: readonly (readonly [string, string])[] }>

type Sent = Readonly<{ route: PricedRoute; request: AskedRequest; credential: SessionCredential }>
type Named = Readonly<{ key: string | undefined; fingerprint: string }>

/** A session that its credential has been checked for. `units`: what this request costs now, or may cost. */
type Standing = Readonly<{ channel: VoucherChannel; chain: VoucherChannelChain; units: bigint; told: () => SessionReceipt }>

/** Does what the credential says, and resolves to one request out of its session; to how it stands where no work is asked for. */
export async function payBySession(
  faces: PaidFaces,
  sent: Sent,
  { key, fingerprint }: Named,
): Promise<Told | { kind: 'payment'; payment: Payment }> {
  const standing = await sessionOf(faces, sent)
  const { credential, request, route } = sent
  const { session } = credential
  const isAsked = session.action === 'voucher' || (session.action === 'open' && session.cumulative > 0n)
  if (!isAsked || request.method === 'HEAD') return tellOf(faces, standing)
  const { channel, chain, units, told } = standing
  const base = `${SESSION_CLAIM}${channel.rail}:${channel.id}`
  const { claim: claimKey, standing: before } =
    key === undefined
      ? { claim: `${base}:${faces.ground.ids.next('us_')}`, standing: undefined }
      : await standingOfName(faces.payins.findRequest, `${base}:${nameHash(key)}`, fingerprint)
  const { price, upto: metered } = route
  const step = firstStep(faces, route, request)
  const part = step ? { price: step, got: inToken(faces, chain, step) } : { price, got: money(chain.asset, units) }
  const purse = purseOf(faces.payins.sessions!, channel) // The session was found there.
  const common = { rail: channel.rail, price: part.price, payer: channel.payer, claimKey }
  return {
    kind: 'payment',
    payment: {
      ...common,
      standing: before,
      fingerprint,
      keyed: key !== undefined,
      credit: convert(part.price, faces.ground.rates.rate(faces.ground.usd, faces.ground.bookAsset), 'up'),
      metered,
      proof: { ...common, kind: 'session', scheme: 'mpp-session', amount: part.got, told: (at) => sessionReceiptJson(told(), at) },
      funding: () => purse.fund(part.got),
      purse,
    },
  }
}

function purseOf(sessions: Sessions, channel: VoucherChannel): Purse {
  return {
    fund: (amount) => sessions.fund(channel, amount),
    lacking: (units) => voucherNeeded(sessions.stateOf(channel), units),
    changed: (signal) => sessions.changed(channel, signal),
    lowCode: 'session_balance_low',
    asks: 'payment-need-voucher',
  }
}

/** Whoever reads a stream pays it step by step; anything else is given as a whole. */
export function firstStep(
  { ground: { usd } }: PaidFaces,
  { session, price, upto }: PricedRoute,
  { headers }: AskedRequest,
): Money | undefined {
  const step = upto ? session?.step : undefined
  return step && /\btext\/event-stream\b/i.test(headers.accept ?? '') ? money(usd, min(step.units, price.units)) : undefined
}

function inToken({ ground: { rates, usd } }: PaidFaces, { asset }: VoucherChannelChain, price: Money): Money {
  return convert(price, rates.rate(usd, asset), 'up')
}

/** The session once the credential was found good and what it brings was taken: a deposit, a voucher. */
async function sessionOf(faces: PaidFaces, { route, request, credential }: Sent): Promise<Standing> {
  const { sessions, channels } = faces.payins
  const { challenge, session } = credential
  const { clock, rates } = faces.ground
  const keys = faces.payins.challengeKeys
  const promise = verifySession(challenge, { realm: route.realm, route: route.passDigest, now: clock.now(), keys })
  const chain = channels?.chains.find(({ place }) => place.chainId === promise.chainId && place.hub.toLowerCase() === promise.hub)
  if (!route.session || !sessions || !channels || !chain || chain.place.token.toLowerCase() !== promise.token)
    throw new GatewayError('proof_unsupported', 'sessions are not sold here any more')
  const units = convert(route.price, rates.rate(faces.ground.usd, chain.asset), 'up').units
  if (units > promise.most) {
    throw new GatewayError('proof_wrong_amount', `A request costs ${units} units now, and the challenge says ${promise.most}`)
  }
  if ('deposit' in session) {
    const counted = await faces.guard.channelQuestion(request.asker)
    // How many come is bounded, and not how many wait for their block.
    counted()
    await depositFor(faces, { route, chain, session })
  }
  const channel = sessions.find(chain.rail, session.channelId, { splitId: route.payee.split.splitId, toEnd: session.action === 'close' })
  const txHash = await broughtBy(sessions, channel, session, promise.deltaMin)
  const told = (): SessionReceipt => {
    const { accepted: acceptedCumulative, spent } = sessions.stateOf(channel)
    const how = { challengeId: challenge.id, channelId: channel.id, chainId: promise.chainId, acceptedCumulative, spent }
    return txHash ? { ...how, txHash } : how
  }
  return { channel, chain, units, told }
}

/** Takes the voucher, if it brings one. The transaction of a close. */
async function broughtBy(sessions: Sessions, channel: VoucherChannel, session: SessionAction, deltaMin: bigint): Promise<Hex | ''> {
  if (session.action === 'topUp') return ''
  const { cumulative, signature } = session
  if (session.action === 'close') return sessions.end({ channel, cumulative, signature })
  await sessions.take({ channel, cumulative, signature, deltaMin: session.action === 'voucher' ? deltaMin : 0n })
  return ''
}

type Depositing = Readonly<{
  route: PricedRoute
  chain: VoucherChannelChain
  session: Extract<SessionAction, { action: 'open' | 'topUp' }>
}>

/**
 * Opens the channel or adds to it. What is said of the deposit must be what the hub will be told. Throws what `channels.open` throws, and `session_reverted`.
 */
async function depositFor({ payins: { sessions, channels } }: PaidFaces, { route, chain, session }: Depositing): Promise<void> {
  const { transfer, salt } = session.deposit
  const { splitId } = route.payee.split
  const { closer, token, hub } = chain.place
  const known = session.action === 'topUp' ? sessions!.find(chain.rail, session.channelId, { splitId, toEnd: false }) : undefined // Looked at by who calls.
  const terms = known
    ? { payer: known.payer, salt: known.salt, splitId: known.splitId, token, closer: known.closer }
    : { payer: transfer.from, salt: BigInt(salt), splitId, token, closer }
  if (transfer.to !== hub.toLowerCase()) throw new GatewayError('proof_wrong_payee', `The deposit is to ${transfer.to}, and not to the hub`)
  if (transfer.from !== terms.payer)
    throw new GatewayError('session_bad_signature', `The deposit is not from ${terms.payer}, the payer of this channel`)
  if (transfer.nonce !== depositNonce(session.channelId, salt))
    throw new GatewayError('proof_wrong_nonce', 'The nonce of the deposit is not that of its channel and salt')
  const { value, validAfter, validBefore, signature } = transfer
  const opening = await channels!.open(chain, terms, { value, salt, validAfter, validBefore, signature }) // As above.
  if (opening.kind === 'open' && opening.channel.id === session.channelId) return
  if (opening.kind === 'opening') throw new GatewayError('outcome_unknown', 'The deposit was sent to the chain, and is not final yet')
  const reason = opening.kind === 'failed' ? opening.reason : 'another channel'
  throw new GatewayError('session_reverted', `The deposit was refused (${reason})`, { meta: { channelId: session.channelId, reason } })
}

function tellOf({ ground: { clock } }: PaidFaces, { told }: Standing): Told {
  const body = sessionReceiptJson(told(), clock.now())
  return { kind: 'told', body, headers: [['cache-control', 'private'] as const, sessionReceipt(body)] }
}
