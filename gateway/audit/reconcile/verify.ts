import type { CheckProgress, JournalCheck, JournalVerdict } from './checkJournal.ts'
import { type RailSides, railRows } from './railRows.ts'
import { type SplitSides, splitRows } from './splitRows.ts'
import { type SuspenseSides, suspenseRows } from './suspenseRows.ts'
import type { Verdict, VerifyRow } from './verifyRow.ts'

export type Verification = Readonly<{
  ok: boolean
  at: string
  journal: Readonly<{ blocks: number; head: string; verdict: 'unbroken' | 'broken'; detail?: string }>
  sums: readonly Readonly<{ asset: string; debits: string; credits: string; verdict: Verdict }>[]
  rails: readonly VerifyRow[]
  splits: readonly VerifyRow[]
  /** What stands in suspense, and what of it is listed. */
  suspense: readonly VerifyRow[]
}>

/** The rails and the ledger are read one after the other, so a payment between the two reads looks like a difference: read again. */
const READS_MAX = 12
const READ_AGAIN_MS = 250
/** Not begun again after so long: a rail that keeps its whole deadline to say nothing must not hold up what the others say. */
const READING_MS_MAX = 8_000

type Rows = readonly [rails: readonly VerifyRow[], splits: readonly VerifyRow[], suspense: readonly VerifyRow[]]

/** What is asked of the ledger and every rail. Reading the journal takes as long as the journal is long, so all who ask meanwhile share one reading. */
export type Verifier = Readonly<{
  verify(): Promise<Verification>
  /** How far the journal has been read; undefined when nobody asks, or the rails are being read. */
  verifying(): CheckProgress | undefined
}>

/** Compares the ledger with itself (hash chain, sums, balances) and with each rail's own word. `now` in ms. */
export function createVerifier(
  o: RailSides & SplitSides & SuspenseSides & Readonly<{ journal: JournalCheck; now: () => number }>,
): Verifier {
  let running: Promise<Verification> | undefined

  async function run(): Promise<Verification> {
    const chain = await o.journal.run()
    const [rails, splits, suspense] = await readUntilEqual(() => Promise.all([railRows(o), splitRows(o), suspenseRows(o)]), o.now)
    const sums = chain.sums.map((s) => {
      const verdict: Verdict = s.debits === s.credits ? 'equal' : 'break'
      return { asset: s.asset, debits: s.debits.toString(), credits: s.credits.toString(), verdict }
    })
    const bad = [...rails, ...splits, ...suspense, ...sums].some((r) => r.verdict === 'break' || r.verdict === 'silent')
    const ok = !bad && chain.broken === undefined
    return { ok, at: new Date(o.now()).toISOString(), journal: journalOf(chain), sums, rails, splits, suspense }
  }

  return {
    verify() {
      running ??= run().finally(() => {
        running = undefined
      })
      return running
    },
    verifying: () => o.journal.progress(),
  }
}

/**
 * Reads again, at most so often and for so long, until nothing differs. Under traffic something is always between two reads, so a row that was equal once
 * is: what is wrong differs in every read.
 */
async function readUntilEqual(read: () => Promise<Rows>, now: () => number): Promise<Rows> {
  const began = now()
  let rows = await read()
  for (let reads = 1; reads < READS_MAX && now() - began < READING_MS_MAX && rows.flat().some(differs); reads++) {
    await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS))
    rows = keepEqual(rows, await read())
  }
  return rows
}

function keepEqual(before: Rows, now: Rows): Rows {
  const kept = before.flat().filter(({ verdict }) => verdict === 'equal')
  const rowNow = (row: VerifyRow) => kept.find(({ account, asset }) => account === row.account && asset === row.asset) ?? row
  const [rails, splits, suspense] = now
  return [rails.map(rowNow), splits.map(rowNow), suspense.map(rowNow)]
}

function differs({ verdict }: VerifyRow): boolean {
  return verdict === 'in_flight' || verdict === 'break'
}

function journalOf({ blocks, head, broken }: JournalVerdict): Verification['journal'] {
  if (broken === undefined) return { blocks, head, verdict: 'unbroken' }
  return { blocks, head, verdict: 'broken', detail: broken }
}
