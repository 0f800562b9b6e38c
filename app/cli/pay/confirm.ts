import { createInterface } from 'node:readline/promises'
import type { Quote } from '../../../gateway/client/quote.ts'
import { WrongWords } from '../wrongWords.ts'
import { people } from './amounts.ts'

/** Refuses where nobody could be asked. */
export function checkTerminal(): void {
  if (process.stdin.isTTY && process.stderr.isTTY) return
  throw new WrongWords('--confirm asks a person, and there is no terminal: write --max 0.05 in its place, or agree beforehand with --yes')
}

/** Asks a person for one payment. Anything but a yes is a no, and so is the end of the input. */
export async function confirmed({ url, origin, bids }: Quote): Promise<boolean> {
  const [bid] = bids
  if (!bid) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
  try {
    const question = `Pay ${people(bid.cost)} to ${payeeText(bid.payee)} of ${new URL(origin).host} for ${url}? [y/N] `
    return /^y(?:es)?$/i.test((await Promise.race([lines.question(question), ended])).trim())
  } finally {
    lines.close()
  }
}

/** An invoice is longer than anybody reads. */
function payeeText(payee: string): string {
  return payee.length > 44 ? `${payee.slice(0, 20)}...${payee.slice(-8)}` : payee
}
