type Curve = Readonly<{ name: string; curve: readonly number[] }>

const [WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP] = [760, 320, 46, 210, 36, 34]
/** Each on white and on black. */
const COLOURS = [
  ['#b3401f', '#ff8a65'],
  ['#1f5fb3', '#6fb1ff'],
  ['#3d7d1f', '#8fd46a'],
  ['#7a4bb0', '#c39bf5'],
  ['#8a6d1d', '#e0bf5a'],
  ['#0f7f7a', '#5fd6cf'],
  ['#555555', '#bbbbbb'],
] as const

/** For pages of either colour. */
const STYLE = [
  '.ground{fill:#fff}.level{stroke:#ddd}text{fill:#222}',
  ...COLOURS.map(([light], n) => `.c${n}{stroke:${light}}text.t${n}{fill:${light}}`),
  '@media (prefers-color-scheme:dark){.ground{fill:#0d1117}.level{stroke:#333}text{fill:#ddd}',
  ...COLOURS.map(([, dark], n) => `.c${n}{stroke:${dark}}text.t${n}{fill:${dark}}`),
  '}',
].join('')

/** Curves of shares over payments as an SVG picture, in percentage points. */
export function curvesOf(curves: readonly Curve[], o: Readonly<{ title: string; payments: number }>): string {
  const most = Math.max(0.01, ...curves.flatMap(({ curve }) => curve)) * 100
  const points = curves[0]!.curve.length
  const [right, low] = [WIDTH - RIGHT, HEIGHT - BOTTOM]
  const x = (i: number) => LEFT + ((right - LEFT) * (i + 1)) / points
  const y = (points_: number) => low - ((low - TOP) * points_) / most
  const lines = curves.map(({ curve }, n) => {
    const path = curve.map((share, i) => `${x(i).toFixed(1)},${y(share * 100).toFixed(1)}`).join(' ')
    return `<polyline class="c${n}" fill="none" stroke-width="1.5" points="${path}"/>`
  })
  const names = curves.map(({ name }, n) => `<text class="t${n}" x="${right + 10}" y="${TOP + 14 + 16 * n}">${name}</text>`)
  const levels = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const level = y(part * most).toFixed(1)
    return `<path class="level" d="M${LEFT} ${level}H${right}"/><text x="4" y="${level}">${(part * most).toFixed(1)}</text>`
  })
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12" role="img">`,
    `<title>${o.title}</title><style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/><text x="${LEFT}" y="18" font-weight="bold">${o.title}</text>`,
    ...levels,
    ...lines,
    ...names,
    `<text x="${LEFT}" y="${HEIGHT - 12}">0</text><text x="${right}" y="${HEIGHT - 12}" text-anchor="end">${o.payments} payments</text>`,
    '</svg>',
    '',
  ].join('\n')
}
