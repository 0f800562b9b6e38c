import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { ceilDiv } from '../money/integers.ts'
import { formatAmount, money, parseAmount } from '../money/money.ts'

/** In how many steps a maximum is told of, and in how many at most. */
const [STEPS, STEPS_MAX] = [10n, 50n]

/** What a request costs, as the wire says it. Make it with `usd`. */
export type Price = Readonly<{ asset: 'USD'; amount: string }>

/**
 * The most that a request may cost, of which its handler says by the meter what it used. Of an answer that goes out in parts less than a `step` is ever given
 * that the gateway was not told of: a tenth of the maximum unless said, from a fiftieth of it on.
 */
export type Upto<A = Price> = Readonly<{ upto: A; step?: A }>

/** Shown to strangers: no secret of a real one. Each part is JSON of at most 2,000 letters. */
export type Example = Readonly<{ query?: Readonly<Record<string, string>> | undefined; body?: unknown; output?: unknown }>
/**
 * What paying a Lightning invoice buys by L402, where that is more than one request: so many `uses`, what a `budget` covers at the price of each request, or,
 * with `forMs` alone, any number until then. `price` is what the pass costs: unless said, that of its uses together, or of one request for a time; a budget
 * costs itself. It ends after `forMs`, 30 days unless said.
 */
export type PassOption = Readonly<{ uses?: number; budget?: Price; forMs?: number; price?: Price }>

/** What is asked for a request. */
type Asking = Price | Upto

/** What a route costs and whom the money is for. `R` is the request as its framework has it. */
export type Priced<R> = Readonly<{
  /** One price, or what this very request costs, at most where its work is metered; 'free' runs it without payment. */
  price: Asking | ((request: R) => Asking | 'free' | Promise<Asking | 'free'>)
  /** A split (sp_...) or a party (pa_...); the party of the key when neither is given. */
  split?: string
  payee?: string
  /** Shown to the payer before it pays. */
  description?: string
  /** Its name where the framework does not tell, such as /books/:id: one challenge is good for any request of a route. */
  route?: string
  /**
   * Where whoever looks for what is sold here finds the route: 'GET /books/:id', where the framework does not tell it beforehand. `false` keeps it out of
   * all documents.
   */
  listed?: string | false
  /** Between which prices a price function answers, for those documents. */
  priceRange?: readonly [Price, Price]
  /** A request that the route answers, and how, for them and for the 402. */
  example?: Example
  /**
   * For agents that sign their requests (Web Bot Auth): 'required' for any that the gateway's operator knows, or the addresses of some. Others are answered
   * 403 before they see a price.
   */
  agents?: 'required' | readonly string[]
  /** What a Lightning invoice buys by L402, where that is more than one request. */
  pass?: PassOption
  /** Seconds that the work may take: 120, at most 600. After them the money goes back. */
  answerWithinS?: number
}>

/** A price in US dollars, such as `usd('0.002')`: a positive decimal string with at most six places. Throws `invalid_amount`. */
export function usd(amount: string): Price {
  if (parseAmount(amount, USD).units === 0n)
    throw new GatewayError('invalid_amount', 'A price is more than nothing', { hint: "A price function may answer 'free' instead." })
  return { asset: 'USD', amount }
}

/** Throws `seller_misconfigured` for what is no price and no function: a route that could never be sold is told when it is made. */
export function checkPrice(price: unknown): void {
  if (typeof price === 'function') return
  const wrong = wrongPrice(price)
  if (!wrong) return
  throw new GatewayError('seller_misconfigured', `The price of a route is ${wrong.what}`, {
    hint: `Write price: ${wrong.write}, or a function of the request that answers such a price or 'free'.`,
  })
}

/** What this request costs. Throws `price_failed`. */
export async function priceOf<R>({ price }: Pick<Priced<R>, 'price'>, request: R): Promise<Asking | 'free'> {
  if (typeof price !== 'function') return price
  let found: Asking | 'free'
  try {
    found = await price(request)
  } catch (cause) {
    throw failed(`threw: ${cause instanceof Error ? cause.message : 'something'}`, "usd('0.002')", cause)
  }
  if (found === 'free') return found
  const wrong = wrongPrice(found)
  if (wrong) throw failed(`answered ${wrong.what}`, wrong.write)
  return found
}

function failed(what: string, write: string, cause?: unknown): GatewayError {
  return new GatewayError('price_failed', `The price function ${what}`, {
    hint: `Let it answer ${write} or 'free' for every request, also one whose parameters are missing or wrong.`,
    cause,
  })
}

/** The units of USD from which on a step of a maximum is worth a word. */
export function stepOf(most: bigint, step?: bigint): bigint {
  const [least, usual] = [ceilDiv(most, STEPS_MAX), ceilDiv(most, STEPS)]
  if (step === undefined) return usual
  if (step >= least && step <= most) return step
  throw new GatewayError('seller_misconfigured', `A step of ${formatUsd(step)} USD does not fit a maximum of ${formatUsd(most)} USD`, {
    hint: `Write step: usd('${formatUsd(usual)}'), or anything from usd('${formatUsd(least)}') to the maximum.`,
  })
}

const formatUsd = (units: bigint) => formatAmount(money(USD, units))

type Wrong = Readonly<{ what: string; write: string }>

/** What is wrong with a price, and what to write in its place; undefined for a good one. */
function wrongPrice(price: unknown): Wrong | undefined {
  if (typeof price !== 'object' || price === null || !('upto' in price)) return wrongAmount(price)
  const { upto, step } = price as Partial<Record<keyof Upto, unknown>> // Looked at here.
  const wrong = wrongAmount(upto) ?? (step === undefined ? undefined : wrongAmount(step))
  if (wrong) return { what: wrong.what, write: `{ upto: ${wrong.write} }` }
  stepOfUpto(price as Upto) // It was looked at.
  return undefined
}

/** In units of USD. Throws `seller_misconfigured` for a step that does not fit. */
export function stepOfUpto({ upto, step }: Upto): bigint {
  const units = ({ amount }: Price) => parseAmount(amount, USD).units
  return stepOf(units(upto), step && units(step))
}

function wrongAmount(price: unknown): Wrong | undefined {
  const { asset, amount } = (typeof price === 'object' && price !== null ? price : {}) as Partial<Record<keyof Price, unknown>> // Looked at here.
  const said = typeof price === 'object' ? amount : price
  const trouble = amountTrouble(String(said))
  if (asset === 'USD' && typeof amount === 'string' && !trouble) return undefined
  const isText = typeof price === 'string'
  const what =
    asset === 'USD' && trouble ? `of ${String(amount)} USD: ${trouble}` : `${isText ? `'${price}'` : shown(price)}, which is no price`
  return { what, write: `usd('${trouble ? '0.002' : String(said)}')` }
}

/** Why dollars cannot be so much, in words. */
function amountTrouble(amount: string): string | undefined {
  try {
    usd(amount)
    return undefined
  } catch (error) {
    return isGatewayError(error) ? error.shortMessage : 'it is no amount'
  }
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
