type Curve = Readonly<{ name: string; curve: readonly number[] }>

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [760, 320, 46, 36, 34]
const COLOURS = ['#b3401f', '#1f5fb3', '#5a9e2f', '#7a4bb0', '#8a6d1d', '#444444']

/** Curves of shares over payments as an SVG picture, in percentage points. */
export function curvesOf(curves: readonly Curve[], o: Readonly<{ title: string; payments: number }>): string {
  const most = Math.max(...curves.flatMap(({ curve }) => curve)) * 100
  const points = curves[0]!.curve.length
  const x = (i: number) => LEFT + ((WIDTH - LEFT - 10) * (i + 1)) / points
  const y = (points_: number) => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * points_) / most
  const lines = curves.map(({ curve }, n) => {
    const path = curve.map((share, i) => `${x(i).toFixed(1)},${y(share * 100).toFixed(1)}`).join(' ')
    return `<polyline fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="1.5" points="${path}"/>`
  })
  const names = curves.map(
    ({ name }, n) => `<text x="${WIDTH - 300}" y="${TOP + 14 + 15 * n}" fill="${COLOURS[n % COLOURS.length]}">${name}</text>`,
  )
  const levels = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const level = y(part * most).toFixed(1)
    return `<path d="M${LEFT} ${level}H${WIDTH - 10}" stroke="#ddd"/><text x="4" y="${level}">${(part * most).toFixed(1)}</text>`
  })
  const size = `width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">`,
    `<title>${o.title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><text x="${LEFT}" y="18" font-weight="bold">${o.title}</text>`,
    ...levels,
    ...lines,
    ...names,
    `<text x="${LEFT}" y="${HEIGHT - 12}">0</text><text x="${WIDTH - 10}" y="${HEIGHT - 12}" text-anchor="end">${o.payments} payments</text>`,
    '</svg>',
    '',
  ].join('\n')
}
