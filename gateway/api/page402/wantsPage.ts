import type { IncomingHttpHeaders } from 'node:http'

/** More than any browser sends. */
const READ_MAX = 20
/** What programs say by: who sends one of these pays, or says how, and reads headers and JSON. */
const OF_PROGRAMS = ['authorization', 'payment-signature', 'x-payment', 'accept-payment', 'signature-agent'] as const
const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/problem+json', 'application/*'])

type Asked = Readonly<{ method: string; headers: IncomingHttpHeaders }>

/** Whether a person asks, by a browser: it names `text/html` and likes no JSON as well (RFC 9110, section 12.5.1). A client that takes anything gets none. */
export function wantsPage({ method, headers }: Asked): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (typeof headers.accept !== 'string' || OF_PROGRAMS.some((name) => headers[name] !== undefined)) return false
  const named = headers.accept.split(',', READ_MAX).map(readRange)
  const html = named.find(({ type }) => type === 'text/html')?.weight ?? 0
  return html > 0 && !named.some(({ type, weight }) => JSON_TYPES.has(type) && weight >= html)
}

function readRange(part: string): Readonly<{ type: string; weight: number }> {
  const [type = '', ...parameters] = part.trim().toLowerCase().split(';')
  const q = parameters.map((one) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(one)?.[1]).find((weight) => weight !== undefined)
  return { type: type.trim(), weight: q === undefined ? 1 : Number.parseFloat(q) } // not money: a weight
}
