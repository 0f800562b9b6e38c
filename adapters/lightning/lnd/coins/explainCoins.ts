import type { WalletTransaction } from './walletTransactions.ts'

/** A fee above this, in satoshi, is not believed to be one: a person must look. */
const FEE_SATS_MAX = 50_000n
/** Blocks after which what LND calls its own sweep, and no channel of ours is known to have brought, is a deposit like any other. */
const SWEEP_DEPTH = 144
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
  /** The channel of each output, and of each transaction by its id, that a channel's coins come out of. */
  sources: ReadonlyMap<string, string>
  /** The closed channels that the books are told of whole. */
  booked: ReadonlySet<string>
  /** What the books have of closed channels, by the transaction that brought it, and in all. */
  bookedSats: ReadonlyMap<string, bigint>
  homeSats: bigint
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
  /** The effects that were told already, by `effectKey`. */
  told: Readonly<{ has: (key: string) => boolean }>
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
  const origins = new Map([...closings.sources].map(([source, channel]) => [source, new Set([channel])]))
  const explained = inOrder.map((transaction) => {
    const meaning = meaningOf(transaction, origins, parts)
    const told = (closings.bookedSats.get(transaction.id) ?? 0n) + sum(meaning.effects.map(changeOf))
    return { transaction, meaning, missingSats: told + meaning.laterSats - transaction.sats }
  })
  const lost = explained.filter(({ missingSats }) => missingSats > 0n)
  const listed = new Set(transactions.map(({ id }) => id))
  const elsewhere = [...closings.bookedSats].filter(([id]) => !listed.has(id))
  const unexplained = [
    ...elsewhere.map(([transaction, sats]) => ({ transaction, sats })),
    ...lost.map(({ transaction: { id }, missingSats }) => ({ transaction: id, sats: missingSats })),
  ]
  const room = beforeSats + closings.homeSats - sum(unexplained.map(({ sats }) => sats))
  const { effects, heldBackSats } = withinRoom(
    room,
    explained.flatMap(({ meaning }) => meaning.effects),
    parts.told,
  )
  const laterSats = sum(explained.map(({ meaning }) => meaning.laterSats)) - heldBackSats
  return {
    effects: [...effects, ...givenInChannels(parts)],
    wholeSats: beforeSats + sum(transactions.map(({ sats }) => sats)) - laterSats,
    isWaiting: heldBackSats > 0n || explained.some(({ meaning }) => meaning.laterSats !== 0n),
    unexplained,
  }
}

type Origins = Map<string, ReadonlySet<string>>

/** `origins` grows by what is found to come out of a channel: its own outputs may be swept in turn. */
function meaningOf(transaction: WalletTransaction, origins: Origins, { closings, channels, height }: Parts): Meaning {
  const { id, inputs, sats, label } = transaction
  const from = originsOf(transaction, origins)
  if (from.size > 0 || closings.bookedSats.has(id)) {
    origins.set(id, from)
    return meaningOfClosing(transaction, from, closings)
  }
  if (inputs.every(({ ours }) => ours)) return meaningOfOwn(transaction, channels)
  if (sats <= 0n) return NOTHING
  const depth = transaction.height === undefined ? 0 : height - transaction.height + 1
  return change(transaction, sats, depth >= (FROM_CHANNELS.test(label) ? SWEEP_DEPTH : 1))
}

/** The channels whose coins a transaction has. */
function originsOf({ id, inputs }: WalletTransaction, origins: Origins): ReadonlySet<string> {
  const outpoints = inputs.filter(({ ours }) => !ours).map(({ outpoint }) => outpoint)
  const names = [id, ...outpoints, ...outpoints.map((outpoint) => outpoint.slice(0, outpoint.indexOf(':')))]
  return new Set(names.flatMap((name) => [...(origins.get(name) ?? [])]))
}

/**
 * What a closing brought home is booked as a move when LND calls the channel closed. What is left then is the cost of the sweep, or a gain: an anchor that
 * came back, or a punished peer's money. It is final when the books have all the channels that it comes from, and then for ever: what closes later changes it
 * not.
 */
function meaningOfClosing(transaction: WalletTransaction, from: ReadonlySet<string>, { bookedSats, booked }: CoinClosings): Meaning {
  const { id, sats, height } = transaction
  const rest = sats - (bookedSats.get(id) ?? 0n)
  if (rest < -FEE_SATS_MAX) return NOTHING
  return change(transaction, rest, height !== undefined && [...from].every((channel) => booked.has(channel)))
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
function withinRoom(
  roomSats: bigint,
  effects: readonly CoinEffect[],
  told: Parts['told'],
): { effects: CoinEffect[]; heldBackSats: bigint } {
  const fits = effects.filter((effect) => changeOf(effect) > 0n || told.has(effectKey(effect)))
  let left = roomSats + sum(fits.map(changeOf))
  let heldBackSats = 0n
  for (const effect of effects.filter((one) => !fits.includes(one))) {
    if (left < effect.sats) heldBackSats += effect.sats
    else {
      left -= effect.sats
      fits.push(effect)
    }
  }
  return { effects: fits, heldBackSats }
}

/** What an effect is known by: a transaction may bring and cost. */
export function effectKey({ kind, id }: CoinEffect): string {
  return `${kind} ${id}`
}

/** What an effect changes in the wallet. */
function changeOf({ kind, place, sats }: CoinEffect): bigint {
  if (place !== 'wallet') return 0n
  return kind === 'funded' ? sats : -sats
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n)
}
