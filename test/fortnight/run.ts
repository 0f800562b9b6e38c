import { checkProofFile, disagreements, type SignedProof, writeProofFile } from '../../gateway/audit/reconcile/threeWay.ts'
import { uniformOf } from '../lab/labRails.ts'
import { evening } from './evening.ts'
import { createFindings, type Finding, type Findings } from './findings.ts'
import { openPayments, type Payments, PLANTED, type WayIn, type WayOut } from './payments.ts'
import { PLANTS, type Plant } from './plants.ts'
import { type FortnightRates, openFortnightRates } from './rates.ts'
import { type FortnightWorld, openFortnightWorld } from './world.ts'

/** A Monday. In these two weeks are two weekends, Christmas and New Year's day, on which TARGET and the Fed rest. */
const FIRST = '2026-12-21'
const DAYS = 14
/** Days after it without payments, in which what was begun ends. */
const AFTER = 12
/** On which both banks work, and what has no day of its own is planted. */
const BANK_DAYS = [0, 1, 2, 3, 7, 8, 9, 10]
const DAY_MS = 86_400_000
const WIDTH = 8
/** One party has only so many payments under way at once. */
const SELLERS_MIN = 6
const PAYMENTS_EACH = 250
/** Ordinary payments are smaller, so that a planted one is known by its amount. */
/** What a statement that comes out of its turn makes of the entries of another one, until that comes. */
const MISSED = 'notified but not in the statement'
const ORDINARY_CENTS = 4_000
const FIRST_CENTS = 5_003n
const CENTS_APART = 7n

type Sown = { plant: Plant; day: string; marks: string[] }
export type Planted = Readonly<{ plant: Plant; day: string; found: readonly Finding[]; ended: string }>
export type FortnightResult = Readonly<{
  payments: number
  planted: readonly Planted[]
  /** Shown, and not planted. */
  strange: readonly Finding[]
  /** Payments that nothing was planted in, and that did not end as they should. */
  unsettled: readonly string[]
  /**
   * What of the three-way proofs disagrees, by day, but for days on which a statement is awaited: its lines are not known yet, and the next one's balance
   * is.
   */
  wrongDays: readonly string[]
  last: ReturnType<typeof checkProofFile>
}>

const dayOf = (n: number) => dayAfter(FIRST, n)

/** Two weeks of payments with these faults, and twelve days in which they end. The same seed is the same fortnight. */
export async function runFortnight(
  folder: string,
  o: Readonly<{ payments: number; faults: number; seed: number }>,
): Promise<FortnightResult> {
  const w = await openFortnightWorld(folder, FIRST)
  await w.quiet()
  const p = await openPayments(w, SELLERS_MIN + Math.floor(o.payments / PAYMENTS_EACH))
  const rates = await openFortnightRates(w.now)
  const findings = createFindings(w)
  const uniform = uniformOf(o.seed)
  const plan = planOf(o.faults)
  const sown: Sown[] = []
  const proofs: { day: string; signed: SignedProof }[] = []
  for (let d = 0; d < DAYS + AFTER; d++) {
    const day = dayOf(d)
    await w.goTo(`${day}T08:00:00Z`)
    const upTo = (days: number) => Math.floor((days * o.payments) / DAYS)
    if (d < DAYS) await payDay(w, p, { count: upTo(d + 1) - upTo(d), uniform })
    for (const { plant, n } of plan.filter((one) => one.d === d)) {
      const cents = FIRST_CENTS + CENTS_APART * BigInt(n)
      sown.push({ plant, day, marks: [...(await plant.plant({ w, p, rates, day, cents, n }))] })
    }
    await endDay(w, day)
    await look({ p, rates, findings, sown }, day)
    await evening(w, p)
    await w.goTo(`${day}T23:00:00Z`)
    proofs.push({ day, signed: (await w.call<SignedProof>('GET', `/v1/reconciliation_proofs/${day}`)).body })
  }
  await findings.look(dayOf(DAYS + AFTER))
  const known = { planted: await plantedOf(p, findings.all(), sown), unsettled: await unsettledOf(p, sown) }
  const pem = await w.text('/.well-known/switchyard/receipt-key.pem')
  await rates.close()
  await w.stop()
  return {
    ...known,
    payments: p.ins.length + p.outs.length,
    strange: findings.all().filter((finding) => !sown.some((one) => isOf(one, finding))),
    wrongDays: proofs
      .filter(({ day }) => !isAwaited(sown, day))
      .flatMap(({ day, signed }) => disagreements(signed.proof).map(({ what, difference }) => `${day}: ${what}: ${difference}`)),
    last: checkProofFile(writeProofFile(proofs.at(-1)!.signed), pem),
  }
}

/** Every kind once, then again those that are of one payment or line. */
function planOf(faults: number): { plant: Plant; d: number; n: number }[] {
  const again = PLANTS.filter(({ on }) => on === undefined)
  const all = Array.from({ length: faults }, (_, n) => {
    const plant = PLANTS[n] ?? again[(n - PLANTS.length) % again.length]!
    return { plant, n, d: plant.on ?? BANK_DAYS[n % BANK_DAYS.length]! }
  })
  // What stops the gateway meets no other fault half way.
  return [...all.filter(({ plant }) => plant.rail === 'ours'), ...all.filter(({ plant }) => plant.rail !== 'ours')]
}

const IN: readonly WayIn[] = ['bank', 'bank', 'bank', 'custom:lightning', 'custom:lightning', 'custom:chain']
const OUT: readonly WayOut[] = ['iban', 'iban', 'us_account', 'custom:lightning', 'custom:chain', 'party']

async function payDay(
  w: FortnightWorld,
  p: Payments,
  { count, uniform }: Readonly<{ count: number; uniform: () => number }>,
): Promise<void> {
  for (let at = 0; at < count; at += WIDTH) {
    const some = Array.from({ length: Math.min(WIDTH, count - at) }, (_, i) => {
      const n = PLANTED + p.ins.length + p.outs.length + i
      const cents = BigInt(100 + Math.floor(uniform() * (ORDINARY_CENTS - 100)))
      const way = Math.floor(uniform() * IN.length)
      return uniform() < 0.6 ? p.payIn(IN[way]!, cents, n) : p.payOut(OUT[way]!, cents, n)
    })
    await Promise.all(some)
  }
  await w.quiet()
}

/** The evening of both banks, where they work, and two looks of the gateway. */
async function endDay(w: FortnightWorld, day: string): Promise<void> {
  await w.quiet()
  await w.goTo(`${day}T20:00:00Z`)
  if (w.bank.date() === day) await w.counter.dayEnd()
  if (w.usBank.date() === day) await w.usCounter.dayEnd()
  await w.quiet()
  await w.goTo(`${day}T21:00:00Z`)
  for (let looks = 0; looks < 2; looks++) await w.call('POST', '/v1/reconciliation/run')
}

type Seen = Readonly<{ p: Payments; rates: FortnightRates; findings: Findings; sown: readonly Sown[] }>

async function look({ p, rates, findings, sown }: Seen, day: string): Promise<void> {
  await findings.look(day)
  await rates.rounds(2)
  for (const { what, detail } of rates.problems())
    findings.see({ key: `${what}: ${detail}`, where: 'rates', type: what, text: detail, end: 'shown to an operator' }, day)
  for (const { marks } of sown) {
    for (const id of marks.filter((mark) => mark.startsWith('po_'))) {
      const { status, attempts, ...rest } = await p.payout(id)
      // By what the bank knows it, too.
      for (const { id: name } of attempts) if (!marks.includes(name)) marks.push(name, name.replace('_', ''))
      if (status === 'failed' || status === 'returned')
        findings.see({ key: id, where: 'payout', type: status, text: JSON.stringify(rest), end: 'the money is back' }, day)
    }
    for (const id of marks.filter((mark) => mark.startsWith('pi_'))) {
      const { exception, surplus, ...rest } = await p.intent(id)
      const type = exception !== 'none' ? exception : surplus.length > 0 ? 'paid_over' : undefined
      if (type) findings.see({ key: id, where: 'intent', type, text: JSON.stringify(rest), end: 'shown to the seller' }, day)
    }
  }
}

/** True while a statement is late that was not the last: the last two days of those in which it is noticed are those after it has come. */
function isAwaited(sown: readonly Sown[], day: string): boolean {
  return sown.some(
    ({ plant, day: since }) => plant.kind === 'statement late' && day > since && day < dayAfter(since, (plant.within ?? 0) - 1),
  )
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}

function isOf({ plant, day, marks }: Sown, finding: Finding): boolean {
  if (marks.some((mark) => finding.key === mark || finding.text.includes(mark))) return true
  if (plant.within === undefined || finding.where !== 'problem') return false
  if (finding.type !== plant.finding?.[1] && finding.type !== MISSED) return false
  const days = (Date.parse(finding.day) - Date.parse(day)) / DAY_MS
  return finding.text.startsWith(`${plant.rail}: `) && days >= 0 && days <= plant.within
}

async function plantedOf(p: Payments, all: readonly Finding[], sown: readonly Sown[]): Promise<Planted[]> {
  const planted: Planted[] = []
  for (const one of sown) {
    const found = all.filter((finding) => isOf(one, finding))
    const first = found.find(({ where, type }) => where === one.plant.finding?.[0] && type === one.plant.finding[1])
    const payout = one.marks.find((mark) => mark.startsWith('po_'))
    const status = payout ? (await p.payout(payout)).status : ''
    planted.push({ plant: one.plant, day: one.day, found, ended: first?.end ?? (one.plant.finding ? 'not found' : endOf(status)) })
  }
  return planted
}

/** Of what is to have no effect. */
function endOf(status: string): string {
  if (status === '') return 'changes nothing'
  return status === 'settled' ? 'paid once' : status
}

async function unsettledOf(p: Payments, sown: readonly Sown[]): Promise<string[]> {
  const skip = new Set(sown.flatMap(({ marks }) => marks))
  const wrong: string[] = []
  for (const id of p.ins.filter((one) => !skip.has(one))) {
    const { status, exception } = await p.intent(id)
    if (status !== 'settled' || exception !== 'none') wrong.push(`${id} ${status} ${exception}`)
  }
  for (const id of p.outs.filter((one) => !skip.has(one))) {
    const { status, attempts } = await p.payout(id)
    if (status !== 'settled') wrong.push(`${id} ${status} ${JSON.stringify(attempts)}`)
  }
  return wrong
}
