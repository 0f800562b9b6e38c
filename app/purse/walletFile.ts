import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'
import { dollarsPerBitcoin, usd } from '../../gateway/money/dollars.ts'

/** Readable by others than its owner. */
const OTHERS = 0o077
const HINT = 'Nothing was paid. Change what is named; packages/client/README.md shows the form.'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, '0x and 40 hex digits')
const key = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hex digits')
  .transform((text) => text as `0x${string}`) // The pattern says so.
const dollars = readBy(usd, 'is no amount of dollars, such as "0.05"')

/** A dollar token beside USDC; `name` and `version` are its EIP-712 domain, where a server does not say it. */
const token = z.strictObject({
  chainId: z.int().positive(),
  address,
  scale: z.int().min(0).max(36),
  code: z.string().optional(),
  name: z.string().optional(),
  version: z.string().optional(),
})

/** Further gateways and sellers that may see the key of a balance. */
const ORIGINS_MAX = 32

/** What a person's payer is told. Every part may be absent. */
const shape = z
  .strictObject({
    /** `rpc` says by chain where it is asked what the account holds. */
    evm: z
      .strictObject({ key, tokens: z.array(token).optional(), rpc: z.record(z.string().regex(/^[1-9][0-9]*$/), z.url()).optional() })
      .optional(),
    nwc: z.string().startsWith('nostr+walletconnect:', 'nostr+walletconnect://...').optional(),
    lnd: z.strictObject({ url: z.url(), macaroon: z.string().regex(/^([0-9a-fA-F]{2})+$/, 'hex') }).optional(),
    balance: z.strictObject({ url: z.url(), key: z.string().min(1), origins: z.array(z.url()).max(ORIGINS_MAX).optional() }).optional(),
    /** What a bitcoin is worth: needed for Lightning. */
    usdPerBtc: readBy(dollarsPerBitcoin, 'is no price of a bitcoin, such as "97000"').optional(),
    /** What may be spent: on one request, in any 24 hours, and where. */
    budget: z.strictObject({ perRequest: dollars, perDay: dollars, sites: z.array(z.string()).min(1) }).optional(),
    /** The ways that may be taken, where not all: rails or protocols. */
    policy: z.strictObject({ only: z.array(z.string().min(1)).min(1) }).optional(),
    /** What one request of an agent may cost when its person cannot be asked. Nothing, unless it is said here. */
    unattended: dollars.optional(),
    /** A folder of its own, for what was spent and which payments are open. */
    store: z.string().min(1).optional(),
  })
  .refine(({ nwc, lnd, usdPerBtc }) => usdPerBtc !== undefined || !(nwc || lnd), {
    path: ['usdPerBtc'],
    message: 'says not what a bitcoin is worth, which Lightning needs: such as "97000"',
  })

type WalletSettings = z.infer<typeof shape>

type Told = Readonly<{ settings: WalletSettings; store: string }>

/**
 * What the file and the environment say; the environment counts where both speak, and `"$NAME"` in the file is taken from it. Throws `unsafe_configuration`
 * for a file that others may read, and for all that is wrong at once, without the words of a secret.
 */
export function walletSettings(named: string | undefined, env: NodeJS.ProcessEnv): Told {
  const home = join(homedir(), '.switchyard')
  const wanted = named ?? env.SWITCHYARD_WALLET
  const file = resolve(wanted ?? join(home, 'wallet.json'))
  const { written, missing } = wanted !== undefined || existsSync(file) ? filled(readWallet(file), env) : { written: {}, missing: [] }
  const read = shape.safeParse(withEnvironment(written, env))
  // Of a value that the environment lacks, only that is said.
  const wrong = missing.length > 0 ? missing.map((name) => `the environment has no ${name}`) : troublesOf(read.error)
  if (!read.success || wrong.length > 0) {
    const from = wanted === undefined ? 'the wallets' : file
    throw new GatewayError('unsafe_configuration', `${from}: ${wrong.join('; ')}`, { hint: HINT })
  }
  return { settings: read.data, store: resolve(dirname(file), read.data.store ?? 'payments') }
}

function readWallet(file: string): object {
  // Windows has no such digits.
  if (process.platform !== 'win32' && (statSync(file).mode & OTHERS) !== 0) {
    throw new GatewayError('unsafe_configuration', `${file} holds keys and can be read by others`, { hint: `Type: chmod 600 ${file}` })
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object // Checked by the shape.
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    // The words of the parser repeat the text around, where a key may stand.
    throw new GatewayError('unsafe_configuration', `${file} is not JSON`, { hint: HINT })
  }
}

/** `"$NAME"` becomes what the environment has under that name. */
function filled(read: object, env: NodeJS.ProcessEnv): { written: object; missing: string[] } {
  const missing: string[] = []
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fill(part)]))
    const name = typeof value === 'string' ? /^\$([A-Z][A-Z0-9_]*)$/.exec(value)?.[1] : undefined
    if (name === undefined) return value
    if (!env[name]) missing.push(name)
    return env[name] ?? ''
  }
  return { written: fill(read) as object, missing } // Objects stay objects; the shape checks the rest.
}

function withEnvironment(written: object, env: NodeJS.ProcessEnv): object {
  const { SWITCHYARD_EVM_KEY: evm, SWITCHYARD_NWC_URL: nwc, SWITCHYARD_USD_PER_BTC: usdPerBtc } = env
  const { SWITCHYARD_LND_URL: lnd, SWITCHYARD_LND_MACAROON: macaroon } = env
  const { SWITCHYARD_BALANCE_URL: balance, SWITCHYARD_BALANCE_KEY: apiKey } = env
  const said = written as Partial<WalletSettings>
  return {
    ...written,
    ...(evm !== undefined && { evm: { ...said.evm, key: evm } }),
    ...(nwc !== undefined && { nwc }),
    ...(usdPerBtc !== undefined && { usdPerBtc }),
    ...(lnd !== undefined && { lnd: { url: lnd, macaroon } }),
    ...(balance !== undefined && { balance: { url: balance, key: apiKey } }),
  }
}

function readBy<T>(read: (text: string) => T, otherwise: string) {
  return z.string().transform((text, context): T => {
    try {
      return read(text)
    } catch (error) {
      if (!isGatewayError(error)) throw error
      context.addIssue({ code: 'custom', message: `"${text}" ${otherwise}` })
      return z.NEVER
    }
  })
}

function troublesOf(error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`)
}
