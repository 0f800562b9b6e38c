import type { WalletTransaction } from './walletTransactions.ts'

/** A fee above this, in satoshi, is not believed to be one: a person must look. */
const FEE_SATS_MAX = 50_000n
/** What the anchor of a channel brings back, in satoshi (BOLT 3). The books counted it as a cost of the closing. */
const ANCHOR_SATS = 330n
/** Blocks after which what LND calls its own sweep, and no closing accounts for, is a deposit like any other. */
const SWEEP_DEPTH = 6
/** How LND labels what comes out of its channels. */
const FROM_CHANNELS = /^0:(?:closechannel|sweep|justicetx)/

/** A channel that we have paid for, or whose opener gave us something. Satoshi; `pushed` is what the opener gave away. */
export type CoinChannel = Readonly<{
  channel: string
  state: 'opening' | 'open' | 'closed'
  weOpened: boolean
  /** It opened after the books began, by the height in its id. */
  isNew: boolean
  capacitySats: bigint
  pushedSats: bigint
}>

/** Where coins come from that channels bring home. */
export type CoinClosings = Readonly<{
  /** Funding outputs, and the ids of transactions that closings made. */
  sources: ReadonlySet<string>
  /** What the books have of closed channels, by the transaction that brought it, and in all. */
  bookedSats: ReadonlyMap<string, bigint>
  homeSats: bigint
  /** Some channel closes still: more may come with the same transaction. */
  underWay: boolean
}>

/** What the books are to be told, named so that it is booked once. */
export type CoinEffect = Readonly<{ id: string; kind: 'funded' | 'spent' | 'moved'; place: 'wallet' | 'node'; sats: bigint }>

/** A transaction that took coins and that nothing here asked for. */
type UnexplainedCoins = Readonly<{ transaction: string; sats: bigint }>

export type ExplainedCoins = Readonly<{
  effects: readonly CoinEffect[]
  /** What LND's wallet holds, without what the books are to be told later. */
  wholeSats: bigint
  /** Something is to be told later. */
  isWaiting: boolean
  unexplained: readonly UnexplainedCoins[]
}>

type Parts = Readonly<{
  /** What the wallet held when the books began. */
  beforeSats: bigint
  /** All transactions since. */
  transactions: readonly WalletTransaction[]
  channels: readonly CoinChannel[]
  closings: CoinClosings
  height: number
}>

/** What one transaction means: `laterSats` of its change to the wallet will be told, but not yet. */
type Meaning = Readonly<{ effects: readonly CoinEffect[]; laterSats: bigint }>

const NOTHING: Meaning = { effects: [], laterSats: 0n }

/**
 * What the transactions of LND's wallet mean to the books. Deposits, the cost of turning coins over, channels that we open with their fees, and what closing
 * costs are told; whatever else left the wallet stays missing from `wholeSats`, at once and for ever. Labels prove nothing: whoever can send can write them.
 */
export function explainCoins(parts: Parts): ExplainedCoins {
  const { beforeSats, transactions, closings } = parts
  const inOrder = [...transactions].sort((a, b) => (a.height ?? Number.MAX_SAFE_INTEGER) - (b.height ?? Number.MAX_SAFE_INTEGER))
  const sources = new Set(closings.sources)
  const explained = inOrder.map((transaction) => {
    const meaning = meaningOf(transaction, sources, parts)
    const told = (closings.bookedSats.get(transaction.id) ?? 0n) + sum(meaning.effects.map(changeOf))
    return { transaction, meaning, missingSats: told + meaning.laterSats - transaction.sats }
  })
  const unexplained = explained
    .filter(({ missingSats }) => missingSats > 0n)
    .map(({ transaction: { id }, missingSats }) => ({ transaction: id, sats: missingSats }))
  const room = beforeSats + closings.homeSats - sum(unexplained.map(({ sats }) => sats))
  const { effects, heldBackSats } = withinRoom(
    room,
    explained.flatMap(({ meaning }) => meaning.effects),
  )
  const laterSats = sum(explained.map(({ meaning }) => meaning.laterSats)) - heldBackSats
  return {
    effects: [...effects, ...givenInChannels(parts)],
    wholeSats: beforeSats + sum(transactions.map(({ sats }) => sats)) - laterSats,
    isWaiting: heldBackSats > 0n || explained.some(({ meaning }) => meaning.laterSats !== 0n),
    unexplained,
  }
}

/** `sources` grows by what is found to come out of a closing: its own outputs may be swept in turn. */
function meaningOf(transaction: WalletTransaction, sources: Set<string>, { closings, channels, height }: Parts): Meaning {
  const { id, inputs, sats, label } = transaction
  const fromClosing =
    closings.bookedSats.has(id) || sources.has(id) || inputs.some((input) => !input.ours && isFrom(input.outpoint, sources))
  if (fromClosing) {
    sources.add(id)
    return meaningOfClosing(transaction, closings)
  }
  if (inputs.every(({ ours }) => ours)) return meaningOfOwn(transaction, channels)
  if (sats <= 0n) return NOTHING
  const depth = transaction.height === undefined ? 0 : height - transaction.height + 1
  const isFinal = FROM_CHANNELS.test(label) ? depth >= SWEEP_DEPTH && !closings.underWay : depth > 0
  return change(transaction, sats, isFinal)
}

function isFrom(outpoint: string, sources: ReadonlySet<string>): boolean {
  return sources.has(outpoint) || sources.has(outpoint.slice(0, outpoint.indexOf(':')))
}

/** What a closing brought home is booked as a move when LND calls the channel closed; what is left is the cost of the sweep, or anchors that came back. */
function meaningOfClosing(transaction: WalletTransaction, { bookedSats, underWay }: CoinClosings): Meaning {
  const { id, sats, inputs } = transaction
  const rest = sats - (bookedSats.get(id) ?? 0n)
  const anchorsSats = ANCHOR_SATS * BigInt(inputs.filter(({ ours }) => !ours).length)
  if (rest > anchorsSats) return { effects: [], laterSats: rest }
  if (rest < -FEE_SATS_MAX) return NOTHING
  return change(transaction, rest, transaction.height !== undefined && !underWay)
}

/** All its coins were LND's: into channels, back to LND's wallet, or away. What goes away is explained by nothing. */
function meaningOfOwn(transaction: WalletTransaction, channels: readonly CoinChannel[]): Meaning {
  const { id, sats, outputs, height } = transaction
  const gone = outputs.filter(({ ours }) => !ours)
  const feeSats = -sats - sum(gone.map((output) => output.sats))
  const into = gone.flatMap(({ outpoint }) => channels.find(({ channel, weOpened }) => weOpened && channel === outpoint) ?? [])
  if (into.length === 0 && gone.length > 0) return NOTHING
  const opened = into.filter(({ state }) => state !== 'opening').map(openingOf)
  const openingSats = sum(into.filter(({ state }) => state === 'opening').map(oursOf))
  const feeIsOne = feeSats > 0n && feeSats <= FEE_SATS_MAX
  const ended = height !== undefined && openingSats === 0n
  const fee: CoinEffect[] = feeIsOne && ended ? [{ id: `coins ${id}`, kind: 'spent', place: 'wallet', sats: feeSats }] : []
  return {
    effects: [...opened, ...fee].filter((effect) => effect.sats > 0n),
    laterSats: -openingSats - (feeIsOne && !ended ? feeSats : 0n),
  }
}

/** A gain or a loss of the wallet by a transaction, as one effect when it is final. */
function change({ id }: WalletTransaction, sats: bigint, isFinal: boolean): Meaning {
  if (!isFinal || sats === 0n) return { effects: [], laterSats: sats }
  const size = sats < 0n ? -sats : sats
  return { effects: [{ id: `coins ${id}`, kind: sats > 0n ? 'funded' : 'spent', place: 'wallet', sats: size }], laterSats: 0n }
}

function openingOf(found: CoinChannel): CoinEffect {
  return { id: `opening ${found.channel}`, kind: 'moved', place: 'wallet', sats: oursOf(found) }
}

/** What we have in a channel that we opened: what was pushed is the peer's, and a loss that nobody booked. */
function oursOf({ capacitySats, pushedSats }: CoinChannel): bigint {
  return capacitySats - pushedSats
}

/** What is in channels that opened since, and did not come out of LND's wallet: a peer's push is a gift (BOLT 2). */
function givenInChannels({ channels, transactions }: Parts): CoinEffect[] {
  const paid = new Set(transactions.flatMap(({ outputs }) => outputs.map(({ outpoint }) => outpoint)))
  return channels
    .filter(({ channel, state, weOpened, isNew }) => state === 'open' && isNew && !(weOpened && paid.has(channel)))
    .map((found): CoinEffect => {
      const sats = found.weOpened ? oursOf(found) : found.pushedSats
      return { id: `opening ${found.channel}`, kind: 'funded', place: 'node', sats }
    })
    .filter(({ sats }) => sats > 0n)
}

/** Those that the books have room for: no account of a rail goes below zero, and what a closing brings may be spent before LND calls it closed. */
function withinRoom(roomSats: bigint, effects: readonly CoinEffect[]): { effects: CoinEffect[]; heldBackSats: bigint } {
  const gains = effects.filter((effect) => changeOf(effect) > 0n)
  let left = roomSats + sum(gains.map(changeOf))
  let heldBackSats = 0n
  const fits: CoinEffect[] = [...gains]
  for (const effect of effects.filter((one) => changeOf(one) < 0n)) {
    if (left < effect.sats) heldBackSats += effect.sats
    else {
      left -= effect.sats
      fits.push(effect)
    }
  }
  return { effects: fits, heldBackSats }
}

/** What an effect changes in the wallet. */
function changeOf({ kind, place, sats }: CoinEffect): bigint {
  if (place !== 'wallet') return 0n
  return kind === 'funded' ? sats : -sats
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}
