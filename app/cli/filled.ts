/** Lines are broken here, whatever the terminal. */
export const COLUMNS = 80

/** Words in lines of 80 columns; the first begins with `begin`, the others stand below its words. */
export function filled(text: string, begin = ''): string {
  const lines = [begin]
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!
    const gap = last.trim() === '' || last === begin ? '' : ' '
    if (last.length + gap.length + word.length <= COLUMNS) lines[lines.length - 1] = `${last}${gap}${word}`
    else lines.push(`${' '.repeat(begin.length)}${word}`)
  }
  return lines.join('\n')
}
