import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import { type Finish, type Finished, finishRun } from './finishRun.ts'
import { createGatewayCalls, type GatewayAddress } from './gatewayCalls.ts'
import { createAnswerKeeper } from './keepAnswers.ts'
import { createLostAttempts } from './lostAttempts.ts'
import type { Meter } from './meter.ts'
import { meterFor } from './meteredAnswer.ts'
import { passOnWire } from './pass.ts'
import { type Priced, priceOf } from './price.ts'
import { problemReply } from './problem.ts'
import type { AdmissionCall, Reply, RunOrder } from './wire.ts'

/** A request as a framework tells of it. `bodyDigest`: SHA-256 in hex, undefined where there is no body or none that can be read before the work. */
export type Asked<R> = Readonly<{
  request: R
  method: string
  /** As the payer knows it, from the scheme on. */
  url: string
  route: string
  header: (name: string) => string | undefined
  bodyDigest: () => Promise<string | undefined>
  from?: string | undefined
  /** Its framework told us of the route, so that it stands in the documents unless its seller keeps it out. */
  isRouted?: boolean
}>

/** `run`: call `finish` with the answer before the payer sees any of it. */
export type Entry =
  | Readonly<{ kind: 'free' }>
  | Readonly<{ kind: 'reply'; reply: Reply }>
  | Readonly<{ kind: 'run'; finish: Finish; meter?: Meter }>

const LOG_AGAIN_MS = 10_000

export type Paywall = ReturnType<typeof createPaywall>

/** The gateway's paywall, as a seller elsewhere has it. It never throws: what goes wrong is a reply for the payer and a line for the seller. */
export function createPaywall(o: GatewayAddress & Readonly<{ log: (line: string) => void }>) {
  const log = sparing(o.log)
  const calls = createGatewayCalls(o)
  const keeper = createAnswerKeeper({ calls, log })
  const lost = createLostAttempts()

  async function admit<R>(priced: Priced<R>, asked: Asked<R>): Promise<Entry> {
    const price = await priceOf(priced, asked.request)
    if (price === 'free') return { kind: 'free' }
    const paid = paymentHeaders(asked.header)
    const paying = Object.keys(paid).length > 0
    const headers = withWishes(paid, asked.header)
    if (paying && keeper.isFull()) throw new GatewayError('gateway_unreachable', 'Too many answers wait for the gateway')
    const priceOfRequest = typeof priced.price === 'function'
    const digest = paying || priceOfRequest ? await asked.bodyDigest() : undefined
    const { method, url, from, route } = asked
    const sent = { ...headers, ...signatureHeaders(asked.header), ...(paying ? {} : browserHeaders(method, asked.header)) }
    const identity = JSON.stringify([method, url, headers, digest])
    const attempt = lost.take(identity) ?? crypto.randomUUID()
    const call: AdmissionCall = {
      attempt,
      request: { method, url, route: priced.route ?? route, headers: sent, ...(digest && { body_digest: digest }), ...(from && { from }) },
      price: 'upto' in price ? { ...price.upto, upto: true } : price,
      price_of: priceOfRequest ? 'request' : 'route',
      ...termsIn(priced, asked.isRouted),
    }
    try {
      const reply = await calls.admit(call)
      if (reply.kind === 'run') {
        const meter = 'upto' in price ? meterFor(price, reply) : undefined
        const run = { order: reply, attempt, meter, keeper, log }
        return { kind: 'run', finish: (answer) => finishRun(run, answer), ...(meter && { meter: meter.meter }) }
      }
      return reply.kind === 'open' ? { kind: 'run', finish: giving(reply.headers) } : { kind: 'reply', reply }
    } catch (error) {
      if (!paying || !isGatewayError(error, 'gateway_unreachable')) throw error
      // It may have claimed the payment: the same payer's next request asks under the same name, and may run.
      lost.put(identity, attempt)
      log(error.message)
      throw new GatewayError('outcome_unknown', error.shortMessage, { cause: error })
    }
  }

  return {
    async admit<R>(priced: Priced<R>, asked: Asked<R>): Promise<Entry> {
      try {
        return await admit(priced, asked)
      } catch (error) {
        if (!isGatewayError(error)) throw error
        if (error.code !== 'outcome_unknown') log(error.message)
        return { kind: 'reply', reply: problemReply(forPayer(error)) }
      }
    },
    settled: keeper.settled,
  }
}

/** What is said of a route beside its price; `listed`: indexers may show it, and learn how it is called. */
function termsIn<R>(priced: Priced<R>, isRouted = false): Omit<AdmissionCall, 'attempt' | 'request' | 'price' | 'price_of'> {
  const { split, payee, description, listed, example, agents, answerWithinS, pass } = priced
  const isListed = listed === undefined ? isRouted : listed !== false
  return {
    ...(split !== undefined && { split }),
    ...(payee !== undefined && { payee }),
    ...(description !== undefined && { description }),
    ...(isListed && { listed: example === undefined ? {} : { example } }),
    ...(agents !== undefined && { agents }),
    ...(pass !== undefined && { pass: passOnWire(pass) }),
    ...(answerWithinS !== undefined && { answer_within_s: answerWithinS }),
  }
}

/** Nobody has to be told of the answer. */
function giving(headers: RunOrder['headers']['served']): () => Promise<Finished> {
  return async () => ({ kind: 'give', headers })
}

/** What the seller has to change is no business of the payer's. */
function forPayer(error: GatewayError): GatewayError {
  if (error.code === 'outcome_unknown') return error
  return new GatewayError(error.code, error.title)
}

/** What the payer says that it pays by, and in which spelling it reads, goes along and pays nothing. */
function withWishes(paid: Record<string, string>, header: (name: string) => string | undefined): Record<string, string> {
  const said = ['accept-payment', 'switchyard-version'].flatMap((name) => {
    const value = header(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...paid, ...Object.fromEntries(said) }
}

/** The headers that pay, and no others: what else the app knows its users by is not the gateway's to see. */
function paymentHeaders(header: (name: string) => string | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  const [signature, authorization, key] = [header('payment-signature'), header('authorization'), header('idempotency-key')]
  if (signature !== undefined) found['payment-signature'] = signature
  if (signature !== undefined && key !== undefined) found['idempotency-key'] = key
  if (authorization === undefined) return found
  const pays = /^\s*(?:Payment|L402|LSAT)(?:\s|$)/i.test(authorization)
  const balance = /^Bearer +sk_/i.test(authorization)
  if (pays || balance) found.authorization = authorization
  if ((pays || balance) && key !== undefined) found['idempotency-key'] = key
  return found
}

/** By which an agent says who it is: not what pays, so another one is not another request. */
function signatureHeaders(header: (name: string) => string | undefined): Record<string, string> {
  const input = header('signature-input')
  if (input === undefined) return {}
  const [signature, agent] = [header('signature'), header('signature-agent')]
  return {
    'signature-input': input,
    ...(signature !== undefined && { signature }),
    ...(agent !== undefined && { 'signature-agent': agent }),
  }
}

/** What a browser likes to read, which is shown the 402 as a page. */
function browserHeaders(method: string, header: (name: string) => string | undefined): Record<string, string> {
  const [accept, language] = [header('accept'), header('accept-language')]
  if (method !== 'GET' || !accept?.includes('text/html')) return {}
  return { accept, ...(language !== undefined && { 'accept-language': language }) }
}

/** The same line is not said to the seller for every request. */
function sparing(log: (line: string) => void): (line: string) => void {
  let last = ''
  let at = 0
  return (line) => {
    if (line === last && Date.now() < at + LOG_AGAIN_MS) return
    last = line
    at = Date.now()
    log(line)
  }
}
