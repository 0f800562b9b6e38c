/** Runs `work` with a signal that aborts after `ms`, or with `stop`; resolves to `late` then, whatever `work` goes on to do. */
export async function withDeadline<T, L>(o: {
  ms: number
  late: L
  stop?: AbortSignal
  work: (signal: AbortSignal) => Promise<T>
}): Promise<T | L> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), o.ms)
  const signal = o.stop ? AbortSignal.any([timeout.signal, o.stop]) : timeout.signal
  const aborted = new Promise<L>((resolve) => {
    if (signal.aborted) resolve(o.late)
    else signal.addEventListener('abort', () => resolve(o.late), { once: true })
  })
  try {
    return await Promise.race([o.work(signal), aborted])
  } finally {
    clearTimeout(timer)
  }
}
