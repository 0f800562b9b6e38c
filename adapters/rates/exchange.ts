import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { over } from '../../gateway/money/ratio.ts'
import type { PricedCode, PriceSource, SourcePrice } from '../../gateway/ports/priceSource.ts'
import type { PublicHttp } from '../../gateway/ports/publicHttp.ts'

/** What is read of an answer: a price, why it is none, or that the exchange wants to be left alone. */
export type Reading = SourcePrice | Readonly<{ wrong: string }> | Readonly<{ refused: string }>

/** How an exchange is asked, and how its answer is read. */
export type Exchange = Readonly<{
  name: string
  url: string
  saidAgeMsMax: number
  /** Where the market of a code with the dollar is asked for; of two the first is divided by the second. */
  markets: Readonly<Partial<Record<PricedCode, readonly [string] | readonly [string, string]>>>
  read: (json: unknown) => Reading
}>

type Parts = Readonly<{ http: PublicHttp; url?: string | undefined }>

const NOT_FOUND: readonly number[] = [400, 404]

/** An exchange as a source of prices. `url`: another place where it is reached. */
export function openExchange(exchange: Exchange, { http, url = exchange.url }: Parts): PriceSource {
  const { name, markets, saidAgeMsMax } = exchange

  async function one(path: string, signal: AbortSignal): Promise<SourcePrice | Readonly<{ wrong: string }>> {
    const { status, body } = await http.get(new URL(`${url}${path}`), { signal })
    if (NOT_FOUND.includes(status)) return { wrong: `${name} has no ${path}: it answers ${status}` }
    if (status !== 200) throw new GatewayError('destination_unreachable', `${name} answers ${status}`)
    const json = parsed(body)
    // A page of words in place of JSON is what stands before an exchange that is down.
    if (json === undefined) throw new GatewayError('destination_unreachable', `${name} answers what is no JSON`)
    const read = exchange.read(json)
    if ('refused' in read) throw new GatewayError('destination_unreachable', `${name} answers: ${read.refused.slice(0, 80)}`)
    return 'wrong' in read ? { wrong: `${name}: ${read.wrong}` } : read
  }

  return {
    name,
    saidAgeMsMax,
    codes: Object.keys(markets) as PricedCode[], // The keys of that record.
    async price(code, { signal }) {
      const [path, by] = markets[code] ?? []
      if (path === undefined) return { wrong: `${name} has no market of ${code}` }
      const first = await one(path, signal)
      if (by === undefined || 'wrong' in first) return first
      const second = await one(by, signal)
      return 'wrong' in second ? second : crossed(first, second)
    },
  }
}

/** What is paid for one unit by way of another: it is sold at the bid of the one and bought back at the ask of the other. */
function crossed(a: SourcePrice, b: SourcePrice): SourcePrice {
  const saidAt = a.saidAt === undefined || (b.saidAt !== undefined && b.saidAt < a.saidAt) ? b.saidAt : a.saidAt
  return { bid: over(a.bid, b.ask), ask: over(a.ask, b.bid), saidAt }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
