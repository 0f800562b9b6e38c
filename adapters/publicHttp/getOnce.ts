import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { Address } from './resolveHost.ts'

/** One answer, not followed: the next place when it is a redirect. */
export type OneAnswer = Readonly<{ status: number; location: string | undefined; body: string }>

type Options = Readonly<{
  /** The only addresses that may be connected to; undefined leaves the name to the system, for hosts that the operator trusts. */
  addresses: readonly Address[] | undefined
  signal: AbortSignal
  bytesMax: number
}>

/** GETs one URL from pinned addresses. The body is cut off, as an error, when it grows beyond the limit; compression is not asked for, so it cannot swell. */
export function getOnce(url: URL, o: Options): Promise<OneAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<OneAnswer>()
  const fail = (what: string, cause?: unknown) =>
    reject(new GatewayError('destination_unreachable', `${url.host} ${what}`, cause === undefined ? {} : { cause }))
  const shared = {
    method: 'GET',
    agent: false as const,
    signal: o.signal,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'switchyard' },
    ...(o.addresses ? { lookup: pinned(o.addresses) } : {}),
  }
  const request = url.protocol === 'https:' ? tlsRequest(url, shared) : plainRequest(url, shared)
  request.on('error', (error) => fail(o.signal.aborted ? 'did not answer in time' : 'cannot be reached', error))
  // Without somebody who hears it, Node ends the connection and says so to nobody.
  request.on('upgrade', (_, socket) => {
    socket.destroy()
    fail('changed to another protocol')
  })
  request.on('response', (response) => {
    const encoding = response.headers['content-encoding']
    if (encoding !== undefined && encoding !== 'identity') {
      fail(`answers in the encoding ${encoding.slice(0, 20)}, which was not asked for`)
      return request.destroy()
    }
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > o.bytesMax) {
        fail(`answers with more than ${o.bytesMax} bytes`)
        request.destroy()
      } else chunks.push(chunk)
    })
    response.on('error', (error) => fail(o.signal.aborted ? 'did not answer in time' : 'broke off its answer', error))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, location: response.headers.location, body: Buffer.concat(chunks).toString('utf8') }),
    )
  })
  request.end()
  return promise
}

/** A look-up that knows one answer: what was judged is what is connected to, whatever the name means a moment later (DNS rebinding). */
function pinned(addresses: readonly Address[]): LookupFunction {
  return (_, options, callback) => {
    if (options.all) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
}
