import { boundedText } from '../../../gateway/client/offers/boundedText.ts'
import { fromJson } from '../../../gateway/client/offers/bytes.ts'
import { mark } from '../colours.ts'
import { filled } from '../filled.ts'
import { print } from '../print.ts'
import { reached } from './pay.ts'
import { type RequestOptions, requestOf } from './requestOf.ts'
import { l402Findings } from './rules/l402.ts'
import { mppFindings } from './rules/mpp.ts'
import { type Answered, type Finding, findings, type Rule } from './rules/rule.ts'
import { x402Findings } from './rules/x402.ts'

const ASK_MS_MAX = 30_000

const ASKED: readonly Rule<number>[] = [
  {
    rule: 'it asks by x402, MPP or L402',
    reference: 'RFC 9110 section 15.5.3 leaves it to protocols',
    change: 'send PAYMENT-REQUIRED, or WWW-Authenticate with Payment or L402, or a body of x402 version 1',
    holds: (protocols) => protocols > 0,
  },
]
const STATUS: readonly Rule<Answered>[] = [
  {
    rule: 'an unpaid request is answered 402',
    reference: 'RFC 9110 section 15.5.3',
    change: 'answer 402; or name the method, headers and body of a request that is priced',
    holds: ({ status }) => status === 402,
  },
]

/** Compares the 402 of a URL with the rules of its protocols. 1 when one does not hold; advice alone is no failure. */
export async function validate(url: string, o: RequestOptions): Promise<number> {
  const { init } = requestOf(url, o)
  const response = await reached(url, () => fetch(url, { ...init, signal: AbortSignal.timeout(ASK_MS_MAX) }))
  const json = fromJson((await boundedText(response)) ?? '')
  const found = validated({ url, status: response.status, headers: response.headers, json, now: Date.now() })
  const ok = found.every(({ holds, advice }) => holds || advice)
  print(o, { url, status: response.status, ok, findings: found }, () => `${response.status}  ${url}\n${textOf(found)}`)
  return ok ? 0 : 1
}

/** Every rule that applies to an answer. */
export function validated(answered: Answered): Finding[] {
  const status = findings('http', STATUS, answered)
  if (answered.status !== 402) return status
  const protocols = [...x402Findings(answered), ...mppFindings(answered), ...l402Findings(answered)]
  return [...status, ...findings('http', ASKED, protocols.length), ...protocols]
}

function textOf(found: readonly Finding[]): string {
  const lines = found.flatMap((finding, i) => [...(finding.where === found[i - 1]?.where ? [] : [finding.where]), ...lineOf(finding)])
  const failed = found.filter(({ holds, advice }) => !holds && !advice).length
  const verdict =
    failed === 0 ? `all ${found.filter(({ holds }) => holds).length} rules hold` : `${failed} of ${found.length} rules do not hold`
  return [...lines, mark(verdict, failed === 0)].join('\n')
}

function lineOf({ rule, reference, change, advice, holds }: Finding): string[] {
  if (holds) return [filled(rule, '  ok    ')]
  const word = advice ? '  note  ' : `  ${mark('FAIL', false)}  `
  return [`${word}${rule}`, filled(`${change} (${reference})`, ' '.repeat(8))]
}
