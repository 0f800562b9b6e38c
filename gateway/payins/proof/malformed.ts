import { GatewayError } from '../../errors/gatewayError.ts'

type Malformed = 'proof_malformed' | 'credential_malformed' | 'token_malformed'

/** What cannot be read. */
export function malformed(message: string, code: Malformed = 'proof_malformed'): GatewayError {
  return new GatewayError(code, message)
}

/** Turns a syntax error into a refusal; its text may hold parts of the input, so only our message is shown. */
export function attempt<T>(read: () => T, message: string, code: Malformed = 'proof_malformed'): T {
  try {
    return read()
  } catch (cause) {
    throw new GatewayError(code, message, { cause })
  }
}

export type ZodIssues = Readonly<{ issues: readonly { path: readonly PropertyKey[] }[] }>

/** The fields that are wrong, without what stands in them. */
export function fields(error: ZodIssues): string {
  return [...new Set(error.issues.map((issue) => issue.path.map(String).join('.') || 'the whole'))].slice(0, 8).join(', ')
}
