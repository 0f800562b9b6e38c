import { GatewayError } from '../../errors/gatewayError.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Hex, PartyId, SplitKey } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import { knownTree } from '../../split/knownTree.ts'
import type { Payee as Leaf } from '../../split/splitTable.ts'
import { type SplitTree, splitTree } from '../../split/splitTree.ts'
import { contractTable } from './contractTable.ts'
import { readPartyFact, type SplitData, toPartyFact } from './facts.ts'
import type { Along } from './parties.ts'

/**
 * One row of a registered table: the party credited in the books, the account that the contract pays. `inBooks`: the party has named none, so that it is the
 * gateway's own, and what comes there is owed to the party in the books.
 */
export type PayeeShare = Readonly<{ party: PartyId; account: Hex; shares: bigint; inBooks?: true }>

/**
 * A committed share table. `house` names the party of a table with one row that is the gateway's own account: money paid on chain for a party
 * without a table of its own lands there and is owed to the party in the books. `leaves`: the rows that the contract knows.
 */
export type Split = Readonly<{
  key: SplitKey
  splitId: Hex
  tree: SplitTree
  payees: readonly PayeeShare[]
  leaves: readonly Leaf[]
  house: PartyId | undefined
  metadata?: Metadata
  createdAt: number
}>

/** Whom a price is for: a party's balance, or a table. Both have a split on chain. */
export type Payee = Readonly<{ kind: 'party'; party: PartyId; split: Split }> | Readonly<{ kind: 'split'; split: Split }>

/** A payee without an account is paid in the books. */
type NewPayee = Readonly<{ party: PartyId; account?: Hex | undefined; shares: bigint }>
type CreateSplit = Readonly<{ payees: readonly NewPayee[]; label: string; house?: PartyId; metadata?: Metadata; along?: Along<Split> }>

export type Splits = ReturnType<typeof createSplits>

/** The register of share tables. `operator` is the account that custodial money is paid to on chain. */
export function createSplits(o: { books: Books; clock: Clock; ids: IdSource; operator: Hex }) {
  const register = createRegister(o.books)
  const isOperator = (account: Hex) => account.toLowerCase() === o.operator.toLowerCase()
  const isOurs = (house: Split) => house.payees.every(({ account }) => isOperator(account))

  async function create({ payees, label, house, metadata, along: alongOf }: CreateSplit): Promise<Split> {
    const key = o.ids.split()
    const about = { label, ...(house ? { house } : {}), ...saidMetadata(metadata) }
    const data: SplitData = { payees: payees.map((payee) => rowOf(payee, o.operator)), ...about }
    const at = o.clock.now()
    const made = splitFrom(key, data, at)
    const { tree } = made
    const along = alongOf?.(made)
    // One table has one splitId, so the same table registered twice is a conflict of this claim, not a second split.
    const claims = [{ key: `split:${tree.splitId}`, fingerprint: key }, ...(along?.claims ?? [])]
    const facts = [toPartyFact({ type: 'split.created', id: key, at, data }), ...(along?.facts ?? [])]
    const outcome = await submitUntilKnown(o.books, { claims, facts })
    if (outcome.kind === 'conflict' && outcome.with.key.startsWith('split:')) {
      throw new GatewayError('split_exists', `The same table is registered as ${outcome.with.fingerprint}`, {
        meta: { split: outcome.with.fingerprint },
      })
    }
    const split = register.byKey(key)
    if (outcome.kind === 'conflict' || !split) throw new GatewayError('outcome_unknown', 'The split was not recorded')
    return split
  }

  function get(key: string): Split {
    const split = register.byKey(key)
    if (!split) throw new GatewayError('not_found', `There is no split ${key.slice(0, 60)}`)
    return split
  }

  return {
    /** The gateway's own account on chain. */
    operator: o.operator,
    create,
    /** Calls back for each split, those that stand and those to come: the chain adapter watches their receivers. */
    onAdded: register.onAdded,
    get,
    /** Whom a name is of: a split, or a party that has been sold for. */
    payeeOf(name: string): Payee {
      const house = register.byHouse(name)
      return house?.house ? { kind: 'party', party: house.house, split: house } : { kind: 'split', split: get(name) }
    },
    bySplitId: register.bySplitId,
    /** Whether a contract can be paid for it: what its payees in the books have there comes to our own account, which may be another than when it was made. */
    isPayableOnChain: ({ payees }: Pick<Split, 'payees'>): boolean => payees.every((row) => !row.inBooks || isOperator(row.account)),
    /** The house table of a party, when it has one. */
    houseOf: register.byHouse,
    /** The one-row table of a party without a table of its own; made on first use. */
    async house(party: PartyId): Promise<Split> {
      const standing = register.byHouse(party)
      // Another operator's table would pay, on chain, to an account that is not ours any more.
      if (standing && isOurs(standing)) return standing
      try {
        return await create({ payees: [{ party, account: o.operator, shares: 1n }], label: `party:${party}`, house: party })
      } catch (error) {
        // Two first uses at once: the other one made it.
        const made = register.byHouse(party)
        if (made && isOurs(made)) return made
        throw error
      }
    },
    list: (): readonly Split[] => register.all().filter((s) => !s.house),
    all: register.all,
  }
}

function rowOf({ party, account, shares }: NewPayee, operator: Hex): SplitData['payees'][number] {
  if (account === undefined) return { party, account: operator, shares: shares.toString(), inBooks: true }
  return { party, account, shares: shares.toString() }
}

/** The share tables as the facts make them, and who wants to hear of new ones. */
function createRegister(books: Pick<Books, 'remember'>) {
  /** As the facts say it, and what its table commits to. */
  const created = new Map<SplitKey, { data: SplitData; at: number; splitId: Hex }>()
  const byKey = new Map<string, Split>()
  const byId = new Map<string, Split>()
  const byHouse = new Map<string, Split>()
  const added: ((split: Split) => void)[] = []

  function register(split: Split): void {
    byKey.set(split.key, split)
    byId.set(split.splitId.toLowerCase(), split)
    if (split.house) byHouse.set(split.house, split)
    for (const listener of added) listener(split)
  }

  books.remember({
    name: 'party.splits',
    form: 2,
    tables: { created },
    apply(fact) {
      const known = readPartyFact(fact)
      if (known?.type !== 'split.created') return
      const { id, at, data } = known
      const split = splitFrom(id, data, at)
      register(split)
      created.set(id, { data, at, splitId: split.splitId })
    },
    derive() {
      byKey.clear()
      byId.clear()
      byHouse.clear()
      for (const [key, { data, at, splitId }] of created) register(splitFrom(key, data, at, splitId))
    },
  })

  return {
    byKey: (key: string): Split | undefined => byKey.get(key),
    bySplitId: (splitId: string): Split | undefined => byId.get(splitId.toLowerCase()),
    byHouse: (party: string): Split | undefined => byHouse.get(party),
    all: (): readonly Split[] => [...byKey.values()],
    /** Calls back for each split, those that stand and those to come. */
    onAdded(listener: (split: Split) => void): void {
      for (const split of byKey.values()) listener(split)
      added.push(listener)
    },
  }
}

/** `known`: its splitId, when that was reckoned before. */
function splitFrom(key: SplitKey, data: SplitData, createdAt: number, known?: Hex): Split {
  const payees = data.payees.map(({ party, account, shares, inBooks }) => ({
    party,
    account,
    shares: BigInt(shares),
    ...(inBooks ? { inBooks } : {}),
  }))
  const table = contractTable(data)
  const tree = known === undefined ? splitTree(table) : knownTree(table, known)
  return { key, splitId: tree.splitId, tree, payees, leaves: table.payees, house: data.house, ...saidMetadata(data.metadata), createdAt }
}
