import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { AuthorizationBatch } from '../../contracts/abi/AuthorizationBatch.ts'
import type { Hex } from '../../gateway/ports/ids.ts'
import { PERMIT2, UPTO_PROXY } from '../../gateway/ports/permit2.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { type BatchParts, createBatches } from './batching/batches.ts'
import { deterministicAddress } from './deployment/deterministicDeployer.ts'
import { type Chain, createChain } from './node/chain.ts'
import { createContracts, lower } from './node/contracts.ts'
import { createDataFees } from './node/dataFees.ts'
import type { Endpoints } from './node/endpoints.ts'
import { type FeeSource, openFeeSource } from './node/fees.ts'
import { createFinality } from './node/finality.ts'
import { type PollLoop, startPollLoop } from './node/pollLoop.ts'
import type { RailLog } from './node/railLog.ts'
import type { RailParts } from './railParts.ts'
import { type Action, createActionTable } from './sending/actionTable.ts'
import { createAnnouncements } from './sending/announcements.ts'
import { createCollectionGas } from './sending/collectionGas.ts'
import { createDriver, type Driver } from './sending/driver.ts'
import { createFlights } from './sending/flights.ts'
import type { GathererTools } from './sending/gatherer.ts'
import { openLane } from './sending/lane.ts'
import { createLanes, type Lanes } from './sending/lanes.ts'
import type { NonceParts } from './sending/nonces.ts'
import type { EvmRequest } from './sending/requests.ts'
import { reviveReplaced } from './sending/reviveReplaced.ts'
import type { Work } from './sending/steps.ts'
import { openStore, type Store } from './sending/store.ts'
import { createTracker, type Tracker } from './sending/tracker.ts'
import { createTransactionTable } from './sending/transactionTable.ts'
import { checkSettings, type EvmRailOptions, identityOf } from './settings.ts'
import { createPassedTable } from './stream/passedTable.ts'
import { createReportTable } from './stream/reportTable.ts'
import { createStrangeTable } from './stream/strangeTable.ts'
import { createWatchTable } from './stream/watchTable.ts'
import { channelWork } from './work/channelWork.ts'
import { createCodeRisk } from './work/codeRisk.ts'
import { type CollectionParts, collectionWork } from './work/collections.ts'
import { createPayersMoney } from './work/payersMoney.ts'
import { type PayoutParts, payoutWork, undoneOf, unitsLeaving } from './work/payouts.ts'
import { splitWork } from './work/splits.ts'

/**
 * Puts the rail together on its node and data file, and looks at the chain once before it returns. What is open when it throws is closed
 * by the steps that it added to `undo`. Throws `rail_misconfigured`, and RpcSilent or RpcRefused when the node does not say.
 */
export async function assembleRail(
  options: Required<EvmRailOptions>,
  endpoints: Endpoints,
  log: RailLog,
  undo: (() => void)[],
): Promise<RailParts> {
  const { clock, hub, gasAsset, chainId, pollMs } = options
  const [rail, token] = [evmRail(chainId), options.token.address]
  const { chain, any, agreed, contracts, agreedContracts, signers, identity, maxima } = await openNode(options, endpoints)
  const store = openStore(options.dataFile, identity)
  undo.push(() => store.close())
  const tables = openTables(store, options, lower(signers[0]!.address))
  const { actions, transactions, announcements } = tables
  const fees = openFees(chain, options)
  await fees.quote()
  const laneParts = { chain, chainId, store, transactions, actions, announcements, fees, feeCeiling: options.gas.feeCeiling, clock, log }
  const lanes = await openLanes(laneParts, signers, endpoints)
  const finality = createFinality(options.finality, endpoints.head)
  const seen = { head: () => tracker.head(), horizon: () => tracker.horizon() }
  const payers = { codeRisk: createCodeRisk(clock), payersMoney: createPayersMoney({ agreedContracts, head: seen.head, clock }) }
  const place = { chain, agreed, contracts, token, hub, operator: lanes.first.operator, clock, ...payers }
  const collection: CollectionParts = { ...place, ...seen, any, agreedContracts, chainId, senders: lanes.operators }
  const [leaving, blocksToFinal] = [() => unitsLeaving(lanes, actions), finality.expectedBlocks] as const
  const payout: PayoutParts = { ...place, lane: lanes.first, fees, asset: options.token.asset, gasAsset, blocksToFinal, leaving }
  const works = { ...contractWorks(place, lanes), collection: collectionWork(collection), payout: payoutWork(payout) }
  const workFor = ({ kind }: EvmRequest): Work => works[kind]
  let loop: PollLoop | undefined
  const kick = () => loop?.kick()
  const onUndone = (action: Action) => tables.reports.addUndone(action.id, undoneOf(action, clock.now()))
  const gather = gathererOf({ ...laneParts, ...place, lanes, batch: await batchContract(agreed), head: seen.head, kick })
  const driver = createDriver({ ...laneParts, rail, lanes, workFor, gasAsset, pollMs, kick, onUndone, gather })
  const revival = { agreed, store, actions, transactions, lanes, clock, log }
  const collectionGas = createCollectionGas(actions)
  const tracker = createTracker({
    ...revival,
    chain,
    chainId,
    finality,
    sole: endpoints.sole,
    head: endpoints.head,
    replaceAfterMs: options.replaceAfterMs,
    revive: (head) => reviveReplaced(revival, head),
    onFinal: collectionGas.noting(driver.finish),
    onDisplaced: driver.displaced,
    onUnderpriced: driver.setUnderpriced,
  })
  const { round, silentMs } = createRounds({ tracker, fees, driver })
  await round()
  loop = startPollLoop({ round, pauseMs: pollMs, log })
  return {
    options,
    log,
    endpoints,
    chain,
    agreed,
    contracts,
    fees,
    store,
    ...tables,
    lanes,
    collection,
    maxima,
    payout,
    driver,
    tracker,
    loop,
    collectionGas,
    silentMs,
  }
}

/** What is done at the hub, and at x402's contract of channels. */
function contractWorks(
  place: Parameters<typeof splitWork>[0] & Omit<Parameters<typeof channelWork>[0], 'senders'>,
  { operators: senders }: Lanes,
) {
  const [split, channel] = [splitWork(place), channelWork({ ...place, senders })]
  const x402 = { x402Deposit: channel, x402Claim: channel, x402Refund: channel }
  return { sweep: split, claim: split, vouchers: split, opening: channel, closing: channel, ...x402 }
}

function gathererOf(parts: BatchParts) {
  return (tools: GathererTools) => createBatches(parts, tools)
}

/** Where the contract that carries many authorizations stands on every chain that has it; undefined on one that has not. */
async function batchContract(agreed: Chain): Promise<Hex | undefined> {
  const address = deterministicAddress(AuthorizationBatch.bytecode)
  return (await stands(agreed, [address])) ? address : undefined
}

/** Whether there is a contract at each address. */
async function stands(agreed: Chain, addresses: readonly Hex[]): Promise<boolean> {
  const codes = await Promise.all(addresses.map((address) => agreed.code(address)))
  return codes.every((code) => code !== '0x')
}

/** The chain as the node shows it, when it is what the configuration says, and the operator's keys. `identity` is the data file's. */
async function openNode(options: Required<EvmRailOptions>, endpoints: Endpoints) {
  await endpoints.head()
  const [chain, any, agreed] = [createChain(endpoints.reader), createChain(endpoints.any), createChain(endpoints.agreed)]
  const at = { token: options.token.address, hub: options.hub }
  const [contracts, agreedContracts] = [createContracts(chain, at), createContracts(agreed, at)]
  const signers = [options.operatorKey, ...options.laneKeys].map((key) => privateKeyToAccount(key))
  await checkSettings(agreed, contracts, options, signers)
  return {
    chain,
    any,
    agreed,
    contracts,
    agreedContracts,
    signers,
    identity: await identityOf(agreed, options, lower(signers[0]!.address)),
    maxima: await stands(agreed, [PERMIT2, UPTO_PROXY]),
  }
}

function openFees(chain: Chain, { chainId, token, gas, l1DataFee, clock }: Required<EvmRailOptions>): FeeSource {
  const oracle = l1DataFee === 'none' ? undefined : lower(l1DataFee.oracle)
  return openFeeSource(chain, gas, clock, createDataFees(chain, { chainId, token: token.address, oracle }))
}

/** The tables of the rail's data file. */
function openTables(store: Store, { chainId, hub, token, gasAsset, clock }: EvmRailOptions, operator: Hex) {
  const transactions = createTransactionTable(store)
  return {
    announcements: createAnnouncements(store, clock),
    actions: createActionTable(store),
    transactions,
    strange: createStrangeTable(store, { transactions, token: token.address, operator, asset: token.asset }),
    watch: createWatchTable(store, hub),
    passed: createPassedTable(store),
    reports: createReportTable(store, { rail: evmRail(chainId), asset: token.asset, gasAsset }),
  }
}

/** A lane for each key, in order. The first is opened before the others. */
async function openLanes(
  parts: Omit<NonceParts, 'signer' | 'flights' | 'sole' | 'countsOf'>,
  signers: readonly PrivateKeyAccount[],
  { sole, count }: Endpoints,
): Promise<Lanes> {
  const countsOf: NonceParts['countsOf'] = (operator, block) =>
    count('eth_getTransactionCount', [operator, typeof block === 'bigint' ? `0x${block.toString(16)}` : block])
  const open = (signer: PrivateKeyAccount) =>
    openLane({ ...parts, sole, countsOf, signer, flights: createFlights(parts.transactions, lower(signer.address)) })
  const [first, ...others] = signers
  return createLanes([await open(first!), ...(await Promise.all(others.map(open)))])
}

/** One look at the chain and at what is open, and for how long the node has not answered, ms: of this machine's time, which no test has moved. */
function createRounds({ tracker, fees, driver }: { tracker: Tracker; fees: FeeSource; driver: Driver }) {
  let answeredAt = performance.now()
  return {
    round: async (): Promise<void> => {
      await tracker.tick()
      answeredAt = performance.now()
      await fees.follow(tracker.head().hash)
      driver.resume()
    },
    silentMs: () => performance.now() - answeredAt,
  }
}
