import { z } from 'zod'
import { ROLES } from '../../gateway/parties/keys/key.ts'
import { WITHDRAW_DELAY_S_MAX, WITHDRAW_DELAY_S_MIN } from '../../gateway/ports/x402Channels.ts'
import { agentsConfig } from './agentsConfig.ts'
import { approvalConfig } from './approvalConfig.ts'
import { collectConfig } from './collectConfig.ts'
import { disputeConfig } from './disputeConfig.ts'
import { exposureConfig } from './exposureConfig.ts'
import { facilitatorConfig } from './facilitatorConfig.ts'
import { feeConfig } from './feeConfig.ts'
import { firstDaysConfig } from './firstDaysConfig.ts'
import { GAS_COINS } from './gasCoins.ts'
import { lightningConfig } from './lightningConfig.ts'
import { payoutConfig } from './payoutConfig.ts'
import { ratesConfig } from './ratesConfig.ts'
import { reconciliationConfig } from './reconciliationConfig.ts'
import { refundConfig } from './refundConfig.ts'
import { sftpConfig } from './sftpConfig.ts'
import { stripeConfig } from './stripeConfig.ts'
import { usBankConfig } from './usBankConfig.ts'

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, '0x and 40 hex digits')
const secret = z.string().regex(/^0x[0-9a-fA-F]{64}$/, '0x and 64 hex digits')
const operatorKey = z.string().regex(/^sk_[A-Za-z0-9_-]{8,128}$/, 'sk_ and 8 to 128 letters, digits, _ or -')
/** Below are the numbers of currencies and coins (`gateway/money/asset.ts`). */
const TOKEN_LEDGER_MIN = 100

const decimal = z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'a decimal such as "12.50"')

/** One EVM chain: a rail of its own, `evm:<chainId>`. */
const evmChain = z.strictObject({
  chainId: z.int().positive(),
  /** Nodes of this chain, the preferred one first. */
  rpcUrls: z.tuple([z.url()], z.url()),
  /**
   * A dollar token; `name` and `version` are its EIP-712 domain. `ledger` is its number in the books, for ever its own. `signed`: how its payers may sign, by
   * its own EIP-3009, or by Permit2 where it has none.
   */
  token: z.strictObject({
    address,
    name: z.string(),
    version: z.string(),
    ledger: z.int().min(TOKEN_LEDGER_MIN).max(0xffff_ffff),
    signed: z
      .array(z.enum(['eip3009', 'permit2']))
      .min(1)
      .max(2)
      .default(['eip3009']),
  }),
  hub: address,
  /** What gas is paid in; known of the chains that `deploy/networks` has, and ether elsewhere. */
  coin: z.enum(GAS_COINS).optional(),
  operatorKey: secret,
  /** Further keys, each a lane of its own, for what anyone may send; they hold ether for gas and no tokens. */
  laneKeys: z.array(secret).max(16).default([]),
  /** The block in which the hub was deployed: nothing before it is read. */
  firstBlock: z.int().min(0).default(0),
  /** When what is in a block counts: with so many blocks on top of it, or when the node calls the block so. */
  finality: z.union([z.strictObject({ depth: z.int().min(0).max(10_000) }), z.strictObject({ tag: z.enum(['safe', 'finalized']) })]),
  pollMs: z.int().min(10).max(60_000).default(1_000),
  /** Payers may pay by channels of x402 (`batch-settlement`): how long one waits for a withdrawal, so that what it has paid is claimed before. */
  batchSettlement: z
    .strictObject({ withdrawDelayS: z.int().min(WITHDRAW_DELAY_S_MIN).max(WITHDRAW_DELAY_S_MAX).default(86_400) })
    .optional(),
  /** What the chain charges beside gas: a rollup of the OP stack names its GasPriceOracle. */
  l1DataFee: z.union([z.literal('none'), z.strictObject({ oracle: address })]).default('none'),
})

/** What one gateway is told. Secrets may be given as `$NAME`, read from the environment. */
export const shape = z.strictObject({
  network: z.enum(['local', 'testnet', 'mainnet']),
  dataDir: z.string().min(1),
  host: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8402),
  /** How payers reach this gateway; the listening address when absent. */
  publicUrl: z.url().optional(),
  /** Proxies before this gateway, as addresses or networks (10.0.0.0/8): what they say in X-Forwarded-For is believed, and nobody else's. */
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
    .max(32)
    .default([]),
  operatorKey,
  /** Further people who operate this gateway: what one asks for above a limit another must agree to. */
  operators: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_-]{0,30}$/, 'a small letter and up to 30 more, digits, _ or -'),
        key: operatorKey,
        /** What this person may do: read (viewer), do all but give keys and agree (operator), agree to what others asked for (approver), everything (admin). */
        role: z.enum(ROLES).default('admin'),
      }),
    )
    .max(16)
    .default([]),
  /** What one operator moves out of suspense alone, in dollars. */
  suspense: z.strictObject({ aloneUsdMax: decimal.default('1000') }).prefault({}),
  /** What may differ between a rail's statement and the ledger without a person: the books follow it. */
  reconciliation: reconciliationConfig.prefault({}),
  /** What waits for a second person. */
  approvals: approvalConfig.prefault({}),
  challengeSecret: z.string().min(32),
  previousChallengeSecret: z.string().min(32).optional(),
  /** Dollars for one whole unit, which stay as they are. */
  prices: z
    .strictObject({ BTC: decimal, EUR: decimal, ETH: decimal, USDC: decimal, POL: decimal.optional(), AVAX: decimal.optional() })
    .optional(),
  /** In their place: prices of exchanges, as they move. */
  rates: ratesConfig.optional(),
  /** What the balance sheet is summed in. */
  reportingCurrency: z.enum(['USD', 'EUR', 'GBP']).default('USD'),
  /** The first chain's token is the asset that balances are kept in; bitcoin or euros where there is none. */
  evm: z.array(evmChain).max(16).default([]),
  lightning: lightningConfig.optional(),
  /** The most that payments out may cost. */
  fees: feeConfig.optional(),
  /** A file of the operator's own lists of fees, in the form of the shipped ones. */
  feeSchedules: z.string().min(1).max(300).optional(),
  /** What answers may be worth whose money has not come. */
  exposure: exposureConfig.optional(),
  /** When what payers of a chain have signed is collected. */
  collect: collectConfig.optional(),
  /** Programs that are known by the signatures of their requests. */
  agents: agentsConfig.optional(),
  /** How long the check of payers that `openGateway` was given may take, and what is done where it says nothing. */
  screening: z
    .strictObject({
      deadlineMs: z.int().min(10).max(30_000).default(1_000),
      whenUnknown: z.enum(['pay_first', 'refuse', 'serve']).default('pay_first'),
    })
    .prefault({}),
  /** What sellers elsewhere may have settled here. */
  facilitator: facilitatorConfig.optional(),
  /** What payments may be worth in the first days of a gateway with real money. */
  firstDays: firstDaysConfig.prefault({}),
  /** How much of payouts may be under way. */
  payouts: payoutConfig.optional(),
  /** What refunds may cost the operator besides their fees. */
  refunds: refundConfig.optional(),
  /** What payers contest. */
  disputes: disputeConfig.prefault({}),
  bank: z
    .strictObject({
      folder: z.string(),
      account: z.strictObject({
        iban: z.string(),
        bic: z.string().optional(),
        name: z.string(),
        townName: z.string().max(35).optional(),
        country: z.string().length(2),
        addressLines: z.array(z.string().min(1).max(70)).max(7).optional(),
      }),
      /** What the bank charges a transfer, whatever its amount; or the list of fees that says it. */
      feeEur: decimal.optional(),
      feeSchedule: z.string().max(60).optional(),
      /** What its transfers ask for: within a day of TARGET, or within seconds at any hour. */
      service: z.enum(['ordinary', 'instant']).default('ordinary'),
      pollMs: z.int().min(10).default(5_000),
      sftp: sftpConfig.optional(),
      settlementSeconds: z.int().min(1).optional(),
    })
    .optional(),
  /** An account in dollars at a bank of the US, which pays out by ACH. */
  usBank: usBankConfig.optional(),
  /** An account at Stripe: cards, and connected accounts. */
  stripe: stripeConfig.optional(),
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
  /** The control doors of the local world, which a test clock moves. */
  world: z.strictObject({ lightningUrl: z.url().optional(), bankUrl: z.url().optional() }).optional(),
  /** Serves a demo route priced at 0.002 USD, shared by three payees with these accounts. */
  demo: z.strictObject({ payeeAccounts: z.array(address).length(3) }).optional(),
})
