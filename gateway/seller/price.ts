import { GatewayError } from '../errors/gatewayError.ts'
import { USD } from '../money/asset.ts'
import { parseAmount } from '../money/money.ts'

/** What a request costs, as the wire says it. Make it with `usd`. */
export type Price = Readonly<{ asset: 'USD'; amount: string }>

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
  /** Seconds that the work may take: 120, at most 600. After them the money goes back. */
  answerWithinS?: number
}>

/** A price in US dollars, such as `usd('0.002')`: a positive decimal string with at most six places. Throws `invalid_amount`. */
export function usd(amount: string): Price {
  if (parseAmount(amount, USD).units === 0n)
    throw new GatewayError('invalid_amount', 'A price is more than nothing', { hint: "A price function may answer 'free' instead." })
  return { asset: 'USD', amount }
}

/** What this request costs. Throws `price_failed`. */
export async function priceOf<R>({ price }: Pick<Priced<R>, 'price'>, request: R): Promise<Price | 'free'> {
  if (typeof price !== 'function') return price
  try {
    const found = await price(request)
    if (found === 'free') return found
    return usd(found.amount)
  } catch (cause) {
    throw new GatewayError('price_failed', `The price function threw: ${cause instanceof Error ? cause.message : 'something'}`, {
      hint: "It has to answer usd('...') or 'free' for every request.",
      cause,
    })
  }
}
