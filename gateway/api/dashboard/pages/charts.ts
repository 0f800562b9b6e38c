import { decimalOf, perMille, shortened } from './decimals.ts'
import { html, type Markup } from './markup.ts'

const WIDTH = 1_000
const BAR = 26

/** One bar each, the longest as long as the picture is wide. Each has its words beside it, so that nobody needs the picture. */
export function bars(label: string, rows: readonly Readonly<{ name: string; units: bigint; shown: string }>[]): Markup {
  const most = rows.reduce((max, { units }) => (units > max ? units : max), 0n)
  if (most === 0n) return html``
  return html`<figure><figcaption>${label}</figcaption><ul class="bars">${rows.map(
    ({ name, units, shown }) =>
      html`<li><span>${name}</span><svg viewBox="0 0 ${WIDTH} ${BAR}" preserveAspectRatio="none" aria-hidden="true"><rect class="bar" width="${perMille(units, most)}" height="${BAR}"/></svg><span class="amount">${shown}</span></li>`,
  )}</ul></figure>`
}

type Slice = Readonly<{ when: string; parts: Readonly<Record<string, bigint>> }>
const TALL = 240
const GAP = 6
const COLOURS = 6

/** What a picture of flows says: in which unit, of which names, and where the rows of a name are. */
type Flows = Readonly<{ label: string; names: readonly string[]; unit: string; rowsOf: (name: string) => string }>

/** How much in each slice of time by each name: columns of stacked parts, and below them the sum of each name, which leads to its rows. */
export function flows(slices: readonly Slice[], { label, names, unit, rowsOf }: Flows): Markup {
  const sums = slices.map(({ parts }) => Object.values(parts).reduce((sum, part) => sum + part, 0n))
  const most = sums.reduce((max, sum) => (sum > max ? sum : max), 0n)
  if (most === 0n) return html``
  const width = (WIDTH - GAP * slices.length) / slices.length
  const column = ({ when, parts }: Slice, i: number) => {
    let top = TALL
    return names.map((name, n) => {
      const tall = (perMille(parts[name] ?? 0n, most) * TALL) / 1_000
      if (tall === 0) return html``
      top -= tall
      return html`<rect class="series s${n % COLOURS}" x="${i * (width + GAP)}" y="${top}" width="${width}" height="${tall}"><title>${when}, ${name}: ${shortened(parts[name] ?? 0n, 6)} ${unit}</title></rect>`
    })
  }
  return html`<figure class="flows"><figcaption>${label}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${TALL}" preserveAspectRatio="none" role="img" aria-label="${label}: ${slices.length} columns, the tallest ${shortened(most, 6)} ${unit}">${slices.map(column)}</svg>
<p class="ends"><span>${slices[0]?.when ?? ''}</span><span>${slices.at(-1)?.when ?? ''}</span></p>
<ul class="legend">${names.map((name, n) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="series s${n % COLOURS}" width="10" height="10"/></svg> <a href="${rowsOf(name)}">${name}: ${shortened(total(slices, name), 6)} ${unit}</a></li>`)}</ul></figure>`
}

function total(slices: readonly Slice[], name: string): bigint {
  return slices.reduce((sum, { parts }) => sum + (parts[name] ?? 0n), 0n)
}

/** A line through values, the oldest left: how a balance came to be what it is. */
export function line(label: string, values: readonly bigint[], unit: string): Markup {
  if (values.length < 2) return html``
  const least = values.reduce((min, v) => (v < min ? v : min), 0n)
  const most = values.reduce((max, v) => (v > max ? v : max), 0n)
  if (most === least) return html``
  const step = WIDTH / (values.length - 1)
  const points = values.map((v, i) => `${i * step},${TALL - (perMille(v - least, most - least) * TALL) / 1_000}`)
  // A balance stays what it is until it changes.
  const steps = points.flatMap((point, i) => (i === 0 ? [point] : [`${point.split(',')[0]},${points[i - 1]!.split(',')[1]}`, point]))
  return html`<figure><figcaption>${label}</figcaption><svg class="line" viewBox="0 0 ${WIDTH} ${TALL}" preserveAspectRatio="none" role="img" aria-label="${label}: from ${decimalOf(values[0]!)} to ${decimalOf(values.at(-1)!)} ${unit}"><polyline points="${steps.join(' ')}"/></svg></figure>`
}

/** Rows in so many slices of time, from the oldest to the newest. */
export function slicesOf(rows: readonly Readonly<{ at: string; name: string; units: bigint }>[], count: number): Slice[] {
  const moments = rows.map(({ at }) => Date.parse(at))
  const [first, last] = [Math.min(...moments), Math.max(...moments)] // not money: times
  if (rows.length === 0) return []
  const long = (last - first) / count || 1
  const slices = Array.from({ length: count }, (_, i) => ({
    when: new Date(first + i * long).toISOString().slice(0, 16).replace('T', ' '),
    parts: {} as Record<string, bigint>,
  }))
  for (const { at, name, units } of rows) {
    const { parts } = slices[Math.min(count - 1, Math.floor((Date.parse(at) - first) / long))]! // not money: which slice
    parts[name] = (parts[name] ?? 0n) + units
  }
  return slices
}
