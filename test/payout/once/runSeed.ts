import { memoryJournal } from '../../../gateway/ledger/books/memoryJournal.ts'
import { money } from '../../../gateway/money/money.ts'
import type { CreatePayout } from '../../../gateway/payouts/payoutState/createPayoutCommand.ts'
import { type IdSource, idSource } from '../../../gateway/ports/clock.ts'
import type { JournalStore } from '../../../gateway/ports/journal.ts'
import type { RailName } from '../../../gateway/ports/railName.ts'
import type { Destination, Sender } from '../../../gateway/ports/sender.ts'
import { createDice, type Dice } from '../../memory/dice.ts'
import { makeRails, PAYEE, START, to, USDC, type World } from '../payoutWorld.ts'
import { installVirtualTime } from '../virtualTime.ts'
import { whatIsWrong } from './check.ts'
import { createLiar, type Liar } from './liar.ts'
import { live, type Outside } from './life.ts'

const START_MS = 1_800_000_000_000
const MINUTE_MS = 60_000
/** Longer than any order waits for its end. */
const ALL_TOLD_MS = 2 * 60 * MINUTE_MS
const PAYOUTS_MAX = 3
const PLANNED_RAILS: Readonly<Partial<Record<Destination['kind'], Exclude<RailName, 'book'>>>> = {
  lightning_node: 'lightning',
  lightning_offer: 'lightning',
  evm_address: 'evm:31337',
  iban: 'bank',
}
const DEATHS_MAX = 3

/** What a defect stands between: the service, and what it works with. */
export type Seam = Readonly<{ sender?: (sender: Sender, dice: Dice) => Sender; journal?: (journal: JournalStore) => JournalStore }>

/** What a seed came to. `wrong` is empty when all is well; the rest says how much was tried. */
export type SeedResult = Readonly<{
  wrong: readonly string[]
  deaths: number
  attempts: number
  /** Tries of a way that had failed, with a change. */
  healing: number
  falseWords: number
  settled: number
  /** How often a process died while a payout waited for the cheapest time, and while one waited for its planned way. */
  waitingForTime: number
  waitingForWay: number
}>

/** Plays the schedule of a seed, and says what is wrong at its end. */
export async function runSeed(seed: number, seam: Seam = {}): Promise<SeedResult> {
  const dice = createDice(seed * 2_654_435_761)
  const time = installVirtualTime(START_MS)
  try {
    let calm = false
    const rails = makeRails()
    const around = { dice, now: time.now, isCalm: () => calm }
    const liars = [
      createLiar(rails.lightning, { ...around, place: 'node', starts: START.btc }),
      createLiar(rails.evm, { ...around, place: 'wallet', starts: START.usdc }),
      createLiar(rails.bank, { ...around, place: 'account', starts: START.eur }),
    ]
    const journal = memoryJournal()
    const ids = seededIds(time.now)
    const outside: Outside = {
      dice,
      time,
      journal: seam.journal?.(journal) ?? journal,
      rails,
      senders: liars.map(({ sender }) => seam.sender?.(sender, dice) ?? sender),
      ids,
      wanted: Array.from({ length: 1 + dice.below(PAYOUTS_MAX) }, () => wish(dice, ids)),
      acknowledged: new Set(),
      ends: new Map(),
      waiting: { time: 0, way: 0 },
      wrong: [],
    }
    const deaths = 1 + dice.below(DEATHS_MAX)
    for (let death = 0; death < deaths; death++) await untilDeath(outside, liars)

    // What hangs in a process stays unknown until that is started again; then all is asked for, and all is told.
    calm = true
    time.jump(time.now() + ALL_TOLD_MS)
    const last = await live(outside, 'last')
    if (!last) return { wrong: [...outside.wrong, 'the last process did not start'], deaths, ...sumsOf(outside, liars, last) }
    const wrong = [...outside.wrong, ...(await whatIsWrong(outside, liars, last))]
    await last.payouts.close()
    return { wrong, deaths, ...sumsOf(outside, liars, last) }
  } finally {
    time.uninstall()
  }
}

/** Something that is wanted within the first minutes. */
function wish(dice: Dice, ids: IdSource): Outside['wanted'][number] {
  // An offer gives each try an invoice of its own.
  const outer: readonly Destination[] = [dice.percent(50) ? to.node : { kind: 'lightning_offer', offer: 'lno1' }, to.evm, to.iban]
  const some = outer.filter(() => dice.percent(75))
  const destinations: readonly Destination[] = dice.percent(8) ? [to.party] : some.length > 0 ? some : outer
  const amount = money(USDC, BigInt(10_000 + dice.below(5_000_000)))
  const at = START_MS + dice.below(3 * MINUTE_MS)
  const waits = waitsFor(dice, at, destinations)
  return { at, command: { id: ids.payout(), source: PAYEE, amount, destinations, reference: 'r', createdBy: 'test', ...waits } }
}

/** A quarter may wait for the cheapest time, and a third for the way that the plan of a batch has for it, when that is slow. */
function waitsFor(dice: Dice, at: number, destinations: readonly Destination[]): Pick<CreatePayout, 'cheapest' | 'deliverBy' | 'planned'> {
  const chance = dice.below(100)
  if (chance < 25) return { cheapest: true, deliverBy: at + 15 * MINUTE_MS + dice.below(120 * MINUTE_MS) }
  const destination = dice.below(destinations.length)
  const rail = PLANNED_RAILS[destinations[destination]!.kind]
  return chance < 60 && rail !== undefined ? { planned: { rail, destination, preferNano: 0n, costNano: 1_000n } } : {}
}

async function untilDeath(outside: Outside, liars: readonly Liar[]): Promise<void> {
  const { dice, time } = outside
  const moment = dice.percent(50) ? ('before' as const) : ('after' as const)
  const death = dice.percent(70) ? { append: 1 + dice.below(12), moment } : undefined
  await live(outside, { death, livesMs: MINUTE_MS + dice.below(30 * MINUTE_MS) })
  time.forget()
  for (const { callersDied } of liars) callersDied()
  time.jump(time.now() + dice.below(dice.percent(50) ? 1_000 : 5 * MINUTE_MS))
}

function seededIds(now: () => number): IdSource {
  let count = 0
  // An entry's legs are told apart by its last byte.
  return idSource((kind) => `${kind}${now().toString(16).padStart(12, '0')}${(++count).toString(16).padStart(18, '0')}00`)
}

function sumsOf({ wanted, waiting }: Outside, liars: readonly Liar[], last: World | undefined): Omit<SeedResult, 'wrong' | 'deaths'> {
  const views = wanted.flatMap(({ command }) => last?.payouts.find(command.id) ?? [])
  const falseWords = liars.reduce(
    (sum, { truth }) => sum + [...truth.orders.keys()].filter((id) => truth.saidFailed(id) && truth.isPaid(id)).length,
    0,
  )
  return {
    attempts: views.reduce((sum, { attempts }) => sum + attempts.length, 0),
    healing: views.reduce((sum, { attempts }) => sum + attempts.filter(({ changed }) => changed !== undefined).length, 0),
    falseWords,
    settled: views.filter(({ status }) => status === 'settled').length,
    waitingForTime: waiting.time,
    waitingForWay: waiting.way,
  }
}
