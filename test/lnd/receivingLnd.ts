import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import type { AuthenticatedLnd } from 'lightning'

const NO_CHANNELS = {
  pending_closing_channels: [],
  pending_force_closing_channels: [],
  pending_open_channels: [],
  waiting_close_channels: [],
}

type Invoice = { n: number; createdS: number; settleIndex: number }

const hashOf = (n: number) => createHash('sha256').update(Buffer.alloc(32, n)).digest()
/** The payment hash of the n-th invoice. */
export const idOf = (n: number) => hashOf(n).toString('hex')

/** A channel of the peer's that closed together at a height and brought so many satoshi home. */
type Closed = { n: number; height: number; sats: number }

/** It as LND's gRPC tells it. */
function wireOfClosed({ n, height, sats }: Closed) {
  return {
    alias_scids: [],
    capacity: '10000000',
    chan_id: '1',
    channel_point: `${idOf(n)}:0`,
    close_height: height,
    close_initiator: 'INITIATOR_LOCAL',
    close_type: 'COOPERATIVE_CLOSE',
    closing_tx_hash: idOf(n + 100),
    open_initiator: 'INITIATOR_REMOTE',
    remote_pubkey: `02${'ab'.repeat(32)}`,
    resolutions: [],
    settled_balance: String(sats),
    time_locked_balance: '0',
    zero_conf_confirmed_scid: '0',
  }
}

/** Coins that somebody sent to LND's wallet, in the block at a height. */
type Deposit = { n: number; height: number; sats: number }

/** They as LND's gRPC tells them. */
function wireOfDeposit({ n, height, sats }: Deposit) {
  return {
    tx_hash: idOf(n),
    block_height: height,
    amount: String(sats),
    label: '',
    previous_outpoints: [{ outpoint: `${idOf(n + 100)}:0`, is_our_output: false }],
    output_details: [{ output_index: '0', amount: String(sats), is_our_address: true }],
  }
}

/** An invoice as LND's gRPC tells it. */
function wire({ n, createdS, settleIndex }: Invoice) {
  const settled = settleIndex > 0
  return {
    creation_date: String(createdS),
    description_hash: Buffer.alloc(0),
    expiry: '3600',
    features: {},
    htlcs: [],
    memo: '',
    payment_request: 'lnbcrt',
    payment_addr: Buffer.alloc(32, 9),
    r_hash: hashOf(n),
    r_preimage: Buffer.alloc(32, n),
    value: '5',
    value_msat: '5000',
    amt_paid_msat: settled ? '5000' : '0',
    amt_paid_sat: '5',
    settle_date: String(createdS + 1),
    cltv_expiry: '80',
    settle_index: String(settleIndex),
    add_index: String(n),
    state: settled ? 'SETTLED' : 'OPEN',
    route_hints: [],
    private: false,
    is_keysend: false,
    is_amp: false,
    fallback_addr: '',
  }
}

/** An LND that keeps invoices, and streams that can break. It tells again what settled after the index it is given. */
export function receivingLnd() {
  const invoices: Invoice[] = []
  const streams: EventEmitter[] = []
  const askedFrom: string[] = []
  const closed: Closed[] = []
  const transactions: Deposit[] = []
  const live = () => streams.at(-1)!
  const lnd = {
    default: {
      pendingChannels: (_: object, done: (error: null, found: object) => void) => done(null, { ...NO_CHANNELS, total_limbo_balance: '0' }),
      closedChannels: (_: object, done: (error: null, found: object) => void) => done(null, { channels: closed.map(wireOfClosed) }),
      listChannels: (_: object, done: (error: null, found: object) => void) => done(null, { channels: [] }),
      getTransactions: (
        { start_height, end_height }: { start_height: number; end_height: number },
        done: (error: null, found: object) => void,
      ) =>
        done(null, {
          transactions: transactions
            .filter(({ height }) => (end_height < 0 ? height >= start_height : height <= end_height))
            .map(wireOfDeposit),
        }),
      subscribeInvoices: ({ settle_index }: { settle_index?: string }) => {
        const stream = Object.assign(new EventEmitter(), { cancel: () => undefined })
        streams.push(stream)
        askedFrom.push(settle_index ?? 'now')
        const missed = settle_index === undefined ? [] : invoices.filter((i) => i.settleIndex > Number(settle_index))
        setImmediate(() => {
          for (const invoice of missed) stream.emit('data', wire(invoice))
        })
        return stream
      },
      listInvoices: (_: object, done: (error: unknown, found: object) => void) => {
        const newestLast = [...invoices].sort((a, b) => a.createdS - b.createdS)
        done(null, { invoices: newestLast.map(wire), first_index_offset: '1', last_index_offset: String(invoices.length) })
      },
    },
  } as unknown as AuthenticatedLnd // Only what these tests reach.
  const add = (n: number, createdS: number): Invoice => {
    const invoice = { n, createdS, settleIndex: 0 }
    invoices.push(invoice)
    return invoice
  }
  const settle = (invoice: Invoice, index: number, o: { heard: boolean }) => {
    invoice.settleIndex = index
    if (o.heard) live().emit('data', wire(invoice))
  }
  const tellAdded = (invoice: Invoice) => live().emit('data', wire(invoice))
  const close = (channel: Closed) => void closed.push(channel)
  const deposit = (coins: Deposit) => void transactions.push(coins)
  return {
    lnd,
    close,
    deposit,
    add,
    settle,
    tellAdded,
    askedFrom,
    breakStream: () => live().emit('error', { code: 14, details: 'Connection dropped' }),
  }
}
