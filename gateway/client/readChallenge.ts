import { z } from 'zod'
import { USD } from '../money/asset.ts'
import { type Money, money } from '../money/money.ts'

/** A 402 with a longer body is not read as a challenge of ours; its headers still count. */
export const CHALLENGE_BODY_BYTES_MAX = 65_536

const units = z.string().regex(/^(0|[1-9][0-9]{0,77})$/)
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)

const requirement = z.object({
  scheme: z.string(),
  network: z.string(),
  amount: units,
  asset: z.string(),
  payTo: z.string(),
  maxTimeoutSeconds: z.number().int().positive(),
  extra: z
    .looseObject({ name: z.string().optional(), version: z.string().optional(), assetTransferMethod: z.string().optional() })
    .optional(),
})
const exactRequirement = requirement.extend({
  asset: address,
  payTo: address,
  extra: z.looseObject({ name: z.string(), version: z.string() }),
})
const paymentRequired = z.looseObject({
  x402Version: z.literal(2),
  resource: z.unknown().optional(),
  accepts: z.array(z.unknown()).max(64),
})
const body = z.object({
  offers: z.array(z.object({ rail: z.string(), price: z.object({ asset: z.string(), units }) })).max(64),
})

/** An entry of `accepts` that an EIP-3009 authorization can pay; `echo` is the entry exactly as it was sent. */
export type ExactRequirement = z.infer<typeof exactRequirement> & Readonly<{ chainId: number; echo: unknown }>

/** What a 402 asks, read from our JSON body and the standard headers. `stated` is the server's word on what each rail costs in full, in USD. */
export type Challenge = Readonly<{
  url: string
  origin: string
  stated: Readonly<Partial<Record<string, Money>>>
  x402?: Readonly<{ resource: unknown; accepts: readonly ExactRequirement[] }>
  l402?: Readonly<{ token: string; invoice: string }>
  /** The request carries its own Authorization, so that header is not free for a proof. */
  authorizationTaken: boolean
}>

/** Reads a 402; undefined when it asks for no payment that could be understood. */
export async function readChallenge(response: Response, o: { url: string; authorizationTaken: boolean }): Promise<Challenge | undefined> {
  const stated = readBody(await boundedText(response.clone()))
  const x402 = readPaymentRequired(response.headers.get('payment-required'))
  const l402 = readL402(response.headers.get('www-authenticate') ?? '')
  if (!x402 && !l402 && !stated) return undefined
  const { origin } = new URL(o.url)
  return { ...o, origin, stated: stated ?? {}, ...(x402 ? { x402 } : {}), ...(l402 ? { l402 } : {}) }
}

function readBody(text: string | undefined): Record<string, Money> | undefined {
  const parsed = body.safeParse(parseJson(text ?? ''))
  if (!parsed.success) return undefined
  const stated: Record<string, Money> = {}
  for (const { rail, price } of parsed.data.offers) if (price.asset === USD.id) stated[rail] = money(USD, BigInt(price.units))
  return stated
}

function readPaymentRequired(header: string | null): Challenge['x402'] | undefined {
  if (!header) return undefined
  const parsed = paymentRequired.safeParse(parseJson(Buffer.from(header, 'base64').toString('utf8')))
  if (!parsed.success) return undefined
  const accepts = parsed.data.accepts.flatMap((echo): ExactRequirement[] => {
    const entry = exactRequirement.safeParse(echo)
    if (!entry.success || entry.data.scheme !== 'exact') return []
    const method = entry.data.extra.assetTransferMethod ?? 'eip3009'
    const chain = /^eip155:([1-9][0-9]{0,14})$/.exec(entry.data.network)
    return chain && method === 'eip3009' ? [{ ...entry.data, chainId: Number.parseInt(chain[1]!, 10), echo }] : []
  })
  return { resource: parsed.data.resource, accepts }
}

/** The L402 challenge wherever it stands in the joined header; `token` is the newer name of `macaroon`. */
function readL402(header: string): Challenge['l402'] | undefined {
  const start = /(?:^|,)\s*(?:L402|LSAT)\s+(.*)$/is.exec(header)
  if (!start) return undefined
  const values = new Map<string, string>()
  for (const [, name, value] of start[1]!.matchAll(/([A-Za-z0-9_]+)="([^"]*)"/g)) if (!values.has(name!)) values.set(name!, value!)
  const token = values.get('macaroon') ?? values.get('token')
  const invoice = values.get('invoice')
  return token && invoice ? { token, invoice } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Other servers' 402 bodies are often no JSON; the headers speak then.
    return undefined
  }
}

/** The text of a copy of the response; undefined when it is longer than the bound. The original stays readable for the caller. */
async function boundedText(copy: Response): Promise<string | undefined> {
  if (!copy.body) return undefined
  const reader = copy.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks).toString('utf8')
    size += value.length
    if (size > CHALLENGE_BODY_BYTES_MAX) {
      // Not awaited: cancelling one of two branches waits for the other (WHATWG Streams, tee), which is the caller's.
      reader.cancel().catch(() => undefined)
      return undefined
    }
    chunks.push(value)
  }
}
