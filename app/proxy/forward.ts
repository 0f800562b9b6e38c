import * as http from 'node:http'
import * as https from 'node:https'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { USD } from '../../gateway/money/asset.ts'
import { type Money, money, parseAmount } from '../../gateway/money/money.ts'
import type { Meter } from '../../gateway/seller/meter.ts'
import { headersToPayer, headersToService } from './passedHeaders.ts'

/** Many servers close a silent connection after five seconds; one that is older may just be ending. */
const IDLE_MS = 4_000

/** The service says here what its work has used, in dollars: in a header of its answer, in a trailer, or in both, which is the sum. */
const USED = 'switchyard-used'

/**
 * `withinMs`: until the service begins its answer. `paid`: its work goes on when the payer has gone, who may ask again for what it has paid. `meter`: of work
 * that is paid by its use.
 */
type Forward = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
  o: Readonly<{ withinMs: number; paid: boolean; meter?: Meter | undefined }>,
) => Promise<void>
export type Forwarder = Readonly<{
  forward: Forward
  /** The request to the service, not ended. */
  ask: (request: http.IncomingMessage, upgrade?: string) => http.ClientRequest
  close: () => void
}>

/** Hands requests to the service behind `upstream` and its answers back, both as they come. */
export function createForwarder(upstream: URL): Forwarder {
  const secure = upstream.protocol === 'https:'
  const agent = secure ? new https.Agent({ keepAlive: true, timeout: IDLE_MS }) : new http.Agent({ keepAlive: true, timeout: IDLE_MS })
  const { request: send } = secure ? https : http
  const base = upstream.pathname.replace(/\/$/, '')
  const place = { hostname: upstream.hostname.replace(/^\[|\]$/g, ''), port: upstream.port || (secure ? 443 : 80) }

  function ask(request: http.IncomingMessage, upgrade?: string): http.ClientRequest {
    const headers = headersToService(request, { host: upstream.host, ...(upgrade === undefined ? {} : { upgrade }) })
    const path = `${base}${request.url ?? '/'}`
    return send({ ...place, method: request.method ?? 'GET', path, headers, ...(upgrade === undefined ? { agent } : { agent: false }) })
  }

  /** Ends with the answer; throws `upstream_unreachable` where the service gave none or broke off. */
  const forward: Forward = (request, response, { withinMs, paid, meter }) =>
    new Promise((resolve, reject) => {
      const asked = ask(request)
      const fail = (why: string) => {
        clearTimeout(timer)
        reject(new GatewayError('upstream_unreachable', `The service at ${upstream.origin} ${why}`))
        asked.destroy()
      }
      const timer = setTimeout(() => fail(`did not begin its answer within ${withinMs} ms`), withinMs)
      // Each stage may fail again when it is ended; the first word counts.
      asked.on('error', (error) => fail(`does not answer: ${'code' in error ? error.code : error.message}`))
      request.on('error', () => fail('was not sent the whole request'))
      if (!paid) response.once('close', () => asked.destroy())
      asked.once('response', (answer) => {
        clearTimeout(timer)
        answer.on('error', () => fail('broke off its answer'))
        answer.once('close', () => (answer.complete || response.destroyed ? resolve() : fail('broke off its answer')))
        const used = usedIn(answer.headers[USED])
        if (meter && used === 'unclear') return fail(`says in ${USED} what is no amount of dollars`)
        if (meter && used !== 'unclear') meter.add(used)
        answer.once('end', () => {
          const more = usedIn(answer.trailers[USED])
          if (meter && more !== 'unclear') meter.add(more)
        })
        handOn(answer, response)
      })
      request.pipe(asked)
    })

  return { forward, ask, close: () => agent.destroy() }
}

/** Nothing where nothing is said. */
function usedIn(said: string | string[] | undefined): Money | 'unclear' {
  if (said === undefined) return money(USD, 0n)
  try {
    return parseAmount(String(said), USD)
  } catch (error) {
    if (!isGatewayError(error)) throw error
    return 'unclear'
  }
}

/** Writes the answer as it comes. One that is held while its payer goes is read on, until it is known to be kept or to be too long. */
function handOn(answer: http.IncomingMessage, response: http.ServerResponse): void {
  let gone = false
  response.statusCode = answer.statusCode ?? 502
  response.statusMessage = answer.statusMessage ?? ''
  for (const [name, values] of headersToPayer(answer))
    if (name !== USED) response.setHeader(name, values.length === 1 ? values[0]! : values)
  // Of an answer that was held `drain` says that it is no longer.
  response.on('drain', () => (gone ? answer.destroy() : answer.resume()))
  response.on('error', () => answer.destroy())
  response.once('close', () => {
    gone = true
    if (response.headersSent) answer.destroy()
    else answer.resume()
  })
  answer.on('data', (chunk: Buffer) => {
    if (!response.write(chunk)) answer.pause()
  })
  answer.once('end', () => response.end())
}
