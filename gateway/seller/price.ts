import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'

/** What a request costs, as the wire says it. Make it with `usd`. */
export type Price = Readonly<{ asset: 'USD'; amount: string }>

/** Shown to strangers: no secret of a real one. Each part is JSON of at most 2,000 letters. */
export type Example = Readonly<{ query?: Readonly<Record<string, string>> | undefined; body?: unknown; output?: unknown }>
/**
 * What paying a Lightning invoice buys by L402, where that is more than one request: so many `uses`, what a `budget` covers at the price of each request, or,
 * with `forMs` alone, any number until then. `price` is what the pass costs: unless said, that of its uses together, or of one request for a time; a budget
 * costs itself. It ends after `forMs`, 30 days unless said.
 */
export type PassOption = Readonly<{ uses?: number; budget?: Price; forMs?: number; price?: Price }>

/** What a route costs and whom the money is for. `R` is the request as its framework has it. */
export type Priced<R> = Readonly<{
  /** One price, or what this very request costs; 'free' runs it without payment. */
  price: Price | ((request: R) => Price | 'free' | Promise<Price | 'free'>)
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
export async function priceOf<R>({ price }: Pick<Priced<R>, 'price'>, request: R): Promise<Price | 'free'> {
  if (typeof price !== 'function') return price
  let found: Price | 'free'
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

/** What is wrong with a price, and what to write in its place; undefined for a good one. */
function wrongPrice(price: unknown): Readonly<{ what: string; write: string }> | undefined {
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
