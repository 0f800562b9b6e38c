import { max, min } from '../../money/integers.ts'

/**
 * Many rows and the rails that they may go by, in doubles: a column for each rail, and the last for not paying, which has room for all. `regret` is by how
 * much a way costs more than the row's cheapest, Infinity where there is none; whole numbers, so that their sums are exact as long as they are safe integers.
 */
export type Table = Readonly<{
  rows: number
  regret: readonly Float64Array[]
  takes: readonly Float64Array[]
  cap: readonly number[]
  fixed: readonly number[]
  perFixed: readonly number[]
}>

/** A plan that fits: by which column each row goes, what that costs, and what no plan by these rails, each with a fixed cost used, costs less than. */
export type Filled = Readonly<{ who: Uint8Array; cost: number; least: number; prices: readonly number[] }>

/** Which columns may be used, what a unit of a column's room costs beside, and what a row on it does. */
type Asked = Readonly<{ open: readonly boolean[]; prices?: readonly number[]; shares?: readonly number[] }>

/** Turns of all prices. They rise towards their best together; what is left after so many is little. */
const TURNS_MAX = 12
/** A turn that raises the bound by less than this share of it is the last. */
const WORTH_A_TURN = 1e-4
/** So many times as far as a turn went, prices go on at most. */
const STEP_MAX = 1_024
/** Pivots that are tried: of rows in no order each leaves half of them, and of ten thousand less than one after fourteen. */
const PIVOTS_MAX = 40
/** Times that rows are looked at for a better place that has room. */
const BETTERING_MAX = 3

/** Each row by its cheapest open column, and the sum of that, as far as it is certain. */
export function cheapestOf({ rows, regret, takes }: Table, { open, prices = [], shares = [] }: Asked) {
  const who = new Uint8Array(rows).fill(regret.length - 1)
  const costs = regret[regret.length - 1]!.slice()
  for (let place = 0; place < regret.length - 1; place++) {
    if (!open[place]) continue
    const [column, taking, price, share] = [regret[place]!, takes[place]!, prices[place] ?? 0, shares[place] ?? 0]
    for (let i = 0; i < rows; i++) {
      const cost = column[i]! + price * taking[i]! + share
      if (cost >= costs[i]!) continue
      costs[i] = cost
      who[i] = place
    }
  }
  let sum = 0
  for (let i = 0; i < rows; i++) sum += costs[i]!
  const whole = prices.length === 0 && shares.length === 0 && sum <= Number.MAX_SAFE_INTEGER
  return { who, costs, least: whole ? sum : sum - doubtOf(sum, rows) }
}

/** So much may a sum of so many rounded numbers be wrong. */
function doubtOf(sum: number, rows: number): number {
  return sum * (rows + 16) * 2 ** -52
}

/**
 * The cheapest plan found by the open columns that fits, with the best bound. `prices` are those to begin with, and what they ended as is told; `beat` is what
 * another plan costs: where these columns cannot cost less, no plan by them is looked for.
 */
export function fillWithin(table: Table, { open, prices: from, beat }: Priced & Readonly<{ beat: number }>): Filled {
  const opened = table.fixed.reduce((sum, cost, place) => (open[place] ? sum + cost : sum), 0)
  const free = cheapestOf(table, { open })
  if (fits(table, free.who)) return { who: free.who, cost: costOf(table, free.who), least: free.least + opened, prices: from }
  let [prices, bound] = [from, boundAt(table, { open, prices: from })]
  for (let turn = 0; turn < TURNS_MAX && bound + opened < beat; turn++) {
    const next = furtherOn(table, { open, prices, next: turned(table, { open, prices }) })
    const gained = next.bound - bound
    if (gained > 0) [prices, bound] = [next.prices, next.bound]
    if (gained <= Math.abs(bound + opened) * WORTH_A_TURN) break // not money: whether another turn is worth it
  }
  const least = max(free.least, bound) + opened
  if (least >= beat) return { who: free.who, cost: Number.POSITIVE_INFINITY, least, prices }
  const who = madeToFit(table, { open, prices, who: cheapestOf(table, { open, prices }).who })
  return { who, cost: costOf(table, who), least, prices }
}

/** What no plan that fits costs less than, without fixed costs: all rows by their cheapest way, the room they take paid for, less what all room comes to. */
function boundAt(table: Table, { open, prices }: Priced): number {
  const paid = prices.reduce((sum, price, place) => (price > 0 ? sum + price * table.cap[place]! : sum), 0)
  return cheapestOf(table, { open, prices }).least - paid - doubtOf(paid, prices.length)
}

/** From some prices to the next, and on in the same direction as far as that raises the bound: prices that rise together would else go by small steps. */
function furtherOn(table: Table, { open, prices, next }: Priced & Readonly<{ next: readonly number[] }>) {
  let best = { prices: next, bound: boundAt(table, { open, prices: next }) }
  for (let step = 1; step < STEP_MAX; step *= 2) {
    const trial = next.map((price, place) => max(0, price + step * (price - prices[place]!)))
    const bound = boundAt(table, { open, prices: trial })
    if (bound <= best.bound) break
    best = { prices: trial, bound }
  }
  return best
}

function costOf({ regret, fixed, perFixed }: Table, who: Uint8Array): number {
  const counts = fixed.map(() => 0)
  let cost = 0
  for (const [i, place] of who.entries()) {
    cost += regret[place]![i]!
    counts[place]!++
  }
  return counts.reduce((sum, count, place) => sum + Math.ceil(count / perFixed[place]!) * fixed[place]!, cost) // not money: a count of files
}

function loadsOf({ takes, cap }: Table, who: Uint8Array): number[] {
  const loads = cap.map(() => 0)
  for (const [i, place] of who.entries()) loads[place]! += takes[place]![i]!
  return loads
}

function fits(table: Table, who: Uint8Array): boolean {
  return loadsOf(table, who).every((load, place) => load <= table.cap[place]!)
}

type Priced = Readonly<{ open: readonly boolean[]; prices: readonly number[] }>

/** Each column's price in turn, the others as they are then: the least at which what still wants it fits. */
function turned(table: Table, { open, prices: from }: Priced): readonly number[] {
  const prices = [...from]
  for (const [place, cap] of table.cap.entries()) {
    if (!open[place] || cap === Number.POSITIVE_INFINITY) continue
    const { costs } = cheapestOf(table, { open: open.map((is, other) => is && other !== place), prices })
    prices[place] = priceOf(table, { place, cap, others: costs })
  }
  return prices
}

/** The least price of a column at which the rows that gain by it have room: what the last of them to leave gains by a unit of it. */
function priceOf({ rows, regret, takes }: Table, o: Readonly<{ place: number; cap: number; others: Float64Array }>): number {
  const [column, taking] = [regret[o.place]!, takes[o.place]!]
  const worth = new Float64Array(rows)
  const units = new Float64Array(rows)
  let [count, load] = [0, 0]
  for (let i = 0; i < rows; i++) {
    const gain = o.others[i]! - column[i]!
    if (!(gain > 0) || taking[i] === 0) continue
    worth[count] = gain / taking[i]!
    units[count] = taking[i]!
    count++
    load += taking[i]!
  }
  return load <= o.cap ? 0 : leavingPrice({ worth, units, count }, load - o.cap)
}

type Wanting = Readonly<{ worth: Float64Array; units: Float64Array; count: number }>

/**
 * The least worth at which those that are worth no more are `excess` units: found like a median, one side of a pivot being put aside at a time. Who sends
 * the rows chooses their order, so where the pivots leave too much of them what is left is sorted.
 */
export function leavingPrice({ worth, units, count }: Wanting, excess: number): number {
  let [from, to, needed] = [0, count, excess]
  for (let turn = 0; to - from > 1; turn++) {
    if (turn >= PIVOTS_MAX) return leavingOf(sorted({ worth, units, from, to }), needed)
    const pivot = worth[(from + to) >> 1]!
    // What is less comes before `below`, what is more from `above` on.
    let [below, i, above, unitsBelow, unitsSame] = [from, from, to, 0, 0]
    while (i < above) {
      const [here, unit] = [worth[i]!, units[i]!]
      if (here === pivot) {
        unitsSame += unit
        i++
        continue
      }
      const other = here < pivot ? below++ : --above
      worth[i] = worth[other]!
      units[i] = units[other]!
      worth[other] = here
      units[other] = unit
      if (here > pivot) continue
      unitsBelow += unit
      i++
    }
    if (needed <= unitsBelow) to = below
    else if (needed <= unitsBelow + unitsSame) return pivot
    else {
      needed -= unitsBelow + unitsSame
      from = above
    }
  }
  return worth[min(from, count - 1)]!
}

function sorted({ worth, units, from, to }: Omit<Wanting, 'count'> & Readonly<{ from: number; to: number }>) {
  const rows = Array.from({ length: to - from }, (_, i) => ({ worth: worth[from + i]!, units: units[from + i]! }))
  return rows.sort((a, b) => a.worth - b.worth)
}

/** The same of rows by rising worth: that of the first at which so many units are reached. */
function leavingOf(rows: readonly Readonly<{ worth: number; units: number }>[], excess: number): number {
  let left = excess
  for (const { worth, units } of rows) {
    left -= units
    if (left <= 0) return worth
  }
  return rows.at(-1)!.worth
}

type Fitting = Priced & Readonly<{ who: Uint8Array }>

/** Rows leave columns that have too many, those that lose least by it first; then each goes where it is better off, as far as there is room. */
function madeToFit(table: Table, { open, prices, who }: Fitting): Uint8Array {
  const { regret, takes, cap } = table
  const loads = loadsOf(table, who)
  const last = regret.length - 1
  const priceAt = (i: number, place: number) => regret[place]![i]! + prices[place]! * takes[place]![i]!
  const move = (i: number, place: number) => {
    const from = who[i]!
    loads[from]! -= takes[from]![i]!
    loads[place]! += takes[place]![i]!
    who[i] = place
  }
  const hasRoom = (i: number, place: number) => open[place] === true && loads[place]! + takes[place]![i]! <= cap[place]!
  const elsewhere = (i: number, cost: (i: number, place: number) => number) => {
    let to = last
    for (let place = 0; place < last; place++) if (place !== who[i] && cost(i, place) < cost(i, to) && hasRoom(i, place)) to = place
    return to
  }
  for (let place = 0; place < last; place++) {
    if (loads[place]! <= cap[place]!) continue
    const leaving = rowsOn(who, place).map((i) => ({ i, by: (priceAt(i, elsewhere(i, priceAt)) - priceAt(i, place)) / takes[place]![i]! }))
    for (const { i } of leaving.sort((a, b) => a.by - b.by)) {
      if (loads[place]! <= cap[place]!) break
      move(i, elsewhere(i, priceAt))
    }
  }
  better(table, { who, elsewhere: (i) => elsewhere(i, (row, place) => regret[place]![row]!), move })
  return who
}

function rowsOn(who: Uint8Array, place: number): number[] {
  const rows: number[] = []
  for (const [i, at] of who.entries()) if (at === place) rows.push(i)
  return rows
}

type Bettering = Readonly<{ who: Uint8Array; elsewhere: (i: number) => number; move: (i: number, place: number) => void }>

/** Rows that would gain most by a unit of room have it first. */
function better({ regret, takes }: Table, { who, elsewhere, move }: Bettering): void {
  for (let time = 0; time < BETTERING_MAX; time++) {
    const gaining: { i: number; by: number }[] = []
    for (const [i, at] of who.entries()) {
      if (regret[at]![i] === 0) continue
      const to = elsewhere(i)
      const gain = regret[at]![i]! - regret[to]![i]!
      if (gain > 0) gaining.push({ i, by: gain / (takes[to]![i]! + 1) })
    }
    if (gaining.length === 0) return
    for (const { i } of gaining.sort((a, b) => b.by - a.by)) {
      const to = elsewhere(i)
      if (regret[to]![i]! < regret[who[i]!]![i]!) move(i, to)
    }
  }
}
