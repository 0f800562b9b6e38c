import { type GatewayError, isGatewayError } from '../../gateway/errors/gatewayError.ts'

/** What these tools answer: the same for programs and, as text, for models. */
type Said = { content: { type: 'text'; text: string }[]; structuredContent: Record<string, unknown>; isError?: true }

export function said(value: Record<string, unknown>): Said {
  return { content: [{ type: 'text', text: JSON.stringify(value, null, 2) }], structuredContent: value }
}

/** A refusal with its code and what to change; `more` goes beside it. */
export function refused({ code, title, shortMessage, hint, meta }: GatewayError, more: Record<string, unknown> = {}): Said {
  const outcome = code === 'outcome_unknown' ? 'unknown' : 'failed'
  const json = JSON.parse(
    JSON.stringify({ code, title, detail: shortMessage, hint, outcome, meta }, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v)),
  )
  return { ...said({ ...json, ...more }), isError: true }
}

/** A tool that answers refusals as such. Errors of the network are told by their message. */
export function guarded<A extends unknown[], R>(work: (...given: A) => Promise<R>): (...given: A) => Promise<R | Said> {
  return async (...given) => {
    try {
      return await work(...given)
    } catch (error) {
      if (isGatewayError(error)) return refused(error)
      throw error
    }
  }
}
