import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import type { PublicHttp } from '../../gateway/ports/publicHttp.ts'
import { getOnce, type OneAnswer } from './getOnce.ts'
import { type Lookup, publicAddresses, systemLookup } from './resolveHost.ts'

type PublicHttpOptions = Readonly<{
  /** Hosts with their ports, such as `127.0.0.1:8402`, that may be private and are called in plain HTTP: a local network's own, nobody else's. */
  localHosts?: readonly string[]
  bytesMax?: number
  deadlineMs?: number
  redirectsMax?: number
  /** Who resolves names; the system when absent. */
  lookup?: Lookup
}>

/** An LNURL answer is some hundred bytes; a thumbnail inside one may not be larger than this. */
const BYTES_MAX = 16_384
/** For the whole of it: names, connections, redirects, body. */
const DEADLINE_MS = 5_000
const REDIRECTS_MAX = 3
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]

/** Opens the way to servers that strangers name. */
export function openPublicHttp(options: PublicHttpOptions = {}): PublicHttp {
  const local = new Set((options.localHosts ?? []).map((host) => host.toLowerCase()))
  const { bytesMax = BYTES_MAX, deadlineMs = DEADLINE_MS, redirectsMax = REDIRECTS_MAX, lookup = systemLookup } = options
  const isLocal = (host: string) => local.has(host.toLowerCase())

  async function call(url: URL, signal: AbortSignal): Promise<OneAnswer> {
    const own = isLocal(url.host)
    refuseSpelling(url, own)
    const addresses = own ? undefined : await within(publicAddresses(url.hostname, lookup), signal, url)
    return getOnce(url, { addresses, signal, bytesMax })
  }

  return {
    isLocal,
    async get(first, o = {}) {
      const deadline = AbortSignal.timeout(deadlineMs)
      const signal = o.signal ? AbortSignal.any([o.signal, deadline]) : deadline
      let url = first
      for (let redirects = 0; redirects <= redirectsMax; redirects++) {
        const { status, location, body } = await call(url, signal)
        if (!REDIRECTS.includes(status) || location === undefined) return { status, url, body }
        if (!URL.canParse(location, url)) throw new GatewayError('destination_unreachable', `${url.host} redirects to what is no URL`)
        url = new URL(location, url)
      }
      throw new GatewayError('destination_unreachable', `${first.host} redirects more than ${redirectsMax} times`)
    },
  }
}

/** Throws `destination_forbidden` for a URL that carries a login, or is not over TLS where it is not the operator's own. */
export function refuseSpelling(url: URL, own: boolean): void {
  if (url.username !== '' || url.password !== '') throw new GatewayError('destination_forbidden', `The URL of ${url.host} carries a login`)
  if (url.protocol === 'https:' || (own && url.protocol === 'http:')) return
  throw new GatewayError('destination_forbidden', `${url.host} is called over ${url.protocol.slice(0, 20)} and not over https`)
}

/** A look-up cannot be stopped, but it need not be waited for. */
export function within<T>(work: Promise<T>, signal: AbortSignal, url: URL): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new GatewayError('destination_unreachable', `${url.host} did not answer in time`))
    if (signal.aborted) return late()
    signal.addEventListener('abort', late, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late))
  })
}
