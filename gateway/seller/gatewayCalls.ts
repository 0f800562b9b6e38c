import { GatewayError } from '../errors/gatewayError.ts'
import { collectCalls } from './collectCalls.ts'
import type { Said } from './post.ts'
import { type AdmissionCall, type AdmissionReply, type AnswerCall, readAdmission, readProblem } from './wire.ts'

/** The gateway may collect a payment before it says that the work may run. */
const ADMISSION_DEADLINE_MS = 30_000
const ANSWER_DEADLINE_MS = 10_000
/** How often one admission is asked for when the gateway does not answer; it is the same one each time. */
const TRIES = 3
const RETRY_AFTER_MS = 250
/** The money has gone back, or what was told before was charged. */
const LATE = new Set(['request_interrupted', 'already_charged'])

/** Where the gateway is, and the key of the party that sells. */
export type GatewayAddress = Readonly<{ gateway: string; key: string }>

/** What became of an answer: kept; `late`, the money has gone back; `away`, nobody knows; or the gateway does not take it from us. */
export type AnswerOutcome = 'kept' | 'late' | 'away' | 'refused'

export type GatewayCalls = ReturnType<typeof createGatewayCalls>

/** The two calls of the gateway. Each is harmless when it is made again. */
export function createGatewayCalls({ gateway, key }: GatewayAddress) {
  const send = collectCalls({ gateway, key })

  return {
    /** What to do with a request. Throws `gateway_unreachable` and `seller_misconfigured`. */
    async admit(call: AdmissionCall): Promise<AdmissionReply> {
      const [json, end] = [JSON.stringify(call), Date.now() + ADMISSION_DEADLINE_MS]
      for (let tried = 1; ; tried++) {
        const said = await send(`{"admit":${json}}`, end - Date.now())
        const reply = said?.status === 200 ? readAdmission(said.value) : undefined
        if (reply) return reply
        if (said && said.status >= 400 && said.status < 500 && said.status !== 429) throw misconfigured(said)
        if (tried >= TRIES || Date.now() + RETRY_AFTER_MS >= end) throw unreachable(gateway, said)
        await pause(RETRY_AFTER_MS)
      }
    },
    async answer(call: AnswerCall): Promise<AnswerOutcome> {
      const said = await send(`{"answer":${JSON.stringify(call)}}`, ANSWER_DEADLINE_MS)
      if (said?.status === 200) return 'kept'
      if (said?.status === 409 && LATE.has(readProblem(said.value).code ?? '')) return 'late'
      return said && said.status >= 400 && said.status < 500 && said.status !== 429 ? 'refused' : 'away'
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function unreachable(gateway: string, said: Said | undefined): GatewayError {
  const what = said ? `answers ${said.status}` : 'does not answer'
  return new GatewayError('gateway_unreachable', `The gateway at ${gateway} ${what}`, {
    hint: 'See that it runs and that this address reaches it; requests are served again when it does.',
  })
}

/** The gateway refuses what we ask, whoever the payer is. */
function misconfigured({ status, value }: Said): GatewayError {
  const { code = String(status), detail = 'no reason given' } = readProblem(value)
  const hints: Record<string, string> = {
    unauthorized: 'Give createSeller the API key of a party of this gateway; it begins with sk_.',
    forbidden: 'Use the key of the party that the money is for.',
    not_found: 'Check `gateway`, and that the split or payee is there and gives the party of the key a share.',
  }
  return new GatewayError('seller_misconfigured', `The gateway refused to sell this (${code}): ${detail}`, {
    hint: hints[code] ?? 'Correct what the route says of its price, its payee and itself.',
  })
}
