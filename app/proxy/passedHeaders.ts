/** What is for one line and not for the next (RFC 9110, section 7.6.1), and what begins a body that is not there yet. */
const HOP_BY_HOP = new Set(
  'connection,keep-alive,proxy-connection,proxy-authenticate,proxy-authorization,te,trailer,transfer-encoding,upgrade,expect'.split(','),
)
/** With these a service would do something else than what was looked up and paid for. */
const OTHER_REQUEST = new Set('x-http-method-override,x-http-method,x-method-override,x-original-url,x-rewrite-url'.split(','))
/** What a proxy says itself. */
const OWN = new Set('host,forwarded,x-forwarded-for,x-forwarded-host,x-forwarded-proto'.split(','))

type Asked = Readonly<{
  rawHeaders: readonly string[]
  headers: Readonly<Record<string, string | string[] | undefined>>
  method?: string | undefined
  socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean }
}>

/** The headers of a request as the service gets them: names and values in turn. What pays is not the service's to see: a key of a balance is money. */
export function headersToService(request: Asked, o: { host: string; upgrade?: string }): string[] {
  const named = namedByConnection(request.headers.connection)
  const passed = pairs(request.rawHeaders).filter(([name, value]) => {
    const low = name.toLowerCase()
    if (HOP_BY_HOP.has(low) || named.has(low) || OTHER_REQUEST.has(low) || OWN.has(low)) return false
    return low !== 'payment-signature' && !(low === 'authorization' && /^\s*(?:Payment|L402|LSAT|Bearer +sk_)/i.test(value))
  })
  const { host = '', 'transfer-encoding': coding, 'content-length': length } = request.headers
  const added: [string, string][] = [
    ['Host', o.host],
    ['X-Forwarded-For', request.socket.remoteAddress ?? ''],
    ['X-Forwarded-Host', String(host)],
    ['X-Forwarded-Proto', request.socket.encrypted ? 'https' : 'http'],
  ]
  if (coding !== undefined) added.push(['Transfer-Encoding', 'chunked'])
  // Node would announce a body of unknown length.
  else if (length === undefined && !/^(?:GET|HEAD|OPTIONS|DELETE)$/.test(request.method ?? '')) added.push(['Content-Length', '0'])
  added.push(
    ...(o.upgrade === undefined
      ? []
      : ([
          ['Connection', 'Upgrade'],
          ['Upgrade', o.upgrade],
        ] satisfies [string, string][])),
  )
  return [...passed, ...added].flat()
}

/** The headers of an answer as the payer gets them: all values of each name. */
export function headersToPayer(answer: Pick<Asked, 'rawHeaders' | 'headers'>): ReadonlyMap<string, readonly string[]> {
  const named = namedByConnection(answer.headers.connection)
  const found = new Map<string, string[]>()
  for (const [name, value] of pairs(answer.rawHeaders)) {
    const low = name.toLowerCase()
    if (!HOP_BY_HOP.has(low) && !named.has(low)) found.set(low, [...(found.get(low) ?? []), value])
  }
  return found
}

function namedByConnection(connection: string | string[] | undefined): ReadonlySet<string> {
  return new Set(
    String(connection ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  )
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : [])) as [string, string][] // Names and values in turn.
}
