import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { GatewayError } from './errors/gatewayError.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const secret = z.string().regex(/^0x[0-9a-fA-F]{64}$/)
const decimal = z.string().regex(/^[0-9]+(\.[0-9]+)?$/)

/** What one gateway is told. Secrets may be given as `$NAME`, read from the environment. */
const shape = z.strictObject({
  network: z.enum(['local', 'testnet', 'mainnet']),
  dataDir: z.string().min(1),
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8402),
  /** How payers reach this gateway; the listening address when absent. */
  publicUrl: z.url().optional(),
  operatorKey: z.string().regex(/^sk_[A-Za-z0-9_-]{8,128}$/),
  challengeSecret: z.string().min(32),
  previousChallengeSecret: z.string().min(32).optional(),
  /** Dollars for one whole unit. */
  prices: z.strictObject({ BTC: decimal, EUR: decimal, ETH: decimal, USDC: decimal }),
  evm: z.strictObject({
    rpcUrl: z.url(),
    chainId: z.int().positive(),
    token: address,
    tokenName: z.string(),
    tokenVersion: z.string(),
    hub: address,
    operatorKey: secret,
    finalityDepth: z.int().min(0).max(10_000),
    pollMs: z.int().min(10).max(60_000).default(1_000),
  }),
  lightning: z
    .strictObject({
      chainUrl: z.url(),
      peer: z.strictObject({ nodeId: z.string(), host: z.string(), port: z.int() }),
    })
    .optional(),
  bank: z
    .strictObject({
      folder: z.string(),
      account: z.strictObject({
        iban: z.string(),
        bic: z.string().optional(),
        name: z.string(),
        townName: z.string(),
        country: z.string().length(2),
      }),
      feeEur: decimal,
      pollMs: z.int().min(10).default(5_000),
      settlementSeconds: z.int().min(1).optional(),
    })
    .optional(),
  /** Serves a demo route priced at 0.002 USD, shared by three payees with these accounts. */
  demo: z.strictObject({ payeeAccounts: z.array(address).length(3) }).optional(),
})

export type GatewayConfig = z.infer<typeof shape>

/** Reads and checks a configuration file (JSON). An unsafe combination stops the start with an error that says what to change. */
export function readConfig(path: string, env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'), (_, v) => (typeof v === 'string' && /^\$[A-Z_]+$/.test(v) ? (env[v.slice(1)] ?? v) : v))
  } catch {
    throw new GatewayError('unsafe_configuration', `The configuration ${path} cannot be read as JSON`, {
      hint: 'Give --config a readable JSON file.',
    })
  }
  return checkConfig(json)
}

/** The same for a value in memory. */
export function checkConfig(value: unknown): GatewayConfig {
  const parsed = shape.safeParse(value)
  if (!parsed.success) {
    const first = parsed.error.issues[0]
    throw new GatewayError(
      'unsafe_configuration',
      `The configuration field ${first?.path.join('.') ?? ''} ${first?.message ?? 'is wrong'}`,
      { hint: 'Correct the field and start again.' },
    )
  }
  const config = parsed.data
  const local = config.network === 'local'
  if (!local && config.lightning)
    refuse(
      'The embedded Lightning node runs on regtest only',
      'Leave lightning out on this network; an LND adapter is not part of this version.',
    )
  if (!local && config.demo) refuse('The demo route is for the local network', 'Leave demo out.')
  if (!local && config.evm.chainId === 31337)
    refuse('Chain 31337 is the local test chain', 'Name the chain, RPC, token and hub of this network.')
  if (config.network === 'mainnet')
    refuse('Mainnet needs live rates and a production Lightning node, which this version does not have', 'Use local or testnet.')
  if (local && config.host !== '127.0.0.1' && config.host !== '::1') refuse('The local network has well-known keys', 'Listen on 127.0.0.1.')
  return config
}

function refuse(message: string, hint: string): never {
  throw new GatewayError('unsafe_configuration', message, { hint })
}
