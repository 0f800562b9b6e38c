import type { NanoUsd } from '../../costs/policy.ts'
import { min } from '../../money/integers.ts'
import type { Clock } from '../../ports/clock.ts'
import type { RailName } from '../../ports/railName.ts'
import {
  type CollectionCost,
  collectWhen,
  FULL_ROWS,
  type HoldDecision,
  type HoldPolicy,
  type HoldReason,
  type Pile,
} from '../regime/collectWhen.ts'
import { MARGIN_MS } from '../regime/holding.ts'
import type { QueuedCollection } from './collectionQueue.ts'

/** What waits for company. `since`: when it was claimed, ms; `worth`: what it brings. */
type HeldItem = QueuedCollection & Readonly<{ since: number; worth: NanoUsd }>

/**
 * Why an authorization waits, or went when it did: with how many, when (ms), and what it would cost or has been expected to. `latest`: it goes then, at any
 * price.
 */
export type CollectionStep = Omit<HoldDecision, 'collect' | 'because'> &
  Readonly<{ state: 'waits' | 'went'; because: HoldReason | 'company' | 'room_needed'; rows: number; at: number }>

export type HoldingParts = Readonly<{
  policy: HoldPolicy
  /** What collecting costs now; undefined where it is free or not known: then nothing waits for company. */
  costOf: (rail: RailName) => CollectionCost | undefined
}>

type Parts = HoldingParts & Readonly<{ clock: Clock; go: (items: readonly HeldItem[]) => void }>

/** How often what waits is looked at: prices fall, and times come. */
const LOOK_MS = 500
/** Of so many that went it is known why, the newest. */
const STEPS_KEPT = 10_000
const FREE: CollectionCost = { beside: 0n, row: 0n }

/** Authorizations that wait for others, chain by chain, until it is time for all that wait. */
export function createHeldPiles({ policy, costOf, clock, go }: Parts) {
  const piles = new Map<RailName, ReturnType<typeof createPile>>()
  const railOf = new Map<string, RailName>()
  const steps = createSteps()

  const decide = (rail: RailName, pile: Pile) => collectWhen(pile, costOf(rail) ?? FREE, { ...policy, now: clock.now() })

  function send(rail: RailName, o: Omit<HoldDecision, 'collect' | 'because'> & Pick<CollectionStep, 'because'>): void {
    const items = piles.get(rail)?.items() ?? []
    piles.delete(rail)
    const step: CollectionStep = { ...o, state: 'went', rows: items.length, at: clock.now() }
    for (const { claimKey } of items) {
      railOf.delete(claimKey)
      steps.keep(claimKey, step)
    }
    go(items)
  }

  function look(rail: RailName): void {
    const pile = piles.get(rail)?.sums()
    if (!pile) return
    const { collect, ...decision } = decide(rail, pile)
    if (collect) send(rail, decision)
  }

  const looks = createLooks(() => {
    for (const rail of [...piles.keys()]) look(rail)
    return piles.size > 0
  })

  return {
    size: (): number => railOf.size,
    /** False for what has no time to wait: it must not take the others along. */
    add(item: HeldItem): boolean {
      const { rail, claimKey } = item
      if (item.endsAt - MARGIN_MS <= clock.now()) return false
      if (railOf.has(claimKey) || looks.isClosed()) return true
      const pile = piles.get(rail) ?? createPile()
      piles.set(rail, pile)
      pile.add(item)
      railOf.set(claimKey, rail)
      look(rail)
      looks.later()
      return true
    },
    /**
     * A transaction goes on this chain anyway: what waits goes along, but for what would cost more than its share. That goes too where it takes the room that
     * somebody asks for, once more company would save nothing: who is collected alone for want of room costs more than a lower price would save.
     */
    join(rail: RailName, { isCrowded }: Readonly<{ isCrowded: boolean }>): void {
      const pile = piles.get(rail)?.sums()
      if (!pile) return
      const { collect: _, because, ...decision } = decide(rail, pile)
      const makesRoom = isCrowded && pile.rows >= FULL_ROWS
      if (because !== 'too_dear' || makesRoom) send(rail, { ...decision, because: because === 'too_dear' ? 'room_needed' : 'company' })
    },
    /** Undefined for one that is not known any more, and for what never waits. */
    stepOf(claimKey: string): CollectionStep | undefined {
      const rail = railOf.get(claimKey)
      const pile = rail === undefined ? undefined : piles.get(rail)?.sums()
      if (rail === undefined || !pile) return steps.of(claimKey)
      const { collect: _, ...decision } = decide(rail, pile)
      return { ...decision, state: 'waits', rows: pile.rows, at: clock.now() }
    },
    close: looks.close,
  }
}

function createPile() {
  const items: HeldItem[] = []
  let sums: Pile | undefined
  return {
    items: (): readonly HeldItem[] => items,
    sums: (): Pile | undefined => sums,
    add(item: HeldItem): void {
      const { since, worth } = item
      const goesBy = item.endsAt - MARGIN_MS
      const at = sums ?? { rows: 0, worth: 0n, since: 0, worthSince: 0n, oldest: since, endsAt: goesBy }
      items.push(item)
      sums = {
        rows: at.rows + 1,
        worth: at.worth + worth,
        since: at.since + since,
        worthSince: at.worthSince + worth * BigInt(since),
        oldest: min(at.oldest, since),
        endsAt: min(at.endsAt, goesBy),
      }
    },
  }
}

function createSteps() {
  const steps = new Map<string, CollectionStep>()
  return {
    of: (claimKey: string): CollectionStep | undefined => steps.get(claimKey),
    keep(claimKey: string, step: CollectionStep): void {
      steps.set(claimKey, step)
      if (steps.size > STEPS_KEPT) steps.delete(steps.keys().next().value ?? '')
    },
  }
}

/** Looks every half a second, as long as there is something to look at. */
function createLooks(look: () => boolean) {
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function later(): void {
    if (timer !== undefined || closed) return
    timer = setTimeout(() => {
      timer = undefined
      if (look()) later()
    }, LOOK_MS).unref()
  }

  return {
    later,
    isClosed: (): boolean => closed,
    close(): void {
      closed = true
      clearTimeout(timer)
    },
  }
}
