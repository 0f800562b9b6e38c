import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { usd } from '../../gateway/money/dollars.ts'

/** Readable by others than its owner. */
const OTHERS = 0o077
const HINT = 'docs/agents.md has a whole file.'

/** Text, or `$NAME` for what the environment has under that name. */
const text = z.string().min(1)
const dollars = z.string().transform((amount, context) => {
  try {
    return usd(amount)
  } catch (error) {
    if (!isGatewayError(error)) throw error
    context.addIssue({ code: 'custom', message: `"${amount}" is no amount of dollars, such as "0.05"` })
    return z.NEVER
  }
})

const shape = z.strictObject({
  /** What may be spent: on one request, in any 24 hours, and where. */
  budget: z.strictObject({ perRequest: dollars, perDay: dollars, sites: z.array(z.string()).min(1) }),
  /** What one request may cost when the client cannot ask its person. Nothing, unless it is said here. */
  unattended: dollars.optional(),
  /** The folder that remembers what was spent, beside the file. */
  store: z.string().min(1).default('./agent-spent'),
  wallets: z
    .strictObject({
      evm: z
        .strictObject({
          privateKey: text,
          tokens: z
            .array(
              z.strictObject({
                chainId: z.int().positive(),
                address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'is no address'),
                scale: z.int().min(0).max(36),
                name: z.string().optional(),
                version: z.string().optional(),
              }),
            )
            .min(1)
            .optional(),
        })
        .optional(),
      nwc: text.optional(),
      lnd: z.strictObject({ url: z.url(), macaroon: text }).optional(),
      /** What a bitcoin is worth: needed for Lightning. */
      dollarsPerBitcoin: z.string().optional(),
      balance: z.strictObject({ apiKey: text, gateways: z.array(z.url()).min(1) }).optional(),
    })
    .refine(({ evm, nwc, lnd, balance }) => evm || nwc || lnd || balance, { message: 'names no wallet: evm, nwc, lnd or balance' })
    .refine(({ nwc, lnd, dollarsPerBitcoin }) => dollarsPerBitcoin !== undefined || !(nwc || lnd), {
      message: 'says not what a bitcoin is worth: add dollarsPerBitcoin, such as "97000"',
    }),
})

export type AgentConfig = z.infer<typeof shape>

/** Reads the configuration of an agent's payer. Throws `unsafe_configuration` with all that is wrong with it. */
export function readAgentConfig(file: string, env: Readonly<Record<string, string | undefined>>): AgentConfig {
  const path = resolve(file)
  const readable = statSync(path).mode & OTHERS
  if (readable !== 0 && process.platform !== 'win32') {
    throw new GatewayError('unsafe_configuration', `${path} can be read by others, and what pays is in it`, { hint: `chmod 600 ${path}` })
  }
  const missing: string[] = []
  const filled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(filled)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part)]))
    const name = typeof value === 'string' ? /^\$([A-Z][A-Z0-9_]*)$/.exec(value)?.[1] : undefined
    if (name === undefined) return value
    if (!env[name]) missing.push(name)
    return env[name] ?? ''
  }
  const parsed = shape.safeParse(filled(jsonIn(path)))
  // Of a value that the environment lacks, only that is said.
  const wrong = missing.length > 0 ? missing.map((name) => `the environment has no ${name}`) : troublesOf(parsed.error)
  if (!parsed.success || wrong.length > 0) throw new GatewayError('unsafe_configuration', `${path}: ${wrong.join('; ')}`, { hint: HINT })
  const { store, ...rest } = parsed.data
  return { ...rest, store: resolve(dirname(path), store) }
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    // The words of the parser repeat the text around, where a key may stand.
    throw new GatewayError('unsafe_configuration', `${path} is not JSON`, { hint: HINT })
  }
}

function troublesOf(error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`)
}
