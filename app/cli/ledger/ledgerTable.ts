/** Where a column's text stands. */
export type Align = 'left' | 'right'

/** Rows under their titles, each column as wide as its widest cell. The last column is never padded. */
export function ledgerTable(titles: readonly string[], rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const all = [titles, ...rows]
  const widths = titles.map((_, i) => Math.max(...all.map((row) => (row[i] ?? '').length))) // not money: a width
  return all
    .map((row) =>
      titles
        .map((_, i) => {
          const cell = row[i] ?? ''
          if (align[i] === 'right') return cell.padStart(widths[i]!)
          return i === titles.length - 1 ? cell : cell.padEnd(widths[i]!)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
