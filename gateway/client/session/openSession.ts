import { GroundError } from '../../errors/groundError.ts'
import { floorDivCount, max } from '../../money/integers.ts'
import type { Hex } from '../../ports/ids.ts'
import { randomHex } from '../offers/bytes.ts'
import { mppCredential } from '../offers/proveInvoice.ts'
import { channelOf, type SessionSigner, signDeposit, signVoucher } from './channelSignatures.ts'
import { meteredEvents, receiptIn } from './meteredEvents.ts'
import type { ServerEvent } from './serverEvents.ts'
import { readSessionOffers, type SessionOffer } from './sessionOffer.ts'
import { createVouchers } from './vouchers.ts'

/** The hubs and tokens that this payer trusts with its deposit: a server could name a contract of its own. */
type TrustedHub = Readonly<{ chainId: number; hub: string; token: string }>

/** `url`: a priced one of the route. `depositUnits` are deposited at first, and again when they are used up, `depositUnitsMax` in all. */
export type SessionOptions = Readonly<{
  url: string
  /** How the route is asked for; GET unless said. */
  method?: string
  signer: SessionSigner
  trusted: readonly TrustedHub[]
  depositUnits: bigint
  depositUnitsMax?: bigint
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  now?: () => number
}>

/** Requests of one route, paid out of one channel, also many at once. */
export type PayingSession = Readonly<{
  channelId: Hex
  /** Pays one request. Answers what the gateway does; a refusal of the session throws. */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Reads a metered stream and signs for it step by step, never more than a step ahead. */
  events(url: string, init?: RequestInit): AsyncGenerator<ServerEvent>
  /** Ends the session: what was not spent goes back. Answers the gateway's last receipt. */
  close(): Promise<Readonly<Record<string, unknown>>>
  /** In units of the token. */
  state(): Readonly<{ deposit: bigint; owed: bigint; signed: bigint }>
}>

const DEPOSIT_VALID_S = 600
/** The same request is sent so often before its outcome is handed back as unknown; each may be repeated. */
const SENDS_MAX = 60
const PAUSE_MS = 250
const NEW_OFFERS_MAX = 2
const ROUTES_KEPT = 100

type Session = Readonly<{
  o: SessionOptions
  send: (url: string, init: RequestInit) => Promise<Response>
  channelId: Hex
  vouchers: ReturnType<typeof createVouchers>
  offers: Offers
}>

/** Opens a channel by the 402 of `url` with a deposit, by signatures alone. Throws `no_payable_offer` and `payment_declined` before anything is signed. */
export async function openSession(o: SessionOptions): Promise<PayingSession> {
  const send = sender(o)
  const { method = 'GET' } = o
  const offers = createOffers(o.url, method, offerIn(await send(o.url, { method }), o))
  const offer = offers.of(o.url, method)
  const salt: Hex = `0x${'00'.repeat(20)}${randomHex(12).slice(2)}`
  const payer = o.signer.address.toLowerCase() as Hex // lower-casing keeps the 0x.
  const channelId = channelOf(offer, payer, salt)
  let deposited = 0n

  async function deposit(needed: bigint): Promise<bigint> {
    if (needed <= deposited) return deposited
    const most = o.depositUnitsMax ?? o.depositUnits
    const value = max(max(o.depositUnits, needed - deposited), offer.depositMin)
    if (deposited + value > most)
      throw new GroundError('payment_declined', `The channel needs ${value} units more, and ${most - deposited} of ${most} are left`)
    const isFirst = deposited === 0n
    const validBefore = BigInt(floorDivCount((o.now ?? Date.now)(), 1_000) + DEPOSIT_VALID_S)
    const signed = await signDeposit(o.signer, offer, { channelId, salt: isFirst ? salt : randomHex(32), value, validBefore })
    const payload = isFirst
      ? { action: 'open', cumulativeAmount: '0', voucherSignature: await signVoucher(o.signer, offer, channelId, 0n) }
      : { action: 'topUp', additionalDeposit: `${value}` }
    await managed(send, offers, { url: o.url, method }, { ...payload, ...signed, channelId })
    deposited += value
    return deposited
  }

  await deposit(max(o.depositUnits, offer.depositMin))
  const vouchers = createVouchers({ signer: o.signer, channelId, deposit })
  const session: Session = { o, send, channelId, vouchers, offers }
  return {
    channelId,
    fetch: (url, init = {}) => paid(session, url, init),
    events: (url, init = {}) =>
      meteredEvents({
        vouchers,
        offer: () => offers.of(url, init.method),
        begin: (voucher) => asked(session, url, { ...init, headers: withHeader(init, 'accept', 'text/event-stream') }, voucher),
        vouch: (voucher) => managed(send, offers, { url, method: 'HEAD', of: init.method }, { action: 'voucher', ...voucher }),
      }),
    async close() {
      const end = async () => managed(send, offers, { url: o.url, method }, { action: 'close', ...(await vouchers.final(offer)) })
      return end().catch((error: unknown) => {
        const required = error instanceof GroundError ? requiredBy(error.meta) : undefined
        if (required === undefined) throw error
        vouchers.believe(required, 0n)
        return end()
      })
    },
    state: () => ({ deposit: deposited, owed: vouchers.owed(), signed: vouchers.signed() }),
  }
}

/** One request at its price. What fails is not owed; what has no answer is. */
async function paid(session: Session, url: string, init: RequestInit): Promise<Response> {
  const { vouchers, offers } = session
  const offer = () => offers.of(url, init.method)
  const unserved = vouchers.owe(offer().most)
  vouchers.began()
  let spent: bigint | undefined
  try {
    const response = await asked(session, url, init, () => vouchers.voucher(offer()))
    spent = receiptIn(response)
    if (response.status >= 400) unserved()
    return response
  } catch (error) {
    if (error instanceof GroundError && error.code !== 'outcome_unknown') unserved()
    throw error
  } finally {
    vouchers.ended(spent)
  }
}

type Voucher = () => ReturnType<ReturnType<typeof createVouchers>['voucher']>

/** The same request under one key until it has an answer; with another voucher, or under a fresh challenge, where the gateway asks for that. */
async function asked({ send, offers, vouchers }: Session, url: string, init: RequestInit, voucher: Voucher): Promise<Response> {
  const headers = withHeader(init, 'idempotency-key', new Headers(init.headers).get('idempotency-key') ?? randomHex(16))
  for (let renewed = 0; ; renewed++) {
    const [name, value] = mppCredential(
      { header: 'authorization', challenge: offers.of(url, init.method).challenge },
      { action: 'voucher', ...(await voucher()) },
    )
    headers.set(name, value)
    const response = await send(url, { ...init, headers })
    if (response.status !== 402 || renewed === NEW_OFFERS_MAX) return response
    const problem = await problemOf(response.clone())
    const { most } = offers.renew(url, init.method, response)
    const required = requiredBy(problem)
    if (required !== undefined) vouchers.believe(required, most)
  }
}

type Told = Readonly<Record<string, unknown>>

/** The sum that the next voucher must be over, where the gateway says one. */
function requiredBy({ requiredCumulative }: Told): bigint | undefined {
  const units = /^\d{1,39}$/.exec(String(requiredCumulative))?.[0]
  return units === undefined ? undefined : BigInt(units)
}

/** Where it is sent, and of which method the route is that it is for. */
type At = Readonly<{ url: string; method: string; of?: string | undefined }>

/** A deposit, a voucher or the end: nothing is served for it. Throws the gateway's refusal. */
async function managed(send: Session['send'], offers: Offers, { url, method, of = method }: At, payload: object): Promise<Told> {
  for (let renewed = 0; ; renewed++) {
    const [name, value] = mppCredential({ header: 'authorization', challenge: offers.of(url, of).challenge }, payload)
    const response = await send(url, { method, headers: { [name]: value } })
    const told = await problemOf(response)
    if (response.ok) return told
    const { detail = `The gateway answered ${response.status} to the session`, code, hint } = told
    // It is told again under a challenge that has not ended.
    if (response.status === 402 && renewed === 0 && (method === 'HEAD' || code === 'challenge_expired')) {
      offers.renew(url, of, response)
      continue
    }
    throw new GroundError('payment_declined', String(detail), {
      meta: { status: response.status, code, requiredCumulative: String(told.requiredCumulative) },
      ...(typeof hint === 'string' ? { hint } : {}),
    })
  }
}

/** Sends until there is an answer that is one. */
function sender({ fetch: over = fetch }: SessionOptions): Session['send'] {
  return async (url, init) => {
    let failure: unknown
    for (let sends = 0; sends < SENDS_MAX; sends++) {
      try {
        const response = await over(url, init)
        if (response.status !== 503 && response.status !== 429 && response.status !== 409) return response
        failure = await response.text()
        // What the chain has refused stays so.
        if (response.status === 409 && !/request_in_progress/.test(String(failure))) return new Response(String(failure), response)
      } catch (error) {
        if (init.signal?.aborted) throw error
        failure = error
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
    throw new GroundError('outcome_unknown', `The request was sent ${SENDS_MAX} times without an answer`, { cause: failure })
  }
}

function offerIn(response: Response, { trusted }: SessionOptions): SessionOffer {
  const offers = readSessionOffers(response.headers.get('www-authenticate') ?? '')
  const isTrusted = ({ chainId, hub, token }: SessionOffer) =>
    trusted.some((one) => one.chainId === chainId && one.hub.toLowerCase() === hub && one.token.toLowerCase() === token.address)
  const found = offers.find(isTrusted)
  if (found) return found
  const [first] = offers
  if (!first) throw new GroundError('no_payable_offer', `The answer ${response.status} offers no session over a channel`)
  throw new GroundError('payment_declined', `Hub ${first.hub} with token ${first.token.address} on chain ${first.chainId} is not trusted`)
}

type Offers = ReturnType<typeof createOffers>

/** The challenges of the routes that this session pays for: each is good for one route, and all are over the same channel. */
function createOffers(url: string, method: string, first: SessionOffer) {
  const known = new Map<string, SessionOffer>([[keyOf(url, method), first]])
  return {
    /** That of another route as long as this one's own is not known. */
    of: (of: string, by: string | undefined): SessionOffer => known.get(keyOf(of, by)) ?? first,
    /** Of a route whose 402 this is. Throws where it offers no session over this channel. */
    renew(of: string, by: string | undefined, response: Response): SessionOffer {
      const found = readSessionOffers(response.headers.get('www-authenticate') ?? '').find((one) => placeOf(one) === placeOf(first))
      if (!found) throw new GroundError('no_payable_offer', 'The 402 offers no session over this channel')
      if (known.size >= ROUTES_KEPT) known.clear()
      known.set(keyOf(of, by), found)
      return found
    },
  }
}

function keyOf(url: string, method = 'GET'): string {
  return `${method} ${new URL(url).pathname}`
}

function placeOf({ chainId, hub, splitId, closer, token }: SessionOffer): string {
  return [chainId, hub, splitId, closer, token.address].join()
}

function withHeader(init: RequestInit, name: string, value: string): Headers {
  const headers = new Headers(init.headers)
  headers.set(name, value)
  return headers
}

async function problemOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const json: unknown = await response.json().catch(() => undefined)
  return typeof json === 'object' && json !== null ? { ...json } : {}
}
