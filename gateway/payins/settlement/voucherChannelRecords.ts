import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books } from '../../ports/books.ts'
import type { Hex, ReceiptId } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'
import type { BookedData, BookedFact, FinalVoucherFact, SettlementFact } from './facts.ts'

/**
 * A voucher channel as the journal knows it. `deposit`: what the rail reported as final. `accepted`: the sum of the highest voucher taken, which
 * `voucher` holds; the only one that is worth anything. `withdrawn`: the rest went back to the payer, for ever.
 */
export type VoucherChannel = Readonly<{
  rail: EvmRailName
  id: Hex
  splitId: Hex
  payer: Hex
  salt: bigint
  closer: Hex
  deposit: bigint
  accepted: bigint
  voucher: Readonly<{ signature: Hex; receipt: ReceiptId }> | undefined
  /** Its payer wants the rest back: no further voucher is taken. */
  closing?: boolean
  withdrawn: boolean
}>

/** What a settlement did to a channel, so that it can be taken back and done again by the settlement's id. */
type Effect = Readonly<{ key: string; kind: string; units: bigint }>

/** What the domain reads of the channels. */
export type VoucherChannelRecords = Omit<ReturnType<typeof createVoucherChannelRecords>, 'apply' | 'tables'>

/** The channels, from the facts that it is shown, and what the books hold for those of a split. */
export function createVoucherChannelRecords(books: Pick<Books, 'balance'>) {
  const channels = new Map<string, VoucherChannel>()
  const keysOf = new Map<string, string[]>()
  const effects = new Map<string, Effect>()
  const opened: ((channel: VoucherChannel) => void)[] = []

  function change(key: string, next: (channel: VoucherChannel) => Partial<VoucherChannel>): void {
    const channel = channels.get(key)
    invariant(channel, `channel ${key} is known before anything happens to it`)
    channels.set(key, { ...channel, ...next(channel) })
  }

  function addEffect({ key, kind, units }: Effect, sign: 1n | -1n): void {
    if (kind === 'withdrawn') change(key, () => ({ withdrawn: sign === 1n }))
    else change(key, ({ deposit }) => ({ deposit: deposit + sign * units }))
  }

  function open(key: string, channel: VoucherChannel): void {
    channels.set(key, channel)
    keysOf.set(channel.id, [...(keysOf.get(channel.id) ?? []), key])
    for (const listener of opened) listener(channel)
  }

  function booked({ id, data }: BookedFact): void {
    if (data.kind === 'opening') return
    const key = keyOf(data.rail, data.channel ?? '')
    const channel = channels.has(key) ? undefined : openedBy(data)
    if (channel) open(key, channel)
    const own = data.channel && channels.has(key) ? { key, kind: data.kind, units: BigInt(data.units) } : undefined
    const effect = data.instead ? effects.get(data.instead) : own
    if (!effect) return
    effects.set(id, effect)
    addEffect(effect, 1n)
  }

  function apply(fact: SettlementFact): void {
    if (fact.type === 'settlement.booked') booked(fact)
    if (fact.type === 'voucher.accepted') {
      const { rail, channel, cumulative, signature } = fact.data
      change(keyOf(rail, channel), () => ({ accepted: BigInt(cumulative), voucher: { signature, receipt: fact.id } }))
    }
    if (fact.type === 'voucher.final') change(keyOf(fact.data.rail, fact.data.channel), (channel) => afterFinal(channel, fact.data))
    if (fact.type === 'settlement.demoted') {
      const effect = effects.get(fact.data.settlement)
      if (effect) addEffect(effect, -1n)
    }
  }

  return {
    apply,
    tables: { channels, keysOf, effects },
    of: (rail: string, id: string): VoucherChannel | undefined => channels.get(keyOf(rail, id)),
    /** The same terms on several chains have one id: a channel on each. */
    withId: (id: string): readonly VoucherChannel[] => (keysOf.get(id.toLowerCase()) ?? []).map((key) => channels.get(key)!),
    all: (): IterableIterator<VoucherChannel> => channels.values(),
    /** Calls back for each channel, those that stand and those to come. */
    onOpened(listener: (channel: VoucherChannel) => void): void {
      for (const channel of channels.values()) listener(channel)
      opened.push(listener)
    },
    /** Of a split's channels: deposits that no voucher has taken, and vouchers that were accepted and not claimed. */
    held: (splitId: Hex, asset: Asset) => ({
      deposited: owed(books, accounts.channel(splitId), asset),
      vouched: owed(books, accounts.vouched(splitId), asset),
    }),
  }
}

/** The channel that a deposit opens, before the deposit; undefined when it names no terms, because the channel is known or not counted. */
function openedBy({ rail, channel, splitId, payer, salt, closer }: BookedData): VoucherChannel | undefined {
  if (!channel || !salt) return undefined
  return {
    rail: rail as EvmRailName, // Only chains have channels.
    id: channel,
    splitId: splitId!,
    payer: payer as Hex, // A chain names the payer of a channel, by its address.
    salt: BigInt(salt),
    closer: closer!,
    deposit: 0n,
    accepted: 0n,
    voucher: undefined,
    withdrawn: false,
  }
}

/** The last voucher stands from now on, also where it is below the one before. */
function afterFinal({ accepted, voucher }: VoucherChannel, { cumulative, signature }: FinalVoucherFact['data']): Partial<VoucherChannel> {
  const last = BigInt(cumulative) < accepted && voucher ? { ...voucher, signature } : voucher
  return { accepted: BigInt(cumulative), voucher: last, closing: true }
}

function owed(books: Pick<Books, 'balance'>, path: string, asset: Asset): bigint {
  const { creditsPosted, debitsPosted } = books.balance(path, asset)
  return creditsPosted - debitsPosted
}

function keyOf(rail: string, id: string): string {
  return `${rail} ${id.toLowerCase()}`
}
