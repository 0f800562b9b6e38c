import { GatewayError } from '../../../gateway/errors/gatewayError.ts'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { AccountInit, LedgerEngine, LedgerQueries, TransferInit, U128 } from '../../../gateway/ports/ledger.ts'
import { AccountFlags, LEDGER_BATCH_MAX, TransferFlags } from '../../../gateway/ports/ledger.ts'
import { createRequestQueue, type Operation } from './requestQueue.ts'
import { type Event, type Result, type Row, sendRequest } from './sendRequest.ts'
import { toTheirAccount, toTheirAccountFilter, toTheirQueryFilter, toTheirTransfer } from './translate.ts'
import { type Client, type ClientPackage, clientErrorCode, loadClient } from './wire.ts'

/** How long a call may take before its outcome is unknown, unless it says otherwise. */
const DEADLINE_MS = 5_000

type TigerBeetleOptions = Readonly<{
  clusterId: bigint
  /** `host:port` of every replica, in the cluster's order. */
  addresses: readonly string[]
  /** Most events in one request: a server that was started with --development takes 253. */
  batchMax?: number
  deadlineMs?: number
  /** How the client's package is loaded. */
  load?: () => Promise<ClientPackage>
}>

/**
 * A TigerBeetle cluster as the ledger engine, over one client. `outcome_unknown` from a create means: resubmit exactly the same under the same ids,
 * and what had taken place answers `exists`. Opening does not wait for the cluster.
 */
export async function openTigerBeetle(options: TigerBeetleOptions): Promise<LedgerEngine & LedgerQueries> {
  const { clusterId, addresses, batchMax = LEDGER_BATCH_MAX, deadlineMs = DEADLINE_MS } = options
  const theirs = await loadClient(options.load)
  const connect = (): Client => createClient(theirs, clusterId, addresses)
  let client: Client | undefined = connect()

  async function send(operation: Operation, events: readonly Event[]): Promise<Result[]> {
    client ??= connect()
    try {
      return await sendRequest(theirs, client, operation, events)
    } catch (error) {
      if (clientErrorCode(error) === 'ERR_CLIENT_EVICTED') {
        client.destroy()
        client = undefined
      }
      throw translateError(error)
    }
  }

  const queue = createRequestQueue<Event, Result>({ batchMax, send })
  // What a call gets back is what its operation answers; `sendRequest` makes it.
  const call = async <R extends Result>(
    operation: Operation,
    events: readonly Event[],
    joins: string | undefined,
    ms = deadlineMs,
  ): Promise<R[]> => (await queue.call({ operation, events, joins, deadlineMs: ms })) as R[]

  /** The rows of a query, which has a request to itself. */
  async function rows<R extends Row>(operation: Operation, filter: Event & { limit: number }): Promise<R[]> {
    invariant(filter.limit <= LEDGER_BATCH_MAX, `a query of the ledger engine is for at most ${LEDGER_BATCH_MAX} rows`)
    const [found] = await call<R[]>(operation, [filter], undefined)
    return found ?? []
  }

  return {
    createAccounts: async (batch) => call('createAccounts', batch.map(toTheirAccount), joining(batch, AccountFlags)),
    createTransfers: async (batch, o) => call('createTransfers', batch.map(toTheirTransfer), joining(batch, TransferFlags), o?.deadlineMs),
    lookupAccounts: async (ids: readonly U128[]) => call('lookupAccounts', ids, 'ids'),
    lookupTransfers: async (ids: readonly U128[]) => call('lookupTransfers', ids, 'ids'),
    accountTransfers: async (filter) => rows('getAccountTransfers', toTheirAccountFilter(filter)),
    accountBalances: async (filter) => rows('getAccountBalances', toTheirAccountFilter(filter)),
    queryAccounts: async (filter) => rows('queryAccounts', toTheirQueryFilter(filter)),
    queryTransfers: async (filter) => rows('queryTransfers', toTheirQueryFilter(filter)),
    async close() {
      queue.close()
      // Requests under way are rejected, and their outcome is unknown.
      client?.destroy()
    },
  }
}

function createClient(theirs: ClientPackage, clusterId: bigint, addresses: readonly string[]): Client {
  try {
    return theirs.createClient({ cluster_id: clusterId, replica_addresses: [...addresses] })
  } catch (cause) {
    throw new GatewayError('unsafe_configuration', `A client of the TigerBeetle cluster at ${addresses.join(', ')} cannot be made`, {
      hint: 'Write each address as host:port, an IP address for the host, and see that the machine allows io_uring, which the client uses on Linux.',
      cause,
    })
  }
}

/**
 * Which calls may share a request: within one, a chain that a call leaves open would swallow the next call's events, and the first event decides
 * whether all are imported.
 */
function joining(
  batch: readonly (AccountInit | TransferInit)[],
  flags: Readonly<{ linked: number; imported: number }>,
): string | undefined {
  if (((batch.at(-1)?.flags ?? 0) & flags.linked) !== 0) return undefined
  return ((batch[0]?.flags ?? 0) & flags.imported) !== 0 ? 'imported' : 'ordinary'
}

/** What a rejected request means. The client rejects only for what it can say itself; silence is the deadline's matter. */
function translateError(error: unknown): unknown {
  switch (clientErrorCode(error)) {
    case 'ERR_CLIENT_EVICTED':
    case 'ERR_CLIENT_CLOSED':
      return new GatewayError('outcome_unknown', 'its connection ended under the request', { cause: error })
    case 'ERR_CLIENT_RELEASE_TOO_LOW':
    case 'ERR_CLIENT_RELEASE_TOO_HIGH':
      return new GatewayError('unsafe_configuration', 'The TigerBeetle cluster does not take this release of its client', {
        hint: 'Take a tigerbeetle-node that is not newer than the cluster, and not older than it allows.',
        cause: error,
      })
    case 'ERR_TOO_MUCH_DATA':
      return new GatewayError('unsafe_configuration', 'The TigerBeetle server takes smaller requests than configured', {
        hint: 'Nothing was applied. Set batchMax to 253 for a server that was started with --development.',
        cause: error,
      })
    default:
      return error
  }
}
