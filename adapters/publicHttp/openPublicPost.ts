import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import type { PostAnswer, PublicPost } from '../../gateway/ports/publicHttp.ts'
import { refuseSpelling, within } from './openPublicHttp.ts'
import { type Address, type Lookup, publicAddresses, systemLookup } from './resolveHost.ts'

type PublicPostOptions = Readonly<{
  /** Hosts with their ports that may be private and are called in plain HTTP; `all` on a local network. */
  localHosts?: readonly string[] | 'all'
  deadlineMs?: number
  lookup?: Lookup
}>

/** For the whole of it: names, connection, answer. */
const DEADLINE_MS = 15_000
/** Of an answer. What is longer is cut off, and its connection with it. */
const BYTES_MAX = 4_096
/** Connections that nobody uses: so many of a host, for so long. */
const [FREE_MAX, FREE_MS] = [8, 5_000]

/** Opens the way for messages to servers that strangers name. */
export function openPublicPost({ localHosts = [], deadlineMs = DEADLINE_MS, lookup = systemLookup }: PublicPostOptions = {}): PublicPost {
  const local = new Set(localHosts === 'all' ? [] : localHosts.map((host) => host.toLowerCase()))
  const isLocal = (host: string) => localHosts === 'all' || local.has(host.toLowerCase())
  const kept = { keepAlive: true, maxFreeSockets: FREE_MAX, timeout: FREE_MS }
  const agents = { plain: new PlainAgent(kept), tls: new TlsAgent(kept) }

  async function check(url: URL): Promise<void> {
    const own = isLocal(url.host)
    refuseSpelling(url, own)
    if (!own) await within(publicAddresses(url.hostname, lookup), AbortSignal.timeout(deadlineMs), url)
  }

  return {
    check,
    async post(url, { headers, body }) {
      const own = isLocal(url.host)
      refuseSpelling(url, own)
      // An address is judged here, a name as it is looked up for each new connection, which goes to what was judged and nowhere else.
      if (!own && isIP(bare(url.hostname)) !== 0) await publicAddresses(url.hostname, lookup)
      const signal = AbortSignal.timeout(deadlineMs)
      const length = Buffer.byteLength(body)
      const shared = {
        method: 'POST',
        signal,
        headers: { ...headers, 'content-length': length, 'accept-encoding': 'identity', 'user-agent': 'switchyard' },
        ...(own ? {} : { lookup: judging(lookup) }),
      }
      const request =
        url.protocol === 'https:'
          ? tlsRequest(url, { ...shared, agent: agents.tls })
          : plainRequest(url, { ...shared, agent: agents.plain })
      request.end(body)
      return answerOf(request, { host: url.host, signal })
    },
    close() {
      agents.plain.destroy()
      agents.tls.destroy()
    },
  }
}

/** A look-up for a connection that answers public addresses only. */
function judging(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    const take = (addresses: readonly Address[]) =>
      options.all ? callback(null, [...addresses]) : callback(null, addresses[0]!.address, addresses[0]!.family)
    publicAddresses(hostname, lookup).then(take, (error: Error) => callback(error, ''))
  }
}

function answerOf(request: ClientRequest, { host, signal }: Readonly<{ host: string; signal: AbortSignal }>): Promise<PostAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<PostAnswer>()
  const fail = (cause: Error) => {
    if (isGatewayError(cause)) return reject(cause)
    const what = signal.aborted ? 'did not answer in time' : `cannot be reached${'code' in cause ? ` (${String(cause.code)})` : ''}`
    reject(new GatewayError('destination_unreachable', `${host} ${what}`, { cause }))
  }
  request.on('error', fail)
  // Without somebody who hears it, Node ends the connection and says so to nobody.
  request.on('upgrade', (_, socket) => {
    socket.destroy()
    reject(new GatewayError('destination_unreachable', `${host} changed to another protocol`))
  })
  request.on('response', (response) => {
    const chunks: Buffer[] = []
    let size = 0
    const done = () => resolve(answered(response, Buffer.concat(chunks)))
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size <= BYTES_MAX) return
      done()
      request.destroy()
    })
    response.on('error', fail)
    response.on('end', done)
  })
  return promise
}

function answered({ statusCode = 0, headers }: IncomingMessage, bytes: Buffer): PostAnswer {
  return { status: statusCode, retryAfter: headers['retry-after'], body: bytes.subarray(0, BYTES_MAX).toString('utf8') }
}

/** As WHATWG URLs write it, IPv6 in brackets. */
function bare(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
