import { setTimeout as pause } from 'node:timers/promises'
import { createEnds } from '../ledger/process/ends.ts'
import { newEntry } from '../ledger/process/newEntry.ts'
import { sendUntilKnown } from '../ledger/process/sendUntilKnown.ts'
import { submitWhenRoom } from '../ledger/process/submit.ts'
import { floorDivCount, min } from '../money/integers.ts'
import type { Books, Fact, Leg } from '../ports/books.ts'
import type { Sight } from '../ports/collectionSights.ts'
import type { Ground } from '../ports/ground.ts'
import type { Hex } from '../ports/ids.ts'
import type { Outcome } from '../ports/outcome.ts'
import type { RailName } from '../ports/railName.ts'
import type { FacilitatorChain } from './chain.ts'
import type { Errand } from './errand.ts'
import type { ErrandRecords } from './errandRecords.ts'
import { toErrandFact } from './facts.ts'
import type { PayersLoad } from './payersLoad.ts'

/** How often the rail is asked whether it is in a block: less often the longer it takes. */
const LOOK_MS = { first: 40, most: 2_000 }
/** The next look is a quarter later: what is asked twice at one head costs nothing. */
const LOOK_MORE = 4

type CarryParts = Readonly<{
  ground: Ground
  books: Books
  records: ErrandRecords
  payersLoad: PayersLoad
  chainOf: (rail: RailName) => FacilitatorChain | undefined
  log: (line: string) => void
}>

/** Carries what was taken to the chain, and asks until its outcome is known; it is sent under one id, so never a second time. */
export function createCarrying(o: CarryParts) {
  const { records, payersLoad, log } = o
  const stop = new AbortController()
  /** Errands that are being carried, each with what the chain shows of it. */
  const carried = new Map<string, Sight | undefined>()
  const told = createEnds()

  async function look(errand: Errand, chain: FacilitatorChain): Promise<void> {
    for (
      let waitMs = LOOK_MS.first;
      carried.has(errand.id) && !stop.signal.aborted;
      waitMs = min(waitMs + floorDivCount(waitMs, LOOK_MORE), LOOK_MS.most)
    ) {
      await pause(waitMs, undefined, { ref: false })
      const sight = await chain.sightOf(errand.id)
      // What is in no block any more after a reorganisation is not told as mined any more either.
      if (!sight || !carried.has(errand.id)) continue
      carried.set(errand.id, sight)
      payersLoad.saw(errand, sight)
      if (sight.mined) told.notify(errand.id)
    }
  }

  async function carry(errand: Errand): Promise<void> {
    const chain = o.chainOf(errand.rail)
    const { id, authorization } = errand
    if (!chain || !authorization) return
    void look(errand, chain).catch((error: unknown) => log(`${errand.id} is not looked at any more: ${messageOf(error)}`))
    // What is refused as things are stays with the rail, which tries it again until it cannot come true; the nonce on the chain makes another try harmless.
    const outcome = await sendUntilKnown({
      send: ({ signal }) => chain.collect(id, authorization, { signal, onSent: () => payersLoad.saw(errand, { mined: false }) }),
      look: () => chain.lookupCollection(id),
      stop: stop.signal,
      onUnknown: (known) => noteRefusal(payersLoad, errand, known),
    })
    if (outcome.kind === 'unknown') return
    await end(o, errand, { outcome, transaction: (await chain.sightOf(errand.id))?.transaction })
  }

  function begin(errand: Errand): void {
    if (errand.state !== 'open' || carried.has(errand.id) || stop.signal.aborted) return
    carried.set(errand.id, undefined)
    if (errand.authorization) payersLoad.enter({ ...errand, units: errand.authorization.value })
    carry(errand)
      .catch((error: unknown) => log(`${errand.id} is taken up again at the next start: ${messageOf(error)}`))
      .finally(() => {
        carried.delete(errand.id)
        if (records.get(errand.id)?.state !== 'open') payersLoad.leave(errand)
        told.notify(errand.id)
      })
  }

  return {
    begin,
    /** What the chain shows of an errand without an end. */
    sightOf: (id: string): Sight | undefined => carried.get(id),
    /** Resolves when it has its end, or its money has moved in a block, or after so long. */
    async told(id: string, limits: Readonly<{ timeoutMs: number; signal?: AbortSignal }>): Promise<void> {
      if (records.get(id)?.state !== 'open' || carried.get(id)?.mined) return
      await told.wait(id, limits)
    },
    /** After the books have started: what has no end goes on. */
    resume: (): void => records.open().forEach(begin),
    close(): void {
      stop.abort()
      for (const id of carried.keys()) told.notify(id)
    },
  }
}

/** What is refused as things are counts against its payer. */
function noteRefusal(payersLoad: PayersLoad, errand: Errand, known: Outcome): void {
  if (known.kind === 'unknown' && known.refusal !== undefined) payersLoad.refused(errand)
}

type Ended = Readonly<{ outcome: Exclude<Outcome, { kind: 'unknown' }>; transaction: Hex | undefined }>

/** The end is durable, with the fee: taken for what was settled, and for what came to nothing after a transaction was signed for it; else given back. */
async function end({ ground, books, log }: CarryParts, errand: Errand, { outcome, transaction }: Ended): Promise<void> {
  const { bookAsset: asset, clock } = ground
  const pending = { entry: errand.entry, leg: 0 }
  const charged = outcome.kind === 'settled' || transaction !== undefined
  const leg: Leg = charged ? { kind: 'post', pending, asset, units: errand.feeUnits } : { kind: 'void', pending, asset }
  const result = await submitWhenRoom(books, {
    claims: [{ key: `${errand.id}:ended`, fingerprint: outcome.kind }],
    facts: [endFact(errand, { outcome, transaction }, clock.now())],
    entry: newEntry(ground, errand.id, [leg]),
  })
  if (result.kind === 'declined') log(`${errand.id}: its fee was not held any more (${result.status})`)
}

function endFact({ id }: Errand, { outcome, transaction }: Ended, at: number): Fact {
  if (outcome.kind === 'settled') {
    return toErrandFact({ type: 'errand.settled', id, at, data: { transaction: outcome.evidence.id as Hex } }) // A chain's evidence is a hash.
  }
  const { reason } = outcome
  const data = transaction === undefined ? { reason, charged: 'no' as const } : { reason, charged: 'yes' as const, transaction }
  return toErrandFact({ type: 'errand.failed', id, at, data })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error'
}
