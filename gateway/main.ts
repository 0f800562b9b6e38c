import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Logger, pino } from 'pino'
import { openBankRail } from '../adapters/bank/rail.ts'
import { openEvmRail } from '../adapters/evm/rail.ts'
import { openSqliteJournal } from '../adapters/journal/sqlite/openSqliteJournal.ts'
import { openLightningRail } from '../adapters/lightning/embedded/rail.ts'
import { configuredRates } from '../adapters/rates/configuredRates.ts'
import { createBooks } from './books/createBooks.ts'
import { factsAt } from './books/factsAt.ts'
import { uuidIds } from './books/ids.ts'
import { challengeKeys } from './challenge/challengeKeys.ts'
import type { GatewayConfig } from './config.ts'
import { authenticator } from './http/authenticate.ts'
import type { Gateway } from './http/context.ts'
import { createIdempotency } from './http/idempotency.ts'
import { createIntents, refOf } from './intent/intents.ts'
import { createIntentView } from './intent/view.ts'
import { BTC, ETH, EUR, erc20Asset, USD } from './money/asset.ts'
import { money, parseAmount } from './money/money.ts'
import { offerMaker } from './offer/makeOffers.ts'
import { createParties, hashKey } from './party/parties.ts'
import { createSplits } from './party/splits.ts'
import { payoutPolicy } from './payout/policy.ts'
import { createPayouts } from './payout/service.ts'
import type { Clock } from './ports/clock.ts'
import type { Hex } from './ports/ids.ts'
import type { RailName } from './ports/outcome.ts'
import type { Receiver } from './ports/receiver.ts'
import type { Sender } from './ports/sender.ts'
import type { Statement } from './ports/statement.ts'
import { createCollections } from './settlement/collections.ts'
import { openCapital } from './settlement/openCapital.ts'
import { createPaidRequests } from './settlement/paidRequests.ts'
import { type Receipt, receiptSigner } from './settlement/receipt.ts'
import { recoverRequests } from './settlement/recover.ts'
import { createRequestView } from './settlement/requestView.ts'
import { createSettlementView } from './settlement/settlementView.ts'
import { createVerify } from './settlement/verify.ts'
import { watchSettlements } from './settlement/watch.ts'
import { authorizationNonce } from './split/authorizationNonce.ts'

/** USDC's number in the ledger; an append-only table of one row a token. */
const USDC_LEDGER = 100

/** Told as the start goes on: a line a step. */
export type OnStep = (step: string) => void
export type OpenOptions = Readonly<{
  onStep?: OnStep
  /** Where what happens is written, for the operator. */
  logger?: Logger
  /** Called when the journal could not be written: the process must exit and replay. */
  onStop?: (error: unknown) => void
  /** Called when the rails are open, before anything is booked: the local network opens a channel to our node here. */
  railsOpen?: (rails: { lightningNodeId: string | undefined }) => Promise<void>
}>

/** The only place that knows every adapter: opens the rails and the books, replays, recovers, and hands back what the faces call. */
export async function openGateway(config: GatewayConfig, options: OpenOptions = {}): Promise<Gateway & { close: () => Promise<void> }> {
  const step = options.onStep ?? (() => undefined)
  const logger = options.logger ?? pino({ level: 'silent' })
  const log = (line: string) => logger.warn(line)
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const clock: Clock = { now: () => Date.now() }
  const ids = uuidIds(clock)
  const { token, chainId } = config.evm
  const usdc = erc20Asset({ chainId, address: token, code: 'USDC', scale: 6, ledger: USDC_LEDGER })
  const assets = [USD, EUR, BTC, ETH, usdc]
  const assetOf = (id: string) => {
    const asset = assets.find((a) => a.id === id)
    if (!asset) throw new Error(`the journal names an asset that is not configured: ${id}`)
    return asset
  }
  const { prices } = config
  const rates = configuredRates(
    [
      { asset: BTC, usd: prices.BTC },
      { asset: EUR, usd: prices.EUR },
      { asset: ETH, usd: prices.ETH },
      { asset: usdc, usd: prices.USDC },
    ],
    clock,
  )

  const rails = await openRails(config, { clock, logger, usdc })
  step(`rails: ${rails.names.join(', ')}`)
  await options.railsOpen?.({ lightningNodeId: rails.lightning?.nodeId })
  const journal = openSqliteJournal(join(config.dataDir, 'journal.db'))
  const books = createBooks({ journal, clock, ...(options.onStop ? { onStop: options.onStop } : {}) })
  const { bank, evm } = rails
  const topUpReference = bank
    ? async (party: string) =>
        (await bank.offer({ amount: money(EUR, 10_000n), ref: refOf(party), expiresAt: 0, description: 'top up' })).reference
    : undefined
  const parties = createParties({ books, clock, ids, topUpReference })
  const splits = createSplits({ books, clock, ids, operator: evm.operator })
  const intentView = createIntentView(books, assetOf)
  const settlements = createSettlementView(books, assetOf)
  const requestView = createRequestView(books)
  const receiptSeq = new Map<string, number>()
  books.listen((fact, seq) => {
    if (fact.type === 'receipt.issued') receiptSeq.set(fact.id, seq)
  })
  const receipts = receiptSigner({ privateKeyPem: receiptKey(config.dataDir), clock, ids })
  const requests = createPaidRequests({ books, view: requestView, receipts, clock, ids })
  const collections = createCollections({ books, view: requestView, collector: evm, clock, ids, bookAsset: usdc, log })
  const makeOffers = offerMaker({ receivers: rails.receivers, rates })
  const intents = createIntents({ books, view: intentView, makeOffers, rates, clock, ids, usd: USD, bookAsset: usdc })
  const payouts = createPayouts({
    books,
    senders: rails.senders,
    rates,
    clock,
    ids,
    usd: USD,
    policy: payoutPolicy,
    log: logger,
    onFatal: options.onStop ?? crash,
  })
  const idempotent = createIdempotency({ books, clock })

  const replayed = await books.start()
  step(`journal: ${replayed.facts} facts in ${replayed.seq} blocks replayed, hash chain unbroken`)
  splits.onAdded((split) => evm.watchSplit(split.splitId))
  await openCapital({ books, clock, ids, statements: rails.statements, bookAsset: usdc, others: [BTC, EUR] })
  const context = { intents: intentView, settlements, requests: requestView, parties, splits, receipts, clock, bookAsset: usdc }
  const watching = watchSettlements({ books, context, receivers: rails.receivers, ids, log })
  const recovered = await recoverRequests({ view: requestView, requests, collections })
  await payouts.resume()
  if (recovered.interrupted + recovered.collecting > 0)
    step(`recovered: ${recovered.interrupted} interrupted requests, ${recovered.collecting} authorizations to collect`)
  intents.start()

  const inFlight = () => [...payouts.inFlight(), ...heldAuthorizations()]
  const heldAuthorizations = () =>
    requestView.heldKeys().map((key) => ({
      rail: 'evm' as const,
      place: 'receiver',
      what: 'authorization to collect',
      amount: money(usdc, requestView.byClaim(key)?.units ?? 0n),
    }))
  const verify = createVerify({ books, splits, statements: rails.statements, pots: evm, inFlight, bookAsset: usdc, now: () => clock.now() })
  const found = async (seq: number | undefined, type: string, id: string) =>
    seq === undefined ? undefined : (await factsAt(journal, seq)).find((f) => f.type === type && f.id === id)

  return {
    ...{ books, clock, ids, usd: USD, bookAsset: usdc, assets, rates, receivers: rails.receivers, splitOperator: evm, collector: evm },
    ...{
      authorizationNonce,
      parties,
      splits,
      makeOffers,
      intents,
      payouts,
      requests,
      requestView,
      collections,
      settlements,
      receipts,
      verify,
      idempotent,
    },
    async receiptOf(id) {
      const issued = await found(receiptSeq.get(id), 'receipt.issued', id)
      return issued && receipts.sign(issued.data as unknown as Receipt) // As it was issued by the same signer.
    },
    answerOf: async (seq, receipt) => {
      const fact = await found(seq, 'request.answered', receipt)
      return (
        fact && {
          status: fact.data.status as number,
          contentType: fact.data.contentType as string,
          body: fact.data.body as string | undefined,
        }
      )
    },
    challengeKeys: challengeKeys({
      current: Buffer.from(config.challengeSecret),
      ...(config.previousChallengeSecret ? { previous: Buffer.from(config.previousChallengeSecret) } : {}),
    }),
    authenticate: authenticator({ operatorKeyHash: hashKey(config.operatorKey), parties }),
    problems: () => (bank?.problems() ?? []).map((p) => ({ rail: 'bank', what: p.what, detail: p.detail })),
    async close() {
      intents.close()
      collections.close()
      await payouts.close()
      await watching.close()
      await Promise.allSettled(rails.closers.map((close) => close()))
      await books.close()
    },
  }
}

/** Opens every rail that is configured, all at once. */
async function openRails(config: GatewayConfig, o: { clock: Clock; logger: Logger; usdc: ReturnType<typeof erc20Asset> }) {
  const { clock, logger, usdc } = o
  const log = (line: string) => logger.warn(line)
  const file = (name: string) => join(config.dataDir, name)
  const { evm: e, lightning: l, bank: b } = config
  const [evm, lightning, bank] = await Promise.all([
    openEvmRail({
      ...{
        rpcUrl: e.rpcUrl,
        chainId: e.chainId,
        gasAsset: ETH,
        hub: e.hub as Hex,
        operatorKey: e.operatorKey as Hex,
        dataFile: file('evm.db'),
      },
      token: { address: e.token as Hex, name: e.tokenName, version: e.tokenVersion, asset: usdc },
      ...{ finality: { depth: e.finalityDepth }, pollMs: e.pollMs, clock, log },
    }),
    l ? openLightningRail({ dataDir: file('lightning'), chainUrl: l.chainUrl, peer: l.peer, asset: BTC, clock, log }) : undefined,
    b
      ? openBankRail({
          ...{ folder: b.folder, asset: EUR, dataFile: file('bank.db'), clock, fee: parseAmount(b.feeEur, EUR), pollMs: b.pollMs },
          account: bankAccount(b.account),
          ...(b.settlementSeconds ? { settlementSeconds: BigInt(b.settlementSeconds) } : {}),
        })
      : undefined,
  ])
  const open = [evm, lightning, bank].filter((rail) => rail !== undefined)
  return {
    evm,
    lightning,
    bank,
    names: open.map((rail) => rail.rail),
    receivers: open as Receiver[],
    senders: open as Sender[],
    statements: open.map((rail) => ({ rail: rail.rail as RailName, statement: rail as Statement })),
    closers: open.map((rail) => () => rail.close()),
  }
}

/** A step met what it cannot handle: fail, so that the next start replays and looks up. */
function crash(error: unknown): never {
  throw error
}

/** The configured account; a BIC that is not given is left out. */
function bankAccount(a: NonNullable<GatewayConfig['bank']>['account']) {
  const { iban, name, townName, country } = a
  return { iban, name, townName, country, ...(a.bic ? { bic: a.bic } : {}) }
}

/** The Ed25519 key that signs receipts: made at the first start, kept beside the journal, readable by its owner only. */
function receiptKey(dataDir: string): string {
  const path = join(dataDir, 'receipt-key.pem')
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync('ed25519')
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
    chmodSync(path, 0o600)
  }
  return readFileSync(path, 'utf8')
}
