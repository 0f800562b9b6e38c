import { parseArgs } from 'node:util'
import type { Verification } from '../settlement/verify.ts'
import { localState } from './localState.ts'
import type { Verb } from './verb.ts'
import { verifyTable } from './verifyTable.ts'

/** `switchyard verify`: asks a running gateway to compare its ledger with itself and with every rail. Exit 1 when anything differs. */
export const verb: Verb = {
  usage: '[--url URL --key KEY] [--json]   compare the ledger with itself and with every rail',
  async run(args) {
    const { values } = parseArgs({ args, options: { url: { type: 'string' }, key: { type: 'string' }, json: { type: 'boolean' } } })
    const { url, key } = values.url && values.key ? { url: values.url, key: values.key } : localState()
    const response = await fetch(`${url}/v1/verify`, { headers: { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(60_000) })
    if (!response.ok) {
      console.error(`switchyard: ${url} answered ${response.status}: ${((await response.json()) as { detail?: string }).detail ?? ''}`)
      return 1
    }
    const verification = (await response.json()) as Verification
    console.log(values.json ? JSON.stringify(verification, null, 2) : verifyTable(verification))
    return verification.ok ? 0 : 1
  },
}
