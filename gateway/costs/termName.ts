/** A term as it is called wherever it is shown: `fxSpread` is `fx_spread`. */
export function termName(term: string): string {
  return term.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
