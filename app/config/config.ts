import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { feeConfig } from './feeConfig.ts'
import { lightningConfig } from './lightningConfig.ts'
import { payoutConfig } from './payoutConfig.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
const secret = z.string().regex(/^0x[0-9a-fA-F]{64}$/)
/** Below are the numbers of currencies and coins (`gateway/money/asset.ts`). */
const TOKEN_LEDGER_MIN = 100
/** The chain ids of the local world, which no network uses. */
const LOCAL_CHAINS: readonly number[] = [31337, 31338]

const decimal = z.string().regex(/^[0-9]+(\.[0-9]+)?$/)

/** One EVM chain: a rail of its own, `evm:<chainId>`. */
const evmChain = z.strictObject({
  chainId: z.int().positive(),
  /** Nodes of this chain, the preferred one first. */
  rpcUrls: z.tuple([z.url()], z.url()),
  /** A dollar token that knows EIP-3009; `name` and `version` are its EIP-712 domain. `ledger` is its number in the books, for ever its own. */
  token: z.strictObject({ address, name: z.string(), version: z.string(), ledger: z.int().min(TOKEN_LEDGER_MIN).max(0xffff_ffff) }),
  hub: address,
  operatorKey: secret,
  /** Further keys, each a lane of its own, for what anyone may send; they hold ether for gas and no tokens. */
  laneKeys: z.array(secret).max(16).default([]),
  /** The block in which the hub was deployed: nothing before it is read. */
  firstBlock: z.int().min(0).default(0),
  /** When what is in a block counts: with so many blocks on top of it, or when the node calls the block so. */
  finality: z.union([z.strictObject({ depth: z.int().min(0).max(10_000) }), z.strictObject({ tag: z.enum(['safe', 'finalized']) })]),
  pollMs: z.int().min(10).max(60_000).default(1_000),
  /** What the chain charges beside gas: a rollup of the OP stack names its GasPriceOracle. */
  l1DataFee: z.union([z.literal('none'), z.strictObject({ oracle: address })]).default('none'),
})

export type EvmChainConfig = z.infer<typeof evmChain>

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
  /** The first chain's token is the asset that balances are kept in. */
  evm: z.array(evmChain).min(1).max(16),
  lightning: lightningConfig.optional(),
  /** The most that payments out may cost. */
  fees: feeConfig.optional(),
  /** How much of payouts may be under way. */
  payouts: payoutConfig.optional(),
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
  /** Hosts with ports, such as 127.0.0.1:9000, whose Lightning Addresses are paid although they are private and speak plain HTTP. */
  lnurl: z.strictObject({ localHosts: z.array(z.string().max(260)).max(16).default([]) }).default({ localHosts: [] }),
  /** Relays (Nostr) over which apps reach parties' wallets (NIP-47); without them no app can. */
  nwc: z
    .strictObject({
      relays: z
        .array(z.url({ protocol: /^wss?$/ }))
        .min(1)
        .max(4),
    })
    .optional(),
  /** Where the journal is kept: in the data folder (SQLite) when absent. A standby waits until no other gateway leads. */
  journal: z.strictObject({ postgres: z.strictObject({ url: z.string().min(1), standby: z.boolean().default(false) }) }).optional(),
  /** Facts between two snapshots of the state beside the journal: a start after a kill reads about as many, 500,000 when it is not given. */
  snapshotFacts: z.int().min(10).max(100_000_000).optional(),
  /** Serves a demo route priced at 0.002 USD, shared by three payees with these accounts. */
  demo: z.strictObject({ payeeAccounts: z.array(address).length(3) }).optional(),
})

export type GatewayConfig = z.infer<typeof shape>

/** Names the PostgreSQL database of the journal when the configuration file does not. */
const JOURNAL_URL = 'SWITCHYARD_JOURNAL_URL'

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
  return checkConfig(withJournalUrl(json, env[JOURNAL_URL]))
}

/** The configuration with the journal's URL, when it has a place for it. */
function withJournalUrl(json: unknown, url: string | undefined): unknown {
  if (url === undefined || typeof json !== 'object' || json === null || 'journal' in json) return json
  return { ...json, journal: { postgres: { url } } }
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
  if (!local && config.lightning && !('lnd' in config.lightning))
    refuse('The embedded Lightning node runs on regtest only', 'Name an LND node of this network: lightning.lnd.')
  if (!local && config.lnurl.localHosts.length > 0)
    refuse('Hosts of a private network are for the local network', 'Leave lnurl.localHosts out.')
  if (!local && config.nwc?.relays.some((relay) => !relay.startsWith('wss:')))
    refuse('A relay is reached without TLS', 'Name relays as wss://... in nwc.relays.')
  if (!local && config.demo) refuse('The demo route is for the local network', 'Leave demo out.')
  const test = config.evm.find((chain) => LOCAL_CHAINS.includes(chain.chainId))
  if (!local && test) refuse(`Chain ${test.chainId} is a local test chain`, 'Name the chain, RPC, token and hub of this network.')
  checkChains(config.evm)
  if (config.network === 'mainnet') refuse('Mainnet needs live rates, which this version does not have', 'Use local or testnet.')
  if (local && config.host !== '127.0.0.1' && config.host !== '::1') refuse('The local network has well-known keys', 'Listen on 127.0.0.1.')
  return config
}

/** Rails and ledgers are told apart by these numbers; and a party's own split names one account, which must be ours on every chain. */
function checkChains(chains: readonly EvmChainConfig[]): void {
  const twice = <T>(values: readonly T[]): T | undefined => values.find((value, i) => values.indexOf(value) !== i)
  const chainId = twice(chains.map((chain) => chain.chainId))
  if (chainId !== undefined) refuse(`Chain ${chainId} is configured twice`, 'Keep one entry for it; more nodes go into its rpcUrls.')
  const ledger = twice(chains.map((chain) => chain.token.ledger))
  if (ledger !== undefined) refuse(`Two tokens have the ledger ${ledger}`, 'Give each token its own number, and never change it.')
  if (new Set(chains.map((chain) => chain.operatorKey.toLowerCase())).size > 1)
    refuse(
      'The chains have different operator keys',
      'Use one key: a payee without a table of its own is paid to one account on every chain.',
    )
}

function refuse(message: string, hint: string): never {
  throw new GatewayError('unsafe_configuration', message, { hint })
}
