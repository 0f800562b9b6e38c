import { readFileSync, writeFileSync } from 'node:fs'
import {
  checkProofFile,
  type Disagreement,
  disagreements,
  type SignedProof,
  takenEarly,
  writeProofFile,
} from '../../gateway/audit/reconcile/threeWay.ts'
import { mark } from './colours.ts'
import { print } from './print.ts'
import { type Asked, whichGateway } from './whichGateway.ts'

const DAY_MS = 86_400_000

/** Writes the three-way proof of a day, of yesterday when none is named; 1 when something in it does not agree. */
export async function writeProof(day: string | undefined, o: Asked & Readonly<{ out?: string | undefined }>): Promise<number> {
  const of = day ?? new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)
  const signed = (await whichGateway(o).call('GET', `/v1/reconciliation_proofs/${encodeURIComponent(of)}`)) as SignedProof // The gateway's own answer.
  const file = o.out ?? `proof-${of}.json`
  writeFileSync(file, writeProofFile(signed))
  const wrong = disagreements(signed.proof)
  const { rails, assets, journal } = signed.proof
  const head = `${file}: ${rails.length} places, ${assets.length} assets, block ${journal.seq}`
  const early = takenEarly(signed.proof)
  const said = { file, day: of, day_over: !early, agrees: wrong.length === 0, disagreements: wrong }
  print(o, said, () => [head, ...earlyText(early), ...verdict(wrong)].join('\n'))
  return wrong.length === 0 ? 0 : 1
}

/** Checks a proof with the gateway's published key (PEM) alone; 1 when it is not as it was signed, or something in it does not agree. */
export function verifyProof(file: string, o: Readonly<{ keyFile: string; json?: boolean | undefined }>): number {
  const { signed, proof, disagreements: wrong, why } = checkProofFile(readFileSync(file, 'utf8'), readFileSync(o.keyFile, 'utf8'))
  const ok = signed && wrong.length === 0
  const head = `signature holds: day ${proof?.day}, taken ${proof?.at}, block ${proof?.journal.seq}`
  const early = proof !== undefined && takenEarly(proof)
  const said = { ok, signed, day: proof?.day ?? null, day_over: proof ? !early : null, disagreements: wrong }
  print(o, { ...said, ...(why === undefined ? {} : { why }) }, () =>
    signed ? [head, ...earlyText(early), ...verdict(wrong)].join('\n') : mark(`THE SIGNATURE DOES NOT HOLD: ${why}`, false),
  )
  return ok ? 0 : 1
}

function earlyText(early: boolean): string[] {
  return early ? ['taken before its day was over: what came later that day is not in it'] : []
}

function verdict(wrong: readonly Disagreement[]): string[] {
  if (wrong.length === 0) return [mark('rails, ledger and what was told agree to the unit', true)]
  return wrong.map(({ what, difference }) => mark(`${what}${difference === '' ? '' : `: ${difference} units`}`, false))
}
