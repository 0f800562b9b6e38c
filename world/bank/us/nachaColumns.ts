/** One payment as the bank reads it. `line` is counted from one. */
export type TakenEntry = Readonly<{
  line: number
  code: string
  routing: string
  account: string
  cents: bigint
  id: string
  name: string
  trace: string
}>
export type TakenBatch = Readonly<{
  entryClass: string
  company: string
  companyData: string
  companyId: string
  description: string
  effectiveOn: string
  entries: readonly TakenEntry[]
}>
type TakenFile = Readonly<{ key: string; batches: readonly TakenBatch[] }>

const COLUMNS = 94

/** Columns of a line as the rules number them: from one, both included. */
const at = (line: string, from: number, to: number) => line.slice(from - 1, to)

function number(line: string, from: number, to: number): bigint {
  const raw = at(line, from, to)
  if (!/^[0-9]+$/.test(raw)) throw new Error(`columns ${from} to ${to} are "${raw}"`)
  return BigInt(raw)
}

function isRouting(routing: string): boolean {
  const sum = [...routing].reduce((total, digit, i) => total + Number.parseInt(digit, 10) * [3, 7, 1][i % 3]!, 0)
  return /^[0-9]{9}$/.test(routing) && sum % 10 === 0
}

type Sum = { lines: bigint; hash: bigint; debits: bigint; credits: bigint }

function agree(line: string, columns: readonly (readonly [string, number, number, bigint])[]): void {
  for (const [what, from, to, found] of columns) {
    const told = number(line, from, to)
    if (told !== found) throw new Error(`${what} is ${told}, and what is there is ${found}`)
  }
}

function takeEntry(line: string, place: number): TakenEntry {
  const routing = at(line, 4, 12)
  if (!isRouting(routing)) throw new Error(`routing number ${routing}`)
  return {
    line: place,
    code: at(line, 2, 3),
    routing,
    account: at(line, 13, 29).trim(),
    cents: number(line, 30, 39),
    id: at(line, 40, 54).trim(),
    name: at(line, 55, 76).trim(),
    trace: at(line, 80, 94),
  }
}

/** Reads a file as a bank does, line by line; throws with the line that is wrong. */
export function takeFile(text: string): TakenFile {
  const lines = text.trimEnd().split('\n')
  const batches: TakenBatch[] = []
  const file: Sum = { lines: 0n, hash: 0n, debits: 0n, credits: 0n }
  let batch: { head: string; entries: TakenEntry[]; sum: Sum } | undefined
  let ended = false
  for (const [i, line] of lines.entries()) {
    try {
      if (line.length !== COLUMNS) throw new Error(`${line.length} columns`)
      const type = line.charAt(0)
      if (ended && line !== '9'.repeat(COLUMNS)) throw new Error('something after the end')
      else if (i === 0 && (type !== '1' || at(line, 35, 40) !== '094101')) throw new Error('no file header')
      else if (type === '5') batch = { head: line, entries: [], sum: { lines: 0n, hash: 0n, debits: 0n, credits: 0n } }
      else if (type === '6' && batch) {
        const entry = takeEntry(line, i + 1)
        const debit = /[5-9]$/.test(entry.code)
        batch.entries.push(entry)
        batch.sum.lines += 1n
        batch.sum.hash += BigInt(entry.routing.slice(0, 8))
        if (debit) batch.sum.debits += entry.cents
        else batch.sum.credits += entry.cents
      } else if (type === '7' && batch) batch.sum.lines += 1n
      else if (type === '8' && batch) {
        const { head, entries, sum } = batch
        agree(line, [
          ['entry and addenda count', 5, 10, sum.lines],
          ['entry hash', 11, 20, sum.hash % 10_000_000_000n],
          ['total debits', 21, 32, sum.debits],
          ['total credits', 33, 44, sum.credits],
        ])
        for (const key of ['lines', 'hash', 'debits', 'credits'] as const) file[key] += sum[key]
        const day = at(head, 70, 75)
        batches.push({
          entryClass: at(head, 51, 53),
          company: at(head, 5, 20),
          companyData: at(head, 21, 40).trim(),
          companyId: at(head, 41, 50),
          description: at(head, 54, 63).trim(),
          effectiveOn: `20${day.slice(0, 2)}-${day.slice(2, 4)}-${day.slice(4, 6)}`,
          entries,
        })
        batch = undefined
      } else if (type === '9' && !ended) {
        agree(line, [
          ['batch count', 2, 7, BigInt(batches.length)],
          ['block count', 8, 13, BigInt(lines.length) / 10n],
          ['entry and addenda count', 14, 21, file.lines],
          ['entry hash', 22, 31, file.hash % 10_000_000_000n],
          ['total debits', 32, 43, file.debits],
          ['total credits', 44, 55, file.credits],
        ])
        ended = true
      } else if (i > 0 && !ended) throw new Error(`a record of type ${type}`)
    } catch (error) {
      throw new Error(`line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (!ended) throw new Error(`line ${lines.length}: the file has no end`)
  return { key: at(lines[0]!, 4, 34), batches }
}

const digits = (value: bigint | number, width: number) => String(value).padStart(width, '0')
const yymmdd = (date: string) => date.slice(2).replaceAll('-', '')

/** What another bank says of one payment of ours: `word` is the 73 columns of its addendum between the type and the trace. */
export type SentBack = Readonly<{ batch: TakenBatch; entry: TakenEntry; change: boolean; code: string; detail: string }>

function batchOf({ batch, entry, change, code, detail }: SentBack, o: Readonly<{ date: string; number: number; odfi: string }>): string[] {
  const rdfi = entry.routing.slice(0, 8)
  const trace = `${rdfi}${digits(o.number, 7)}`
  const cents = change ? 0n : entry.cents
  const described = batch.description.padEnd(10)
  const head = `5220${batch.company}${''.padEnd(20)}${batch.companyId}${change ? 'COR' : batch.entryClass}${described}${''.padEnd(6)}`
  const about = `${code}${entry.trace}${''.padEnd(6)}${rdfi}`
  return [
    `${head}${yymmdd(o.date)}   1${rdfi}${digits(o.number, 7)}`,
    `6${entry.code.charAt(0)}1${o.odfi}${entry.account.padEnd(17)}${digits(cents, 10)}${entry.id.padEnd(15)}${entry.name.padEnd(22)}  1${trace}`,
    change ? `798${about}${detail.padEnd(29)}${''.padEnd(15)}${trace}` : `799${about}${detail.padEnd(44)}${trace}`,
    `8220${digits(2, 6)}${digits(BigInt(o.odfi.slice(0, 8)), 10)}${digits(0, 12)}${digits(cents, 12)}${batch.companyId}${''.padEnd(25)}${rdfi}${digits(o.number, 7)}`,
  ]
}

/** A file of what other banks sent back, each in a batch of its own. */
export function sentBackFile(sent: readonly SentBack[], o: Readonly<{ date: string; odfi: string; modifier: string }>): string {
  const head = `101 ${o.odfi} ${o.odfi}${yymmdd(o.date)}0700${o.modifier}094101${'SWITCHYARD'.padEnd(23)}${'SIMULATED BANK'.padEnd(23)}${''.padEnd(8)}`
  const body = sent.flatMap((one, i) => batchOf(one, { ...o, number: i + 1 }))
  const moved = sent.reduce((sum, { change, entry }) => sum + (change ? 0n : entry.cents), 0n)
  const blocks = (body.length + 2 + 9 - ((body.length + 1) % 10)) / 10
  const hash = (BigInt(o.odfi.slice(0, 8)) * BigInt(sent.length)) % 10_000_000_000n
  const counts = `${digits(sent.length, 6)}${digits(blocks, 6)}${digits(sent.length * 2, 8)}${digits(hash, 10)}`
  const lines = [head, ...body, `9${counts}${digits(0, 12)}${digits(moved, 12)}${''.padEnd(39)}`]
  while (lines.length < blocks * 10) lines.push('9'.repeat(COLUMNS))
  return `${lines.join('\n')}\n`
}
