import { type AuthenticatedLnd, subscribeToInvoices } from 'lightning'
import { type GatewayError, isGatewayError } from '../../../../gateway/errors/gatewayError.ts'
import type { Cursor } from '../../../../gateway/ports/ids.ts'
import { closingsAfter, leaveOutClosing, setClosingsAfter } from '../closings/watchClosings.ts'
import { keepSubscribed, type Subscription } from '../node/keepSubscribed.ts'
import { messageOf } from '../node/lndCall.ts'
import type { LndStore } from '../node/store.ts'
import { cursorsOf, isPlace, placeAt, type Start, startAfter } from './journalPlace.ts'
import { rowsAfter, type SettledRow, setSettleIndex, settleIndex, takeSettled } from './settledRows.ts'
import { hasBaseline, newestSettlement, setFirst, sweepInvoices } from './sweep.ts'

/** Besides every reconnect: a sweep now and then costs one page and trusts nobody. */
const SWEEP_MS = 300_000
const SWEEP_AGAIN_MS = 2_000

/** Reads on: the next rows that were not told yet, each with the cursor that the journal is to keep. */
type ReadOn = (limit: bigint) => Readonly<{ row: SettledRow; cursor: Cursor }>[]

export type Received = Readonly<{
  /** How far LND was read. Where nothing ever was, that is LND's newest settlement: what came up to it is the operator's capital. Throws `LndError`. */
  place: () => Promise<Cursor>
  /** Goes on after a cursor of the journal's, whatever the file knows. Throws `rail_misconfigured` for one that is not of this node, and `LndError`. */
  begin: (after: Cursor) => Promise<ReadOn>
  /** Why the journal's cursor means nothing here, if it does not: then this is not the node that the journal was written with. */
  refusal: () => GatewayError | undefined
  /** Called when there may be more. */
  onNews: (listener: () => void) => () => void
  /** The stream may be dead without saying so: opens it anew, and sweeps. */
  renew: () => void
  close: () => void
}>

type Parts = Readonly<{ lnd: AuthenticatedLnd; store: LndStore; nodeId: string; height: number; log: (line: string) => void }>

/**
 * Records everything that settles at the node, once. The stream is opened behind LND's own settle index, so LND sends again what settled while we did
 * not listen; where that says nothing (an index of 0 means "only what is new") the sweep of invoices finds it. What is recorded is a cache: the journal
 * says where to go on, and the stream opens when it has, or when it is known that it cannot.
 */
export function openReceived(parts: Parts): Received {
  const { lnd, store, nodeId } = parts
  const listeners = new Set<() => void>()
  let stream: Subscription | undefined
  let timer: NodeJS.Timeout | undefined
  let beginning: Promise<void> | undefined
  let refused: GatewayError | undefined
  let closed = false
  const tell = () => {
    for (const listener of listeners) listener()
  }
  const sweep = sweeper(parts, { tell, isClosed: () => closed })
  const listen = () => {
    if (closed || stream) return
    stream = followSettlements(parts, { tell, sweep })
    timer = setInterval(sweep, SWEEP_MS).unref()
  }
  /** Once, also when many ask; asked again after a failure. */
  const beginHere = (): Promise<void> => {
    beginning ??= (async () => {
      if (settleIndex(store) === undefined) await beginAtNewest(lnd, store)
      if (closingsAfter(store) === undefined) await beginClosings(parts)
      listen()
    })().catch((error: unknown) => {
      beginning = undefined
      throw error
    })
    return beginning
  }
  const startOrRefuse = (after: Cursor) => {
    refused = undefined
    try {
      return startAfter(store, nodeId, after)
    } catch (error) {
      if (isGatewayError(error)) refused = error
      throw error
    }
  }
  return {
    place: async () => {
      await beginHere()
      return placeAt(store, nodeId, settleIndex(store) ?? 0)
    },
    begin: async (after) => {
      if (after === '') await beginHere()
      const before = settleIndex(store)
      const start = startOrRefuse(after)
      // A journal of before closings were booked begins with them now.
      if (!isPlace(after)) await beginHere()
      if (stream && before !== settleIndex(store)) stream.renew()
      listen()
      return readOnFrom(parts, start)
    },
    refusal: () => refused,
    onNews: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    renew: () => stream?.renew(),
    close: () => {
      closed = true
      clearInterval(timer)
      stream?.stop()
    },
  }
}

function readOnFrom({ store, nodeId }: Parts, start: Start): ReadOn {
  let { seq } = start
  return (limit) => {
    const rows = rowsAfter(store, seq, start.known, limit)
    const cursors = cursorsOf(store, nodeId, rows)
    seq = rows.at(-1)?.seq ?? seq
    return rows.map((row, i) => ({ row, cursor: cursors[i]! }))
  }
}

/** What had settled before the gateway's first start is the operator's capital and not news. A file of before has its own beginning. */
async function beginAtNewest(lnd: AuthenticatedLnd, store: LndStore): Promise<void> {
  if (hasBaseline(store)) return setSettleIndex(store, 0)
  const newest = await newestSettlement(lnd)
  setFirst(store, newest)
  setSettleIndex(store, newest.index)
}

async function beginClosings({ lnd, store, height }: Parts): Promise<void> {
  await leaveOutClosing(lnd, store)
  setClosingsAfter(store, height)
}

function followSettlements({ lnd, store, log }: Parts, o: { tell: () => void; sweep: () => void }): Subscription {
  return keepSubscribed({
    event: 'invoice_updated',
    open: () => {
      const index = settleIndex(store) ?? 0
      return subscribeToInvoices({ lnd, ...(index > 0 ? { confirmed_after: index } : {}) })
    },
    onData: (invoice) => {
      const { fresh, index } = takeSettled(store, invoice)
      // Only the stream moves the index on: it tells every settlement in order, and a sweep does not.
      if (index > (settleIndex(store) ?? 0)) setSettleIndex(store, index)
      if (fresh) o.tell()
    },
    onOpen: o.sweep,
    onBroken: (error) => log(`lightning: the stream of invoices broke (${messageOf(error)}); opening it again`),
  })
}

/** One sweep at a time; asked for while one runs, because the stream broke again, another follows. */
function sweeper({ lnd, store, log }: Parts, o: { tell: () => void; isClosed: () => boolean }): () => Promise<void> {
  let sweeping = false
  let wanted = false
  const sweepOnce = async () => {
    try {
      if ((await sweepInvoices(lnd, store, (invoice) => takeSettled(store, invoice).fresh)) > 0) o.tell()
    } catch (error) {
      if (o.isClosed()) return
      log(`lightning: the invoices could not be swept: ${messageOf(error)}`)
      setTimeout(sweep, SWEEP_AGAIN_MS).unref()
    }
  }
  const sweep = async () => {
    wanted = true
    if (sweeping) return
    sweeping = true
    while (wanted && !o.isClosed()) {
      wanted = false
      await sweepOnce()
    }
    sweeping = false
  }
  return sweep
}
