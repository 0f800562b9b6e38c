import { readFileSync } from 'node:fs'
import { checkReceipt, type SignedReceipt } from '../../gateway/audit/receipt/receipt.ts'
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
  const holds = checkReceipt(signed, pem)
  print(o, { holds, key_id: signed.key_id, receipt: signed.receipt }, () =>
    [
      JSON.stringify(signed.receipt, null, 2),
      holds ? `signature of key ${signed.key_id} holds` : mark('THE SIGNATURE DOES NOT HOLD', false),
    ].join('\n'),
  )
  return holds ? 0 : 1
}

async function asked(url: string, id: string): Promise<SignedReceipt> {
  const text = await gatewayText(url, `/v1/receipts/${encodeURIComponent(id)}`)
  if (text === undefined) throw new GatewayError('not_found', `There is no receipt ${id}`)
  return parsed(text, `the answer of ${url}`)
}

function parsed(text: string, from: string): SignedReceipt {
  try {
    const signed = JSON.parse(text) as Partial<SignedReceipt> | null // Looked at below.
    if (signed?.receipt && typeof signed.signature === 'string') return signed as SignedReceipt
  } catch {
    // Told below, as for JSON of another kind.
  }
  throw new GatewayError('invalid_request', `${from} is not a signed receipt`, {
    hint: 'Save the answer of GET /v1/receipts/:id in a file.',
  })
}
