import { z } from 'zod'
import { catalog, type ErrorCode } from '../errors/catalog.ts'
import { GatewayError, isGatewayError } from '../errors/gatewayError.ts'
import type { Hex } from '../ports/ids.ts'

/** Where vouchers go: a gateway's address, and how to reach it. */
export type VoucherChannelServer = Readonly<{ url: string; fetch: (url: string, init: RequestInit) => Promise<Response> }>

/** The same request is sent so often before its outcome is handed back as unknown; every request here may be repeated. */
const SENDS_MAX = 4
const SEND_TIMEOUT_MS = 30_000
const PAUSE_MS = 250

const hex = z.string().regex(/^0x[0-9a-fA-F]+$/)
const terms = z.object({
  data: z.array(
    z.object({
      rail: z.string(),
      chain_id: z.int(),
      hub: hex,
      split_id: hex,
      closer: hex,
      token: z.object({ address: hex, name: z.string(), version: z.string() }),
    }),
  ),
})

/** What a server asks a payer to sign for on one chain. Whether that is trusted, the payer says. */
export async function readTerms(server: VoucherChannelServer, split: string, rail: string | undefined) {
  const { data } = terms.parse(await ask(server, 'GET', `/v1/splits/${split}/channel_terms`))
  const found = data.find((place) => rail === undefined || place.rail === rail)
  if (!found) throw new GatewayError('no_payable_offer', `The split has no channels on ${rail ?? 'any chain'}`)
  const lower = (text: string) => text.toLowerCase() as Hex // Matched by the pattern.
  const token = { ...found.token, address: lower(found.token.address) }
  return {
    rail: found.rail,
    chainId: found.chain_id,
    token,
    hub: lower(found.hub),
    splitId: lower(found.split_id),
    closer: lower(found.closer),
  }
}

/** One call; the very same again when the network fails or the gateway is busy. Throws the refusal, or `outcome_unknown` when no answer came. */
export async function ask(
  server: VoucherChannelServer,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  let failure: unknown
  for (let sends = 1; sends <= SENDS_MAX; sends++) {
    try {
      const response = await server.fetch(`${server.url}${path}`, { ...sent, method, signal: AbortSignal.timeout(SEND_TIMEOUT_MS) })
      const json = (await response.json()) as Record<string, unknown> // Read as a record; each use looks at what it needs.
      if (response.ok) return json
      const refusal = refusalOf(json, response.status)
      if (response.status !== 429 && response.status !== 503) throw refusal
      failure = refusal
    } catch (error) {
      if (isGatewayError(error)) throw error
      failure = error
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (sends - 1)))
  }
  throw new GatewayError('outcome_unknown', `${method} ${path} was sent ${SENDS_MAX} times without an answer`, { cause: failure })
}

function refusalOf(problem: Record<string, unknown>, status: number): GatewayError {
  const { code, detail, hint, meta } = problem
  const known = typeof code === 'string' && code in catalog ? (code as ErrorCode) : 'payment_declined'
  return new GatewayError(known, typeof detail === 'string' ? detail : `The server answered ${status}`, {
    ...(typeof hint === 'string' ? { hint } : {}),
    ...(typeof meta === 'object' && meta !== null ? { meta: { ...meta } } : {}),
  })
}
