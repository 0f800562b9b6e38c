const KEPT_MAX = 1_000

/**
 * The names of attempts that the gateway may have taken without our hearing of it, by the request. Whoever takes one has it alone: two requests under one
 * name would both be told to run.
 */
export function createLostAttempts() {
  const byRequest = new Map<string, string>()
  return {
    put(request: string, attempt: string): void {
      byRequest.set(request, attempt)
      if (byRequest.size > KEPT_MAX) byRequest.delete(byRequest.keys().next().value!)
    },
    take(request: string): string | undefined {
      const attempt = byRequest.get(request)
      byRequest.delete(request)
      return attempt
    },
  }
}
