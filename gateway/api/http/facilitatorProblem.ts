/** The calls of a facilitator whose clients look for members of their own in every answer, by path. */
const CALLS: ReadonlyMap<string, 'verify' | 'settle'> = new Map([
  ['/x402/verify', 'verify'],
  ['/x402/settle', 'settle'],
])

export const FACILITATOR_CALLS: readonly string[] = [...CALLS.keys()]

/** A problem as the client of a facilitator reads it, whatever the status is; a problem of another path stays as it is. */
export function facilitatorProblem(problem: object, path: string, network = ''): object {
  const call = CALLS.get(path)
  if (!call) return problem
  const { code, detail, meta } = problem as { code?: string; detail?: string; meta?: { reason?: string } } // As problems are written here.
  const reason = meta?.reason ?? code
  if (call === 'verify') return { ...problem, isValid: false, invalidReason: reason, invalidMessage: detail }
  return { ...problem, success: false, errorReason: reason, errorMessage: detail, transaction: '', network }
}
