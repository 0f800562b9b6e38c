import { privateKeyToAccount } from 'viem/accounts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { evmRail } from '../../gateway/ports/railName.ts'
import { createActionTable } from './actionTable.ts'
import { createChain } from './chain.ts'
import { type CollectionParts, collectionWork } from './collections.ts'
import { createContracts, lower } from './contracts.ts'
import { createDataFees } from './dataFees.ts'
import { createDriver } from './driver.ts'
import { openFeeSource } from './fees.ts'
import { createFlights } from './flights.ts'
import { openLane } from './lane.ts'
import { type PayoutParts, payoutWork, unitsLeaving } from './payouts.ts'
import { type PollLoop, startPollLoop } from './pollLoop.ts'
import { createFaces, type EvmRail } from './railFaces.ts'
import { lineLog } from './railLog.ts'
import type { RailParts } from './railParts.ts'
import type { EvmRequest } from './requests.ts'
import { openRpc, type Rpc, RpcRefused, RpcSilent } from './rpc.ts'
import { checkSettings, DEFAULTS, type EvmRailOptions, identityOf } from './settings.ts'
import { splitWork } from './splits.ts'
import type { Work } from './steps.ts'
import { openStore } from './store.ts'
import { createTracker } from './tracker.ts'
import { createTransactionTable } from './transactionTable.ts'
import { createWatchTable } from './watchTable.ts'

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
  const rpc = openRpc({ url: options.rpcUrl, timeoutMs: options.rpcTimeoutMs })
  const undo: (() => void)[] = [() => rpc.close()]
  try {
    return createFaces(await assemble(options, rpc, undo))
  } catch (error) {
    for (const step of undo.reverse()) step()
    if (!(error instanceof RpcSilent) && !(error instanceof RpcRefused)) throw error
    throw new GatewayError('rail_unavailable', `The node of chain ${options.chainId} does not answer`, {
      cause: error,
      meta: { rail: evmRail(options.chainId) },
    })
  }
}

async function assemble(options: Required<EvmRailOptions>, rpc: Rpc, undo: (() => void)[]): Promise<RailParts> {
  const { clock, hub, gasAsset, chainId } = options
  const log = lineLog(options.log)
  const token = options.token.address
  const chain = createChain(rpc)
  const contracts = createContracts(chain, { token, hub })
  const signer = privateKeyToAccount(options.operatorKey)
  await checkSettings(chain, contracts, options, signer)
  const store = openStore(options.dataFile, await identityOf(chain, options, lower(signer.address)))
  undo.push(() => store.close())
  const actions = createActionTable(store)
  const transactions = createTransactionTable(store)
  const watch = createWatchTable(store, hub)
  const oracle = options.l1DataFee === 'none' ? undefined : lower(options.l1DataFee.oracle)
  const fees = openFeeSource(chain, options.gas, clock, createDataFees(chain, { chainId, token, oracle }))
  await fees.quote()

  const feeCeiling = options.gas.feeCeiling
  const flights = createFlights(transactions)
  const lane = await openLane({ chain, chainId, store, transactions, flights, actions, fees, signer, feeCeiling, clock, log })
  const depth = options.finality.depth
  const place = { chain, contracts, token, hub, operator: lane.operator, clock }
  const collection: CollectionParts = { ...place, chainId, depth }
  const leaving = () => unitsLeaving(lane, actions)
  const payout: PayoutParts = { ...place, lane, fees, asset: options.token.asset, gasAsset, depth, leaving }
  const works = { collection: collectionWork(collection), payout: payoutWork(payout), split: splitWork(place) }
  const workFor = ({ kind }: EvmRequest): Work => (kind === 'collection' || kind === 'payout' ? works[kind] : works.split)
  const { pollMs } = options
  let loop: PollLoop | undefined
  const kick = () => loop?.kick()
  const rail = evmRail(chainId)
  const driver = createDriver({ rail, store, actions, transactions, lane, workFor, gasAsset, feeCeiling, pollMs, clock, log, kick })
  const tracker = createTracker({
    chain,
    lane,
    depth,
    replaceAfterMs: options.replaceAfterMs,
    clock,
    log,
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
    rpc,
    chain,
    contracts,
    fees,
    store,
    transactions,
    watch,
    lane,
    collection,
    payout,
    driver,
    tracker,
    loop,
    answeredAt: () => answeredAt,
  }
}
