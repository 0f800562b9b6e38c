/**
 * Runs `work` with a signal that aborts after `ms`, or with `stop`; resolves to `late` then, whatever `work` goes on to do. It is one signal and not
 * `AbortSignal.any` of two: Node keeps those for as long as somebody listens to them.
 */
export async function withDeadline<T, L>(o: {
  ms: number
  late: L
  stop?: AbortSignal
  work: (signal: AbortSignal) => Promise<T>
}): Promise<T | L> {
  const { stop } = o
  const control = new AbortController()
  const over = Promise.withResolvers<L>()
  const end = (): void => {
    control.abort()
    over.resolve(o.late)
  }
  const timer = setTimeout(end, o.ms)
  if (stop?.aborted) end()
  else stop?.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([o.work(control.signal), over.promise])
  } finally {
    clearTimeout(timer)
    stop?.removeEventListener('abort', end)
  }
}
