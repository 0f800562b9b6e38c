import { readFileSync } from 'node:fs'
import { checkReceiptProof, type ProvenReceipt } from '../../gateway/audit/log/checkReceiptProof.ts'
import type { ReceiptUpdate } from '../../gateway/audit/receipt/receiptUpdate.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { localState } from '../../world/localState.ts'
import { mark } from './colours.ts'
import { gatewayText } from './gatewayCall.ts'
import { print } from './print.ts'

type Options = Readonly<{ url?: string | undefined; keyFile?: string | undefined; json?: boolean | undefined }>

/** Reads a receipt by its id or from a file, and checks its signature with the published key. 1 when it does not hold. */
export async function showReceipt(what: string, o: Options): Promise<number> {
  const url = () => o.url ?? localState().url
  const signed = what.startsWith('rc_') ? await asked(url(), what) : parsed(readFileSync(what, 'utf8'), what)
  const pem = o.keyFile ? readFileSync(o.keyFile, 'utf8') : await gatewayText(url(), '/.well-known/switchyard/receipt-key.pem')
  if (pem === undefined) throw new GatewayError('not_found', `${url()} publishes no key of receipts`, { hint: 'Give --key-file FILE.' })
  const { receipt, key_id: keyId, updates = [] } = signed
  const broken = checkReceiptProof(signed, pem).filter((finding) => !finding.holds)
  const holds = broken.length === 0
  const later = updates.map(({ update }) => update)
  print(o, { holds, key_id: keyId, receipt, updates: later }, () =>
    [
      JSON.stringify(receipt, null, 2),
      ...later.map(laterText),
      ...(holds
        ? [`signature of key ${keyId} holds`]
        : broken.map(({ what, detail }) => mark(`THE ${what.toUpperCase()} DOES NOT HOLD: ${detail}`, false))),
    ].join('\n'),
  )
  return holds ? 0 : 1
}

/** A later entry of its chain on one line. */
function laterText({ at, state, reason, transaction }: ReceiptUpdate): string {
  return [at, state, ...(reason ? [`(${reason})`] : []), ...(transaction ? [transaction] : [])].join('  ')
}

async function asked(url: string, id: string): Promise<ProvenReceipt> {
  const text = await gatewayText(url, `/v1/receipts/${encodeURIComponent(id)}`)
  if (text === undefined) throw new GatewayError('not_found', `There is no receipt ${id}`)
  return parsed(text, `the answer of ${url}`)
}

function parsed(text: string, from: string): ProvenReceipt {
  try {
    const signed = JSON.parse(text) as Partial<ProvenReceipt> | null // Looked at below.
    if (signed?.receipt && typeof signed.signature === 'string' && Array.isArray(signed.updates ?? [])) return signed as ProvenReceipt
  } catch {
    // Told below, as for JSON of another kind.
  }
  throw new GatewayError('invalid_request', `${from} is not a signed receipt`, {
    hint: 'Save the answer of GET /v1/receipts/:id in a file.',
  })
}
