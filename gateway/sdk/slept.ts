/** False when the signal came first. */
export function slept(waitMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(true), waitMs)
    const stop = () => end(false)
    const end = (whole: boolean) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      resolve(whole)
    }
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop)
  })
}
