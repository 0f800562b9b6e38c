import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books, Json } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Hex, PartyId, SplitKey } from '../../ports/ids.ts'
import { knownTree } from '../../split/knownTree.ts'
import { type SplitTree, splitTree } from '../../split/splitTree.ts'
import type { Along } from './parties.ts'

/** One row of a registered table: the party credited in the books, the account that the contract pays. */
export type PayeeShare = Readonly<{ party: PartyId; account: Hex; shares: bigint }>

/**
 * A committed share table. `house` names the party of a table with one row that is the gateway's own account: money paid on chain for a party
 * without a table of its own lands there and is owed to the party in the books.
 */
export type Split = Readonly<{
  key: SplitKey
  splitId: Hex
  tree: SplitTree
  payees: readonly PayeeShare[]
  house: PartyId | undefined
  createdAt: number
}>

/** Whom a price is for: a party's balance, or a table. Both have a split on chain. */
export type Payee = Readonly<{ kind: 'party'; party: PartyId; split: Split }> | Readonly<{ kind: 'split'; split: Split }>

export type Splits = ReturnType<typeof createSplits>

type SplitData = { payees: readonly { party: string; account: string; shares: string }[]; label: string; house?: string }

/** The register of share tables. `operator` is the account that custodial money is paid to on chain. */
export function createSplits(o: { books: Books; clock: Clock; ids: IdSource; operator: Hex }) {
  /** As the facts say it, and what its table commits to. */
  const created = new Map<string, { data: SplitData; at: number; splitId: Hex }>()
  const byKey = new Map<string, Split>()
  const byId = new Map<string, Split>()
  const byHouse = new Map<string, Split>()
  const added: ((split: Split) => void)[] = []

  /** `known`: its splitId, when that was reckoned before. */
  function register(key: SplitKey, data: SplitData, createdAt: number, known?: Hex): Split {
    const payees = data.payees.map((p) => ({ party: p.party as PartyId, account: p.account as Hex, shares: BigInt(p.shares) }))
    const table = { payees: payees.map(({ account, shares }) => ({ account, shares })), metadata: data.label }
    const tree = known === undefined ? splitTree(table) : knownTree(table, known)
    const split: Split = { key, splitId: tree.splitId, tree, payees, house: data.house as PartyId | undefined, createdAt }
    byKey.set(key, split)
    byId.set(split.splitId.toLowerCase(), split)
    if (split.house) byHouse.set(split.house, split)
    for (const listener of added) listener(split)
    return split
  }

  o.books.remember({
    ...{ name: 'party.splits', form: 2, tables: { created } },
    apply(fact) {
      if (fact.type !== 'split.created') return
      const data = fact.data as unknown as SplitData
      const { splitId } = register(fact.id as SplitKey, data, fact.at)
      created.set(fact.id, { data, at: fact.at, splitId })
    },
    derive() {
      byKey.clear()
      byId.clear()
      byHouse.clear()
      for (const [key, { data, at, splitId }] of created) register(key as SplitKey, data, at, splitId) // Only `apply` puts keys there.
    },
  })

  async function create(command: { payees: readonly PayeeShare[]; label: string; house?: PartyId; along?: Along<Split> }): Promise<Split> {
    const key = o.ids.split()
    const rows = command.payees.map((p) => ({ party: p.party, account: p.account, shares: p.shares.toString() }))
    const data: SplitData = { payees: rows, label: command.label, ...(command.house ? { house: command.house } : {}) }
    const tree = splitTree({ payees: command.payees.map(({ account, shares }) => ({ account, shares })), metadata: command.label })
    const at = o.clock.now()
    const along = command.along?.({ key, splitId: tree.splitId, tree, payees: command.payees, house: command.house, createdAt: at })
    // One table has one splitId, so the same table registered twice is a conflict of this claim, not a second split.
    const claims = [{ key: `split:${tree.splitId}`, fingerprint: key }, ...(along?.claims ?? [])]
    const facts = [{ type: 'split.created', id: key, at, data: data as unknown as { [key: string]: Json } }, ...(along?.facts ?? [])]
    const outcome = await submitUntilKnown(o.books, { claims, facts })
    if (outcome.kind === 'conflict' && outcome.with.key.startsWith('split:')) {
      throw new GatewayError('split_exists', `The same table is registered as ${outcome.with.fingerprint}`, {
        meta: { split: outcome.with.fingerprint },
      })
    }
    const split = byKey.get(key)
    if (outcome.kind === 'conflict' || !split) throw new GatewayError('outcome_unknown', 'The split was not recorded')
    return split
  }

  return {
    /** The gateway's own account on chain. */
    operator: o.operator,
    create,
    /** Calls back for each split, those that stand and those to come: the chain adapter watches their receivers. */
    onAdded(listener: (split: Split) => void): void {
      for (const split of byKey.values()) listener(split)
      added.push(listener)
    },
    get(key: string): Split {
      const split = byKey.get(key)
      if (!split) throw new GatewayError('not_found', `There is no split ${key.slice(0, 60)}`)
      return split
    },
    bySplitId: (splitId: string): Split | undefined => byId.get(splitId.toLowerCase()),
    /** The house table of a party, when it has one. */
    houseOf: (party: string): Split | undefined => byHouse.get(party),
    /** The one-row table of a party without a table of its own; made on first use. */
    async house(party: PartyId): Promise<Split> {
      const standing = byHouse.get(party)
      if (standing) return standing
      try {
        return await create({ payees: [{ party, account: o.operator, shares: 1n }], label: `party:${party}`, house: party })
      } catch (error) {
        // Two first uses at once: the other one made it.
        const made = byHouse.get(party)
        if (made) return made
        throw error
      }
    },
    list: (): readonly Split[] => [...byKey.values()].filter((s) => !s.house),
    all: (): readonly Split[] => [...byKey.values()],
  }
}
