import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { GatewayError } from '../../../gateway/errors/gatewayError.ts'

const decimal = z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'a decimal such as "0.05"')
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, '0x and 40 hex digits')
const key = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hex digits')
  .transform((text) => text as `0x${string}`) // The pattern says so.

/** A dollar token beside USDC; `name` and `version` are its EIP-712 domain. */
const token = z.strictObject({
  chainId: z.int().positive(),
  address,
  scale: z.int().min(0).max(36),
  code: z.string().optional(),
  name: z.string(),
  version: z.string(),
})

/** What the payer's command is told. Every part may be absent. */
const shape = z.strictObject({
  evm: z.strictObject({ key, tokens: z.array(token).optional() }).optional(),
  nwc: z.string().startsWith('nostr+walletconnect:', 'nostr+walletconnect://...').optional(),
  lnd: z.strictObject({ url: z.url(), macaroon: z.string().regex(/^([0-9a-fA-F]{2})+$/, 'hex') }).optional(),
  balance: z.strictObject({ url: z.url(), key: z.string().min(1) }).optional(),
  usdPerBtc: decimal.optional(),
  budget: z.strictObject({ perRequest: decimal, perDay: decimal, sites: z.array(z.string()).min(1) }).optional(),
  /** A folder of its own, for what was spent and which payments are open. */
  store: z.string().min(1).optional(),
})
export type WalletSettings = z.infer<typeof shape>

type Told = Readonly<{ settings: WalletSettings; store: string }>

/** What the file and the environment say; the environment counts where both speak. Refuses a file that others may read, and all that is wrong at once. */
export function walletSettings(named: string | undefined, env: NodeJS.ProcessEnv): Told {
  const home = join(homedir(), '.switchyard')
  const wanted = named ?? env.SWITCHYARD_WALLET
  const file = wanted ?? join(home, 'wallet.json')
  const written = wanted !== undefined || existsSync(file) ? readWallet(file) : {}
  const from = wanted === undefined ? 'the wallets' : file
  const read = shape.safeParse(withEnvironment(written, env))
  if (!read.success) {
    const wrong = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`)
    throw new GatewayError('unsafe_configuration', `${from}: ${wrong.join('; ')}`, {
      hint: 'Nothing was paid. Change what is named; packages/client/README.md shows the form.',
    })
  }
  return { settings: read.data, store: read.data.store ?? join(wanted === undefined ? home : dirname(file), 'payments') }
}

function readWallet(file: string): object {
  // The digits for group and others. Windows has no such digits.
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new GatewayError('unsafe_configuration', `${file} holds keys and can be read by others`, { hint: `Type: chmod 600 ${file}` })
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object // Checked by the shape.
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new GatewayError('unsafe_configuration', `${file} is not JSON`, { hint: 'Nothing was paid. Mend the file.' })
  }
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
