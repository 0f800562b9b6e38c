const FORMULA = /^[=+\-@\t\r]/
const NEEDS_QUOTES = /[",\r\n]/

/** A line of CSV (RFC 4180) of cells as they are. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`
}

/** Somebody's words as a cell: what a spreadsheet would take for a formula begins with an apostrophe, which it does not show. */
export function textCell(words: string): string {
  return FORMULA.test(words) ? `'${words}` : words
}
