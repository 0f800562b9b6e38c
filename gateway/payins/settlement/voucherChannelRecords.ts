import { invariant } from '../../errors/invariant.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import type { Asset } from '../../money/asset.ts'
import type { Books, Fact } from '../../ports/books.ts'
import type { Hex, ReceiptId } from '../../ports/ids.ts'
import type { EvmRailName } from '../../ports/railName.ts'

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

  function open(key: string, d: Record<string, string>): void {
    const { rail, channel, splitId, payer, salt, closer } = d as Record<string, Hex> // Written by `channelBooking`, which had them typed.
    const state = { deposit: 0n, accepted: 0n, voucher: undefined, withdrawn: false }
    const terms = { id: channel!, splitId: splitId!, payer: payer!, salt: BigInt(salt!), closer: closer! }
    channels.set(key, { rail: rail as string as EvmRailName, ...terms, ...state })
    keysOf.set(terms.id, [...(keysOf.get(terms.id) ?? []), key])
    for (const listener of opened) listener(channels.get(key)!)
  }

  function apply(fact: Fact): void {
    const d = fact.data as Record<string, string> // Facts of settlements and vouchers hold strings only.
    if (fact.type === 'voucher.accepted') {
      const voucher = { signature: d.signature as Hex, receipt: fact.id as ReceiptId } // As `acceptVoucher` wrote them.
      change(keyOf(d.rail!, d.channel!), () => ({ accepted: BigInt(d.cumulative!), voucher }))
      return
    }
    if (fact.type === 'settlement.demoted') {
      const effect = effects.get(d.settlement!)
      if (effect) addEffect(effect, -1n)
      return
    }
    if (fact.type !== 'settlement.booked') return
    const key = keyOf(d.rail!, d.channel ?? '')
    if (d.channel && d.salt && !channels.has(key)) open(key, d)
    const own = d.channel && channels.has(key) ? { key, kind: d.kind!, units: BigInt(d.units!) } : undefined
    const effect = d.instead ? effects.get(d.instead) : own
    if (!effect) return
    effects.set(fact.id, effect)
    addEffect(effect, 1n)
  }

  const owed = (path: string, asset: Asset): bigint => {
    const { creditsPosted, debitsPosted } = books.balance(path, asset)
    return creditsPosted - debitsPosted
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
      deposited: owed(accounts.channel(splitId), asset),
      vouched: owed(accounts.vouched(splitId), asset),
    }),
  }
}

function keyOf(rail: string, id: string): string {
  return `${rail} ${id.toLowerCase()}`
}
