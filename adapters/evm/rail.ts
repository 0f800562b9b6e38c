import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { createChain } from './node/chain.ts'
import { createContracts, lower } from './node/contracts.ts'
import { createDataFees } from './node/dataFees.ts'
import { type Endpoints, openEndpoints } from './node/endpoints.ts'
import { openFeeSource } from './node/fees.ts'
import { createFinality } from './node/finality.ts'
import { type PollLoop, startPollLoop } from './node/pollLoop.ts'
import { lineLog, type RailLog } from './node/railLog.ts'
import { RpcRefused, RpcSilent } from './node/rpc.ts'
import { createFaces, type EvmRail } from './railFaces.ts'
import type { RailParts } from './railParts.ts'
import { type Action, createActionTable } from './sending/actionTable.ts'
import { createDriver } from './sending/driver.ts'
import { createFlights } from './sending/flights.ts'
import { openLane } from './sending/lane.ts'
import { createLanes } from './sending/lanes.ts'
import type { EvmRequest } from './sending/requests.ts'
import { reviveReplaced } from './sending/reviveReplaced.ts'
import type { Work } from './sending/steps.ts'
import { openStore } from './sending/store.ts'
import { createTracker } from './sending/tracker.ts'
import { createTransactionTable } from './sending/transactionTable.ts'
import { checkSettings, DEFAULTS, type EvmRailOptions, identityOf } from './settings.ts'
import { createPassedTable } from './stream/passedTable.ts'
import { createReportTable } from './stream/reportTable.ts'
import { createWatchTable } from './stream/watchTable.ts'
import { openingWork } from './work/channels.ts'
import { type CollectionParts, collectionWork } from './work/collections.ts'
import { type PayoutParts, payoutWork, undoneOf, unitsLeaving } from './work/payouts.ts'
import { splitWork } from './work/splits.ts'

/**
 * Opens the rail on its node and data file: checks that they belong together, offers again every signed transaction without a receipt,
 * fills gaps in the nonces, and goes on with what was open. Throws `rail_unavailable` or `rail_misconfigured`.
 */
export async function openEvmRail(given: EvmRailOptions): Promise<EvmRail> {
  const options = {
    ...DEFAULTS,
    firstBlock: 0n,
    log: () => undefined,
    ...given,
    hub: lower(given.hub),
    token: { ...given.token, address: lower(given.token.address) },
  }
  const log = lineLog(options.log)
  const endpoints = openEndpoints({ urls: options.rpcUrls, timeoutMs: options.rpcTimeoutMs, clock: options.clock, log })
  const undo: (() => void)[] = [() => endpoints.close()]
  try {
    return createFaces(await assemble(options, endpoints, log, undo))
  } catch (error) {
    for (const step of undo.reverse()) step()
    if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
    throw new GatewayError('rail_unavailable', `The node of chain ${options.chainId} does not answer`, {
      cause: error,
      meta: { rail: evmRail(options.chainId) },
    })
  }
}

async function assemble(options: Required<EvmRailOptions>, endpoints: Endpoints, log: RailLog, undo: (() => void)[]): Promise<RailParts> {
  const { clock, hub, gasAsset, chainId, pollMs } = options
  const rail = evmRail(chainId)
  const token = options.token.address
  await endpoints.head()
  const [chain, agreed] = [createChain(endpoints.reader), createChain(endpoints.agreed)]
  const contracts = createContracts(chain, { token, hub })
  const signers = [options.operatorKey, ...options.laneKeys].map((key) => privateKeyToAccount(key))
  await checkSettings(agreed, contracts, options, signers)
  const store = openStore(options.dataFile, await identityOf(agreed, options, lower(signers[0]!.address)))
  undo.push(() => store.close())
  const actions = createActionTable(store)
  const transactions = createTransactionTable(store)
  const watch = createWatchTable(store, hub)
  const passed = createPassedTable(store)
  const reports = createReportTable(store, { rail, asset: options.token.asset, gasAsset })
  const oracle = options.l1DataFee === 'none' ? undefined : lower(options.l1DataFee.oracle)
  const fees = openFeeSource(chain, options.gas, clock, createDataFees(chain, { chainId, token, oracle }))
  await fees.quote()

  const feeCeiling = options.gas.feeCeiling
  const laneParts = { chain, chainId, store, transactions, actions, fees, feeCeiling, clock, log }
  const open = (signer: PrivateKeyAccount) =>
    openLane({ ...laneParts, signer, flights: createFlights(transactions, lower(signer.address)) })
  const [first, ...others] = signers
  const lanes = createLanes([await open(first!), ...(await Promise.all(others.map(open)))])
  const finality = createFinality(options.finality, endpoints.head)
  const place = { chain, agreed, contracts, token, hub, operator: lanes.first.operator, clock }
  const collection: CollectionParts = { ...place, chainId, finalBlock: () => tracker.horizon()?.number ?? -1n }
  const leaving = () => unitsLeaving(lanes, actions)
  const blocksToFinal = finality.expectedBlocks
  const payout: PayoutParts = { ...place, lane: lanes.first, fees, asset: options.token.asset, gasAsset, blocksToFinal, leaving }
  const works = { collection: collectionWork(collection), payout: payoutWork(payout), opening: openingWork(place), split: splitWork(place) }
  const workFor = ({ kind }: EvmRequest): Work => (kind === 'sweep' || kind === 'claim' || kind === 'vouchers' ? works.split : works[kind])
  let loop: PollLoop | undefined
  const kick = () => loop?.kick()
  const onUndone = (action: Action) => reports.addUndone(action.id, undoneOf(action, clock.now()))
  const driverParts = { rail, store, actions, transactions, lanes, workFor, gasAsset, feeCeiling, pollMs, clock, log, kick, onUndone }
  const driver = createDriver(driverParts)
  const revival = { agreed, store, actions, transactions, lanes, clock, log }
  const tracker = createTracker({
    chain,
    agreed,
    lanes,
    finality,
    clock,
    log,
    head: endpoints.head,
    replaceAfterMs: options.replaceAfterMs,
    revive: (head) => reviveReplaced(revival, head),
    onFinal: driver.finish,
    onDisplaced: driver.displaced,
    onStuck: driver.setStuck,
  })
  let answeredAt = clock.now()
  const round = async (): Promise<void> => {
    await tracker.tick()
    answeredAt = clock.now()
    await fees.quote()
    driver.resume()
  }
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
    actions,
    transactions,
    watch,
    passed,
    reports,
    lanes,
    collection,
    payout,
    driver,
    tracker,
    loop,
    answeredAt: () => answeredAt,
  }
}
