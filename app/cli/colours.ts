import { styleText } from 'node:util'

/** A verdict: red where something is wrong. Coloured on a terminal alone, and not where NO_COLOR is set (no-color.org). */
export function mark(text: string, good: boolean): string {
  return styleText(good ? 'green' : 'red', text)
}
