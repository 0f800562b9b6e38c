/** Who asked for an action is told once that it is signed. */
export function createSendWord() {
  const waiting = new Map<string, () => void>()
  const forget = (id: string): void => void waiting.delete(id)
  return {
    when: (id: string, tell: () => void): void => void waiting.set(id, tell),
    tell(id: string): void {
      waiting.get(id)?.()
      forget(id)
    },
    forget,
  }
}
