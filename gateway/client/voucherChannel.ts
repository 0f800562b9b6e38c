import { randomBytes } from 'node:crypto'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { invariant } from '../errors/invariant.ts'
import { floorDivCount } from '../money/integers.ts'
import type { Hex } from '../ports/ids.ts'
import type { VoucherChannelTerms } from '../ports/voucherChannels.ts'
import { channelIdOf, depositNonce } from '../split/channelId.ts'
import { voucherDigest } from '../split/voucher.ts'
import { TRANSFER_FIELDS } from './signer/transferTypedData.ts'
import { ask, readTerms, type VoucherChannelServer } from './voucherChannelServer.ts'

/** The hubs and tokens that this payer trusts with its deposit: a server could name a contract of its own. */
export type TrustedPlace = Readonly<{ chainId: number; hub: string; token: string }>

/** An account of viem, or anything that signs as one. */
export type VoucherChannelSigner = Readonly<{
  address: Hex
  sign(o: { hash: Hex }): Promise<Hex>
  signTypedData(data: DepositTypedData): Promise<Hex>
}>

export type VoucherPayment = Readonly<{ receipt: string; cumulative: bigint }>

/** One channel from its payer's side. `pay` adds to what was paid before; payments of one channel go one after the other. */
export type PayingChannel = Readonly<{
  id: Hex
  terms: VoucherChannelTerms
  chainId: number
  hub: Hex
  pay(units: bigint): Promise<VoucherPayment>
}>

const DEPOSIT_TYPES = { ReceiveWithAuthorization: TRANSFER_FIELDS } as const
type DepositTypedData = Readonly<{
  domain: { name: string; version: string; chainId: number; verifyingContract: Hex }
  types: typeof DEPOSIT_TYPES
  primaryType: 'ReceiveWithAuthorization'
  message: { from: Hex; to: Hex; value: bigint; validAfter: bigint; validBefore: bigint; nonce: Hex }
}>

const DEPOSIT_VALID_S = 600
/** A deposit shows when it is final by the gateway's policy. */
const OPEN_MS_MAX = 120_000
const LOOK_MS = 250

/** Opens a channel with a deposit of `units` by signatures alone, and waits until the gateway takes vouchers on it. */
export async function openVoucherChannel(o: {
  server: VoucherChannelServer
  split: string
  signer: VoucherChannelSigner
  units: bigint
  trusted: readonly TrustedPlace[]
  /** Which chain; the gateway's first when absent. */
  rail?: string
}): Promise<PayingChannel> {
  const { server, signer, units, trusted } = o
  const place = await readTerms(server, o.split, o.rail)
  const isTrusted = (t: TrustedPlace) =>
    t.chainId === place.chainId && t.hub.toLowerCase() === place.hub && t.token.toLowerCase() === place.token.address
  if (!trusted.some(isTrusted)) {
    throw new GatewayError(
      'payment_declined',
      `Hub ${place.hub} with token ${place.token.address} on chain ${place.chainId} is not trusted`,
    )
  }
  const payer = signer.address.toLowerCase() as Hex // lower-casing keeps the 0x.
  const salt = BigInt(`0x${randomBytes(12).toString('hex')}`)
  const terms = { payer, salt, splitId: place.splitId, token: place.token.address, closer: place.closer }
  const id = channelIdOf(terms)
  const depositSalt: Hex = `0x${randomBytes(32).toString('hex')}`
  const validBefore = BigInt(floorDivCount(Date.now(), 1000) + DEPOSIT_VALID_S)
  const signature = await signer.signTypedData({
    domain: { name: place.token.name, version: place.token.version, chainId: place.chainId, verifyingContract: place.token.address },
    types: DEPOSIT_TYPES,
    primaryType: 'ReceiveWithAuthorization',
    message: { from: signer.address, to: place.hub, value: units, validAfter: 0n, validBefore, nonce: depositNonce(id, depositSalt) },
  })
  const deposit = { value: `${units}`, salt: depositSalt, valid_after: '0', valid_before: `${validBefore}`, signature }
  const body = { split: o.split, rail: place.rail, payer, salt: `${salt}`, closer: place.closer, deposit }
  const opened = await ask(server, 'POST', '/v1/channels', body)
  if (opened.status === 'opening') await untilOpen(server, `/v1/channels/${id}?rail=${place.rail}`)
  return payable({ server, signer, id, terms, chainId: place.chainId, hub: place.hub, rail: place.rail, units })
}

async function untilOpen(server: VoucherChannelServer, path: string): Promise<void> {
  for (let tries = OPEN_MS_MAX / LOOK_MS; tries > 0; tries--) {
    const found = await ask(server, 'GET', path).catch((error: unknown) => {
      if (!isGatewayError(error) || error.code !== 'not_found') throw error
    })
    if (found?.status === 'open') return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new GatewayError('outcome_unknown', 'The deposit was sent and is not final yet', {
    hint: 'Ask for the channel again later: the deposit is in it, or it can still be cancelled at the token.',
  })
}

/** The sum so far is kept here alone; a voucher that was not answered is sent again as it was, which pays nothing twice. */
function payable(o: {
  server: VoucherChannelServer
  signer: VoucherChannelSigner
  id: Hex
  terms: VoucherChannelTerms
  chainId: number
  hub: Hex
  rail: string
  units: bigint
}): PayingChannel {
  const { server, signer, id, terms, chainId, hub } = o
  let paid = 0n
  let last: Promise<unknown> = Promise.resolve()

  async function payNext(units: bigint): Promise<VoucherPayment> {
    invariant(units > 0n, 'a payment is positive')
    const cumulative = paid + units
    if (cumulative > o.units) throw new GatewayError('voucher_over_deposit', `The deposit of ${o.units} units has ${o.units - paid} left`)
    const digest = voucherDigest({ chainId, hub }, { channelId: id, cumulative })
    const signature = await signer.sign({ hash: `0x${Buffer.from(digest).toString('hex')}` })
    const body = { cumulative: `${cumulative}`, signature }
    const answer = await ask(server, 'POST', `/v1/channels/${id}/vouchers?rail=${o.rail}`, body)
    paid = cumulative
    return { receipt: `${answer.receipt}`, cumulative }
  }

  return {
    id,
    terms,
    chainId,
    hub,
    pay(units) {
      const next = last.then(() => payNext(units))
      // One that failed does not stop those behind it, which add to what was really paid.
      last = next.catch(() => undefined)
      return next
    },
  }
}
