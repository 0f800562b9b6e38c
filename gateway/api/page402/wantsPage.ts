import type { IncomingHttpHeaders } from 'node:http'
import { readPreferences } from '../html/preferences.ts'

/** What programs say by: who sends one of these pays, or says how, and reads headers and JSON. */
const OF_PROGRAMS = ['authorization', 'payment-signature', 'x-payment', 'accept-payment', 'signature-agent'] as const
const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/problem+json', 'application/*'])

type Asked = Readonly<{ method: string; headers: IncomingHttpHeaders }>

/** Whether a person asks, by a browser: it names `text/html` and likes no JSON as well (RFC 9110, section 12.5.1). A client that takes anything gets none. */
export function wantsPage({ method, headers }: Asked): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  if (typeof headers.accept !== 'string' || OF_PROGRAMS.some((name) => headers[name] !== undefined)) return false
  const named = readPreferences(headers.accept)
  const html = named.find(({ name }) => name === 'text/html')?.weight ?? 0
  return html > 0 && !named.some(({ name, weight }) => JSON_TYPES.has(name) && weight >= html)
}
