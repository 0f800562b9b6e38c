import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { PRICE_SOURCES, type PriceSourceName } from '../../app/config/ratesConfig.ts'

/** Best bid and ask of a market, as decimals. */
type Book = readonly [bid: string, ask: string]
type Markets = Record<'BTC/USD' | 'BTC/EUR' | 'ETH/USD' | 'EUR/USD' | 'USDC/USD' | 'POL/USD', Book>
/** What an exchange does in place of answering. */
type Fault = 'html' | 'down' | 'endless' | 'elsewhere' | 'no_market' | 'busy' | 'floats'

const MARKETS: Markets = {
  'BTC/USD': ['96999.5', '97000.5'],
  'BTC/EUR': ['89814.0', '89815.0'],
  'ETH/USD': ['3499.90', '3500.10'],
  'EUR/USD': ['1.07995', '1.08005'],
  'USDC/USD': ['0.9999', '1.0000'],
  'POL/USD': ['0.1999', '0.2001'],
}

/** The market that an address of an exchange names. */
const ASKED: Readonly<Record<PriceSourceName, (url: URL) => string | undefined>> = {
  kraken: ({ pathname, searchParams }) => (pathname === '/kraken/0/public/Ticker' ? (searchParams.get('pair') ?? undefined) : undefined),
  coinbase: ({ pathname }) => /^\/coinbase\/products\/([A-Z-]+)\/ticker$/.exec(pathname)?.[1],
  bitstamp: ({ pathname }) => /^\/bitstamp\/api\/v2\/ticker\/([a-z]+)\/$/.exec(pathname)?.[1],
  gemini: ({ pathname }) => /^\/gemini\/v1\/pubticker\/([a-z]+)$/.exec(pathname)?.[1],
}
const PAIRS: Readonly<Record<string, keyof Markets>> = {
  XBTUSD: 'BTC/USD',
  ETHUSD: 'ETH/USD',
  EURUSD: 'EUR/USD',
  USDCUSD: 'USDC/USD',
  POLUSD: 'POL/USD',
  'POL-USD': 'POL/USD',
  polusd: 'POL/USD',
  'BTC-USD': 'BTC/USD',
  'BTC-EUR': 'BTC/EUR',
  'ETH-USD': 'ETH/USD',
  btcusd: 'BTC/USD',
  ethusd: 'ETH/USD',
  eurusd: 'EUR/USD',
  usdcusd: 'USDC/USD',
}
const KRAKENS_OWN: Readonly<Record<string, string>> = { XBTUSD: 'XXBTZUSD', ETHUSD: 'XETHZUSD', EURUSD: 'ZEURZUSD' }

type Parts = Readonly<{ now: () => number }>

/** A server that plays all exchanges, each under its own name, and what tells it to move or to lie. */
export async function playExchanges({ now }: Parts) {
  const books = new Map(PRICE_SOURCES.map((name) => [name, { ...MARKETS }]))
  const faults = new Map<PriceSourceName, Fault>()
  const asked: string[] = []
  let reference = ''
  let [atOnce, atOnceMost] = [0, 0]
  let saidBehindMs = 0

  function answerOf(name: PriceSourceName, pair: string, [bid, ask]: Book): unknown {
    const said = now() - saidBehindMs
    if (name === 'kraken') {
      const lots = (price: string) => [price, '1', '1.000']
      return { error: [], result: { [KRAKENS_OWN[pair] ?? pair]: { a: lots(ask), b: lots(bid), c: [bid, '0.01'], o: bid } } }
    }
    if (name === 'coinbase') return { bid, ask, price: bid, size: '0.1', volume: '1', trade_id: 1, time: new Date(said).toISOString() }
    if (name === 'gemini') return { bid, ask, last: bid, volume: { BTC: '1', USD: '1', timestamp: said } }
    return { timestamp: `${(said - (said % 1000)) / 1000}`, bid, ask, last: bid, vwap: bid, open: bid, high: ask, low: bid, volume: '1' }
  }

  function lie(fault: Fault, { name, pair }: Readonly<{ name: PriceSourceName; pair: string }>, response: ServerResponse): void {
    if (fault === 'html') return void response.writeHead(200).end('<!doctype html><title>Just a moment</title>')
    if (fault === 'down') return void response.writeHead(500).end('{}')
    if (fault === 'elsewhere') return void response.writeHead(302, { location: `/${name}/elsewhere` }).end()
    if (fault === 'endless') return void response.writeHead(200).end(`[${'1,'.repeat(100_000)}1]`)
    if (fault === 'floats') return void response.end(JSON.stringify({ bid: 96999.5, ask: 97000.5, timestamp: '1', error: [], result: {} }))
    if (name === 'kraken') {
      const error = fault === 'busy' ? 'EAPI:Rate limit exceeded' : 'EQuery:Unknown asset pair'
      return void response.end(JSON.stringify({ error: [error] }))
    }
    response.writeHead(fault === 'busy' ? 429 : 404).end(JSON.stringify({ message: pair }))
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://played')
    const name = PRICE_SOURCES.find((one) => url.pathname.startsWith(`/${one}/`))
    const pair = name && ASKED[name](url)
    asked.push(url.pathname + url.search)
    if (url.pathname.startsWith('/ecb/stats/eurofxref/')) return void response.writeHead(reference === '' ? 500 : 200).end(reference)
    if (name === undefined || pair === undefined || PAIRS[pair] === undefined) return void response.writeHead(404).end('{}')
    if (name === 'kraken') atOnceMost = Math.max(atOnceMost, ++atOnce) // not money: requests
    const fault = faults.get(name)
    setImmediate(() => {
      if (name === 'kraken') atOnce--
      if (fault) return lie(fault, { name, pair }, response)
      response.end(JSON.stringify(answerOf(name, pair, books.get(name)![PAIRS[pair]!])))
    })
  }

  const server = createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // A TCP server's address is never a string.
  return {
    urls: Object.fromEntries(PRICE_SOURCES.map((name) => [name, `http://127.0.0.1:${port}/${name}`])),
    /** The European Central Bank, which has no file until it is given one. */
    ecb: `http://127.0.0.1:${port}/ecb`,
    publish: (days: Readonly<Record<string, Readonly<Record<string, string>>>> | string) => {
      reference = typeof days === 'string' ? days : referenceFile(days)
    },
    asked,
    /** How many requests of one exchange were open at once. */
    atOnce: () => atOnceMost,
    set: (market: keyof Markets, book: Book, names: readonly PriceSourceName[] = PRICE_SOURCES) => {
      for (const name of names) books.get(name)![market] = book
    },
    fault: (name: PriceSourceName, fault: Fault | undefined) => (fault ? faults.set(name, fault) : faults.delete(name)),
    /** Their own clocks are so far behind. */
    sayOld: (ms: number) => {
      saidBehindMs = ms
    },
  }
}

/** As the European Central Bank writes it. */
function referenceFile(days: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const cubes = Object.entries(days).map(([date, rates]) => {
    const rows = Object.entries(rates).map(([code, rate]) => `<Cube currency='${code}' rate='${rate}'/>`)
    return `<Cube time='${date}'>${rows.join('')}</Cube>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
<Cube>${cubes.join('')}</Cube></gesmes:Envelope>`
}
