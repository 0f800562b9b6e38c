import { api } from './localNetwork.ts'

type Candidate = Readonly<{
  rail: string
  why: string
  rank?: number
  success_ppm?: string
  terms?: Readonly<Record<string, string>>
}>
type Decision = Readonly<{ id: string; expected_cost_usd: string; candidates: readonly Candidate[]; realised?: Readonly<{ why: string }> }>
type Range = Readonly<{ rail: string; asset: string; tries: number; chance_ppm: number; rail_ppm: number; brier_ppm?: number }>

const PPM_DIGITS = 6

/** What was weighed for a payout: each way in its order, each term that is not nothing, the verdict in words, and what it came to. */
export async function decisionLines(id: string): Promise<string[]> {
  const { candidates, realised } = await api<Decision>('GET', `/v1/decisions/${id}`)
  const last = candidates.length + 1
  const inOrder = candidates.toSorted((a, b) => (a.rank ?? last) - (b.rank ?? last))
  return [...inOrder.flatMap(candidateLines), ...(realised ? [`  came to: ${realised.why}`] : [])]
}

function candidateLines({ rail, why, rank, success_ppm: chance, terms = {} }: Candidate): string[] {
  const told = Object.entries(terms).filter(([, usd]) => usd !== '0')
  const line = `  ${rank === undefined ? ' -' : `${rank}.`} ${rail.padEnd(10)} ${why}`
  return told.length === 0
    ? [line]
    : [line, `     chance ${share(chance ?? '')}; in USD: ${told.map(([name, usd]) => `${name} ${usd}`).join(', ')}`]
}

/** What the tries so far have taught of each rail: its chance beside the rail's own word. */
export async function learnedLines(): Promise<string[]> {
  const { rails } = await api<{ rails: readonly Range[] }>('GET', '/v1/routing/learning')
  return rails.map(
    ({ rail, asset, tries, chance_ppm: chance, rail_ppm: word }) =>
      `  ${rail.padEnd(10)} ${asset.padEnd(4)} ${tries} ${tries === 1 ? 'try' : 'tries'}, chance of the next ${share(String(chance))} (the rail's word: ${share(String(word))})`,
  )
}

/** "992382" parts of a million as "0.992382". */
function share(ppm: string): string {
  const digits = ppm.padStart(PPM_DIGITS + 1, '0')
  return `${digits.slice(0, -PPM_DIGITS)}.${digits.slice(-PPM_DIGITS)}`.replace(/\.?0+$/, '')
}
